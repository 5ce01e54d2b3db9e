"""Sections, topics and people as values, each in the language of the page that shows it.

An article may have been translated before its section was: then the section stands on the
translation's page with the name it has, under the translation's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tamizdat.desk import models
from tamizdat.desk.cleaning import line, text
from tamizdat.desk.published.values import Person, Section, Topic

Rows = dict[str, Any]  # language -> row of the same translation key


@dataclass(frozen=True, slots=True)
class Filing:
    """Every language's row for each thing that some articles are filed under."""

    rows: dict[UUID, Rows] = field(default_factory=dict)

    @classmethod
    def of(cls, *groups: Iterable[Any]) -> "Filing":
        """Return the rows of these things in all languages, one query for each kind."""
        filing = cls()
        for group in groups:
            listed = list(group)
            if listed:
                filing.load(type(listed[0]), {row.translation_key for row in listed})
        return filing

    def load(self, model: Any, keys: set[UUID]) -> None:
        for row in model.objects.filter(translation_key__in=keys).select_related("locale"):
            self.rows.setdefault(row.translation_key, {})[row.locale.language_code] = row

    def section(self, row: models.Section, language: str) -> Section:
        own = self._own(row, language)
        return Section(
            **self._common(own, language), description=line(own.description), order=own.order
        )

    def topic(self, row: models.Topic, language: str) -> Topic:
        own = self._own(row, language)
        return Topic(**self._common(own, language), description=text(own.description))

    def person(self, row: models.Person, language: str) -> Person:
        own = self._own(row, language)
        return Person(
            **self._common(own, language),
            kind=own.kind,
            title=line(own.title),
            about=text(own.about),
        )

    def _own(self, row: Any, language: str) -> Any:
        return self.rows.get(row.translation_key, {}).get(language, row)

    def _common(self, row: Any, language: str) -> dict[str, Any]:
        others = self.rows.get(row.translation_key, {})
        return {
            "id": row.pk,
            "language": language,
            "slug": row.slug,
            "name": line(row.name),
            "translations": tuple(
                (other, others[other].slug) for other in sorted(others) if other != language
            ),
        }
