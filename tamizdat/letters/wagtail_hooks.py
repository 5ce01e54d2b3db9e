"""Letters in the desk: their menu, newsletters, issues, and the panel on the first page."""

from typing import Any

from django.conf import settings
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.letters.actions import newsletters
from tamizdat.letters.admin import issue_urls, newsletter_deletion
from tamizdat.letters.admin.access import may_publish
from tamizdat.letters.admin.newsletter_forms import EditNewsletter, NewsletterForm, TextsPanel
from tamizdat.letters.admin.panels import HeldUpPanel, NextLetterPanel
from tamizdat.letters.models import Newsletter
from tamizdat.lib import clock


class Newsletters(SnippetViewSet):
    """What readers can subscribe to."""

    model = Newsletter
    copy_view_enabled = False  # the CMS's page that copies one saves over the original
    edit_view_class = EditNewsletter
    icon = "list-ul"
    menu_label = "Newsletters"
    menu_order = 56
    add_to_admin_menu = True
    list_display = [
        "code",
        Column("get_weekday_display", label="Goes out on", sort_key="weekday"),
        BooleanColumn("offered", label="Readers can subscribe"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldPanel("weekday"),
            FieldPanel("offered"),
            TextsPanel(
                "texts",
                heading="Words",
                label="Language",
                min_num=1,
                panels=[
                    FieldPanel("language"),
                    FieldPanel("name"),
                    FieldPanel("about"),
                    FieldPanel("frequency"),
                ],
            ),
        ],
        base_form_class=NewsletterForm,
    )


register_snippet(Newsletters)


@hooks.register("before_delete_snippet")
def keep_what_readers_have(request: Any, asked: Any) -> Any:
    return newsletter_deletion.refuse_deletion(request, asked, clock.now())


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("letters/", include(issue_urls))]


class Letters(MenuItem):
    """Shown to whoever may publish."""

    def is_shown(self, request: Any) -> bool:
        return may_publish(request)


class Mailbox(MenuItem):
    """Shown to admins, where letters go to the mailbox on screen."""

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.is_superuser and settings.NEWSROOM.mail.send == "mailbox")


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    return Letters("Letters", reverse("letters:index"), icon_name="mail", order=55)


@hooks.register("register_admin_menu_item")
def mailbox_menu() -> MenuItem:
    return Mailbox("Mailbox", "/mailbox/", icon_name="view", order=57)


@hooks.register("construct_homepage_panels", order=50)
def home(request: Any, panels: list[Any]) -> None:
    if may_publish(request):
        panels += [HeldUpPanel(), NextLetterPanel()]


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
@hooks.register("after_delete_snippet")
def publish_what_is_offered(_request: Any, changed: Any) -> None:
    """Tell counter and edition at once; the work process would within a minute."""
    several = changed if isinstance(changed, list | tuple) else [changed]
    if any(isinstance(each, Newsletter) for each in several):
        newsletters.publish(settings.NEWSROOM.languages, clock.now().date())
