"""Articles as lists show them."""

from collections.abc import Iterable

from tamizdat.desk.published import Card
from tamizdat.press.images import CARD, teaser_image
from tamizdat.press.links import Links
from tamizdat.press.pages import Teaser
from tamizdat.press.run import Run


def teasers(run: Run, numbers: Iterable[int], links: Links) -> tuple[Teaser, ...]:
    """Return teasers of those articles that are in the edition, in the order given."""
    asked = list(numbers)
    run.known.look_up(f"article:{number}" for number in asked)
    found = (teaser(card, links) for card in run.reading.cards(asked))
    return tuple(one for one in found if one is not None)


def teaser(card: Card, links: Links, sizes: str = CARD) -> Teaser | None:
    """Return an article's teaser, None if it is not in the edition."""
    href = links.article(card.id)
    if not href:
        return None
    return Teaser(
        href=href,
        kicker=card.kicker or (card.section.name if card.section else ""),
        headline=card.headline,
        standfirst=card.standfirst,
        published=card.published,
        names=card.names,
        image=teaser_image(card.lead, links, sizes) if card.lead else None,
        sensitive=card.sensitive,
    )
