"""The desk's pages about users and groups: nobody gives or takes away more than they have."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.users.views import groups, users

from tamizdat.desk.accounts import rights
from tamizdat.desk.accounts.actions.groups import EDITORS, REPORTERS, approves_alone
from tamizdat.desk.accounts.colleague_forms import AddForm, EditForm
from tamizdat.desk.forms.row_conflicts import Beside, OneAfterTheOther
from tamizdat.desk.refusing import refuse

TOO_MUCH = (
    "You may not do this: nobody gives a password or rights to somebody who has more rights than "
    "they have themselves, and nobody deletes such a colleague or group."
)
STAYS = "“{group}” is a group of every newsroom, so it cannot be deleted."
APPROVES_ALONE = (
    "“{group}” alone approves what reporters send, so it cannot be deleted. Let another group "
    "approve it first: Settings, Workflow tasks."
)
# Bulk actions that give rights, let somebody in again, or take somebody away.
CHANGING = frozenset({"assign_role", "set_active_state", "delete"})


def rights_of(somebody: User | Group) -> rights.Rights:
    return rights.of_groups([somebody]) if isinstance(somebody, Group) else rights.of(somebody)


def may_give(by: rights.Rights, somebodies: Iterable[User | Group]) -> bool:
    """Return whether a colleague with these rights may change who these are and what they may."""
    return all(by.cover(rights_of(each)) for each in somebodies)


def _refuse(request: HttpRequest, why: str = TOO_MUCH) -> HttpResponse:
    list(get_messages(request))  # reads away that it was done
    return refuse(request, why)


class _WithinOwnRights:
    """Refuses a change of somebody with more rights, and one that makes more of somebody.

    What a form gives is known for certain when it is saved: a group's rights on pages and on
    pictures are forms of their own. So it is saved, looked at, and rolled back if it is too much.
    """

    request: Any
    object: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        own = rights.of(request.user)
        about = getattr(self, "object", None) or self._about()
        if about and not may_give(own, [about]):
            return _refuse(request)
        with transaction.atomic():
            answer = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view's
            made = self._made()
            if made and not may_give(own, [made]):
                transaction.set_rollback(True)
                return _refuse(request)
        return answer

    def _about(self) -> Any:
        """Return whom an existing address is about; None on a page that adds somebody."""
        return self.get_object() if "pk" in self.kwargs else None  # type: ignore[attr-defined]  # a view's

    def _made(self) -> Any:
        made = getattr(self, "object", None)
        return made and type(made).objects.filter(pk=made.pk).first()


class AddUser(_WithinOwnRights, users.CreateView):
    pass


class EditUser(_WithinOwnRights, OneAfterTheOther, users.EditView):
    """A colleague changes their own name: who did so again and again could not be shut out."""

    unasked = frozenset({"first_name", "last_name"})


class DeleteUser(_WithinOwnRights, users.DeleteView):
    pass


class Users(users.UserViewSet):
    """Users, without copies: that page is another way to add one."""

    add_view_class = AddUser
    edit_view_class = EditUser
    edit_template_name = "desk/edit_user.html"
    delete_view_class = DeleteUser
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:  # noqa: FBT001, FBT002  Wagtail's signature
        return EditForm if for_update else AddForm


class AddGroup(_WithinOwnRights, groups.CreateView):
    pass


class EditGroup(_WithinOwnRights, OneAfterTheOther, groups.EditView):
    def beside(self, *, sent: bool = False) -> Beside:
        """Return what the group may do in which part of the pages and of the pictures."""
        kinds = groups.get_permission_panel_classes()
        panels = (
            self.permission_panel_forms if sent else [kind(instance=self.object) for kind in kinds]
        )
        found: dict[tuple[str, int], set[str]] = {}
        for panel in panels:
            for part, may in _in_parts(panel):
                kind = type(part)._meta.verbose_name.capitalize()  # noqa: SLF001  Django's documented name
                found.setdefault((f"{kind}, {part}", part.pk), set()).update(may)
        return {key: ", ".join(sorted(may)) for key, may in found.items() if may}


def _in_parts(panel: Any) -> Iterator[tuple[Any, list[str]]]:
    """Yield each part of a tree for which a form says what a group may do there, and what."""
    rows = panel.initial
    if panel.is_bound:
        panel.is_valid()
        kept = [form for form in panel.forms if form not in panel.deleted_forms]
        rows = [getattr(form, "cleaned_data", {}) for form in kept]
    for row in rows:
        if part := row.get("page") or row.get("collection"):
            yield part, [str(each.name) for each in row.get("permissions", ())]


class DeleteGroup(_WithinOwnRights, groups.DeleteView):
    """Leaves reporters and editors, without whom nothing is sent or approved.

    A newsroom may give them other names: then whoever alone approves stays.
    """

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        group = self.get_object()
        if group.name in (REPORTERS, EDITORS):
            return _refuse(request, STAYS.format(group=group))
        if approves_alone(group):
            return _refuse(request, APPROVES_ALONE.format(group=group))
        return super().dispatch(request, *args, **kwargs)


class Groups(groups.GroupViewSet):
    add_view_class = AddGroup
    edit_view_class = EditGroup
    edit_template_name = "desk/edit_group.html"
    delete_view_class = DeleteGroup


def in_bulk(request: Any, action: str, changed: Any, view: Any) -> HttpResponse | None:
    """Refuse what is done to several users together, as to one; None if it may be done."""
    people = [each for each in changed if isinstance(each, User)]
    if action not in CHANGING or not people:
        return None
    role = view.cleaned_form.cleaned_data.get("role")
    given = [*people, *([role] if role else [])]
    return None if may_give(rights.of(request.user), given) else _refuse(request)
