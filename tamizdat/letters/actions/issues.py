"""An issue's way: composed, edited, tried, approved, sent. The only writers of issues."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from tamizdat.desk import published
from tamizdat.letters import outbox
from tamizdat.letters.content import unsubscribe_link
from tamizdat.letters.models import Issue, IssueItem, Letter, Newsletter
from tamizdat.letters.newsletters import composing, send_test
from tamizdat.letters.newsletters.already_sent import already_sent
from tamizdat.letters.newsletters.drafting import Choice, Draft, draft_digest, stage, tidy
from tamizdat.letters.newsletters.schedule import local_day
from tamizdat.lib.batches import batches
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket import wake
from tamizdat.press import parts
from tamizdat.readers import subscribers
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.mailboxes.addresses import read
from tamizdat.readers.privacy.order import in_no_order
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record

FIRST_LOOK_BACK = timedelta(days=7)
MOST_ITEMS = 12
AT_ONCE = 1000
UNTESTED = "Send yourself a test first: nobody has seen these words as a letter."
APPROVED_ALREADY = "It is approved already."
UNAPPROVED = "Not sent: these words are not approved. Send yourself a test, then approve them."
State = Issue.State
IN_THE_MAKING = (State.DRAFT, State.TESTED, State.APPROVED)


CHANGED_MEANWHILE = (
    "Somebody else changed this issue while you wrote. What you typed is still here and is not "
    "saved. Look at the other version first; if you save again, yours replaces it."
)
NOT_THROWN_AWAY = (
    "Somebody else changed this issue meanwhile, so it was not thrown away. What you typed is "
    "still here and is not saved. Look at the other version first; if you press again, that one "
    "is thrown away, too."
)
CHANGED = "What it carries has changed since it was approved. Test it, then approve it again."


class IssueError(Exception):
    """This cannot be done with the issue now; the message says why, for the editor."""


class ChangedError(IssueError):
    """Somebody changed the issue, or what it carries, after the editor looked at it."""


@transaction.atomic
def compose(newsletter: Newsletter, language: str, at: datetime) -> Issue:
    """Return the issue in the making, or begin one with what was published since the last.

    What an earlier issue carried is left out: an editor may have taken it in as late news.
    After one that a clock dated when it was ahead, it begins as the first one does.
    """
    making = _in_the_making(newsletter, language)
    if making:
        return making
    earlier = Issue.objects.filter(newsletter=newsletter, language=language)
    last = earlier.order_by("-until").first()
    since = last.until if last and last.until <= at else at - FIRST_LOOK_BACK
    try:
        with transaction.atomic():
            issue = Issue.objects.create(
                newsletter=newsletter, language=language, since=since, until=at
            )
    except IntegrityError:
        if other := _in_the_making(newsletter, language):
            return other  # an editor began it in this moment
        raise
    news = published.between(language, since, at)
    had = already_sent(newsletter, language, [card.id for card in news])
    cards = [card for card in news if card.id not in had][:MOST_ITEMS]
    _choose(issue, [Choice(card.id) for card in cards])
    if cards:
        Issue.objects.filter(pk=issue.pk).update(subject=cards[0].headline[:120])
        issue.refresh_from_db()
    return issue


def _in_the_making(newsletter: Newsletter, language: str) -> Issue | None:
    ours = Issue.objects.filter(newsletter=newsletter, language=language)
    return ours.filter(state__in=IN_THE_MAKING).first()


@transaction.atomic
def edit(issue: Issue, draft: Draft, seen_digest: str | None = None) -> Issue:
    """Save what an editor wrote. An issue that was tried or approved is a draft again.

    To save the words that it has changes nothing: they were tried and approved as they are.
    `seen_digest` is the digest of the draft that the editor began with; None to write over any.

    Raises:
        ChangedError: somebody else saved it meanwhile.
        IssueError: it is being sent, or was.
    """
    locked = _locked(issue)
    _must_be(locked, IN_THE_MAKING, "It has been sent: its words stand.")
    _must_be_as_seen(locked, seen_digest, CHANGED_MEANWHILE)
    kept = tidy(replace(draft, choices=list(_possible(draft.choices, locked))))
    if kept.digest != draft_digest(locked):
        Issue.objects.filter(pk=issue.pk).update(
            subject=kept.subject, greeting=kept.greeting, signoff=kept.signoff, state=State.DRAFT
        )
        issue.items.all().delete()
        _choose(issue, kept.choices)
    issue.refresh_from_db()
    return issue


@transaction.atomic
def discard(issue: Issue, seen_digest: str | None = None) -> None:
    """Throw an issue in the making away.

    `seen_digest` is the digest of the draft that the editor had on the screen; None to throw any
    away. Its tests are locked before it, as where one is noted (`send_test.handed_over`): no two
    wait for each other.

    Raises:
        ChangedError: somebody else saved it meanwhile.
        IssueError: it is being sent, or was.
    """
    list(Letter.objects.select_for_update().filter(issue=issue, kind=send_test.KIND).order_by("pk"))
    locked = _locked(issue)
    _must_be(locked, IN_THE_MAKING, "It has been sent and cannot be thrown away.")
    _must_be_as_seen(locked, seen_digest, NOT_THROWN_AWAY)
    locked.delete()


@transaction.atomic
def try_out(issue: Issue, typed: str, at: datetime) -> Letter:
    """Queue the issue to one address. It is sealed here, and forgotten when it was handed over.

    Only then is the issue tested, if it still makes this letter (`send_test.handed_over`). An
    unattended key opens the address for 48 hours; after that it waits for the reader key. The
    digest is made before the letter: what changes in between is not taken for tested.

    Raises:
        AddressError: no letter could reach the address.
        IssueError: it has no subject, or was sent.
    """
    newsroom: Newsroom = settings.NEWSROOM
    _must_be(issue, IN_THE_MAKING, "It has been sent.")
    _must_have_a_subject(issue)
    about = send_test.about(issue.pk)
    leave = send_test.leave(newsroom, issue.language, about)
    digest = composing.letter_digest(newsroom, issue)
    written = composing.write_issue(newsroom, issue, local_day(newsroom, at), leave)
    shown = send_test.context(issue, written, digest)
    record = Record(send_test.KIND, read(typed), issue.language)
    to = outbox.Addressed(
        records.seal(record, founded_keys.reader_public(newsroom.keys)),
        store.copy_of(record, newsroom.keys, at),
    )
    letter = outbox.queue(send_test.KIND, about, to, outbox.Words("", issue.language, shown), at)
    Letter.objects.filter(pk=letter.pk).update(issue=issue)
    transaction.on_commit(lambda: wake(newsroom, "letters"))
    return letter


@transaction.atomic
def approve(issue: Issue, seen_digest: str | None = None) -> Issue:
    """Say that this issue may go out as it is: the letter that was tested, to the word.

    `seen_digest` is the digest of the letter that the editor looked at; None for whichever it has.

    Raises:
        ChangedError: it reads otherwise than what was tested, or than what the editor looked at.
        IssueError: nobody tried it since it was last changed, there is nothing in it, or it is
            approved already.
    """
    locked = _locked(issue)
    _must_be(locked, (State.TESTED, State.APPROVED), UNTESTED)
    now = composing.letter_digest(settings.NEWSROOM, locked)
    reached = stage(locked, now)
    if reached == State.APPROVED:
        raise IssueError(APPROVED_ALREADY)
    _must_say_something(locked)
    if reached != State.TESTED:
        raise ChangedError(send_test.CHANGED)
    if seen_digest not in (None, now):
        raise ChangedError("It has changed since you looked at it. Read it again, then approve it.")
    Issue.objects.filter(pk=issue.pk).update(state=State.APPROVED, approved_digest=now)
    issue.refresh_from_db()
    return issue


def send(issue: Issue, at: datetime) -> Issue:
    """Freeze the words and the readers, and begin to send: a letter in the outbox for each.

    It is one transaction: either everybody's letter is there or nobody's. Only what was approved
    goes out: where an article, a name or the look changed since, the issue waits for approval.

    Raises:
        ChangedError: it reads otherwise than what was approved.
        IssueError: it is not approved, there is nothing in it, or one went out today already.
    """
    sent = _send(issue, at)
    if sent is None:
        raise ChangedError(CHANGED)
    return sent


@transaction.atomic
def _send(issue: Issue, at: datetime) -> Issue | None:
    """Send an issue, or take its approval back and return None.

    The digest is compared after the letter was rendered: an article that was published meanwhile
    is noticed. An error raised in here would undo that the approval is taken back.
    """
    newsroom: Newsroom = settings.NEWSROOM
    locked = _locked(issue)
    _must_be(locked, (State.APPROVED,), UNAPPROVED)
    _must_say_something(locked)
    day = local_day(newsroom, at)
    _must_be_the_only_one(locked, day)
    stand_in = unsubscribe_link.stand_in()
    written = composing.write_issue(newsroom, locked, day, stand_in)
    reached = stage(locked, composing.letter_digest(newsroom, locked))
    if reached != State.APPROVED:
        Issue.objects.filter(pk=locked.pk).update(state=reached, approved_digest="")
        return None
    count = _queue_all(locked, subscribers.keys(locked.newsletter.code, locked.language), at)
    Issue.objects.filter(pk=locked.pk).update(
        state=State.SENDING,
        letter_subject=written.subject,
        text=written.text,
        html=written.html,
        leave_stand_in=stand_in,
        day=day,
        until=max(locked.until, at) if not locked.carried.exists() else locked.until,
        frozen=count,
    )
    parts.announce("letters")
    transaction.on_commit(lambda: wake(newsroom, "letters"))
    locked.refresh_from_db()
    return locked


@transaction.atomic
def file_past(newsletter: Newsletter, language: str, day: date, draft: Draft) -> Issue:
    """File an issue that went out before there was an outbox, so that it has its page.

    Filing it again changes nothing.
    """
    newsroom: Newsroom = settings.NEWSROOM
    draft = tidy(draft)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(newsroom.time_zone))
    issue, is_new = Issue.objects.get_or_create(
        newsletter=newsletter,
        language=language,
        day=day,
        defaults={
            "state": State.SENT,
            "subject": draft.subject,
            "greeting": draft.greeting,
            "signoff": draft.signoff,
            "since": noon - FIRST_LOOK_BACK,
            "until": noon,
        },
    )
    if is_new:
        _choose(issue, draft.choices)
        parts.announce("letters")
    return issue


def _possible(choices: Iterable[Choice], issue: Issue) -> Iterator[Choice]:
    """Yield the articles that an issue may carry: of its language, or not published now.

    A colleague may have unpublished or deleted one while the page was open. It stays with its
    introduction, which says on the page that it is left out: it may be published again before the
    issue is sent.
    """
    chosen = list(choices)
    cards = published.cards(each.article for each in chosen)
    for each in chosen:
        card = cards.get(each.article)
        if card is None or card.language == issue.language:
            yield each


def _choose(issue: Issue, choices: Iterable[Choice]) -> None:
    IssueItem.objects.bulk_create(
        IssueItem(
            issue=issue,
            article=choice.article,
            order=order,
            form=choice.form,
            intro=choice.intro,
            included=choice.included,
        )
        for order, choice in enumerate(choices)
    )


def _queue_all(issue: Issue, subscriptions: Iterator[UUID], at: datetime) -> int:
    count = 0
    for some in batches(subscriptions, AT_ONCE):
        count += len(Letter.objects.bulk_create(_letter(issue, key, at) for key in some))
    return count


def _letter(issue: Issue, subscription: UUID, at: datetime) -> Letter:
    about = f"{issue.pk}:{subscription.hex}"
    return Letter(
        kind="issue",
        about=about,
        language=issue.language,
        issue=issue,
        subscription=subscription,
        id=in_no_order(),
        due_at=outbox.midnight(at),
        queued_at=outbox.midnight(at),
    )


def _locked(issue: Issue) -> Issue:
    return Issue.objects.select_for_update().get(pk=issue.pk)


def _must_be(issue: Issue, states: Iterable[str], why_not: str) -> None:
    if Issue.objects.get(pk=issue.pk).state not in tuple(states):
        raise IssueError(why_not)


def _must_be_as_seen(issue: Issue, seen_digest: str | None, otherwise: str) -> None:
    if seen_digest not in (None, draft_digest(issue)):
        raise ChangedError(otherwise)


def _must_be_the_only_one(issue: Issue, day: date) -> None:
    """Refuse a second issue of a newsletter on one day: their pages have one address."""
    others = Issue.objects.filter(newsletter=issue.newsletter, language=issue.language, day=day)
    if others.exists():
        raise IssueError("An issue of this newsletter went out today already.")


def _must_have_a_subject(issue: Issue) -> None:
    if not issue.subject:
        raise IssueError("It has no subject.")


def _must_say_something(issue: Issue) -> None:
    """Refuse an issue without a greeting whose articles were all unpublished since."""
    articles = issue.carried.values_list("article", flat=True)
    if not issue.greeting.strip() and not published.cards(articles):
        raise IssueError("There is nothing in it.")
