"""Withdraw a name: somebody must no longer be found in anything that we publish or keep."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.admin.models import FormState
from wagtail.log_actions import log
from wagtail.models import Locale, ModelLogEntry, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published

from tamizdat.desk.afterwards import at_once
from tamizdat.desk.models import ArticlePage, Byline, ImportedItem, Person
from tamizdat.desk.names.mentions import words
from tamizdat.desk.names.whereabouts import (
    AT_ONCE,
    Whereabouts,
    credited,
    spellings_of,
    twins,
    versions,
    whereabouts,
)
from tamizdat.desk.published.traces import holding
from tamizdat.desk.searching.forgetting import forget_what_went
from tamizdat.desk.spellings import Spellings
from tamizdat.lib.batches import batches

THE_NEWSROOM = {"en": "The newsroom", "ru": "Редакция", "uk": "Редакція", "fa": "تحریریه"}
GONE = "…"  # stands in logs where the name stood


@at_once()
@transaction.atomic
def withdraw(person: Person, by: Person | None = None, also: Iterable[str] = ()) -> Whereabouts:
    """Put somebody else in a person's place everywhere, forget the person, and say what is left.

    All languages go together. What is left are texts, which only an editor can mend, and what was
    carried away. Nothing that we keep says afterwards whose name it was.

    Args:
        person: In any language.
        by: Who stands there from now on; None: the newsroom, in each article's language.
        also: Other ways in which the name is written, in credits and in texts.
    """
    people = twins(person)
    spellings = spellings_of(people, also)
    successor = by or the_newsroom()
    changed = _bylines(people, successor) | _drafts(people, successor)
    _credits(spellings, people, successor)
    ImportedItem.objects.filter(target__in=[f"person:{one.pk}" for one in people]).delete()
    for each in people:
        each.delete()
    _announce(changed)
    return look_again(spellings)


@transaction.atomic
def look_again(spellings: Spellings) -> Whereabouts:
    """Forget what was mended since: old revisions and logs that hold the name."""
    old, drafts = versions(spellings)
    for some in batches(old, AT_ONCE):
        Revision.objects.filter(pk__in=some).delete()
    _logs(spellings)
    FormState.objects.all().delete()  # of previews that are open: they come again
    transaction.on_commit(forget_what_went, robust=True)  # else the sweep does it within a day
    return whereabouts(spellings, found=([], drafts))


def the_newsroom() -> Person:
    """Return the newsroom as somebody in a byline, made in all its languages where it is not."""
    made: Person | None = None
    for language in settings.NEWSROOM.languages:
        name = THE_NEWSROOM.get(language) or settings.NEWSROOM.in_language(language).name
        locale = Locale.objects.get(language_code=language)
        agencies = Person.objects.filter(locale=locale, kind=Person.Kind.AGENCY, name=name)
        found = agencies.first()
        if found is None:
            found = Person(name=name, locale=locale, kind=Person.Kind.AGENCY)
            if made is not None:
                found.translation_key = made.translation_key
            found.save()
        made = made or found
    assert made is not None
    return made


def _bylines(people: Iterable[Person], successor: Person) -> set[int]:
    """Return the articles that somebody else signs from now on; nobody signs twice."""
    changed: set[int] = set()
    for line in Byline.objects.filter(person__in=people).order_by("pk"):
        others = Byline.objects.filter(article=line.article_id, person=successor, role=line.role)
        if others.exists():
            line.delete()
        else:
            Byline.objects.filter(pk=line.pk).update(person=successor)
        changed.add(line.article_id)
    return changed


def _drafts(people: Iterable[Person], successor: Person) -> set[int]:
    """Put the successor into revisions, too: to go back to one brings nobody back."""
    gone = {person.pk for person in people}
    written = [((f'"person": {number}',),) for number in sorted(gone)]
    changed: set[int] = set()
    for revision in holding(Revision.objects.all(), ["content"], written):
        lines = revision.content.get("bylines", [])
        if any(line["person"] in gone for line in lines):
            revision.content["bylines"] = _signed(lines, gone, successor.pk)
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)
            changed.add(int(revision.object_id))
    return changed


def _signed(lines: list[Any], gone: set[int], successor: int) -> list[Mapping[str, Any]]:
    signed: dict[tuple[int, str], Mapping[str, Any]] = {}
    for line in lines:
        who = successor if line["person"] in gone else line["person"]
        signed.setdefault((who, line["role"]), {**line, "person": who})
    return list(signed.values())


def _credits(spellings: Spellings, people: Iterable[Person], successor: Person) -> None:
    """Replace the name in credits: in the language in which it is written there, if we know."""
    successors = {one.locale_id: one.name for one in twins(successor)}
    for picture in credited(spellings):
        for person in people:
            instead = successors.get(person.locale_id, successor.name)
            own = Spellings.of([person.name])
            picture.credit = own.replaced(picture.credit, instead)
        picture.credit = spellings.replaced(picture.credit, successor.name)[:255]
        picture.save()
        log(picture, "wagtail.edit", content_changed=True)  # who has it open is told who did


def _logs(spellings: Spellings) -> None:
    for model in (ModelLogEntry, PageLogEntry):
        for entry in list(holding(model.objects.all(), ["label"], spellings.sought)):
            label = spellings.replaced(entry.label, GONE)
            if label != entry.label:
                model.objects.filter(pk=entry.pk).update(label=label)
        for entry in list(holding(model.objects.all(), ["data"], spellings.sought)):
            if spellings.hold(words(entry.data)):
                model.objects.filter(pk=entry.pk).update(data={})


def _announce(changed: set[int]) -> None:
    for article in ArticlePage.objects.filter(pk__in=changed):
        ReferenceIndex.create_or_update_for_object(article)
        if article.live:
            page_published.send(sender=ArticlePage, instance=article, revision=None)
