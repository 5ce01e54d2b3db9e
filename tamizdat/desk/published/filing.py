"""Sections, topics and people as values, each in the language of the page that shows them.

An article may have been translated before its section was: then the section stands on the
translation's page with the name it has, under the translation's language.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from tamizdat.desk import models
from tamizdat.desk.cleaning import line, text
from tamizdat.desk.published.values import Person, Section, Topic
from tamizdat.lib.batches import batches

Rows = dict[str, Any]  # language -> row of the same translation key
Value = TypeVar("Value")
AT_ONCE = 500  # ids of one query


class Filing:
    """Every language's row for each thing that articles are filed under; each is read once."""

    def __init__(self) -> None:
        self._twins: dict[UUID, Rows] = {}
        self._rows: dict[tuple[Any, int], Any] = {}
        self._made: dict[tuple[Any, int, str], Any] = {}

    @classmethod
    def of(cls, model: Any, rows: Iterable[Any]) -> "Filing":
        """Return a filing that knows these rows of a model and their translations."""
        filing = cls()
        filing._load(model, {row.translation_key for row in rows})
        return filing

    def know(self, model: Any, ids: Iterable[int | None]) -> None:
        """Read those of these rows that are not known yet, one query for 500 of them."""
        unknown = {number for number in ids if number and (model, number) not in self._rows}
        listed = sorted(unknown)
        for some in batches(listed, AT_ONCE):
            rows = model.objects.filter(pk__in=some)
            self._load(model, rows.values("translation_key"))

    def section(self, number: int, language: str) -> Section | None:
        made: Section | None = self._value(models.Section, number, language, self._section)
        return made

    def topic(self, number: int, language: str) -> Topic | None:
        made: Topic | None = self._value(models.Topic, number, language, self._topic)
        return made

    def person(self, number: int, language: str) -> Person | None:
        made: Person | None = self._value(models.Person, number, language, self._person)
        return made

    def _load(self, model: Any, keys: Any) -> None:
        for row in model.objects.filter(translation_key__in=keys).select_related("locale"):
            self._rows[model, row.pk] = row
            self._twins.setdefault(row.translation_key, {})[row.locale.language_code] = row

    def _value(self, model: Any, number: int, language: str, make: Any) -> Any:
        """Return a row as its language has it, None if it is gone."""
        asked = (model, number, language)
        if asked not in self._made:
            row = self._rows.get((model, number))
            own = self._twins[row.translation_key].get(language, row) if row else None
            self._made[asked] = make(own, language) if own else None
        return self._made[asked]

    def _section(self, row: models.Section, language: str) -> Section:
        said = line(row.description)
        return Section(**self._common(row, language), description=said, order=row.order)

    def _topic(self, row: models.Topic, language: str) -> Topic:
        return Topic(**self._common(row, language), description=text(row.description))

    def _person(self, row: models.Person, language: str) -> Person:
        return Person(
            **self._common(row, language),
            kind=row.kind,  # type: ignore[arg-type]  # the model's choices are the value's
            title=line(row.title),
            about=text(row.about),
        )

    def _common(self, row: Any, language: str) -> dict[str, Any]:
        others = self._twins[row.translation_key]
        return {
            "id": row.pk,
            "language": language,
            "slug": row.slug,
            "name": line(row.name),
            "translations": tuple(
                (other, others[other].slug) for other in sorted(others) if other != language
            ),
        }
