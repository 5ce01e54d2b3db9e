"""Addresses of the mailbox on screen."""

from django.urls import path

from tamizdat.letters.admin import mailbox_views

urlpatterns = [
    path("", mailbox_views.index, name="mailbox"),
    path("<str:name>/", mailbox_views.letter, name="mailbox-letter"),
    path("<str:name>/html", mailbox_views.html, name="mailbox-html"),
]
