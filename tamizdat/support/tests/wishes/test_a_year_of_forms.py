"""Nobody can make the newsroom send letters to a stranger's mailbox, for a whole year.

A mailbox gets three letters that forms ask for, and one reminder, until its owner presses a button
in one of them. Only an unlock can count, so what goes out between two unlocks may be two more.
"""

import shutil
from collections import Counter

import pytest

from tamizdat.letters.tests.conftest import key_folder, reader_secret, room
from tamizdat.lib.newsroom import load
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import Reader, SealedRecord, Unanswered
from tamizdat.support.tests.counter.test_giving import give
from tamizdat.support.tests.wishes.test_strangers_mailbox import BY_SUBMISSION, BY_TILL
from tamizdat.support.tests.wishes.year import Year

__all__ = ["key_folder", "reader_secret", "room"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])

MOST, BETWEEN_UNLOCKS, REMINDERS = 3, 2, 1
FORMS = {"subscribe": MOST, "receipt": MOST, "remind": REMINDERS}
MANY = 20
SPACING = {
    "on one day": [0] * MANY,
    "two a week": [7 * n // 2 for n in range(MANY)],
    "over the year": [18 * n for n in range(MANY)],
}
ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture(scope="session")
def paid(box):
    """Manage tokens of contributions that a stranger paid for: three once, one each month."""
    once = [give(box, interval="once", amount_once="300") for _ in range(3)]
    return [*once, give(box, interval="month", amount_month="300")]


@pytest.fixture
def year(room, box, paid, reader_secret, settings, monkeypatch):
    limits.forget()
    for name in ("till.key", "counter.key"):
        shutil.copy(box.newsroom.keys / name, room.keys)
    shutil.copy(box.folder / "tamizdat.toml", room.folder)
    settings.NEWSROOM = load(room.folder)
    return Year(settings.NEWSROOM, reader_secret, paid)


def mailbox(recipient):
    return recipient.partition("+")[0].lower()


def test_every_form_that_takes_an_address_is_tried_here():
    assert set(FORMS) == {*BY_SUBMISSION, *BY_TILL}


@pytest.mark.parametrize(
    "spacing",
    [
        pytest.param("on one day", marks=pytest.mark.soak),
        "two a week",
        pytest.param("over the year", marks=pytest.mark.soak),
    ],
)
def test_many_forms_in_a_year_bring_few_letters_whichever_form_it_is(year, spacing):
    """Each form fills a mailbox of its own, and all of them fill one more."""

    def fill_in(n):
        for form in FORMS:
            spelling = f"{'Box' if n % 2 else 'box'}"
            getattr(year, form)(f"{spelling}.{form}+{n}@example.org")
            getattr(year, form)(f"{spelling}.all+{n}@example.org")

    days = SPACING[spacing]
    year.until(
        366, {day: [lambda n=n: fill_in(n) for n in range(MANY) if days[n] == day] for day in days}
    )

    came = Counter(mailbox(to) for _, to, _ in year.letters)
    assert came["box.remind"] == REMINDERS
    assert 1 <= came["box.subscribe"] <= MOST + BETWEEN_UNLOCKS
    assert 1 <= came["box.receipt"] <= MOST + BETWEEN_UNLOCKS
    assert 1 <= came["box.all"] <= MOST + BETWEEN_UNLOCKS + REMINDERS


def ask_for_everything(year, address=ADA, times=1):
    for form in list(FORMS) * times:
        getattr(year, form)(address)


class TestWhoReadsTheMailbox:
    def test_says_yes_and_what_waited_comes(self, year):
        year.until(7, {day: [lambda: year.receipt(ADA)] for day in range(2 * MOST)})
        assert len(year.days(ADA)) == MOST

        year.say(year.newest(ADA), "yes")
        year.until(14)

        assert len(year.days(ADA)) == 2 * MOST

    def test_is_not_written_to_again_if_nobody_says_anything_and_forgotten_after_a_year(self, year):
        year.until(50, {day: [lambda: year.receipt(ADA)] for day in range(7)})
        assert len(year.days(ADA)) == MOST
        assert SealedRecord.objects.count() == 1  # that this mailbox is to get nothing more

        year.until(366 + 50)

        assert not SealedRecord.objects.exists()
        assert not Unanswered.objects.exists()
        year.receipt(ADA)
        year.until(366 + 64)
        assert len(year.days(ADA)) == MOST + 1

    def test_confirms_a_subscription_and_counts_from_the_beginning(self, year):
        year.until(14, {0: [lambda: year.subscribe(ADA)], 7: [lambda: year.subscribe(ADA)]})
        assert Unanswered.objects.get().letters == 2

        year.subscribe(ADA)
        year.round()
        year.press(year.newest(ADA), "confirm")
        year.until(21)

        assert Reader.objects.count() == 1
        assert not Unanswered.objects.exists()

    def test_asks_for_one_more_reminder_and_counts_from_the_beginning(self, year):
        year.until(56, {0: [lambda: year.remind(ADA)]})
        (first,) = year.days(ADA)

        year.press(year.newest(ADA), "remind/again")
        year.until(70)
        year.remind(ADA)
        year.until(200)

        again, new = year.days(ADA)[1:]
        assert again > first
        assert new > again

    @pytest.mark.parametrize(
        "locked",
        [
            pytest.param(False, id="at an unlock", marks=pytest.mark.soak),
            pytest.param(True, id="while it is locked"),
        ],
    )
    def test_says_no_and_gets_nothing_more_from_any_form(self, year, locked):
        ask_for_everything(year)
        year.round()
        came = len(year.letters)
        assert came
        year.say(year.newest(ADA), "stop")
        year.until(1 if locked else 8)

        days = range(year.today, 400, 19)
        spelling = "Ada+again@example.org"
        year.until(400, {day: [lambda: ask_for_everything(year, spelling)] for day in days})

        assert len(year.letters) == came
        assert SealedRecord.objects.count() == 1

    def test_says_no_and_leaves_newsletters_too(self, year):
        year.subscribe(ADA)
        year.subscribe(BOB)
        year.round()
        for address in (ADA, BOB):
            year.press(year.newest(address), "confirm")
        year.say(year.newest(ADA), "stop")

        year.until(8)

        assert Reader.objects.count() == 1

    def test_says_no_and_then_yes(self, year):
        year.receipt(ADA)
        year.round()
        letter = year.newest(ADA)
        year.say(letter, "stop")
        year.until(8)
        year.say(letter, "yes")
        year.until(15)

        year.receipt(ADA)
        year.until(16)

        assert len(year.days(ADA)) == 2

    def test_has_a_link_that_nobody_can_make_up(self, year, room):
        year.receipt(ADA)
        year.round()
        mine, other = year.newest(ADA), "/en/mailbox/" + "a" * 60

        for text in (f"http://x{other} ", mine[: mine.index("/mailbox/") + 50]):
            year.say(text, "stop")
        year.until(8)
        year.receipt(ADA)
        year.until(9)

        assert len(year.days(ADA)) == 2

    def test_is_found_by_nobody_without_the_passphrase(self, year, room):
        import hmac

        year.until(7, {0: [lambda: ask_for_everything(year)]})

        tags = set(Unanswered.objects.values_list("tag", flat=True))
        files = [path.read_bytes().strip() for path in room.keys.rglob("*") if path.is_file()]
        keys = [*files, *(bytes.fromhex(f.decode()) for f in files if len(f) == 64)]
        guesses = (ADA, f"|{ADA}", f"reminder|{ADA}")
        made = {hmac.digest(key, said.encode(), "sha256").hex() for key in keys for said in guesses}
        assert tags
        assert not tags & made


class TestReceiptsOfEachPayment:
    @pytest.fixture
    def monthly(self, year, box):
        """Ask for a receipt of each payment; every month another comes."""
        token = give(box, interval="month", amount_month="300")
        year.receipt(ADA, each=True, token=token)
        year.round()

        def months(many):
            for _ in range(many):
                box.forward(31)
                box.sweep()
                year.until(year.today + 31)

        return months

    def test_are_one_letter_until_somebody_asks_for_more(self, year, monthly):
        monthly(4)

        assert len(year.days(ADA)) == 1
        assert not SealedRecord.objects.exists()

    def test_come_after_who_reads_the_mailbox_said_so_until_one_press_ends_them(
        self, year, monthly
    ):
        year.say(year.newest(ADA), "yes")
        monthly(3)
        assert len(year.days(ADA)) == 4
        assert not Unanswered.objects.exists()

        year.press(year.newest(ADA), "receipt/cancel")
        monthly(3)

        assert len(year.days(ADA)) == 4
        assert not SealedRecord.objects.exists()
