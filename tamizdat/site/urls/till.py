"""Addresses of the till: its payment page and its four calls."""

from django.urls import URLPattern, URLResolver, include, path

from tamizdat.site.away import or_broken
from tamizdat.site.urls.bare_address import to_the_edition
from tamizdat.support.till.views import broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_the_edition),
    path("", include("tamizdat.support.till.urls")),
]

handler400 = "tamizdat.support.till.views.refused"
handler404 = "tamizdat.support.till.views.gone"
handler500 = or_broken(broken, in_doubt=broken)
