"""The CMS's pages about who approves what, for two admins of one."""

from typing import Any

from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls.workflows import urlpatterns
from wagtail.admin.views import workflows
from wagtail.models import WorkflowPage

from tamizdat.desk.forms.row_conflicts import Beside, OneAfterTheOther


class EditTask(OneAfterTheOther, workflows.EditTask):
    pass


class EditWorkflow(OneAfterTheOther, workflows.Edit):
    def beside(self, *, sent: bool = False) -> Beside:
        """Return the pages that go this way, with all below them. An idle one's form has none."""
        if not self.object.active:
            return {}
        if not sent:
            kept = WorkflowPage.objects.filter(workflow=self.object).select_related("page")
            return {(f"Page, {each.page}", each.page_id): self.object.name for each in kept}
        rows = self.get_pages_formset()
        rows.is_valid()
        kept = [row for row in rows.forms if row not in rows.deleted_forms]
        pages = [page for row in kept if (page := getattr(row, "cleaned_data", {}).get("page"))]
        return {(f"Page, {page}", page.pk): self.object.name for page in pages}


def connect() -> None:
    """Put our pages in the place of the CMS's, under their names and behind the same door."""
    ours: dict[str | None, Any] = {"edit": EditWorkflow, "edit_task": EditTask}
    for pattern in urlpatterns:
        if view := ours.get(pattern.name):
            pattern.callback = never_cache(require_admin_access(view.as_view()))
