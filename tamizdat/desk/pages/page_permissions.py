"""What somebody may do with a page of the newsroom, where the CMS says otherwise."""

from wagtail.locks import ScheduledForPublishLock
from wagtail.models import PagePermissionTester

from tamizdat.desk.pages import deleting


class DeskPagePermissions(PagePermissionTester):
    def can_unpublish(self) -> bool:
        """Say whether somebody may take it from readers. A change that waits is called off by it.

        To the CMS a change that waits is a lock for everybody, and it held what was to go at once.
        """
        page = self.page
        if not isinstance(page.get_lock(), ScheduledForPublishLock):
            return bool(super().can_unpublish())
        holds = self.user.is_active and page.live and (not page.locked or self.user_has_lock())
        return bool(holds and (self.user.is_superuser or "publish" in self.permissions))

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002  Wagtail's signature
        """Say whether somebody may delete it: who may not publish, not what is an editor's."""
        if not super().can_delete(ignore_bulk):
            return False
        if self.user.is_superuser or "publish" in self.permissions:
            return True
        below = self.page.get_descendants(inclusive=True)
        return not deleting.of_editors(below, self.user).exists()

    def can_unschedule(self) -> bool:
        """Say whether somebody may take back that a page comes out: not past another's lock."""
        holds = not self.page.locked or self.user_has_lock()
        return bool(holds and super().can_unschedule())
