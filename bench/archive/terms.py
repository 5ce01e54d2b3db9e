"""The sections, topics and people that an archive's articles are filed under."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench.archive import names
from bench.archive.rows import insert, settle_numbers
from bench.archive.wire import Story


@dataclass(frozen=True, slots=True)
class Terms:
    """Ids of rows: sections and topics by (language, slug or name), people by their number."""

    sections: Mapping[tuple[str, str], int]
    topics: Mapping[tuple[str, str], int]
    people: Mapping[tuple[str, int], int]


def file_under(seed: int, wires: Mapping[str, Sequence[Story]]) -> Terms:
    """Make all rows that articles are filed under, and return their ids."""
    from wagtail.models import Locale

    from tamizdat.desk import models

    rng = random.Random(f"terms {seed}")
    locales = dict(Locale.objects.values_list("language_code", "pk"))
    sections, topics, people = (
        list(_sections(rng, locales)),
        list(_topics(rng, locales, wires)),
        list(_people(rng, locales)),
    )
    for model, made in (
        (models.Section, sections),
        (models.Topic, topics),
        (models.Person, people),
    ):
        insert(model, [row for _, row in made])
    settle_numbers([models.Section, models.Topic, models.Person])
    return Terms(*({name: row["id"] for name, row in made} for made in (sections, topics, people)))


def _sections(rng: random.Random, locales: Mapping[str, int]) -> Iterable[tuple[Any, Any]]:
    number = 0
    for order, (slug, *spoken) in enumerate(names.SECTIONS, 1):
        key = _key(rng)
        for language, name in zip(names.LANGUAGES, spoken, strict=True):
            number += 1
            row = _row(number, key, locales[language], name) | {"slug": slug, "order": order}
            yield (language, slug), row | {"description": ""}


def _topics(
    rng: random.Random, locales: Mapping[str, int], wires: Mapping[str, Sequence[Story]]
) -> Iterable[tuple[Any, Any]]:
    number = 0
    for language, stories in wires.items():
        taken: set[str] = set()
        for label in dict.fromkeys(label for story in stories for label in story.labels):
            number += 1
            row = _row(number, _key(rng), locales[language], label)
            row["slug"] = _free(row["slug"], number, taken)
            yield (language, label), row | {"description": ""}


def _people(rng: random.Random, locales: Mapping[str, int]) -> Iterable[tuple[Any, Any]]:
    number = 0
    for language in names.LANGUAGES:
        for at, name in enumerate(names.people(language)):
            number += 1
            kind = names.KINDS[at % len(names.KINDS)]
            row = _row(number, _key(rng), locales[language], name)
            yield (language, at), row | {"kind": kind, "title": "", "about": ""}


def _row(number: int, key: UUID, locale: int, name: str) -> dict[str, Any]:
    from tamizdat.desk.forms.slugs import slug

    made = slug(name, f"t{number}")
    return {"id": number, "translation_key": key, "locale_id": locale, "name": name, "slug": made}


def _free(slug: str, number: int, taken: set[str]) -> str:
    free = f"{slug}-{number}" if slug in taken else slug
    taken.add(free)
    return free


def _key(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
