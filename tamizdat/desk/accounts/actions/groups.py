"""Who may do what: reporters write, editors publish. Admins are Django's superusers."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

REPORTERS = "Reporters"
EDITORS = "Editors"
ON_PAGES = {
    REPORTERS: ("add_page",),
    EDITORS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
ON_PICTURES = {
    REPORTERS: ("add_image", "choose_image"),
    EDITORS: ("add_image", "change_image", "choose_image"),
}
FILED = ("section", "topic", "person")
EVERYWHERE = {
    REPORTERS: ("access_admin", "view_section", "view_topic", "view_person", "add_person"),
    EDITORS: (
        "access_admin",
        "submit_translation",
        *(f"{verb}_{kind}" for verb in ("view", "add", "change", "delete") for kind in FILED),
    ),
}
APPS = ("wagtailadmin", "desk", "simple_translation")


def lay_out(root: Page) -> None:
    """Make the groups, what they may do, and the way from a reporter to the desk."""
    for name in (REPORTERS, EDITORS):
        group, _ = Group.objects.get_or_create(name=name)
        _permit(group, root)
    Group.objects.filter(name="Moderators").delete()
    _workflow(root)


def entrust(name: str, permissions: Iterable[str]) -> None:
    """Let a group do also what other rooms have for it ("letters.change_newsletter")."""
    group = Group.objects.get(name=name)
    for each in permissions:
        app, _, code = each.partition(".")
        group.permissions.add(Permission.objects.get(codename=code, content_type__app_label=app))


def approves_alone(group: Group) -> bool:
    """Say whether what reporters send would wait for nobody without this group."""
    tasks = GroupApprovalTask.objects.filter(active=True, groups=group)
    return any(not task.groups.exclude(pk=group.pk).exists() for task in tasks)


def _permit(group: Group, root: Page) -> None:
    codes = EVERYWHERE[group.name]
    group.permissions.add(
        *Permission.objects.filter(codename__in=codes, content_type__app_label__in=APPS)
    )
    for code in ON_PAGES[group.name]:
        permission = Permission.objects.get(codename=code, content_type__model="page")
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    pictures = Collection.get_first_root_node()
    for code in ON_PICTURES[group.name]:
        permission = Permission.objects.get(
            codename=code, content_type__app_label="wagtailimages", content_type__model="image"
        )
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=pictures, permission=permission
        )


def _workflow(root: Page) -> None:
    """Reporters send to the desk, and any editor there may approve."""
    task = GroupApprovalTask.objects.filter(name="the desk").first()
    if task is None:
        task = GroupApprovalTask.objects.create(name="the desk")
    if not task.groups.exists():  # else what reporters send would wait for nobody
        task.groups.add(Group.objects.get(name=EDITORS))
    workflow, _ = Workflow.objects.get_or_create(name="Desk", defaults={"active": True})
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    Workflow.objects.filter(name="Moderators approval").delete()
