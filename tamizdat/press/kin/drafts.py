"""Read more under a draft, for the desk: what it would be if it were published now."""

from tamizdat.desk.published import Article, Text
from tamizdat.desk.published.gist import bare
from tamizdat.press.kin.counted import counted
from tamizdat.press.kin.relating import near as nearest
from tamizdat.press.reading import lists_of


def near(article: Article) -> list[int]:
    """Return what is nearest to an article, published or not; nothing is kept."""
    card = article.card
    said = [card.standfirst, *(bare(one.html) for one in article.body if isinstance(one, Text))]
    text = (card.headline, "\n".join(said))
    one = counted(card.id, card.published.toordinal(), text, lists_of(article))
    return nearest(card.language, one)
