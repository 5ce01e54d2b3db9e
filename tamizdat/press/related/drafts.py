"""Read more under a draft, for the desk: what it would be if it were published now."""

from tamizdat.desk.published import Article, Text
from tamizdat.desk.published.gist import bare
from tamizdat.press.content.repository import lists_of
from tamizdat.press.related.exchange import counted
from tamizdat.press.related.incremental import near as nearest


def near(article: Article) -> list[int]:
    """Return what is nearest to an article, published or not; nothing is kept."""
    card = article.card
    said = [card.standfirst, *(bare(one.html) for one in article.body if isinstance(one, Text))]
    text = (card.headline, "\n".join(said))
    day = card.published.toordinal()
    one = counted(card.id, day, card.language, text, lists_of(article))
    return nearest(card.language, one)
