"""What the desk publishes reaches the counter, and the last good word holds while it does not."""

import json
import threading
import time
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections

from tamizdat.lib import alerts
from tamizdat.readers import publishing
from tamizdat.readers.counter import published, version
from tamizdat.readers.counter.models import Envelope, Published
from tamizdat.readers.counter.remembered import SOON_S, Remembered
from tamizdat.readers.keys import unattended
from tamizdat.readers.tests.counter.test_signing_up import FORM, at_the_counter  # noqa: F401  a fixture

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db(databases=["default", "counter"])


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def source():
    """What the database would say; None where it is away."""
    return {"letters": "first"}


@pytest.fixture
def memory(source, clock):
    return Remembered(source.get, 30, clock)


def test_it_is_asked_again_after_its_time_and_not_before(memory, source, clock):
    assert memory.get("letters") == "first"
    source["letters"] = "second"

    clock.seconds = 29
    assert memory.get("letters") == "first"
    clock.seconds = 30
    assert memory.get("letters") == "second"


def test_the_last_good_answer_holds_while_there_is_none(memory, source, clock):
    assert memory.get("letters") == "first"
    source.clear()

    clock.seconds = 3600
    assert memory.get("letters") == "first"
    source["letters"] = "second"
    clock.seconds = 3630
    assert memory.get("letters") == "second"


def test_who_never_had_an_answer_soon_asks_again(memory, source, clock):
    source.clear()
    assert memory.get("letters") is None
    source["letters"] = "first"

    assert memory.get("letters") is None
    clock.seconds = SOON_S
    assert memory.get("letters") == "first"


def wait_until(true):
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_while_the_source_hangs_nobody_waits_for_it(source, clock):
    begun, go_on = threading.Event(), threading.Event()

    def slowly(name):
        if clock.seconds:
            begun.set()
            assert go_on.wait(20)
        return source[name]

    memory = Remembered(slowly, 30, clock)
    memory.get("letters")
    source["letters"], clock.seconds = "second", 30

    assert memory.get("letters") == "first", "who asks has the old answer"
    assert begun.is_set()
    assert memory.get("letters") == "first", "and so has who comes meanwhile"
    go_on.set()
    wait_until(lambda: memory.get("letters") == "second")


NONSENSE = {
    "half a text": """'{"said": "we'""",
    "many lists in each other": f"'{'[' * 100_000}'",
    "text in no encoding": "CAST(x'ff' AS TEXT)",
    "bytes": "x'ff'",
}


@pytest.fixture(params=NONSENSE)
def put_nonsense(request):
    """Put nonsense in the place of what is published under a name."""
    if connections["counter"].vendor == "postgresql" and "x'" in NONSENSE[request.param]:
        pytest.skip("PostgreSQL takes none but text in UTF-8.")

    def put(name):
        with connections["counter"].cursor() as cursor:
            sql = f"UPDATE counter_published SET text = {NONSENSE[request.param]} WHERE name = %s"
            cursor.execute(sql, (name,))

    return put


def test_nonsense_in_the_table_leaves_the_last_good_word(clock, monkeypatch, put_nonsense):
    memory = Remembered(published._ask, 30, clock)
    monkeypatch.setattr(published, "memory", memory)
    published.write("letters", {"said": "well"})
    assert published.read("letters") == {"said": "well"}
    put_nonsense("letters")

    assert published._ask("letters") is None
    clock.seconds = 30

    assert published.read("letters") == {"said": "well"}


def test_the_desk_puts_nonsense_in_the_table_right(newsroom, put_nonsense):
    published.write("letters", {"said": "well"})
    put_nonsense("letters")

    assert published.differs("letters", {"said": "well"})
    assert published.write("letters", {"said": "well"})

    assert published.read("letters") == {"said": "well"}
    assert alerts.standing(newsroom.data) == []


@pytest.mark.parametrize("raw", ['"0001_', "[" * 100_000])
def test_the_counter_serves_though_its_version_makes_no_sense(raw):
    publishing.tell_version()
    Published.objects.filter(name=version.NAME).update(text=raw)

    assert version.compared() == "well"


def test_what_has_not_changed_is_not_written():
    assert published.write("letters", {"a": (1, "б")})
    assert not published.write("letters", {"a": [1, "б"]})
    assert published.differs("letters", {"a": [2, "б"]})
    assert published.write("letters", {"a": [2, "б"]})
    assert published.read("letters") == {"a": [2, "б"]}


def test_the_desk_goes_on_while_the_counter_s_database_is_away():
    with connections["counter"].cursor() as cursor:
        cursor.execute("DROP TABLE counter_published")

    assert not published.differs("letters", {})
    assert not published.write("letters", {})


def test_the_keys_reach_the_counter_from_the_files_of_the_desk(keyed_newsroom):
    Published.objects.all().delete()
    assert publishing.change_keys(keyed_newsroom, NOON)
    assert not publishing.change_keys(keyed_newsroom, NOON)

    told = published.keys()

    newest = unattended.rotate(keyed_newsroom.keys, NOON).name
    assert (told.reader.name, told.unattended.name) == ("reader", newest)
    raw = json.loads(Published.objects.get(name="keys").text)
    ours = b64encode(unattended.public(keyed_newsroom.keys, newest).raw).decode()
    assert raw["unattended"] == {"name": newest, "public": ours}


def test_a_new_unattended_key_is_published(keyed_newsroom):
    publishing.change_keys(keyed_newsroom, NOON)
    old = published.keys().unattended.name

    assert publishing.change_keys(keyed_newsroom, NOON + timedelta(hours=1))

    published.memory.forget("keys")
    assert published.keys().unattended.name != old


def test_damaged_files_never_take_the_good_keys_away(keyed_newsroom, tmp_path):
    publishing.change_keys(keyed_newsroom, NOON)

    assert not publishing.change_keys(replace(keyed_newsroom, folder=tmp_path), NOON)

    assert published.keys().reader.name == "reader"


@pytest.mark.parametrize(
    "raw",
    [
        "null",
        "[]",
        "{}",
        '{"reader": "x", "unattended": {"name": "n", "public": "x"}}',
        '{"reader": "", "unattended": {"name": "n", "public": ""}}',
        '{"reader": 1, "unattended": {"name": "n", "public": 1}}',
    ],
)
def test_without_sound_keys_the_counter_keeps_nothing_and_says_so(client, raw):
    Published.objects.filter(name="keys").update(text=raw)

    answer = client.post("/en/subscribe", FORM)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "Nothing was kept" in answer.content.decode()
    assert not Envelope.objects.exists()


def test_files_of_an_older_program_are_removed(tmp_path):
    (tmp_path / "published.json").write_text("{}")
    (tmp_path / "published_support.json").write_text("{}")

    publishing.remove_former_files(tmp_path)
    publishing.remove_former_files(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_question_that_fails_is_told_until_it_is_answered(newsroom):
    """A lost database is told of by those who watch it; this is about one question."""

    def takes_too_long(*_about):
        raise OperationalError("canceling statement due to statement timeout")

    with connections["counter"].execute_wrapper(takes_too_long):
        assert not published.write("support", {"en": "words"})
    told = {alert.key: alert for alert in alerts.standing(newsroom.data)}
    assert "OperationalError" in told["unpublished-support"].cause

    assert published.write("support", {"en": "words"})
    assert alerts.standing(newsroom.data) == []
