"""What a colleague may do at the desk, and whether that is more than somebody else may."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission

from tamizdat.desk.accounts.actions import groups

PAGE, COLLECTION, APPROVES = "page", "collection", "approves"


@dataclass(frozen=True, slots=True)
class Right:
    """One right, in one part of a tree or everywhere."""

    code: str
    path: str = ""  # of the topmost page or collection where it holds

    def covers(self, other: "Right") -> bool:
        return self.code == other.code and other.path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Rights:
    """All that somebody may do."""

    held: frozenset[Right]
    everything: bool = False

    def cover(self, other: "Rights") -> bool:
        """Return whether the other rights are not more than these."""
        if self.everything:
            return True
        return not other.everything and all(
            any(own.covers(right) for own in self.held) for right in other.held
        )


def of(user: User) -> Rights:
    """Return what this colleague may do, alone and in all groups."""
    if user.is_superuser:
        return Rights(frozenset(), everything=True)
    in_groups = of_groups(user.groups.all())
    return Rights(in_groups.held | _everywhere(Permission.objects.filter(user=user)))


def of_groups(members_of: Iterable[Group]) -> Rights:
    """Return what a member of these groups may do."""
    held = list(members_of)
    return Rights(
        _everywhere(Permission.objects.filter(group__in=held))
        | {
            Right(f"{PAGE}.{code}", path)
            for code, path in GroupPagePermission.objects.filter(group__in=held).values_list(
                "permission__codename", "page__path"
            )
        }
        | {
            Right(f"{COLLECTION}.{code}", path)
            for code, path in GroupCollectionPermission.objects.filter(group__in=held).values_list(
                "permission__codename", "collection__path"
            )
        }
        | {
            # To approve is to publish, without any permission to do so.
            Right(f"{APPROVES}.{task}")
            for task in GroupApprovalTask.objects.filter(groups__in=held).values_list(
                "pk", flat=True
            )
        }
    )


def reporters() -> Rights:
    """Return what whoever only writes drafts may do: what the desk gives to reporters itself.

    What somebody added to the group of reporters is more than that.
    """
    name = groups.REPORTERS
    codes = (
        *(f"{app}.{code}" for app in groups.APPS for code in groups.EVERYWHERE[name]),
        *(f"{PAGE}.{code}" for code in groups.ON_PAGES[name]),
        *(f"{COLLECTION}.{code}" for code in groups.ON_PICTURES[name]),
    )
    return Rights(frozenset(Right(code) for code in codes))


def _everywhere(permissions: Iterable[Permission]) -> frozenset[Right]:
    found = Permission.objects.filter(pk__in=[each.pk for each in permissions])
    return frozenset(
        Right(f"{app}.{code}")
        for app, code in found.values_list("content_type__app_label", "codename")
    )
