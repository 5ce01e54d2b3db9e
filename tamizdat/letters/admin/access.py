"""Who works with letters at the desk: whoever may publish, since a letter is a publication."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.permissions import page_permission_policy

View = Callable[..., HttpResponse]


def may_publish(request: HttpRequest) -> bool:
    """Say whether who asks may publish."""
    return bool(page_permission_policy.user_has_permission(request.user, "publish"))


def for_editors(view: View) -> View:
    """Let in whoever may publish."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_publish(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
