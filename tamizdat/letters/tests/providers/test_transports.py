"""Both transports keep the contract; the relay is a real SMTP server."""

import socket
import threading
from contextlib import ExitStack

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tamizdat.letters.providers.base import (
    AwayError,
    DeferredError,
    DoubtError,
    Evidence,
    RefusedError,
)
from tamizdat.letters.providers.line import Patience
from tamizdat.letters.providers.mailbox import Mailbox
from tamizdat.letters.providers.smtp import Relay, RelayError, Smtp, relay
from tamizdat.letters.tests.providers.transport_contract import TransportContract, message
from tests.free_ports import free_port


class TestMailbox(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path):
        return Mailbox(tmp_path / "mailbox")

    @pytest.fixture
    def arrived(self, tmp_path):
        return lambda: [path.read_bytes() for path in (tmp_path / "mailbox").glob("*.eml")]

    def test_the_same_message_twice_is_one_file(self, transport, arrived):
        transport.hand_over(message())
        transport.hand_over(message())

        assert len(arrived()) == 1

    def test_nobody_else_on_the_machine_can_read_a_letter(self, transport, tmp_path):
        transport.hand_over(message())

        (letter,) = (tmp_path / "mailbox").glob("*.eml")
        assert oct(letter.stat().st_mode & 0o777) == "0o600"

    def test_it_always_knows(self, transport):
        assert transport.evidence("<1@example.org>") is Evidence.NOT_HANDED_OVER
        transport.hand_over(message(1))
        assert transport.evidence("<1@example.org>") is Evidence.HANDED_OVER

    def test_a_folder_that_cannot_be_made_is_no_reason_to_give_up(self, tmp_path):
        (tmp_path / "file").write_text("")

        with pytest.raises(AwayError) as away:
            Mailbox(tmp_path / "file" / "mailbox").hand_over(message())
        assert away.value.why == "Not a directory."


class Sink:
    """A relay that takes everything, unless told otherwise; it knows one password."""

    def __init__(self):
        self.contents, self.answers = [], {}
        self.password, self.signed_in = b"right", 0

    def authenticates(self, _server, _session, _envelope, _mechanism, said):
        right = said.password == self.password
        self.signed_in += right
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd calls it
        return self._answer("mail", envelope, "mail_from", address)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd calls it
        answer = self._answer("rcpt", envelope, None, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd calls it
        if self.answers.get("data") == "hang up":
            self.contents.append(envelope.content)
            server.transport.close()
            return "250 taken"
        if "data" not in self.answers:
            self.contents.append(envelope.content)
        return self.answers.get("data", "250 taken")

    def _answer(self, step, envelope, field, address):
        if step not in self.answers and field:
            setattr(envelope, field, address)
        return self.answers.get(step, "250 OK")


@pytest.fixture
def sink():
    handler = Sink()
    signing_in = {"authenticator": handler.authenticates, "auth_require_tls": False}
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **signing_in)
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


class TestSmtp(TransportContract):
    @pytest.fixture
    def transport(self, sink):
        return Smtp(Relay("127.0.0.1", sink.port))

    @pytest.fixture
    def arrived(self, sink):
        return lambda: list(sink.contents)

    @pytest.mark.parametrize(
        ("step", "answer", "error", "code"),
        [
            ("mail", "451 try later", AwayError, "451"),
            ("mail", "550 5.7.1 you may not send", AwayError, "550 5.7.1"),
            ("rcpt", "450 mailbox busy", DeferredError, "450"),
            ("rcpt", "550 5.1.1 no such reader ada@example.org", RefusedError, "550 5.1.1"),
            ("rcpt", "550 5.7.1 sender address rejected", DeferredError, "550 5.7.1"),
            ("data", "452 no room", DeferredError, "452"),
            ("data", "554 looks like junk", DeferredError, "554"),
            ("data", "hang up", DoubtError, ""),
        ],
        ids=str,
    )
    def test_a_no_is_understood_and_the_relay_s_words_are_dropped(
        self, transport, sink, step, answer, error, code
    ):
        sink.answers[step] = answer

        with transport, pytest.raises(error) as refused:
            transport.hand_over(message())

        assert refused.value.code == code
        assert "ada" not in f"{refused.value} {refused.value.why}"

    def test_after_a_no_the_next_one_goes_out(self, transport, sink, arrived):
        with transport:
            for step in ("rcpt", "mail", "data"):
                sink.answers[step] = "450 later"
                with pytest.raises((AwayError, DeferredError)):
                    transport.hand_over(message(1))
                del sink.answers[step]
                transport.hand_over(message(2))

        assert len(arrived()) == 3

    def test_after_a_doubt_the_next_one_gets_a_new_connection(self, transport, sink, arrived):
        sink.answers["data"] = "hang up"
        with transport:
            with pytest.raises(DoubtError):
                transport.hand_over(message(1))
            sink.answers.clear()
            transport.hand_over(message(2))

        assert len(arrived()) == 2

    def test_a_relay_that_is_away_is_met_again(self):
        with pytest.raises(AwayError):
            Smtp(Relay("127.0.0.1", 9)).hand_over(message())

    def test_a_password_that_is_wrong_costs_no_reader_a_letter(self, sink):
        ours = Relay("127.0.0.1", sink.port, user="us", password="wrong")

        with pytest.raises(AwayError) as away:
            Smtp(ours).hand_over(message())
        assert away.value.why == "It said no (step: AUTH, code: 535 5.7.8)."
        assert "wrong" not in repr(ours)

    def test_a_password_that_is_right_opens_it(self, sink, arrived):
        with Smtp(Relay("127.0.0.1", sink.port, user="us", password="right")) as ours:
            ours.hand_over(message())

        assert (sink.signed_in, len(arrived())) == (1, 1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example.org", Relay("mail.example.org", 587)),
        ("smtp://u%40x:p@mail.example.org:25", Relay("mail.example.org", 25, "u@x", "p")),
        ("smtps://mail.example.org", Relay("mail.example.org", 465, tls_from_start=True)),
    ],
)
def test_a_relay_s_address_is_read(address, expected):
    assert relay(address) == expected


@pytest.mark.parametrize("address", ["", "mail.example.org", "http://mail.example.org", "smtp://"])
def test_what_is_no_relay_is_refused(address):
    with pytest.raises(RelayError):
        relay(address)


def test_letters_leave_a_machine_only_encrypted():
    assert Relay("mail.example.org", 587).needs_tls
    assert not Relay("127.0.0.1", 25).needs_tls


class TestTheMomentBeforeALetterIsGone:
    def test_whoever_says_no_then_keeps_it(self, sink):
        class TooLateError(Exception):
            pass

        def leaving():
            raise TooLateError

        with Smtp(Relay("127.0.0.1", sink.port)) as transport:
            with pytest.raises(TooLateError):
                transport.hand_over(message(1), leaving)
            transport.hand_over(message(2))

        assert [b"<2@example.org>" in content for content in sink.contents] == [True]


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: asked.wait(10) and [])
    patience = Patience(connecting=0.1)
    try:
        with pytest.raises(AwayError) as away:
            Smtp(Relay("mail.example.org", 25), patience).hand_over(message())
    finally:
        asked.set()

    assert away.value.why == "It did not answer within 0.1 s (step: connect)."


def test_a_name_that_nobody_knows_is_said(monkeypatch):
    def unknown(*_about, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AwayError) as away:
        Smtp(Relay("nobody-knows.example.org", 25)).hand_over(message())

    why = "This machine's resolver does not know the relay's name (step: connect)."
    assert away.value.why == why


def test_a_host_with_an_address_that_hangs_is_reached_by_the_next(sink, monkeypatch):
    good = socket.getaddrinfo("127.0.0.1", sink.port, type=socket.SOCK_STREAM)
    with ExitStack() as full:
        door = full.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            line = full.enter_context(socket.socket())
            line.settimeout(0)
            line.connect_ex(door.getsockname())
        bad = socket.getaddrinfo(*door.getsockname(), type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: [*bad, *good])
        with Smtp(Relay("127.0.0.1", 25), Patience(connecting=1)) as transport:
            transport.hand_over(message())

    assert len(sink.contents) == 1
