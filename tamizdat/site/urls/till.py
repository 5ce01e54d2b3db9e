"""Addresses of the till: its payment page and its four calls."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from tamizdat.site.away import or_broken
from tamizdat.support.till.views import broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url=f"{settings.NEWSROOM.addresses.edition}/")),
    path("", include("tamizdat.support.till.urls")),
]

handler400 = "tamizdat.support.till.views.refused"
handler404 = "tamizdat.support.till.views.gone"
handler500 = or_broken(broken, in_doubt=broken)
