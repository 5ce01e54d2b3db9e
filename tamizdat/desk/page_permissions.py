"""What somebody may do with a page of the newsroom, where the CMS would let them do more."""

from wagtail.models import PagePermissionTester


class DeskPagePermissions(PagePermissionTester):
    def can_unschedule(self) -> bool:
        """Say whether somebody may take back that a page comes out: not past another's lock."""
        holds = not self.page.locked or self.user_has_lock()
        return bool(holds and super().can_unschedule())
