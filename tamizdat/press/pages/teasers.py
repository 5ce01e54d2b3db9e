"""Articles as lists show them."""

from collections.abc import Iterable

from tamizdat.desk.published import Card, Filed
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.images import CARD, teaser_image
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import Teaser

KEPT = 4_000  # teasers, about 25 MB; a run through a larger archive begins again with none


def teasers(run: RenderContext, numbers: Iterable[int], links: Links) -> tuple[Teaser, ...]:
    """Return teasers of those articles that are in the edition, in the order given."""
    asked = list(numbers)
    run.link_index.look_up(f"article:{number}" for number in asked)
    found = (teaser(run, card, links) for card in run.repository.cards(asked))
    return tuple(one for one in found if one is not None)


def expect(run: RenderContext, numbers: Iterable[int]) -> None:
    """Ask in a few queries for all that the teasers of these articles are going to need."""
    asked = list(numbers)
    run.link_index.look_up(f"article:{number}" for number in asked)
    run.repository.cards(asked)


def teaser(run: RenderContext, card: Card, links: Links, sizes: str = CARD) -> Teaser | None:
    """Return an article's teaser, None if it is not in the edition.

    Its links lead by the root, whose sign becomes the way there when a page is finished: so all
    pages share one teaser, and what was drawn of it. An article stands on a dozen of them.
    """
    if not links.article(card.id):
        return None
    of = (card.id, sizes)
    if of not in run.teasers:
        if len(run.teasers) > KEPT:
            run.teasers.clear()
        run.teasers[of] = _teaser(card, links.by_root, sizes)
    return run.teasers[of]


def _teaser(card: Card, by_root: Links, sizes: str) -> Teaser:
    return Teaser(
        href=by_root.way(card.path),
        kicker=card.kicker or (card.section.name if card.section else ""),
        headline=card.headline,
        standfirst=card.standfirst,
        published=card.published,
        names=card.names,
        image=teaser_image(card.lead, by_root, sizes) if card.lead else None,
        sensitive=card.sensitive,
    )


def card_content(filed: Filed | None) -> str:
    """Return all that teasers show of an article, "" for one that is not published."""
    if filed is None:
        return ""
    card = filed.card
    lead = card.lead and (card.lead.picture.colour, card.lead.picture.credit, card.lead.alt)
    sizes = [size.path for size in card.lead.picture.renditions] if card.lead else []
    section = card.section and (card.section.id, card.section.name, card.section.slug)
    said = (card.kicker, card.headline, card.standfirst, card.names, card.sensitive)
    focus = card.lead.picture.focus if card.lead else None
    return repr((card.path, card.published, said, section, lead, focus, sizes))
