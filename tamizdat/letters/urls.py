"""Addresses of the mailbox on screen."""

from django.urls import path

from tamizdat.letters import views

urlpatterns = [
    path("", views.index, name="mailbox"),
    path("<str:name>/", views.letter, name="mailbox-letter"),
    path("<str:name>/html", views.html, name="mailbox-html"),
]
