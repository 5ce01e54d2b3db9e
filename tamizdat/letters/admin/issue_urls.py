"""Addresses of issues at the desk, below /desk/letters/."""

from django.urls import path

from tamizdat.letters.admin import draft_views
from tamizdat.letters.admin import issue_views as views

app_name = "letters"
urlpatterns = [
    path("", views.index, name="index"),
    path("compose/", views.compose, name="compose"),
    path("data-requests/", views.data_request, name="data-request"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("<int:pk>/", draft_views.issue, name="issue"),
    path("<int:pk>/preview/<str:half>", views.preview, name="preview"),
    path("<int:pk>/try/", draft_views.try_out, name="try"),
    path("<int:pk>/approve/", draft_views.approve, name="approve"),
    path("<int:pk>/send/", draft_views.send, name="send"),
    path("<int:pk>/discard/", draft_views.discard, name="discard"),
]
