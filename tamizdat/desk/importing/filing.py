"""Where an old post belongs here: categories become sections or topics, tags become topics.

A newsroom has a handful of sections, an old blog dozens of categories. So the topmost
category of a post is its section if there are at most twelve of them; of more only the eight
with the most posts are. Every other category becomes a topic.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tamizdat.desk.forms.slugs import slug
from tamizdat.desk.importing.export.wxr import Item, Term

MOST_SECTIONS = 12
BEST_USED = 8
_NO_CATEGORY = frozenset({"uncategorized", "uncategorised", "bez-rubriki", "bez-kategorii"})

Terms = Mapping[tuple[str, str], Term]


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a post is filed. No section: the newsroom's default one takes it."""

    section: Term | None
    topics: tuple[Term, ...]


def terms_of(item: Item) -> list[Term]:
    """Return an item's categories and tags, each once. Old exports name them twice, once barely."""
    named = {term.name for term in item.terms if term.slug}
    found: dict[tuple[str, str], Term] = {}
    for term in item.terms:
        if term.kind in ("category", "tag") and (term.slug or term.name not in named):
            whole = replace(term, slug=term.slug or slug(term.name, term.name[:40]))
            found.setdefault((whole.kind, whole.slug), whole)
    return list(found.values())


def primary(item: Item, known: Iterable[Term]) -> str:
    """Return the slug of the category that counts: the one marked as such, else the first."""
    own = [term.slug for term in terms_of(item) if term.kind == "category" and not _is_none(term)]
    marked = item.meta.get("_yoast_wpseo_primary_category", "")
    if marked and marked != "0":
        own = [term.slug for term in known if str(term.number) == marked and term.slug in own] + own
    return own[0] if own else ""


def sections(use: Mapping[str, int], terms: Terms) -> frozenset[str]:
    """Return the slugs of the categories that become sections; `use` counts posts by category."""
    tops: Counter[str] = Counter()
    for category, posts in use.items():
        tops[top(category, terms)] += posts
    if len(tops) <= MOST_SECTIONS:
        return frozenset(tops)
    ranked = sorted(tops, key=lambda category: (-tops[category], category))
    return frozenset(ranked[:BEST_USED])


def file(item: Item, terms: Terms, chosen: frozenset[str]) -> Filed:
    """Return where an item is filed, given which categories became sections."""
    own = terms_of(item)
    place = top(primary(item, terms.values()), terms)
    section = terms.get(("category", place)) if place in chosen else None
    topics: dict[str, Term] = {}
    for term in own:
        if not _is_none(term) and (term.kind == "tag" or not section or term.slug != section.slug):
            topics.setdefault(term.slug, terms.get((term.kind, term.slug), term))
    return Filed(section, tuple(topics.values()))


def top(category: str, terms: Terms) -> str:
    """Return the slug of a category's topmost ancestor; a circle of parents ends where it began."""
    seen = {category}
    while (term := terms.get(("category", category))) and term.parent and term.parent not in seen:
        category = term.parent
        seen.add(category)
    return category


def _is_none(term: Term) -> bool:
    return term.kind == "category" and slug(term.slug) in _NO_CATEGORY
