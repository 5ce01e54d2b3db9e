"""Addresses of the counter, which everybody reaches."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from tamizdat.readers.counter.views import broken
from tamizdat.site.away import or_broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url=f"{settings.NEWSROOM.addresses.edition}/")),
    path("", include("tamizdat.readers.counter.urls")),
    path("", include("tamizdat.support.counter.urls")),
]

handler400 = "tamizdat.readers.counter.views.refused"
handler404 = "tamizdat.readers.counter.views.not_found"
handler500 = or_broken(broken)
