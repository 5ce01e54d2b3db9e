"""What a page that asks is about: which versions of pages there were, and whether readers had them.

Between the question and the answer a colleague may save, publish or take away what it is about.
The question notes in a hidden field how the pages were, and its answer is compared with that.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wagtail.models import Page

from tamizdat.desk.forms.moments import when
from tamizdat.desk.pages.unpublishing import last_act, last_taken, taker
from tamizdat.desk.refusing import who
from tamizdat.lib import clock

SEEN = "seen_versions"  # the hidden field
NEWER = "{who} saved a newer version of “{title}” ({when})"
TAKEN = "{who} took “{title}” from readers ({when})"
PUBLISHED = "{who} published “{title}” ({when})"
LIVE, DRAFT = "live", "draft"


class State(NamedTuple):
    version: str  # with its time: a draft that is kept by itself stays the same version
    live: str


def noted(numbers: Iterable[int]) -> str:
    """Return what a question notes of how pages are."""
    return " ".join(f"{page}-{'-'.join(state)}" for page, state in _now(numbers).items())


def changes(note: str, numbers: Iterable[int]) -> Iterator[str]:
    """Yield in parts of a sentence what became of pages since a question noted how they were."""
    before = _read(note)
    for number, state in _now(numbers).items():
        if before.get(number) != state:
            yield from _said(number, before.get(number), state)


def changes_to_publish(note: str, numbers: Iterable[int]) -> Iterator[str]:
    """Yield the same of pages that are to be published: that readers got one as it was is none."""
    before = _read(note)
    for number, state in _now(numbers).items():
        if before.get(number) not in (state, State(state.version, DRAFT)):
            yield from _said(number, before.get(number), state)


def _now(numbers: Iterable[int]) -> dict[int, State]:
    rows = Page.objects.filter(pk__in=list(numbers)).order_by("pk")
    newest = rows.values_list("pk", "live", "latest_revision", "latest_revision__created_at")
    return {
        page: State(
            f"{version or 0}-{moment.timestamp() if moment else 0}", LIVE if live else DRAFT
        )
        for page, live, version, moment in newest
    }


def _read(note: str) -> dict[int, State]:
    """Return what was noted; what no question of ours has noted is left out."""
    found = {}
    for part in note.split():
        page, _, state = part.partition("-")
        version, _, live = state.rpartition("-")
        if page.isdecimal():
            found[int(page)] = State(version, live)
    return found


def _said(number: int, before: State | None, now: State) -> Iterator[str]:
    page = Page.objects.select_related("latest_revision__user").get(pk=number)
    title, newest = page.get_admin_display_title(), page.latest_revision
    taken, published = last_taken(page), last_act(page, "wagtail.publish")
    if before:
        is_other, is_newer = before.live != now.live, before.version != now.version
    else:  # readers had it, so that it was not asked about; or it is new
        is_other = bool(taken and not (newest and newest.created_at > taken.timestamp))
        is_newer = not is_other
    if is_other and page.live:
        moment = when(published and published.timestamp, clock.now())
        yield PUBLISHED.format(who=who(published and published.user), title=title, when=moment)
    elif is_other:
        moment = when(taken and taken.timestamp, clock.now())
        yield TAKEN.format(who=taker(taken), title=title, when=moment)
    if is_newer:
        moment = when(newest and newest.created_at, clock.now())
        yield NEWER.format(who=who(newest and newest.user), title=title, when=moment)
