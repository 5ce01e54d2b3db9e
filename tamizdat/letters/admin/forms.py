"""What an editor fills in for an issue."""

from typing import Any

from django import forms
from django.conf import settings

from tamizdat.letters import data_requests
from tamizdat.letters.models import Issue, IssueItem, Newsletter
from tamizdat.letters.newsletters.drafting import Choice, Draft, draft_digest
from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.lib.visible import is_visible

LARGEST = 2**31 - 1  # of the column in which an article's number is kept


class ComposeForm(forms.Form):
    """Which newsletter, in which language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.ChoiceField(choices=offered(), label="Newsletter")

    @property
    def newsletter(self) -> Newsletter:
        found: Newsletter = Newsletter.objects.get(pk=self.cleaned_data["what"].split(":")[0])
        return found

    @property
    def language(self) -> str:
        return str(self.cleaned_data["what"].split(":")[1])


class IssueForm(forms.Form):
    draft_digest = forms.CharField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=120, help_text="What readers see in their list of mail.")
    greeting = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Before the articles. An empty line begins a paragraph.",
    )
    signoff = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Sign-off"
    )

    def clean_subject(self) -> str:
        """Refuse a subject of which nothing can be seen: a list of mail would show a gap."""
        typed: str = self.cleaned_data["subject"]
        if not is_visible(typed):
            raise forms.ValidationError("Nothing of this subject can be seen. Write one.")
        return typed


class ItemForm(forms.Form):
    article = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    included = forms.BooleanField(required=False, label="In")
    order = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=99,
        label="Place",
        widget=forms.NumberInput(attrs={"size": 3}),
    )
    form = forms.ChoiceField(choices=IssueItem.Form.choices, label="As")
    intro = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Introduction"
    )


ItemForms = forms.formset_factory(ItemForm, extra=0)


class TrialForm(forms.Form):
    """It stands beside the issue's form and is sent with it: a test is of what is typed there."""

    use_required_attribute = False
    address = forms.EmailField(
        label="Send a test to", widget=forms.EmailInput(attrs={"form": "issue"})
    )


class DataRequestForm(forms.Form):
    """A reader wrote to the newsroom, and asks what it holds, or to be forgotten."""

    kind = forms.ChoiceField(
        label="The reader asks",
        choices=[
            (data_requests.QUESTION, "what we hold (answered by letter to the address)"),
            (data_requests.ERASURE, "to be forgotten"),
        ],
    )
    address = forms.CharField(label="Address of the reader", max_length=254)
    language = forms.ChoiceField(label="Language of the answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, LANGUAGES[code]) for code in settings.NEWSROOM.languages]
        self.fields["language"] = forms.ChoiceField(choices=choices, label="Language of the answer")


class UnlockForm(forms.Form):
    passphrase = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}), strip=False
    )


def offered() -> list[tuple[str, str]]:
    """Return every newsletter in every language it has words in."""
    return [
        (f"{newsletter.pk}:{text.language}", f"{text.name} ({text.language})")
        for newsletter in Newsletter.objects.prefetch_related("texts")
        for text in newsletter.texts.all()
    ]


def initial(issue: Issue) -> dict[str, str]:
    return {
        "draft_digest": draft_digest(issue),
        "subject": issue.subject,
        "greeting": issue.greeting,
        "signoff": issue.signoff,
    }


def draft(form: IssueForm, items: Any) -> Draft:
    """Return what was filled in, the articles in the order of their places.

    An introduction is kept also where its article is not to go out.
    """
    rows = [each.cleaned_data for each in items if each.cleaned_data]
    last = len(rows) + 99
    rows.sort(key=lambda row: row["order"] if row["order"] is not None else last)
    return Draft(
        subject=form.cleaned_data["subject"],
        greeting=form.cleaned_data["greeting"],
        signoff=form.cleaned_data["signoff"],
        choices=[
            Choice(row["article"], row["form"], row["intro"], row["included"]) for row in rows
        ],
    )
