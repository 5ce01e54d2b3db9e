"""Make the sections, topics and people that the old site's posts need, and only those."""

from django.db.models import Model
from wagtail.models import Locale

from tamizdat.desk.forms.slugs import LONGEST, slug
from tamizdat.desk.importing.archive import Archive
from tamizdat.desk.importing.export.wxr import Term, login_key
from tamizdat.desk.importing.html.markup import plain
from tamizdat.desk.importing.ledger import Ledger, Target
from tamizdat.desk.models import Person, Section, Topic

LONGEST_NAME = 120
LONGEST_SECTION_DESCRIPTION = 300
# The section of what stood in no category.
NEWS = {"en": "News", "ru": "Новости", "uk": "Новини", "fa": "خبرها"}


class Words:
    """Finds or makes what articles are filed under, each once."""

    def __init__(self, ledger: Ledger, archive: Archive, locale: Locale) -> None:
        self._ledger = ledger
        self._archive = archive
        self._locale = locale
        self._found: dict[tuple[str, str], Model | None] = {}

    def section(self, term: Term | None) -> Section:
        """Return a category's section; the one for news takes what has none.

        A category can be a section for its own posts and a topic for others.
        """
        if term is None:
            return self._news()
        described = plain(term.description)[:LONGEST_SECTION_DESCRIPTION]
        made = self._word(Section, "section", term.slug, plain(term.name), described)
        return made if isinstance(made, Section) else self._news()

    def topic(self, term: Term) -> Topic | None:
        """Return a term's topic, None if the desk has deleted it since."""
        described = plain(term.description)
        made = self._word(Topic, term.kind, term.slug, plain(term.name), described)
        return made if isinstance(made, Topic) else None

    def person(self, login: str) -> Person | None:
        """Return who wrote under a login, None if nobody did or the desk has deleted them."""
        if not login:
            return None
        author = self._archive.authors.get(login)
        name = author.name if author else login.partition("@")[0]
        made = self._word(Person, "author", login_key(login), plain(name), "")
        return made if isinstance(made, Person) else None

    def _news(self) -> Section:
        language = self._locale.language_code
        section, _ = Section.objects.get_or_create(
            locale=self._locale, slug="news", defaults={"name": NEWS.get(language, NEWS["en"])}
        )
        return section

    def _word(
        self, model: type[Section | Topic | Person], kind: str, key: str, name: str, about: str
    ) -> Model | None:
        if (kind, key) not in self._found:
            self._found[kind, key] = self._find_or_make(model, kind, key, name, about)
        return self._found[kind, key]

    def _find_or_make(
        self, model: type[Section | Topic | Person], kind: str, key: str, name: str, about: str
    ) -> Model | None:
        known = self._ledger.target(kind, key)
        if known is not None:
            return model.objects.filter(pk=known).first()
        place = _place(name if model is Person else key, name)
        described = {"about": about} if model is Person else {"description": about}
        row, _ = model.objects.get_or_create(
            locale=self._locale,
            slug=place,
            defaults={"name": name[:LONGEST_NAME] or key[:LONGEST_NAME], **described},
        )
        self._ledger.enter(kind, key, Target(model.__name__.lower(), row.pk))
        return row


def _place(wanted: str, name: str) -> str:
    """Return the slug of a word: the old one if it is in Latin letters."""
    return slug(wanted.replace("_", "-")) or slug(name, "one")[:LONGEST]
