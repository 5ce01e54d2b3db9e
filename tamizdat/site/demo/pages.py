"""The demonstration's articles, plain pages and front pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wagtail.models import Locale, PageLogEntry

from tamizdat.desk.models import (
    ArticleIndex,
    ArticlePage,
    Byline,
    Correction,
    FrontPage,
    FrontSecond,
    FrontTopic,
    PlainPage,
)
from tamizdat.site.demo.bodies import Bodies
from tamizdat.site.demo.terms import load_terms, said

Raw = Mapping[str, Any]
ROLES = {
    "by": "by",
    "photographs": "photographs",
    "translation": "translation",
    "additional reporting": "additional",
}


class Pages:
    """Loads the pages of one language after the other; sections and pictures once."""

    def __init__(self, about: Raw, at: datetime) -> None:
        """Make what articles are filed under. `at` is what "days ago" counts from."""
        self.about = about
        self.at = at
        self.terms = load_terms(about)

    def load(self, language: str, articles: Sequence[Raw], plains: Sequence[Raw]) -> None:
        """Load a language: first every page without its text, so that texts can link to them."""
        front = FrontPage.objects.get(locale__language_code=language)
        index = ArticleIndex.objects.child_of(front).get()
        drafts = {raw["slug"]: self._draft(index, raw) for raw in _oldest_first(articles)}
        own = {raw["slug"]: self._plain(front, raw) for raw in plains}
        ids = {slug: page.pk for slug, page in (drafts | own).items()}
        bodies = Bodies(self.terms.pictures, ids)
        for raw in plains:
            page = own[raw["slug"]]
            page.body = json.dumps(bodies.body(raw["body"]))
            page.save_revision().publish()
        for raw in _oldest_first(articles):
            self._publish(drafts[raw["slug"]], raw, bodies)
        self._arrange(front, drafts)

    def _draft(self, index: ArticleIndex, raw: Raw) -> ArticlePage:
        language = raw["language"]
        page = ArticlePage(
            title=raw["headline"],
            slug=raw["slug"],
            locale=Locale.objects.get(language_code=language),
            translation_key=_one_key("article", raw["slug"]),
            kicker=raw.get("kicker", ""),
            standfirst=raw["standfirst"],
            dateline=raw.get("dateline", ""),
            section=self.terms.sections[language, raw["section"]],
            sensitive=raw.get("sensitive", False),
            first_published_at=_days_before(self.at, raw["days_ago"]),
            live=False,
        )
        if lead := raw.get("lead"):
            page.lead_picture = self.terms.pictures[lead["picture"]]
            page.lead_caption, page.lead_alt = lead["caption"], lead["alt"]
        index.add_child(instance=page)
        return page

    def _publish(self, page: ArticlePage, raw: Raw, bodies: Bodies) -> None:
        language = raw["language"]
        page.body = json.dumps(bodies.body(raw["body"]))
        page.topics = [self.terms.topics[language, slug] for slug in raw.get("topics", [])]
        page.bylines = [
            Byline(person=self.terms.people[language, each["person"]], role=ROLES[each["role"]])
            for each in raw["bylines"]
        ]
        page.corrections = [
            Correction(at=_days_before(self.at, each["days_ago"]), text=each["text"])
            for each in raw.get("correction", [])
        ]
        page.save_revision().publish()
        changed = max((each.at for each in page.corrections.all()), default=page.first_published_at)
        ArticlePage.objects.filter(pk=page.pk).update(
            last_published_at=changed, latest_revision_created_at=changed
        )
        page.revisions.update(created_at=changed)
        PageLogEntry.objects.filter(page=page.pk).update(timestamp=changed)

    def _plain(self, front: FrontPage, raw: Raw) -> PlainPage:
        """Return the plain page of this slug: the newsroom's default one, or a new one."""
        page: PlainPage | None = PlainPage.objects.child_of(front).filter(slug=raw["slug"]).first()
        if page is None:
            page = PlainPage(
                title=raw["title"],
                slug=raw["slug"],
                locale=front.locale,
                translation_key=_one_key("plain", raw["slug"]),
            )
            front.add_child(instance=page)
        page.title = raw["title"]
        page.version = raw.get("version", page.version)
        return page

    def _arrange(self, front: FrontPage, articles: Mapping[str, ArticlePage]) -> None:
        wanted, language = self.about["front"], front.locale.language_code
        front.lead = articles.get(wanted["lead"])
        front.seconds = [
            FrontSecond(article=articles[slug]) for slug in wanted["seconds"] if slug in articles
        ]
        front.pinned_topics = [
            FrontTopic(topic=self.terms.topics[language, slug])
            for slug in wanted["topics"]
            if (language, slug) in self.terms.topics
        ]
        front.live_article = articles.get(wanted["live"]["article"])
        if front.live_article:
            front.live_line = said(wanted["live"], "text", language)
        front.save_revision().publish()


def _oldest_first(raws: Iterable[Raw]) -> list[Raw]:
    return sorted(raws, key=lambda raw: -raw["days_ago"])


def _days_before(at: datetime, days: float) -> datetime:
    """Return the moment that many days ago, at a full minute."""
    return (at - timedelta(days=days)).replace(second=0, microsecond=0)


def _one_key(kind: str, slug: str) -> Any:
    """Return the key that all translations of a page share."""
    return uuid5(NAMESPACE_URL, f"{kind}/{slug}")
