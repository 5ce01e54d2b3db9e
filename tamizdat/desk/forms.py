from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class DeskForm(WagtailAdminPageForm):
    """A page's form. The slug may stay empty: one is made that can be typed anywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


class ArticleForm(DeskForm):
    def clean(self) -> Any:
        """Tell the article whether it is on its way to readers: only then must it be whole."""
        cleaned = super().clean()
        self.instance.is_going_to_readers = not self.is_deferred_validation
        return cleaned
