"""Pages under which all others of a language stand: nobody takes them away."""

from typing import Any

from tamizdat.desk.pages.page_permissions import DeskPagePermissions


class PermanentPagePermissions(DeskPagePermissions):
    """What somebody may do with such a page: neither unpublish nor delete it, not even an admin.

    Readers would keep it all the same: an edition has a front page in each language.
    """

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002  Wagtail's signature
        return False


class PermanentPage:
    def permissions_for_user(self, user: Any) -> PermanentPagePermissions:
        return PermanentPagePermissions(user, self)
