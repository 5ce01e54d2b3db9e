"""Addresses of the desk, which only staff reach."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/desk/"), name="desk"),
    path("", include("tamizdat.desk.urls")),
    path("desk/", include(wagtailadmin_urls)),
    re_path(r"^media/(?P<path>.*)$", login_required(serve), {"document_root": settings.MEDIA_ROOT}),
]
if find_spec("tamizdat.letters.urls"):
    urlpatterns.insert(2, path("mailbox/", include("tamizdat.letters.urls")))
