"""What was written so far in one language: used headlines and slugs, what can be linked."""

import random
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from bench.archive.wire import Story

RECENT = 200
LANDMARKS = 12  # articles that everything later links to
LONGEST_HEADLINE = 150
LINKING = 0.3  # the share that links to a recent article, and to a landmark
LINKING_FAR = 0.05
Number = int


class Shelf:
    """The shelf of one language."""

    def __init__(self, stories: Sequence[Story], first_id: int) -> None:
        """Take the language's wire; `first_id` is the page of piece 0."""
        self._stories = stories
        self._first_id = first_id
        self._by_label: dict[str, list[int]] = {}
        for at, story in enumerate(stories):
            for label in story.labels:
                self._by_label.setdefault(label, []).append(at)
        self._headlines: set[str] = set()
        self._slugs: set[str] = set()
        self._recent: deque[tuple[Number, UUID]] = deque(maxlen=RECENT)
        self._landmarks: list[Number] = []
        self._translated: set[tuple[UUID, str]] = set()

    def stories(self, rng: random.Random, count: int) -> list[Story]:
        """Return some stories of one subject: the first label of the first one."""
        first = rng.choice(self._stories)
        same = self._by_label[rng.choice(first.labels)] if first.labels else ()
        others = same if len(same) > count else range(len(self._stories))
        chosen = {rng.choice(others): None for _ in range(count)}
        return [first, *(self._stories[at] for at in chosen if self._stories[at] is not first)]

    def headline(self, stories: Sequence[Story]) -> str:
        """Return a headline that no article of the language has: the wire's, or two joined."""
        first = stories[0].headline[:LONGEST_HEADLINE]
        joined = (f"{first}; {story.headline}"[:LONGEST_HEADLINE] for story in stories[1:])
        chosen = next((one for one in (first, *joined) if one not in self._headlines), first)
        self._headlines.add(chosen)
        return chosen

    def slug(self, headline: str, number: Number) -> str:
        """Return a slug as the desk makes it; the piece's number where it is taken."""
        from tamizdat.desk.forms.slugs import slug

        made = slug(headline, f"n{number}")
        if made in self._slugs:
            made = f"{made}-{number}"
        self._slugs.add(made)
        return made

    def add(self, number: Number, key: UUID) -> None:
        self._recent.append((number, key))
        if len(self._landmarks) < LANDMARKS:
            self._landmarks.append(number)

    def links(self, rng: random.Random) -> list[int]:
        """Return the ids of earlier pages that the next article links to, mostly none."""
        found = []
        if self._recent and rng.random() < LINKING:
            found.append(rng.choice(self._recent)[0])
        if self._landmarks and rng.random() < LINKING_FAR:
            found.append(self._landmarks[int(len(self._landmarks) * rng.random() ** 3)])
        return [self._first_id + number for number in found]

    def untranslated(self, rng: random.Random, language: str) -> UUID | None:
        """Return a recent article's key that has no twin in the language yet, if luck finds one."""
        if not self._recent:
            return None
        _, key = rng.choice(self._recent)
        if (key, language) in self._translated:
            return None
        self._translated.add((key, language))
        return key
