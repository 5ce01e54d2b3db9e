"""Addresses of the till: its payment page and its four calls."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("tamizdat.support.till.urls"))]
