from collections.abc import Callable
from errno import ENAMETOOLONG, ENOTDIR
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve

from tamizdat.desk.refusing import refuse


def admins_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Close a page to all but admins."""

    @wraps(view)
    def _view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and request.user.is_superuser):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return _view


@csrf_exempt
def closed(request: HttpRequest, **_: str) -> HttpResponse:
    """Say that the desk does not do this, and who does."""
    return render(request, "account/closed.html", status=403)


def of_the_settings(request: HttpRequest) -> HttpResponse:
    """Say where a newsroom's name, addresses and languages are chosen: none of them at the desk.

    An admin could delete the CMS's only site there, and all of the desk's pages with it.
    """
    return refuse(request, "Name, addresses and languages stand in tamizdat.toml, not here.")


def preview_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve what a preview refers to: pictures as the desk keeps them, the rest as published."""
    if path.startswith("pictures/"):
        return media_file(request, path)
    return _file(request, path, str(settings.NEWSROOM.edition / "current"))


def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture as the desk keeps it."""
    return _file(request, path, settings.MEDIA_ROOT)


def nothing_here(_request: HttpRequest) -> HttpResponse:
    """Close an address that the CMS has for its own tests."""
    raise Http404


def _file(request: HttpRequest, path: str, root: str) -> HttpResponseBase:
    try:
        return serve(request, path, document_root=root)
    except OSError as error:
        if error.errno in (ENAMETOOLONG, ENOTDIR):  # no file can be called so
            raise Http404 from error
        raise
