"""What colleagues choose for themselves at the desk: name, time zone, looks."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel


class OwnSettings(AccountView):
    """The CMS's page without its picture of a colleague.

    The desk has no use for a face. The CMS would decode that file in the desk's own process, past
    `lib.pictures`: one of 300 kilobytes took half a gigabyte, another a thread for 49 seconds.
    """

    def get_panels(self) -> list[Any]:
        """Return the parts of the page."""
        return [each for each in super().get_panels() if not isinstance(each, AvatarSettingsPanel)]


own_settings = require_admin_access(OwnSettings.as_view())
