"""Addresses of the counter, which everybody reaches."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(name))
    for name in ("tamizdat.readers.counter.urls", "tamizdat.support.counter.urls")
    if find_spec(name)
]

handler400 = "tamizdat.readers.counter.views.refused"
handler404 = "tamizdat.readers.counter.views.not_found"
handler500 = "tamizdat.readers.counter.views.broken"
