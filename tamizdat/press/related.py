"""Read more: what an article's reader may want next.

Articles that share its topics count most, then those by the same people, then the section; of
equals the nearest in time comes first. Only what came before the article counts, so a page need not
be printed again whenever something new appears; where the past has too little to offer (the
newsroom is young) the next ones fill up, and then the page does wait for them.
"""

from collections import defaultdict
from datetime import datetime

from tamizdat.press.shelves import Shelves

WEIGHT = {"topic": 3.0, "person": 1.5, "section": 1.0}
MOST = 6
LEAST = 4
LOOKED_AT = 12  # in each list
FADING = 0.05  # with each step back in time: less than any weight, over a whole list


def related(
    shelves: Shelves,
    article: int,
    published: datetime,
    lists: list[str],
    asked_by: set[str] | None = None,
) -> list[int]:
    """Return up to six articles to read after this one, best first, never itself.

    All lists are of one language, so its own translations are never among them.

    Args:
        shelves: The lists as they are.
        article: Its number.
        published: When it was first published.
        lists: The lists it belongs into ("topic:en:4").
        asked_by: Is told the lists whose next articles would change the answer.
    """
    scores: dict[int, float] = defaultdict(float)
    for of in lists:
        _score(scores, of, shelves.before(of, published, article, LOOKED_AT))
    best = _best(scores)[:MOST]
    if len(best) >= LEAST or asked_by is None:
        return best
    asked_by.update(f"list:{of}" for of in lists)
    for of in lists:
        _score(scores, of, shelves.after(of, published, article, LEAST))
    later = [number for number in _best(scores) if number not in best]
    return best + later[: LEAST - len(best)]


def _score(scores: dict[int, float], of: str, articles: list[int]) -> None:
    weight = WEIGHT[of.partition(":")[0]]
    for place, number in enumerate(articles):
        scores[number] += weight - place * FADING


def _best(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda number: (-scores[number], -number))
