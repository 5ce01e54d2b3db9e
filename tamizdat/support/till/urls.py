"""The till's addresses: a page to pay on, and the calls."""

from django.urls import path

from tamizdat.support.pretend import door
from tamizdat.support.till import calls, views

urlpatterns = [
    path("begin", calls.begin),
    path("status", calls.status),
    path("manage", calls.manage),
    path("wish", calls.wish),
    path("unwish", calls.unwish),
    path("notice/<str:name>", calls.webhook),
    path("pay/<str:draft_text>", views.pay, name="pay"),
    path("return/<str:draft_text>", views.back, name="return"),
    path("pretend/question/<str:ref>", door.question),
]
