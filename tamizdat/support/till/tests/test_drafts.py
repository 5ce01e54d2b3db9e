from datetime import UTC, datetime, timedelta

from tamizdat.lib.money import Money
from tamizdat.support import tokens
from tamizdat.support.till.drafts import ATTEMPTS, LASTS, Drafts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIVE = Money(500, "EUR")


def begin(drafts, at=NOON):
    return drafts.begin(FIVE, "month", "ru", at)


def test_a_draft_lasts_half_an_hour():
    drafts = Drafts()
    draft = begin(drafts)

    assert drafts.find(draft.id, NOON + LASTS - timedelta(seconds=1)) == draft
    assert drafts.find(draft.id, NOON + LASTS) is None


def test_drafts_are_bounded_and_the_oldest_goes():
    drafts = Drafts(at_most=2)
    first, second, third = (begin(drafts) for _ in range(3))

    assert drafts.find(first.id, NOON) is None
    assert drafts.find(second.id, NOON) == second
    assert drafts.find(third.id, NOON) == third


def test_another_attempt_has_a_key_of_its_own_and_the_same_token():
    drafts = Drafts()
    draft = begin(drafts)

    again = drafts.again(draft)

    assert again.key != draft.key
    assert again.token == draft.token
    assert drafts.again(draft) == again, "two requests that saw one failure share the next attempt"


def test_nobody_tries_cards_for_ever():
    drafts = Drafts()
    draft = begin(drafts)
    for _ in range(ATTEMPTS - 1):
        draft = drafts.again(draft)

    assert drafts.again(draft) is None
    assert drafts.find(draft.id, NOON) is None


def test_a_dropped_draft_is_gone():
    drafts = Drafts()
    draft = begin(drafts)

    drafts.drop(draft)

    assert drafts.find(draft.id, NOON) is None


def test_tokens_are_long_random_and_known_by_their_form():
    drafts = Drafts()
    one, other = begin(drafts), begin(drafts)

    names = {name for x in (one, other) for name in (x.token, x.id, x.key, x.back)}
    assert len(names) == 8
    assert tokens.is_token(one.token)
    assert drafts.returning(one.back, NOON) == one
    assert drafts.returning(one.token, NOON) is None
