"""The form of a newsletter: what its subscriptions hold fast to is not changed there."""

import re
from typing import Any

from django import forms
from django.conf import settings
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model

from tamizdat.desk.forms import slugs
from tamizdat.desk.forms.gone_rows import TakesGoneRows
from tamizdat.desk.forms.row_conflicts import EditRow
from tamizdat.lib import clock
from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.readers import subscribers

THERE = "Its words in that language are there already."
_LANGUAGE = re.compile(r"texts-\d+-language")
STAY = "its words in that language stay."
HAS_READERS = "{number} subscribe to it in “{language}”, so " + STAY
HAS_SIGN_UPS = "{number} signed up for it in “{language}” and can still confirm that, so " + STAY
HAS_ISSUES = "{number} of its issues are in “{language}”, so " + STAY


class NewsletterForm(TakesGoneRows, WagtailAdminModelForm):
    """Keeps the code for good: subscriptions hold it as text, and would be nobody's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields and self.instance.pk:
            self.fields["code"].disabled = True

    def clean_code(self) -> str:
        """Refuse a code that no file of the edition can have: its page stands at it for good."""
        typed: str = self.cleaned_data["code"]
        if not self.instance.pk and (why := slugs.fault(typed)):
            raise forms.ValidationError(why)
        return typed

    def clean(self) -> Any:
        cleaned = super().clean()
        texts = self.formsets["texts"]
        if texts.is_valid():
            self._refuse_second_words(texts)
        for row in texts.deleted_forms if texts.is_valid() else ():
            if row.instance.pk and (why := self._why_needed(row.instance.language)):
                self.add_error(None, why)
        return cleaned

    def _refuse_second_words(self, texts: Any) -> None:
        """Refuse words in a language of which a colleague added some since the form was opened."""
        there = {each.language: each.pk for each in self.instance.texts.all() if each.pk}
        gone = {row.instance.pk for row in texts.deleted_forms}
        for row in texts.forms:
            kept = there.get(row.cleaned_data.get("language"))
            if row not in texts.deleted_forms and kept not in (None, row.instance.pk, *gone):
                row.add_error("language", THERE)

    def _why_needed(self, language: str) -> str:
        """Return why the words of a language cannot be deleted; "" if they can."""
        code = self.instance.code
        for number, why in (
            (subscribers.count(code, language), HAS_READERS),
            (subscribers.waiting(code, clock.now(), language), HAS_SIGN_UPS),
            (self.instance.issues.filter(language=language).count(), HAS_ISSUES),
        ):
            if number:
                return why.format(number=number, language=language)
        return ""


class EditNewsletter(EditRow):
    def make_way(self) -> None:
        """Take out words that a colleague added in a language of which the form has its own."""
        sent = self.request.POST
        rows = [name.removesuffix("language") for name in sent if _LANGUAGE.fullmatch(name)]
        held = {sent.get(f"{row}id", "") for row in rows}
        new = {sent[f"{row}language"] for row in rows if not sent.get(f"{row}id")}
        theirs = [each for each in self.object.texts.all() if str(each.pk) not in held]
        self.object.texts.remove(*(each for each in theirs if each.language in new))


class TextForm(WagtailAdminModelForm):
    """Takes a language of the newsroom's; one that is kept already stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            kept = self.instance.language if self.instance.pk else ""
            codes = dict.fromkeys((*settings.NEWSROOM.languages, *([kept] if kept else [])))
            choices = [(code, LANGUAGES.get(code, code)) for code in codes]
            self.fields["language"] = forms.ChoiceField(choices=choices, disabled=bool(kept))


class TextsPanel(InlinePanel):
    def get_form_options(self) -> Any:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows["form"] = get_form_for_model(self.db_field.related_model, form_class=TextForm)
        return options
