"""The desk's list of asks, one in each language."""

from django.db import transaction
from wagtail.log_actions import log
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.desk.forms.row_conflicts import EditRow
from tamizdat.support import actions
from tamizdat.support.models import Appeal


class EditOnly(ModelPermissionPolicy):
    """There is one ask in each language of the newsroom: none to add, none to delete."""

    def user_has_permission(self, user: object, action: str) -> bool:
        return action not in ("add", "delete") and bool(super().user_has_permission(user, action))


class EditAppeal(EditRow):
    def save_instance(self) -> Appeal:
        """Keep what an editor wrote, through the action that has it printed."""
        with transaction.atomic():
            appeal: Appeal = self.form.save(commit=False)
            actions.keep_appeal(appeal)
            log(instance=appeal, action="wagtail.edit", content_changed=self.form.has_changed())
        return appeal


class Appeals(SnippetViewSet):
    model = Appeal
    icon = "comment"
    menu_label = "Support"
    menu_order = 65
    add_to_admin_menu = True
    edit_view_class = EditAppeal
    permission_policy = EditOnly(Appeal)
    list_display = ["__str__", "heading"]
    copy_view_enabled = False
