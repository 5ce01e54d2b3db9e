from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve


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


def preview_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve what a preview refers to: pictures as the desk keeps them, the rest as published."""
    if path.startswith("pictures/"):
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    return serve(request, path, document_root=str(settings.NEWSROOM.edition / "current"))


def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture as the desk keeps it."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
