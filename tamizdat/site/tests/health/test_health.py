import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.readers import keys
from tamizdat.readers.keys import founded_keys, unattended
from tamizdat.site.databases import database_alerts, database_watch
from tamizdat.site.databases.settings import HOLDERS
from tamizdat.site.health import examine, troubles
from tests.superuser import sign_in_superuser
from tests.waiting import at_last


@pytest.fixture
def freshly_migrated(django_db_setup, django_db_blocker):
    """Databases whose records are what `tamizdat init` leaves: of each its own rooms' only."""
    with django_db_blocker.unblock():
        taken = {}
        for alias in set(HOLDERS.values()):
            others = MigrationRecorder(connections[alias]).migration_qs.exclude(app=alias)
            taken[alias] = list(others)
            others.delete()
        yield
        for alias, records in taken.items():
            MigrationRecorder(connections[alias]).migration_qs.bulk_create(records)


def said(newsroom):
    return {finding.what: finding for finding in examine(newsroom)}


def test_a_freshly_migrated_newsroom_is_not_called_behind(newsroom, freshly_migrated):
    findings = said(newsroom)

    for name in ("desk", "counter", "till"):
        assert findings[f"the {name}'s database is up to date"].well


def test_a_database_that_lacks_a_step_is_called_behind(newsroom, freshly_migrated):
    steps = MigrationRecorder(connections["till"]).migration_qs.filter(app="till")
    kept = list(steps)
    steps.delete()
    try:
        findings = said(newsroom)
    finally:
        steps.bulk_create(kept)

    assert not findings["The till's database is older than this program."].well
    assert findings["the counter's database is up to date"].well


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize(("send", "pretended"), [("mailbox", True), ("smtp://relay:25", False)])
def test_a_demonstration_whose_letters_really_leave_is_named(newsroom, send, pretended):
    demonstration = replace(newsroom, demonstration=True, mail=replace(newsroom.mail, send=send))

    about = {
        what: each.well for what, each in said(demonstration).items() if "demonstration" in what
    }

    assert list(about.values()) == [pretended]


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize(
    ("ask", "pretended"),
    [
        pytest.param({"default": "never"}, False, id="nobody is asked"),
        pytest.param({"default": "ask"}, True, id="all are asked"),
        pytest.param({"default": "never", "ru": "careful"}, True, id="some are asked"),
    ],
)
def test_asking_for_pretended_money_is_a_finding(newsroom, ask, pretended):
    asking = replace(newsroom, support=replace(newsroom.support, ask=ask))

    found = said(asking).get("readers are asked for money, but payments are only pretended")

    assert (found is not None) == pretended


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_letters_that_wait_for_the_reader_key_for_days_are_a_finding(newsroom):
    from tamizdat.letters.models import Letter

    queued = clock.now() - timedelta(days=9)
    Letter.objects.create(
        kind="receipt", about="one", sealed=b"x", due_at=queued, queued_at=queued, message_id="<x>"
    )

    (found,) = [each for each in examine(newsroom) if "receipts wait" in each.what]

    assert not found.well
    assert "Unlock" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_lost_plain_key_is_a_finding(newsroom, tmp_path):
    """Without letters.key every sign-up waits at the counter; doctor counted the other keys."""
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    assert not [what for what in said(newsroom) if "is missing" in what]

    (newsroom.keys / "letters.key").unlink()

    found = said(newsroom)["the key letters.key is missing"]
    assert not found.well
    assert "backup" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_an_unattended_key_that_nobody_destroyed_is_a_finding(newsroom, tmp_path):
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    unattended.rotate(newsroom.keys, clock.now() - timedelta(hours=30))
    assert not [what for what in said(newsroom) if "unattended" in what]

    unattended.rotate(newsroom.keys, clock.now() - timedelta(hours=49))

    found = said(newsroom)["1 unattended keys should be destroyed by now, and open addresses"]
    assert "tamizdat work" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_unattended_keys_out_of_reach_are_a_finding(newsroom, tmp_path):
    """They are neither destroyed nor counted then, and no new one is made."""
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    unattended.rotate(newsroom.keys, clock.now())
    assert not [what for what in said(newsroom) if "out of reach" in what]

    (newsroom.keys / "unattended").rename(newsroom.keys / "elsewhere")
    (newsroom.keys / "unattended").touch(mode=0o600)

    assert not said(newsroom)["the folder keys/unattended is out of reach"].well


@pytest.fixture
def furnished(newsroom, tmp_path, settings):
    """A newsroom's folder with keys, in which a test may break something."""
    furnished = replace(newsroom, folder=tmp_path)
    keys.make(furnished.keys, "open sesame")
    for name in ("data", "media", "edition/current"):
        (tmp_path / name).mkdir(parents=True)
    settings.NEWSROOM = furnished
    return furnished


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize("name", keys.FILES)
def test_each_key_that_is_missing_is_named(furnished, name):
    (furnished.keys / name).unlink()

    found = said(furnished)[f"the key {name} is missing"]

    assert found.why
    assert "backup" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_worker_that_does_not_run_is_a_finding(furnished):
    assert not said(furnished)["the worker does not run or does not answer"].well


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_worker_that_falls_again_and_again_is_one_finding(furnished):
    falls = Alert("process-work", "The worker does not stay up.", "It is full.", "See the log.")
    alerts.raise_alert(furnished.data, falls, clock.now())

    about = [what for what in said(furnished) if "worker" in what]

    assert about == ["The worker does not stay up."]


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_what_fails_now_is_said_with_its_cause_and_what_to_do(furnished):
    furnished = replace(furnished, time_zone="Europe/Riga")
    relay = Alert("mail-relay", "The relay is away.", "It refused.", "Look at it.")
    alerts.raise_alert(furnished.data, relay, datetime(2026, 11, 30, 0, 5, tzinfo=UTC))

    found = said(furnished)["The relay is away."]

    assert found.why == "Since 30 November, 02:05 (Europe/Riga). It refused."
    assert found.do == "Look at it."


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_folder_in_which_nothing_can_be_written_is_a_finding(furnished, monkeypatch):
    """Root can write everywhere, so the system refuses for a reason that root has, too."""
    (furnished.folder / "edition" / "current").rmdir()
    (furnished.folder / "edition").rmdir()
    (furnished.folder / "edition").symlink_to("/proc")

    found = said(furnished)[f"nothing can be written in {furnished.folder / 'edition'}"]

    assert not found.well
    assert "Make room" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_disk_that_is_nearly_full_is_a_finding(furnished, monkeypatch):
    assert not [what for what in said(furnished) if "MB left" in what]
    monkeypatch.setattr("tamizdat.site.health.disk.LEAST_FREE", 2**62)

    (found,) = [each for what, each in said(furnished).items() if "MB left" in what]

    assert not found.well


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_an_issue_that_is_stuck_is_a_finding(furnished):
    from tamizdat.letters.models import Issue, Newsletter

    newsletter = Newsletter.objects.create(code="friday", weekday=4)
    at = clock.now() - timedelta(days=3)
    Issue.objects.create(
        newsletter=newsletter, language="en", state="sending", since=at, until=at,
        day=at.date(), frozen=1200,
    )  # fmt: skip

    (found,) = [each for what, each in said(furnished).items() if "is not out" in what]

    assert "of 1,200 letters wait" in found.what
    assert "Unlock" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_the_doctor_never_dies_of_what_it_looks_at(furnished, monkeypatch):
    """Each question in turn meets something that nobody thought of."""
    from tamizdat.site import health

    for question in health.QUESTIONS:
        broken = replace(question, ask=_breaks)
        monkeypatch.setattr(health, "QUESTIONS", (broken,))
        (found,) = examine(furnished)
        assert found.what == f"{question.about} could not be looked at"
        assert "secret" not in repr(found)


def _breaks(_newsroom):
    raise RuntimeError("secret")


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_the_first_screen_says_what_does_not_work(furnished, client, settings):
    from tests.laid_out import lay_out

    lay_out(furnished)
    settings.NEWSROOM = furnished
    sign_in_superuser(client, settings)
    relay = Alert("mail-relay", "The relay is <away>.", "It refused.", "Look at it.")
    alerts.raise_alert(furnished.data, relay, clock.now())

    page = client.get("/desk/").content.decode()

    assert "The relay is &lt;away&gt;." in page
    assert "It refused." in page
    assert "Look at it." in page
    assert "The worker does not run" in page
    assert "<code>tamizdat serve</code>" in page


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize("name", ["reader.public", "letters.key"])
@pytest.mark.parametrize("is_foreign", [True, False])
def test_a_key_of_another_newsroom_or_a_damaged_one_is_named(furnished, tmp_path, name, is_foreign):
    founded_keys.remember(furnished.keys)
    keys.make(tmp_path / "another", "another passphrase")
    whose = "not this newsroom’s" if is_foreign else "damaged"
    assert not [what for what in said(furnished) if whose in what]
    path = furnished.keys / name
    ours = path.read_bytes()
    path.write_bytes((tmp_path / "another" / name).read_bytes() if is_foreign else b"garbage")
    try:
        found = said(furnished)[f"the key {name} is {whose}"]
    finally:
        path.write_bytes(ours)

    assert "backup of this newsroom" in found.do


def lost(*_about):
    raise OperationalError


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_where_no_thread_can_be_started_the_next_who_asks_has_the_database_looked_at(
    furnished, monkeypatch
):
    real, refused = threading.Thread.start, [True]

    def start(thread):
        if refused:
            refused.clear()
            raise RuntimeError("can't start new thread")
        real(thread)

    watch = database_watch.Watch(furnished, _states={"counter": "well"})
    looked = threading.Event()
    monkeypatch.setattr(database_watch.Watch, "_look", lambda _watch: looked.set())
    monkeypatch.setattr(threading.Thread, "start", start)

    watch.notice("counter", "away", OperationalError())
    assert not watch.is_ready("counter")

    assert looked.wait(20)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_where_the_thread_that_looked_died_another_looks(furnished, monkeypatch):
    def break_once(_watch, alias):
        if not broken.is_set():
            broken.set()
            raise RuntimeError(alias)
        looked.set()
        watch._states[alias] = "well"

    watch = database_watch.Watch(furnished, _states={"counter": "well"})
    broken, looked = threading.Event(), threading.Event()
    monkeypatch.setattr(database_watch.Watch, "_examine", break_once)

    watch.notice("counter", "away", OperationalError())
    assert broken.wait(20)

    assert at_last(lambda: watch.is_ready("counter"))
    assert looked.is_set()


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_an_alert_that_could_not_be_taken_back_goes_once_it_can(furnished, monkeypatch):
    """As where data/alerts was root's for a while: all is well, and nobody notices it again."""

    def closed(_path, **_more):
        tried.set()
        raise PermissionError

    tried = threading.Event()
    alerts.raise_alert(furnished.data, database_alerts.alert("counter", "away"), clock.now())
    watch = database_watch.Watch(furnished, _states={"counter": "away"})
    monkeypatch.setattr(database_watch.Watch, "_found", lambda *_about: ("well", ""))
    monkeypatch.setattr(database_watch, "LOOK_EVERY_S", 0.05)
    with monkeypatch.context() as owned_by_root:
        owned_by_root.setattr(Path, "unlink", closed)
        watch.notice("counter", "away", OperationalError())
        assert tried.wait(20)
        assert at_last(lambda: watch.is_ready("counter"))
    assert at_last(lambda: not alerts.standing(furnished.data))
    assert at_last(lambda: not watch._looks)


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize("watched", [False, True], ids=["doctor", "first screen"])
def test_a_lost_database_is_one_finding_and_where_it_is_watched_it_is_not_asked(
    furnished, monkeypatch, watched
):
    what = "The counter's database does not answer."
    alerts.raise_alert(furnished.data, database_alerts.alert("counter", "away"), clock.now())
    if watched:
        watch = database_watch.Watch(furnished, _states={"counter": "away"}, _looks=True)
        monkeypatch.setattr(database_watch, "_watch", watch)

    with connections["counter"].execute_wrapper(lost):
        found = [each for each in troubles(furnished) if "database" in each.what]

    assert [each.what for each in found] == [what]
    assert ("Since" in found[0].why) == watched
