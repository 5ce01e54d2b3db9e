"""What every transport must do. The test class of one inherits this and says how to look inside."""

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


class TransportContract:
    """Supply `transport` and `arrived` (a function that returns the contents that arrived)."""

    @pytest.fixture
    def transport(self):
        raise NotImplementedError

    @pytest.fixture
    def arrived(self):
        raise NotImplementedError

    def test_what_is_handed_over_arrives_whole(self, transport, arrived):
        with transport:
            transport.hand_over(message())

        assert [_tidy(content) for content in arrived()] == [_tidy(message().content)]

    def test_many_arrive_one_after_the_other(self, transport, arrived):
        with transport:
            for number in range(5):
                transport.hand_over(message(number))

        assert len(arrived()) == 5

    def test_nothing_is_known_of_what_was_never_handed_over(self, transport, arrived):
        assert transport.evidence("<never@example.org>") is not Evidence.HANDED_OVER

    def test_what_was_handed_over_is_never_denied(self, transport, arrived):
        with transport:
            transport.hand_over(message())

        assert transport.evidence(message().message_id) is not Evidence.NOT_HANDED_OVER

    def test_asking_whether_it_takes_letters_sends_none(self, transport, arrived):
        with transport:
            transport.check("letters@example.org")
            transport.hand_over(message())
            transport.check("letters@example.org")

        assert len(arrived()) == 1

    def test_after_closing_it_opens_again(self, transport, arrived):
        with transport:
            transport.hand_over(message(1))
        with transport:
            transport.hand_over(message(2))

        assert len(arrived()) == 2

    def test_a_message_does_not_show_its_reader(self, transport, arrived):
        assert "ada" not in repr(message())


def _tidy(content):
    return content.replace(b"\r\n", b"\n").strip()
