"""The counter's addresses for letters."""

from django.urls import path

from tamizdat.readers.counter import mailbox, views

urlpatterns = [
    path("<str:language>/subscribe", views.subscribe, name="subscribe"),
    path("<str:language>/confirm/<str:token>", views.confirm, name="confirm"),
    path("<str:language>/leave/<str:token>", views.leave, name="leave"),
    path("<str:language>/mailbox/<str:link>", mailbox.mailbox, name="mailbox"),
]
