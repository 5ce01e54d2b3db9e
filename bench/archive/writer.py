"""Writes an archive's articles from the wire, in the order in which they were published."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID
from zlib import crc32

from bench.archive import names
from bench.archive.body import Layout, taken
from bench.archive.pieces import Piece, Shown, Signed
from bench.archive.shelf import Shelf
from bench.archive.wire import Story

SHARES = {"en": 70, "ru": 25, "fa": 5}
PICTURED = 0.7  # shares of all articles
SENSITIVE = 0.04
UPDATED = 0.05
CORRECTED = 0.02
KICKED = 0.4
AT_HOME = 0.85  # in its first topic's section
PHOTOGRAPHED = 0.3  # of those with a picture
TRANSLATED = 0.06  # of those that are not English
JOINED = 9  # stories at most
MOST_TOPICS = 4
SECTIONS = [slug for slug, *_ in names.SECTIONS]


class Writer:
    """Writes pieces. Everything random comes from one source, so a seed repeats an archive."""

    def __init__(
        self,
        seed: int,
        wires: Mapping[str, Sequence[Story]],
        pictures: Sequence[int],
        first_id: int,
    ) -> None:
        """`pictures` are the library's ids; piece 0 will be the page `first_id`."""
        self._rng = random.Random(seed)
        self._pictures = pictures
        self._shelves = {language: Shelf(stories, first_id) for language, stories in wires.items()}

    def write(self, moments: Sequence[datetime]) -> Iterator[Piece]:
        languages = self._rng.choices(list(SHARES), list(SHARES.values()), k=len(moments))
        for number, (language, at) in enumerate(zip(languages, moments, strict=True)):
            yield self._piece(number, language, at)

    def _piece(self, number: int, language: str, at: datetime) -> Piece:
        rng, shelf = self._rng, self._shelves[language]
        stories = shelf.stories(rng, JOINED)
        headline = shelf.headline(stories)
        original = self._original(language)
        corrections = self._corrections(at, stories)
        shown = self._shown(stories)
        topics = tuple(dict.fromkeys(label for story in stories for label in story.labels))
        piece = Piece(
            number=number,
            language=language,
            key=original or UUID(int=rng.getrandbits(128), version=4),
            headline=headline,
            slug=shelf.slug(headline, number),
            kicker=topics[0] if topics and rng.random() < KICKED else "",
            standfirst=_standfirst(stories),
            dateline=stories[0].place[:80],
            published=at,
            updated=corrections[-1][0] if corrections else self._updated(at),
            section=self._section(topics),
            topics=topics[: rng.randint(1, MOST_TOPICS)],
            signed=self._signed(language, pictured=shown is not None, translated=bool(original)),
            lead=shown,
            body=self._body(stories, shelf),
            sensitive=rng.random() < SENSITIVE,
            corrections=corrections,
        )
        shelf.add(number, piece.key)
        return piece

    def _body(self, stories: Sequence[Story], shelf: Shelf) -> list[dict[str, Any]]:
        pool = [paragraph for story in stories for paragraph in story.paragraphs]
        headings = [story.headline[:90] for story in stories[1:4]]

        def picture() -> dict[str, Any]:
            shown = self._use(stories[-1])
            return {"picture": shown.picture, "caption": shown.caption, "alt": shown.alt}

        layout = Layout(self._rng, headings, picture)
        return layout.blocks(taken(self._rng, pool), shelf.links(self._rng))

    def _shown(self, stories: Sequence[Story]) -> Shown | None:
        return self._use(stories[0]) if self._rng.random() < PICTURED else None

    def _use(self, story: Story) -> Shown:
        picture = self._rng.choice(self._pictures)
        return Shown(picture, story.headline[:200], f"{story.headline[:150]} ({picture})")

    def _section(self, topics: Sequence[str]) -> str:
        """Return the section where the first topic is at home, now and then another one."""
        if topics and self._rng.random() < AT_HOME:
            return SECTIONS[crc32(topics[0].encode()) % len(SECTIONS)]
        return self._rng.choice(SECTIONS)

    def _signed(self, language: str, *, pictured: bool, translated: bool) -> tuple[Signed, ...]:
        rng, there = self._rng, names.PEOPLE[language]
        writers = rng.choices((0, 1, 2), (5, 75, 20))[0]
        roles = ["by"] * writers
        roles += ["photographs"] if pictured and rng.random() < PHOTOGRAPHED else []
        roles += ["translation"] if translated else []
        # The product of two even draws: a few sign much, most sign little.
        people = [int(there * rng.random() * rng.random()) for _ in roles]
        return tuple(Signed(*pair) for pair in dict(zip(people, roles, strict=True)).items())

    def _updated(self, at: datetime) -> datetime:
        if self._rng.random() < UPDATED:
            return at + timedelta(minutes=self._rng.randint(5, 2000))
        return at

    def _corrections(
        self, at: datetime, stories: Sequence[Story]
    ) -> tuple[tuple[datetime, str], ...]:
        if self._rng.random() >= CORRECTED:
            return ()
        later = at + timedelta(hours=self._rng.randint(2, 200))
        return ((later, stories[-1].headline),)

    def _original(self, language: str) -> UUID | None:
        """Return the key of a recent English article for the few that are its translations."""
        if language == "en" or self._rng.random() >= TRANSLATED:
            return None
        return self._shelves["en"].untranslated(self._rng, language)


def _standfirst(stories: Sequence[Story]) -> str:
    first = unescape(stories[0].paragraphs[0].text)
    words = first.split()[:40]
    return " ".join(words)[:600]
