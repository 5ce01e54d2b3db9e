"""Whatever fails at whichever step of a publication: one whole edition, and then the next.

Readers keep the edition before, or have the one after; nothing is half there. Once the cause is
gone the sweep of `work` publishes everything, without a hand.
"""

import errno
import os
import signal
from contextlib import contextmanager
from functools import partial
from itertools import cycle

import pytest
from django.db import OperationalError, connections

from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tamizdat.lib.processes.worker_pool import WorkerDiedError
from tamizdat.press import tasks
from tamizdat.press.actions import hold, publish, publish_waiting
from tamizdat.press.build import (
    failed_jobs,
    publication,
    retired_pages,
    site_fingerprint,
    state,
    workers,
)
from tamizdat.press.build.planner import Plan
from tamizdat.press.build.publication import Publication
from tamizdat.press.build.render import Renderer
from tamizdat.press.models import Change, FailedJob
from tamizdat.press.output import tree, verify
from tamizdat.press.output.tree import Tree
from tamizdat.press.related import service
from tests.in_a_newsroom import lay_out, tell
from tests.links import dead_ends
from tests.newsdesk import NewsDesk

STEPS = {
    "look at the theme": (site_fingerprint, "current"),
    "recover": (Tree, "recover"),
    "reconcile": (state, "repair"),
    "plan": (Publication, "_plan"),
    "follow": (Plan, "follow"),
    "relate": (service, "rank_stale"),
    "print": (workers, "render_all"),
    "print fronts": (Renderer, "print"),
    "find what goes": (retired_pages, "due_for_removal"),
    "find pictures": (publication, "image_changes"),
    "switch": (Tree, "switch"),
    "journal": (Tree, "_write_journal"),
    "put a file": (Tree, "_put"),
    "sync": (tree, "make_durable"),
    "turn": (Tree, "_turn"),
    "make equal": (Tree, "_make_equal"),
    "record": (state, "record"),
    "settle": (Tree, "settle"),
    "tell": (failed_jobs, "tell"),
}
FAULTS = [
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
    TimeoutError("timed out"),
    OperationalError("server closed the connection unexpectedly"),
    MemoryError(),
    WorkerDiedError(-9),
    RuntimeError("a secret"),
]
SENTENCES = {
    "OSError": "The disk is full",
    "PermissionError": "cannot be written",
    "TimeoutError": "does not do what it is asked",
    "OperationalError": "The database does not answer",
    "MemoryError": "want of memory",
    "WorkerDiedError": "want of memory",
    "RuntimeError": "nobody foresaw",
}


@contextmanager
def failing(step, how, *, after):
    """Have a step fail: before it is done, or when it is done."""
    place, name = STEPS[step]
    own = getattr(place, name)

    def fails(*arguments, **more):
        if after:
            own(*arguments, **more)
        how()

    setattr(place, name, fails)
    try:
        yield
    finally:
        setattr(place, name, own)


def raising(error):
    def fail():
        raise error

    return fail


def cases():
    """Each step, before and after it is done, with one fault in turns; and one step with all.

    `make soak` has each step fail with all of them.
    """
    turns = cycle(FAULTS)
    for step in STEPS:
        yield pytest.param(step, [(False, next(turns)), (True, next(turns))], id=step)
    yield pytest.param("put a file", [(False, fault) for fault in FAULTS], id="all faults")


@pytest.mark.parametrize(("step", "faults"), list(cases()))
def test_a_step_that_fails_leaves_one_whole_edition_and_one_sentence(
    newsdesk, edition, subtests, step, faults
):
    newsdesk.article("The first")
    newsdesk.publish()
    for number, (after, error) in enumerate(faults):
        with subtests.test(after=after, error=type(error).__name__):
            fail_and_go_on(newsdesk, edition, f"Story {number}", step, error, after=after)


def fail_and_go_on(newsdesk, edition, title, step, error, *, after):
    """Publish an article while a step fails, and again when the cause is gone."""
    article = newsdesk.article(title)
    before = edition.output_files()
    with failing(step, raising(error), after=after), pytest.raises(type(error)):
        publish_waiting()

    newsroom = newsdesk.newsroom
    whole(newsroom)
    found = edition.output_files()
    assert found == before or article.place in found
    told = {alert.key: alert for alert in standing(newsroom.data)}
    assert SENTENCES[type(error).__name__] in told["edition"].why
    assert "secret" not in str(told)

    tasks.sweep(clock.now())
    all_is_well(newsroom, article.place)


def test_a_kill_at_any_step_leaves_one_whole_edition(tmp_path, databases):
    tell(lay_out(tmp_path, databases), killed_at_every_step)


def killed_at_every_step(newsroom):
    """Each time one story comes and the one before it goes: the archive stays small."""
    desk = NewsDesk(newsroom)
    old = desk.article("The first").title
    desk.article("The second")
    publish()
    for number, step in enumerate(STEPS):
        for after in (False, True):
            title = f"Story {number} {'after' if after else 'before'}"
            ended = in_a_child(partial(replaced_and_killed, desk, old, title, step, after=after))
            assert ended == -signal.SIGKILL, step

            whole(newsroom)
            tasks.sweep(clock.now())
            all_is_well(newsroom, place_of(title))
            assert not (newsroom.edition / "current" / place_of(old)).exists()
            old = title


def place_of(title):
    return f"en/2026/11/{title.lower().replace(' ', '-')}.html"


def replaced_and_killed(desk, old, new, step, *, after):
    desk._made = 1  # an hour at which others were published, too
    with failing(step, lambda: os.kill(os.getpid(), signal.SIGKILL), after=after), hold():
        desk.withdraw(old)
        desk.article(new)


def in_a_child(work):
    """Do something in a process of its own and return how it ended."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole(newsroom):
    """Look that readers have exactly one edition, with all to which it leads."""
    current = newsroom.edition / "current"
    assert verify.faults(current) == []
    root = current.resolve()
    files = {str(at.relative_to(root)): at.read_bytes() for at in root.rglob("*") if at.is_file()}
    assert dead_ends(files, newsroom.addresses.edition) == []


def all_is_well(newsroom, place):
    whole(newsroom)
    assert (newsroom.edition / "current" / place).exists()
    assert not Change.objects.filter(background=False).exists()
    assert not FailedJob.objects.exists()
    assert standing(newsroom.data) == []
    assert list((newsroom.edition / ".new").iterdir()) == []
    a, b = (set((newsroom.edition / name).rglob("*")) for name in ("a", "b"))
    assert {at.relative_to(newsroom.edition / "a") for at in a} == {
        at.relative_to(newsroom.edition / "b") for at in b
    }
