from typing import Any

from django import forms

from tamizdat.desk.models import Person
from tamizdat.desk.names.whereabouts import twins
from tamizdat.desk.spellings import LONGEST, can_be_spellings

LINES = 100
TOO_MUCH = f"At most {LINES} lines of at most {LONGEST} letters."


class WithdrawForm(forms.Form):
    """Who stands there instead, and how else the name is written."""

    by = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        label="Put in its place",
        empty_label="The newsroom (in the article's language)",
        help_text="A pseudonym or an agency, for example. Choose nobody whom the same people seek.",
    )
    also = forms.CharField(
        required=False,
        label="Also written as",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: initials, other cases and scripts. Looked for in texts, too.",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [one.pk for one in twins(person)]
        others = Person.objects.exclude(pk__in=own).filter(locale=person.locale_id)
        self.fields["by"].queryset = others.order_by("name")  # type: ignore[attr-defined]  # of a choice

    def clean_also(self) -> list[str]:
        lines = self.cleaned_data["also"].splitlines()
        told = [line.strip() for line in lines if line.strip()]
        if len(told) > LINES or not can_be_spellings(told):
            raise forms.ValidationError(TOO_MUCH)
        return told
