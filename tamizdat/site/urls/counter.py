"""Addresses of the counter, which everybody reaches."""

from django.urls import URLPattern, URLResolver, include, path

from tamizdat.readers.counter.views import broken
from tamizdat.site.away import or_broken
from tamizdat.site.urls.bare_address import to_the_edition

urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_the_edition),
    path("", include("tamizdat.readers.counter.urls")),
    path("", include("tamizdat.support.counter.urls")),
]

handler400 = "tamizdat.readers.counter.views.refused"
handler404 = "tamizdat.readers.counter.views.not_found"
handler500 = or_broken(broken)
