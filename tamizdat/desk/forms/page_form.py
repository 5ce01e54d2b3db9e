from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import ModelChoiceField
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import ErrorDict
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from tamizdat.desk.forms import dates, slugs
from tamizdat.desk.forms.gone_rows import TakesGoneRows
from tamizdat.lib import clock
from tamizdat.lib.visible import is_visible

dates.register()  # before any form is made

NOT_SEEN = "Nothing of this can be seen. Write a letter, a digit or a sign."
ELSEWHERE = "“{chosen}” is written in {theirs}, and this page in {ours}: choose one in {ours}."


class DeskForm(TakesGoneRows, WagtailAdminPageForm):
    """A page's form. The slug may stay empty: one is made that can be typed anywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ends: datetime | None = None
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_title(self) -> str:
        """Refuse a title of which nothing can be seen: no list could lead to its page."""
        typed: str = self.cleaned_data["title"]
        if not is_visible(typed):
            raise ValidationError(NOT_SEEN)
        return typed

    def clean(self) -> Any:
        self._ends = self.cleaned_data.get("expire_at")
        return super().clean()

    def _post_clean(self) -> None:
        """Keep a draft whose time to be taken down is past, which asks for no readers.

        The CMS's own part of the form, which refuses it, is asked after `clean`.
        """
        ends, begins = self._ends, self.cleaned_data.get("go_live_at")
        if self.is_deferred_validation and ends and ends < clock.now():
            refused = self._errors.get("go_live_at")  # it would begin after its end
            if not refused and not begins and self._errors.pop("expire_at", None):
                self.cleaned_data["expire_at"] = ends
        super()._post_clean()

    def clean_slug(self) -> str:
        """Refuse what cannot be the name of a file everywhere. What readers have stays as it is."""
        typed: str = self.cleaned_data["slug"]
        is_out = self.instance.first_published_at and typed == self.initial.get("slug")
        if typed and not is_out and (why := slugs.fault(typed)):
            raise ValidationError(why)
        return typed


class RowForm(WagtailAdminModelForm):
    """A row that names somebody or something. Until it does, it counts as taken out again.

    The desk keeps drafts by itself while an editor works, and a row that was just added names
    nobody yet: refusing it would stop that, and there is nothing in it to keep.
    """

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self._names_nothing():
            self._errors = ErrorDict()
            self.cleaned_data[DELETION_FIELD_NAME] = True

    def _names_nothing(self) -> bool:
        choices = [name for name, field in self.fields.items() if type(field) is ModelChoiceField]
        return self.instance.pk is None and not any(
            self.data.get(self.add_prefix(name)) for name in choices
        )


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


class FrontForm(DeskForm):
    def clean(self) -> Any:
        """Take only articles and topics in the front page's language; readers read that alone."""
        cleaned = super().clean()
        for name in ("lead", "live_article"):
            if why := self._why_elsewhere(self.cleaned_data.get(name)):
                self.add_error(name, why)
        for list_name, name in (("seconds", "article"), ("pinned_topics", "topic")):
            for row in self.formsets[list_name].forms if list_name in self.formsets else ():
                chosen = row.cleaned_data.get(name) if row.is_valid() else None
                if why := self._why_elsewhere(chosen):
                    row.add_error(name, why)
                    self.add_error(None, why)
        return cleaned

    def _why_elsewhere(self, chosen: Any) -> str:
        if chosen is None or chosen.locale_id == self.instance.locale_id:
            return ""
        ours, theirs = str(self.instance.locale), str(chosen.locale)
        return ELSEWHERE.format(chosen=chosen, ours=ours, theirs=theirs)
