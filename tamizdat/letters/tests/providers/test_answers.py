"""Whose fault a relay's "no" is, as docs/reference/mail-relays.md says."""

import pytest

from tamizdat.letters.providers.answers import Answer, no
from tamizdat.letters.providers.base import About, DeferredError, RefusedError, Step

READER, CONTENT, US = About.READER, About.CONTENT, About.US


@pytest.mark.parametrize(
    ("step", "code", "words", "about"),
    [
        (Step.RCPT, 550, "5.1.1 no such reader", READER),
        (Step.RCPT, 550, "5.1.10 takes no mail", READER),
        (Step.RCPT, 550, "5.1.7 sender", US),
        (Step.RCPT, 550, "5.1.8 sender", US),
        (Step.RCPT, 552, "5.2.2 full", READER),
        (Step.END, 552, "5.2.3 too long for the mailbox", CONTENT),
        (Step.RCPT, 452, "4.3.1 full", US),
        (Step.END, 552, "5.3.4 too long", CONTENT),
        (Step.RCPT, 550, "5.4.1 denied", US),
        (Step.RCPT, 501, "5.5.4 arguments", US),
        (Step.END, 550, "5.6.0 bad header", CONTENT),
        (Step.RCPT, 553, "5.6.7 not in ASCII", READER),
        (Step.RCPT, 550, "5.7.1 denied", US),
        (Step.END, 550, "5.7.26 no DKIM", US),
        (Step.RCPT, 550, "5.7.17 another owner", READER),
        (Step.RCPT, 525, "5.7.13 account disabled", US),
        (Step.RCPT, 550, "unknown", READER),
        (Step.RCPT, 553, "not allowed", READER),
        (Step.RCPT, 554, "no", US),
        (Step.RCPT, 530, "sign in first", US),
        (Step.DATA, 503, "what", US),
        (Step.END, 550, "junk", CONTENT),
        (Step.END, 554, "junk", CONTENT),
        (Step.END, 451, "later", US),
    ],
    ids=str,
)
def test_only_what_is_about_the_reader_refuses_the_letter(step, code, words, about):
    meaning = no(Answer(code, words.encode()), step)

    assert getattr(meaning, "about", READER) is about
    assert isinstance(meaning, RefusedError) is (about is READER and code >= 500)


def test_for_now_is_never_for_ever():
    for words in (b"4.1.1 later", b"4.2.1 later", b"later"):
        assert isinstance(no(Answer(450, words), Step.RCPT), DeferredError)
    assert isinstance(no(Answer(550, b"4.2.1 two codes"), Step.RCPT), DeferredError)


def test_numbers_are_kept_and_words_are_not():
    meaning = no(Answer(550, b"5.1.1 <ada@example.org>\n5.1.1 is unknown"), Step.RCPT)

    assert (meaning.code, meaning.why) == ("550 5.1.1", "It said no (step: RCPT, code: 550 5.1.1).")
