"""Addresses of the desk, which only staff reach."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.defaults import server_error
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from tamizdat.desk.admin.views import media_file
from tamizdat.site.away import or_broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/desk/"), name="desk"),
    path("", include("tamizdat.desk.urls")),
    path("desk/", include(wagtailadmin_urls)),
    path("media/<path:path>", login_required(media_file)),
]
if find_spec("tamizdat.letters.urls"):
    urlpatterns.insert(2, path("mailbox/", include("tamizdat.letters.urls")))

handler500 = or_broken(server_error)
