from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve


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
