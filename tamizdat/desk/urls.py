"""Sign-in. These stand before the CMS's own addresses, which would let people in past it.

Of allauth's pages only those that we need are open; the others answer that they are closed,
under the names by which allauth looks for them.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as of_the_admin
from wagtail.admin.urls import pages as of_pages
from wagtail.admin.urls import workflows
from wagtail.utils.urlpatterns import decorate_urlpatterns

from tamizdat.desk.accounts.own_settings import own_settings
from tamizdat.desk.admin import approval_edits
from tamizdat.desk.admin.views import (
    admins_only,
    closed,
    nothing_here,
    of_the_settings,
    preview_file,
)
from tamizdat.desk.forms import ended_session
from tamizdat.desk.pages import edit_conflicts, no_privacy, one_at_a_time

approval_edits.connect()
# Who approves publishes, so who chooses that gives this right; and it is of no one page.
decorate_urlpatterns(workflows.urlpatterns, admins_only)
edit_conflicts.connect()
# After it: what that connects asks its rules when the row is held.
one_at_a_time.connect(of_pages.urlpatterns, of_the_admin.urlpatterns)
ended_session.connect()
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/login/", views.login, name="account_login"),
    path("account/logout/", views.logout, name="account_logout"),
    path("account/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path(
        "account/password/", login_required(views.password_change), name="account_change_password"
    ),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/closed/signup/", closed, name="account_signup"),
    path("account/closed/reset/", closed, name="account_reset_password"),
    path("account/closed/email/", closed, name="account_email"),
    path("account/closed/set/", closed, name="account_set_password"),
    path("account/closed/confirm/", closed, name="account_email_verification_sent"),
    path("account/closed/confirm/<key>/", closed, name="account_confirm_email"),
    path("account/closed/inactive/", closed, name="account_inactive"),
    path("preview/<path:path>", login_required(preview_file)),
    path("desk/account/", own_settings, name="wagtailadmin_account"),
    path("desk/failwhale/", login_required(nothing_here)),
    path("desk/test404/", login_required(nothing_here)),
    path("desk/pages/<int:page_id>/privacy/", login_required(no_privacy.refuse)),
    path("desk/collections/<int:collection_id>/privacy/", login_required(no_privacy.refuse)),
    re_path(r"^desk/(?:sites|locales)/.*$", login_required(of_the_settings)),
    path("desk/login/", to_sign_in),
    path("desk/logout/", views.logout, name="wagtailadmin_logout"),
    re_path(
        r"^desk/password_reset/.*$", RedirectView.as_view(pattern_name="account_reset_password")
    ),
]
