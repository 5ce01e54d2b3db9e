"""The demonstration's sections, topics, people and pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from wagtail.models import Locale

from tamizdat.desk.models import Person, Picture, Section, Topic

PICTURES = Path(__file__).parent / "pictures"
Raw = Mapping[str, Any]


@dataclass
class Terms:
    """What articles name by slug: rows of the desk, by language and slug."""

    sections: dict[tuple[str, str], Section] = field(default_factory=dict)
    topics: dict[tuple[str, str], Topic] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)


def load_terms(about: Mapping[str, Any]) -> Terms:
    """Make all sections, topics, people and pictures of `newsroom.toml`."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    return Terms(
        sections=_filed(Section, about["section"], locales, _section),
        topics=_filed(Topic, about["topic"], locales, _topic),
        people=_filed(Person, about["person"], locales, _person),
        pictures={raw["slug"]: _picture(raw) for raw in about["picture"]},
    )


def _filed(
    model: Any,
    raws: list[Raw],
    locales: Mapping[str, Locale],
    describe: Callable[[Raw, str], dict[str, Any]],
) -> dict[tuple[str, str], Any]:
    """Make a row in each language that has a name for it, all of them translations."""
    return {
        (language, raw["slug"]): model.objects.create(
            locale=locale,
            translation_key=uuid5(NAMESPACE_URL, f"{model.__name__}/{raw['slug']}"),
            slug=raw["slug"],
            name=raw["name"][language],
            **describe(raw, language),
        )
        for raw in raws
        for language, locale in locales.items()
        if language in raw["name"]
    }


def _section(raw: Raw, language: str) -> dict[str, Any]:
    return {"description": said(raw, "description", language), "order": raw["order"]}


def _topic(raw: Raw, language: str) -> dict[str, Any]:
    return {"description": said(raw, "description", language)}


def _person(raw: Raw, language: str) -> dict[str, Any]:
    return {
        "kind": raw["kind"],
        "title": said(raw, "role", language),
        "about": said(raw, "bio", language),
    }


def _picture(raw: Raw) -> Picture:
    file = ContentFile((PICTURES / raw["file"]).read_bytes(), name=raw["file"])
    row: Picture = Picture.objects.create(title=raw["slug"], file=file, credit=raw["credit"])
    return row


def said(raw: Raw, name: str, language: str) -> str:
    """Return what a table of words says in a language, "" where it is silent."""
    words: Mapping[str, str] = raw.get(name, {})
    return words.get(language, "")
