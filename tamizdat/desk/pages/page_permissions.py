"""What somebody may do with a page of the newsroom, where the CMS says otherwise."""

from wagtail.locks import ScheduledForPublishLock
from wagtail.models import PagePermissionTester


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

    def can_unschedule(self) -> bool:
        """Say whether somebody may take back that a page comes out: not past another's lock."""
        holds = not self.page.locked or self.user_has_lock()
        return bool(holds and super().can_unschedule())
