"""The CMS's admin, furnished as a newsroom's desk."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.action_menu import SubmitForModerationMenuItem
from wagtail.snippets.models import register_snippet

from tamizdat.desk.accounts import colleagues
from tamizdat.desk.accounts.actions import sessions
from tamizdat.desk.admin import (
    deleting_rows,
    nothing_done,
    pictures_in_use,
    publishing_together,
    row_edits,
    viewsets,
)
from tamizdat.desk.admin.api import PagesToLookUp
from tamizdat.desk.admin.dashboard import ShiftPanel
from tamizdat.desk.admin.menu import here
from tamizdat.desk.admin.no_documents import NoDocuments
from tamizdat.desk.names import withdrawing
from tamizdat.desk.pages import (
    copying,
    deleting,
    deletion_question,
    ends_first,
    locks,
    required_pages,
    unpublishing,
    uses,
)

MENU = {"images": ("Pictures", 60), "explorer": ("All pages", 800)}
KEPT_PANELS = frozenset({"locked_pages"})

#: Who is asked before the CMS does something. Whoever returns an answer refuses it.
REFUSALS: dict[str, tuple[Callable[..., HttpResponse | None], ...]] = {
    "before_bulk_action": (
        colleagues.in_bulk,
        locks.in_bulk,
        deleting.in_bulk,
        uses.in_bulk,
        deletion_question.in_bulk,
        deleting_rows.in_bulk,
        required_pages.in_bulk,
        publishing_together.refuse_unseen,
        publishing_together.refuse_untouched,
        unpublishing.in_bulk,
        nothing_done.in_bulk,
    ),
    "before_copy_page": (copying.refuse_nowhere,),
    "before_delete_page": (
        required_pages.refuse_to_take_away,
        locks.refuse_deletion,
        deletion_question.refuse_changed,
    ),
    "before_delete_snippet": (uses.refuse_used, deleting_rows.refuse_changed),
    "before_unpublish_page": (
        required_pages.refuse_to_take_away,
        unpublishing.tell_what_is_called_off,
    ),
}

row_edits.connect()
deleting_rows.connect()
pictures_in_use.connect()
for snippet in viewsets.SNIPPETS:
    register_snippet(snippet)

for moment, asked in REFUSALS.items():
    for each in asked:
        hooks.register(moment, each)


@hooks.register("register_admin_viewset")
def lists() -> list[Any]:
    return list(viewsets.PAGES)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("names/<int:person>/withdraw/", withdrawing.withdraw, name="withdraw_name"),
        path("names/withdrawn/", withdrawing.look_again, name="withdrawn_name"),
    ]


@hooks.register("register_snippet_action_menu_item")
def withdraw_item(_model: Any) -> Any:
    return withdrawing.WithdrawItem()


@hooks.register("register_snippet_listing_buttons")
def withdraw_button(snippet: Any, user: Any, next_url: str | None = None) -> list[Any]:  # noqa: ARG001  Wagtail's signature
    return withdrawing.listing_button(snippet, user)


@hooks.register("insert_global_admin_css")
def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("construct_admin_api")
def api(router: Any) -> None:
    router.register_endpoint("documents", NoDocuments)
    router.register_endpoint("pages", PagesToLookUp)


@hooks.register("construct_main_menu")
def menu(request: Any, items: list[Any]) -> None:
    """Put a newsroom's nouns first; the page tree is for those who look after the desk."""
    for item in items:
        if item.name in MENU:
            item.label, item.order = MENU[item.name]
    items[:] = [
        item
        for item in items
        if item.name != "help" and (item.name != "explorer" or request.user.is_superuser)
    ]
    items.extend(here(request))


@hooks.register("construct_settings_menu")
def settings_menu(_request: Any, items: list[Any]) -> None:
    """Leave out what the newsroom's settings file decides."""
    items[:] = [item for item in items if item.name not in ("locales", "sites", "redirects")]


@hooks.register("construct_homepage_panels")
def home(_request: Any, panels: list[Any]) -> None:
    """Begin with the shift; other rooms add what they have to say."""
    ours = [panel for panel in panels if not type(panel).__module__.startswith("wagtail.")]
    kept = [panel for panel in panels if getattr(panel, "name", "") in KEPT_PANELS]
    panels[:] = [ShiftPanel(), *ours, *kept]


@hooks.register("construct_homepage_summary_items")
def no_totals(_request: Any, items: list[Any]) -> None:
    """Leave out how many pages there are: it answers no question of a shift."""
    items.clear()


class SendToTheDesk(SubmitForModerationMenuItem):
    def get_context_data(self, parent_context: Any) -> Any:
        return {**super().get_context_data(parent_context), "label": "Send to the desk"}


@hooks.register("construct_page_action_menu")
def action_menu(items: list[Any], _request: Any, _context: Any) -> None:
    for at, item in enumerate(items):
        if isinstance(item, SubmitForModerationMenuItem):
            items[at] = SendToTheDesk(order=item.order)


@hooks.register("after_edit_user")
def user_edited(request: Any, user: Any) -> None:
    """End the sessions of whom an admin gave another password or shut out; not the admin's own."""
    if user == request.user:
        sessions.go_on(request.session, user)
    else:
        sessions.epoch(user)


@hooks.register("after_bulk_action")
def users_edited(_request: Any, action: str, objects: Any, _view: Any) -> None:
    if action == "set_active_state":
        for user in objects:
            sessions.epoch(user)


hooks.register("after_edit_page", ends_first.tell)
hooks.register("after_bulk_action", ends_first.tell_of_all)


@hooks.register("register_account_menu_item")
def second_step(_request: Any) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": "Second step",
        "help_text": "An authenticator app, a passkey, recovery codes.",
    }


@hooks.register("register_account_menu_item")
def password(_request: Any) -> dict[str, str]:
    return {
        "url": reverse("account_change_password"),
        "label": "Password",
        "help_text": "Choose another one.",
    }


for together in (
    publishing_together.PublishTogether,
    unpublishing.UnpublishTogether,
    deletion_question.DeleteTogether,
    deleting_rows.DeleteRows,
    deleting_rows.DeletePictures,
):
    hooks.register("register_bulk_action", together, order=1000)
