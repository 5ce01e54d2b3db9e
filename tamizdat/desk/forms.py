from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class ArticleForm(WagtailAdminPageForm):
    def clean(self) -> Any:
        """Tell the article whether it is on its way to readers: only then must it be whole."""
        cleaned = super().clean()
        self.instance.is_going_to_readers = not self.is_deferred_validation
        return cleaned
