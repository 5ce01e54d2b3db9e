"""What every carrier must do. A carrier's test class inherits this and says how to look inside."""

import pytest

from tamizdat.letters.providers.base import Evidence, Message

CONTENT = (
    "From: letters@example.org\r\nTo: ada@example.org\r\nMessage-ID: {}\r\n"
    "Subject: =?utf-8?q?=D0=9F=D1=80?=\r\n\r\n.begins with a dot\r\nends\r\n"
)


def message(number=1, recipient="ada@example.org"):
    message_id = f"<{number}@example.org>"
    return Message(
        message_id, "letters@example.org", recipient, CONTENT.format(message_id).encode()
    )


class CarrierContract:
    """Supply `carrier` and `arrived` (a function that returns the contents that arrived)."""

    @pytest.fixture
    def carrier(self):
        raise NotImplementedError

    @pytest.fixture
    def arrived(self):
        raise NotImplementedError

    def test_what_is_handed_over_arrives_whole(self, carrier, arrived):
        with carrier:
            carrier.hand_over(message())

        assert [_tidy(content) for content in arrived()] == [_tidy(message().content)]

    def test_many_arrive_one_after_the_other(self, carrier, arrived):
        with carrier:
            for number in range(5):
                carrier.hand_over(message(number))

        assert len(arrived()) == 5

    def test_nothing_is_known_of_what_was_never_handed_over(self, carrier, arrived):
        assert carrier.evidence("<never@example.org>") is not Evidence.HANDED_OVER

    def test_what_was_handed_over_is_never_denied(self, carrier, arrived):
        with carrier:
            carrier.hand_over(message())

        assert carrier.evidence(message().message_id) is not Evidence.NOT_HANDED_OVER

    def test_asking_whether_it_takes_letters_sends_none(self, carrier, arrived):
        with carrier:
            carrier.check("letters@example.org")
            carrier.hand_over(message())
            carrier.check("letters@example.org")

        assert len(arrived()) == 1

    def test_after_closing_it_opens_again(self, carrier, arrived):
        with carrier:
            carrier.hand_over(message(1))
        with carrier:
            carrier.hand_over(message(2))

        assert len(arrived()) == 2

    def test_a_message_does_not_show_its_reader(self, carrier, arrived):
        assert "ada" not in repr(message())


def _tidy(content):
    return content.replace(b"\r\n", b"\n").strip()
