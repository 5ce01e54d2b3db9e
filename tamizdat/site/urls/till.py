"""Addresses of the till: its payment page and its four calls."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("tamizdat.support.till.urls"))]

handler404 = "tamizdat.support.till.views.gone"
handler500 = "tamizdat.support.till.views.broken"
