"""The mailbox on screen: for admins only, and in earnest for two days only."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from tamizdat.desk.tests.conftest import signed_in
from tamizdat.letters import mailbox as on_screen
from tamizdat.letters import tasks
from tamizdat.letters.providers.choosing import transport
from tamizdat.letters.tests.providers.transport_contract import message
from tamizdat.lib import clock
from tests.laid_out import lay_out

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def letter(room):
    """A letter that was just written."""
    with transport(room) as chosen:
        chosen.hand_over(message())
    (file,) = (room.data / "mailbox").iterdir()
    return file


@pytest.fixture(params=["in earnest", "demonstration"])
def desk(room, settings, request):
    settings.MIDDLEWARE = [
        name
        for name in settings.MIDDLEWARE
        if "whitenoise" not in name and not name.endswith("SecondStep")
    ]
    settings.NEWSROOM = replace(room, demonstration=request.param == "demonstration")
    lay_out(room)
    return settings.NEWSROOM


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_reporters_and_editors_read_no_letter(desk, letter, role):
    browser = signed_in("Ines Orlet", role)

    for page in ("", f"{letter.stem}/", f"{letter.stem}/html"):
        answer = browser.get(f"/mailbox/{page}")
        assert answer.status_code == 403
        assert "Only admins of this newsroom" in answer.content.decode()
        assert "reader" not in answer.content.decode().split("<main>")[0]
    assert "/mailbox/" not in browser.get("/desk/").content.decode()


def test_admins_read_letters(desk, letter):
    browser = signed_in("Nora Keld", "admin")

    for page in ("", f"{letter.stem}/", f"{letter.stem}/html"):
        assert browser.get(f"/mailbox/{page}").status_code == 200
    assert "/mailbox/" in browser.get("/desk/").content.decode()


def test_whoever_has_not_signed_in_is_led_to_the_door(desk, letter, client):
    assert client.get(f"/mailbox/{letter.stem}/").url.startswith("/account/login/")


def test_in_earnest_a_letter_is_gone_after_48_hours(room, letter):
    half = letter.with_suffix(".7.new")
    half.write_bytes(b"To: ada@example.org")
    now = clock.now()
    written = now - timedelta(hours=48, minutes=1)
    os.utime(half, (written.timestamp(),) * 2)

    tasks.sweep(now)
    assert (letter.exists(), half.exists()) == (True, False)

    os.utime(letter, (written.timestamp(),) * 2)
    tasks.sweep(now)
    assert not letter.exists()


def test_letters_written_before_a_relay_was_set_go_as_well(room, letter):
    relayed = replace(room, mail=replace(room.mail, send="smtp://127.0.0.1:1"))

    assert on_screen.forget(relayed, clock.now() + timedelta(hours=49)) == 1


def test_a_demonstration_keeps_its_letters_though_its_clock_is_moved(room, letter):
    demonstration = replace(room, demonstration=True)

    assert on_screen.forget(demonstration, clock.now() + timedelta(days=400)) == 0
    assert letter.exists()
