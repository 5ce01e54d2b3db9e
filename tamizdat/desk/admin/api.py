"""What the desk's own pages ask for in the background: they look pages up, and change none there.

The CMS lets a program publish, delete, move and copy pages at the same addresses. None of its own
pages does, and what the desk asks of them (locks, required pages, drafts alone) is not asked there.
"""

from typing import Any, ClassVar

from wagtail.admin.api.views import PagesAdminAPIViewSet


class PagesToLookUp(PagesAdminAPIViewSet):
    actions: ClassVar[dict[str, Any]] = {}
