"""The counter's addresses for support."""

from django.urls import path

from tamizdat.support.counter import giving, managing, reminding, replying

urlpatterns = [
    path("<str:language>/give", giving.give, name="give"),
    path("<str:language>/declare", giving.declare, name="declare"),
    path("<str:language>/thanks/<str:token>", managing.thanks, name="thanks"),
    path("<str:language>/manage/<str:token>", managing.manage, name="manage"),
    path("<str:language>/receipt/<str:token>", managing.receipt, name="receipt"),
    path("<str:language>/receipt/cancel/<str:token>", replying.no_receipts, name="cancel_receipts"),
    path("<str:language>/remind", reminding.remind, name="remind"),
    path("<str:language>/remind.ics", reminding.calendar, name="calendar"),
    path("<str:language>/remind/again/<str:token>", replying.again, name="again_reminder"),
    path("<str:language>/remind/cancel/<str:token>", replying.cancel, name="cancel_reminder"),
]
