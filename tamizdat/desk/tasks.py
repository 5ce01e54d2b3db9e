"""What the desk does without anybody at it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page, Revision

from tamizdat.desk.actions.pictures import forget_unfinished
from tamizdat.desk.models import Picture
from tamizdat.desk.pages import ends_first, locks, no_privacy, one_at_a_time
from tamizdat.desk.pages.readiness import GapError
from tamizdat.desk.pictures import variants
from tamizdat.desk.searching import damage
from tamizdat.desk.searching.forgetting import forget_what_went
from tamizdat.lib.alerts import Alert, clear, isolated, raise_alert, standing
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.failures import where
from tamizdat.lib.processes.stopping import stopping, until_stopped

GRACE = timedelta(days=1)  # before a picture's files may be called orphans
EVERY = timedelta(days=1)  # so often is looked for what is dead
PAGE = "page-"  # how the keys of alerts begin that are about one page
TIDY = "Files of pictures that were deleted stay on the disk."
LOCKED = (
    "A colleague has locked it. The desk's first screen says who; it comes out when it is unlocked."
)
AGAIN = "It is tried again every minute."


def sweep(at: datetime) -> None:
    """Publish what was held until now, take down what has ended, tidy away what is dead.

    Each page stands alone: one that may not be published (a photo lost its credit meanwhile), or
    whose version cannot be read, stays held. An alert says which and why, and it is tried again.
    """
    damage.mend(at)  # first: who is published is indexed
    done = (*_release_before_the_end(at), *_take_down(at), *_release(at))
    found = (*done, *no_privacy.alerts(), *_called_off())
    failed = {alert.key: alert for alert in found}
    for alert in failed.values():
        raise_alert(settings.NEWSROOM.data, alert, at)
    if stopping():
        return  # not all were tried
    for alert in standing(settings.NEWSROOM.data):
        if alert.key.startswith(PAGE) and alert.key not in failed:
            clear(settings.NEWSROOM.data, alert.key)
    alert = Alert("pictures-tidy", TIDY, do=AGAIN)
    with isolated(settings.NEWSROOM.data, alert, at, through=trouble):
        _tidy(at)


def alerts_of(number: int) -> list[Alert]:
    """Return the alerts that say why a page did not come out, or not go, at its time."""
    about = {f"{PAGE}{number}{more}" for more in ("", "-ends", "-private", "-called-off")}
    return [alert for alert in standing(settings.NEWSROOM.data) if alert.key in about]


def _tidy(at: datetime) -> None:
    """Delete files of pictures that are gone or were never finished, and forget deleted words.

    Once a day: it looks at every file there is, and at all words.
    """
    if variants.is_tidy(since=(at - EVERY).timestamp()):
        return
    digests = set(Picture.objects.values_list("digest", flat=True))
    variants.tidy(digests, before=(at - GRACE).timestamp())
    forget_unfinished(before=at - GRACE)
    forget_what_went()
    variants.note_tidy(at.timestamp())


def _take_down(at: datetime) -> Iterator[Alert]:
    """Take down what has ended; yield an alert for each page with which that failed."""
    ended = Page.objects.filter(live=True, expire_at__lte=at).order_by("expire_at")
    for number in until_stopped(list(ended.values_list("pk", flat=True))):
        alert = Alert(
            f"{PAGE}{number}-ends",
            f"Page {number} is not taken down, though its time has ended.",
            do=f"Unpublish it at the desk (pages/{number}/unpublish/). {AGAIN}",
        )
        yield from _tried(alert, _unpublish, number, at)


def _release(at: datetime) -> Iterator[Alert]:
    """Publish what was held until now; yield an alert for each page with which that failed."""
    yield from _publish_all(_due(at), at)


def _release_before_the_end(at: datetime) -> Iterator[Alert]:
    """Do the same with what was due before its page ended: rounds may not have run for days."""
    yield from _publish_all(list(ends_first.due_before_the_end(_due(at), at)), at)


def _due(at: datetime) -> QuerySet[Revision]:
    held = Revision.objects.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at")
    due: QuerySet[Revision] = held.only("pk", "object_id", "approved_go_live_at")
    return due


def _publish_all(due: Iterable[Revision], at: datetime) -> Iterator[Alert]:
    for number, page in until_stopped([(one.pk, one.object_id) for one in due]):
        alert = Alert(
            f"{PAGE}{page}",
            f"Page {page} is held, though its time has come.",
            do=f"Open it at the desk (pages/{page}/edit/), correct what is named and publish it. "
            f"{AGAIN}",
        )
        yield from _tried(alert, _publish, number, at)


def _called_off() -> Iterator[Alert]:
    """Yield an alert for each page that was taken down with a change that waited."""
    for number in ends_first.called_off():
        yield Alert(
            f"{PAGE}{number}-called-off",
            f"Page {number} was taken down at its time, and its change that waited was called off.",
            do=f"Open it at the desk (pages/{number}/edit/): publish it, now or at its time. If it "
            "is not to come out, save it as a draft.",
        )


def _tried(alert: Alert, work: Callable[..., None], *arguments: object) -> Iterator[Alert]:
    """Do something with one page, whole or not at all; yield the alert, with why, if it failed.

    Raises:
        django.db.Error: the database is lost, and nothing is wrong with the page.
    """
    try:
        with transaction.atomic():
            work(*arguments)
    except ValidationError as error:
        yield replace(alert, why=_refusal(error))
    except Exception as error:
        if trouble(error):
            raise
        yield replace(alert, cause=where(error))


def _refusal(error: ValidationError) -> str:
    """Return why a page was refused, without a word that somebody typed: alerts are logged.

    Only of our own gaps are there sentences without such words. Of all else the field is named:
    its sentence may quote what stands there.
    """
    by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
    return " ".join(dict.fromkeys(_sentences(by_field)))


def _sentences(by_field: Mapping[str, Iterable[ValidationError]]) -> Iterator[str]:
    for field, errors in by_field.items():
        for each in errors:
            if isinstance(each, locks.HeldByALockError):
                yield LOCKED
            elif isinstance(each, GapError):
                yield f"Readers would miss something: {each.unnamed}"
            elif field == NON_FIELD_ERRORS:
                yield "The desk refuses what stands on it."
            else:
                yield f"The desk refuses what stands in its field “{field}”."


def _unpublish(number: int, at: datetime) -> None:
    """Take a page down, unless a colleague was at it meanwhile and its time has not ended now."""
    ended = Page.objects.filter(pk=number, live=True, expire_at__lte=at)
    one_at_a_time.hold(ended)
    for page in ended:
        ends_first.note_what_is_called_off(page)
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(number: int, at: datetime) -> None:
    """Publish a held revision as of `at`, which in a demonstration is not the machine's time.

    A colleague who was at its page meanwhile may have called it off.
    """
    due = Revision.objects.filter(pk=number, approved_go_live_at__lte=at)
    one_at_a_time.hold(Page.objects.filter(pk__in=[int(one.object_id) for one in due]))
    for revision in due.all():
        locks.require_none_at_its_time(revision)
        Page.objects.filter(pk=revision.object_id, first_published_at=None).update(
            first_published_at=at
        )
        # Held no longer: the CMS would hold it again by the machine's clock.
        revision.content["go_live_at"] = None
        revision.publish(log_action="wagtail.publish.scheduled")
