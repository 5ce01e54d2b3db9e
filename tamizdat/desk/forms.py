from typing import Any

from django.db.models import Q
from wagtail.admin.forms import WagtailAdminPageForm


class DeskForm(WagtailAdminPageForm):
    """A page's form. The slug may stay empty: one is made that can be typed anywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


class ArticleForm(DeskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the sections and topics of the article's language, and those that it has."""
        super().__init__(*args, **kwargs)
        if self.parent_page is None:
            return
        here = Q(locale=self.parent_page.locale_id)
        self._offer("section", here | Q(pk=self.instance.section_id))
        self._offer("topics", here | Q(pk__in=[topic.pk for topic in self.instance.topics.all()]))

    def _offer(self, name: str, wanted: Q) -> None:
        if name in self.fields:
            self.fields[name].queryset = self.fields[name].queryset.filter(wanted)

    def clean(self) -> Any:
        """Tell the article whether it is on its way to readers: only then must it be whole."""
        cleaned = super().clean()
        self.instance.is_going_to_readers = not self.is_deferred_validation
        return cleaned
