"""What an editor had on the screen when a button of an issue's page was pressed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from tamizdat.desk import published
from tamizdat.letters.admin import candidates, forms
from tamizdat.letters.models import Issue
from tamizdat.letters.newsletters import drafting
from tamizdat.letters.newsletters.drafting import Draft
from tamizdat.lib.numbers import whole


class Typed:
    """The form of an issue's page as it was sent."""

    def __init__(self, sent: QueryDict) -> None:
        self._sent = sent
        self.form = forms.IssueForm(sent)
        self._items = forms.ItemForms(sent, prefix="item")
        self.trial = forms.TrialForm(sent)

    @property
    def is_there(self) -> bool:
        """Whether there were words: a button that is pressed without the page sends none."""
        return "draft_digest" in self._sent

    @property
    def draft_digest(self) -> str | None:
        """The digest of the draft that the editor began with."""
        return self._sent.get("draft_digest")

    @property
    def letter_digest(self) -> str:
        """The digest of the letter that the editor looked at."""
        return self._sent.get("letter_digest", "")

    @property
    def address(self) -> str:
        """To whom a test was to go, as it was typed."""
        return self._sent.get("address", "").strip()

    def is_valid(self) -> bool:
        """Say whether it can be saved; if not, the fields say why."""
        return bool(self.form.is_valid() and self._items.is_valid())

    def draft(self) -> Draft:
        """Return what was typed. Call it only where it is valid."""
        return forms.draft(self.form, self._items)

    def says(self, issue: Issue) -> bool:
        """Say whether an issue has exactly these words."""
        if not self.is_valid():
            return False
        return drafting.tidy(self.draft()).digest == drafting.draft_digest(issue)

    def over(self, issue: Issue, why: str) -> "Typed":
        """Return the same words over the version that stands now: to save them is to replace it."""
        sent = self._sent.copy()
        sent["draft_digest"] = drafting.draft_digest(issue)
        again = Typed(sent)
        again.form.add_error(None, why)
        return again

    def items_with(self, rows: Iterable[Mapping[str, Any]]) -> Any:
        """Return the articles as they were typed, each with its headline.

        The list may have changed meanwhile, so a row is known by its article and not by its place.
        """
        known = {row["article"]: row for row in rows}
        cards = published.cards(_numbers(self._items))
        for each in self._items:
            number = _number(each)
            card = cards.get(number)
            other = {"card": card, "group": candidates.OLDER if card else candidates.IN}
            each.initial = {**other, **known.get(number, {})}
        return self._items

    def words(self) -> list[tuple[str, str]]:
        """Return every text that was typed, with what it is; also what could not be saved."""
        fields = ("subject", "Subject"), ("greeting", "Greeting"), ("signoff", "Sign-off")
        texts = [(label, self._sent.get(name, "")) for name, label in fields]
        cards = published.cards(_numbers(self._items))
        for each in self._items:
            card = cards.get(_number(each))
            text = self._sent.get(each.add_prefix("intro"), "")
            texts.append((f"Introduction: {card.headline}" if card else "Introduction", text))
        return [(label, text) for label, text in texts if text.strip()]


def _numbers(items: Any) -> list[int]:
    return [number for each in items if (number := _number(each))]


def _number(row: Any) -> int:
    """Return the article of a row, or 0 if what was sent cannot be one."""
    return whole(str(row["article"].value() or ""), forms.LARGEST) or 0
