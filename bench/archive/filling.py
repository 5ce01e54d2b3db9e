"""Pieces become the desk's rows, some thousands at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from bench.archive.pieces import Piece
from bench.archive.rows import insert, settle_numbers
from bench.archive.terms import Terms
from tamizdat.desk.models import ArticleIndex, ArticlePage, Byline, Correction
from tamizdat.lib import paths

AT_ONCE = 2000
Rows = list[dict[str, Any]]


class Filling:
    """Puts pieces on the shelves of a newsroom that has none yet."""

    def __init__(self, terms: Terms) -> None:
        """Take the ids of what articles are filed under."""
        self._terms = terms
        self._kind = ContentType.objects.get_for_model(ArticlePage).pk
        listed = ArticleIndex.objects.select_related("locale")
        self._shelves = {shelf.locale.language_code: shelf for shelf in listed}
        self.first_id = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1

    def fill(self, pieces: Iterable[Piece]) -> int:
        """Insert the articles and return how many there were."""
        done = 0
        for some in _portions(pieces):
            self._insert(some)
            done += len(some)
        for shelf in self._shelves.values():
            Page.objects.filter(pk=shelf.pk).update(numchild=shelf.numchild)
        settle_numbers([Page, ArticlePage, Byline, Correction, ArticlePage.topics.through])
        return done

    def _insert(self, pieces: Sequence[Piece]) -> None:
        insert(Page, [self._page(piece) for piece in pieces])
        insert(ArticlePage, [self._article(piece) for piece in pieces])
        insert(Byline, [row for piece in pieces for row in self._bylines(piece)])
        insert(Correction, [row for piece in pieces for row in self._corrections(piece)])
        insert(ArticlePage.topics.through, [row for piece in pieces for row in self._topics(piece)])

    def _page(self, piece: Piece) -> dict[str, Any]:
        shelf = self._shelves[piece.language]
        shelf.numchild += 1
        return {
            "id": self.first_id + piece.number,
            "path": Page._get_path(shelf.path, shelf.depth + 1, shelf.numchild),  # noqa: SLF001  treebeard's own way
            "depth": shelf.depth + 1,
            "numchild": 0,
            "translation_key": piece.key,
            "locale_id": shelf.locale_id,
            "title": piece.headline,
            "draft_title": piece.headline,
            "slug": piece.slug,
            "content_type_id": self._kind,
            "url_path": f"{shelf.url_path}{piece.slug}/",
            "live": True,
            "first_published_at": piece.published,
            "last_published_at": piece.updated,
        }

    def _article(self, piece: Piece) -> dict[str, Any]:
        lead = piece.lead
        return {
            "page_ptr_id": self.first_id + piece.number,
            "kicker": piece.kicker[:80],
            "standfirst": piece.standfirst,
            "dateline": piece.dateline,
            "section_id": self._terms.sections[piece.language, piece.section],
            "lead_picture_id": lead.picture if lead else None,
            "lead_caption": lead.caption if lead else "",
            "lead_alt": lead.alt if lead else "",
            "body": piece.body,
            "sensitive": piece.sensitive,
            "place": paths.article(piece.language, piece.published, piece.slug),
        }

    def _bylines(self, piece: Piece) -> Iterator[dict[str, Any]]:
        for order, signed in enumerate(piece.signed):
            yield {
                "article_id": self.first_id + piece.number,
                "person_id": self._terms.people[piece.language, signed.person],
                "role": signed.role,
                "sort_order": order,
            }

    def _corrections(self, piece: Piece) -> Iterator[dict[str, Any]]:
        for at, text in piece.corrections:
            yield {"article_id": self.first_id + piece.number, "at": at, "text": text}

    def _topics(self, piece: Piece) -> Iterator[dict[str, Any]]:
        for label in piece.topics:
            topic = self._terms.topics[piece.language, label]
            yield {"articlepage_id": self.first_id + piece.number, "topic_id": topic}


def _portions(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    iterator = iter(pieces)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
