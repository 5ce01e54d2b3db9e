"""The relay that most newsrooms will have keeps its side of the contract, and we ours."""

import os
import re
import socket
import threading
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tamizdat.letters.providers.base import (
    About,
    AwayError,
    DeferredError,
    DoubtError,
    RefusedError,
)
from tamizdat.letters.providers.smtp import Relay, Smtp
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.providers.transport_contract import TransportContract, message
from tests.postfix import ELSEWHERE, LONGEST, postfix

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", ELSEWHERE])


@pytest.fixture(scope="module")
def running(not_run_here):
    if os.getuid() != 0:
        not_run_here("only root can start Postfix")
    with postfix(sign) as relay:
        yield relay


@pytest.fixture
def post(running):
    """The relay, with empty boxes."""
    running.forget()
    return running


@pytest.fixture
def trusted(post, monkeypatch):
    """Who signed the relay's certificate is known to this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(post.certificate))


def sign(certificate, key):
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.example.org")])
    places = [x509.IPAddress(ip_address(place)) for place in ("127.0.0.1", ELSEWHERE)]
    signed = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=9000))
        .not_valid_after(NOON + timedelta(days=9000))
        .add_extension(x509.SubjectAlternativeName(places), critical=False)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def ways(post):
    """By which protocol each letter came (RFC 3848)."""
    return [re.search(rb"\bwith (E?SMTPS?)\b", letter)[1].decode() for letter in post.delivered()]


class TestPostfix(TransportContract):
    @pytest.fixture
    def transport(self, post):
        return Smtp(Relay("127.0.0.1", post.ports["may"]))

    @pytest.fixture
    def arrived(self, post):
        return lambda: [letter[letter.index(b"From: ") :] for letter in post.delivered()]

    def test_its_own_machine_s_relay_is_spoken_to_in_private_where_it_can(self, transport, post):
        with transport:
            transport.hand_over(message())

        assert ways(post) == ["ESMTPS"]


@pytest.mark.parametrize(
    ("changed", "meaning", "code"),
    [
        ({"recipient": "nobody@example.org"}, RefusedError, "550 5.1.1"),
        ({"recipient": "busy@example.org"}, About.READER, "450 4.2.1"),
        ({"recipient": "full@example.org"}, About.READER, "452 4.2.2"),
        ({"content": b"From: us\r\n\r\n" + b"long\r\n" * LONGEST}, About.CONTENT, "552 5.3.4"),
        # What it has against us it says when it hears of the reader (smtpd_delay_reject).
        ({"sender": "stranger@example.org"}, About.US, "550 5.7.1"),
        ({"recipient": "ada@example.com"}, About.US, "554 5.7.1"),
    ],
    ids=["no such reader", "busy", "full", "too long", "our sender", "no relaying"],
)
def test_a_no_costs_a_reader_a_letter_only_when_it_is_about_the_reader(
    post, changed, meaning, code
):
    with Smtp(Relay("127.0.0.1", post.ports["plain"])) as transport:
        with pytest.raises((RefusedError, DeferredError)) as refused:
            transport.hand_over(replace(message(1), **changed))
        transport.hand_over(message(2))

    assert getattr(refused.value, "about", type(refused.value)) == meaning
    assert refused.value.code == code
    assert len(post.delivered()) == 1


class TestEncryption:
    def test_a_relay_elsewhere_gets_letters_encrypted(self, post, trusted):
        with Smtp(Relay(ELSEWHERE, post.ports["must"])) as transport:
            transport.hand_over(message())

        assert ways(post) == ["ESMTPS"]

    def test_from_the_start(self, post, trusted):
        where = Relay(ELSEWHERE, post.ports["wrapped"], tls_from_start=True)
        with Smtp(where) as transport:
            transport.hand_over(message())

        assert ways(post) == ["ESMTPS"]

    @pytest.mark.parametrize(("port", "from_start"), [("must", False), ("wrapped", True)])
    def test_a_relay_elsewhere_that_shows_a_strange_certificate_gets_none(
        self, post, port, from_start
    ):
        where = Relay(ELSEWHERE, post.ports[port], tls_from_start=from_start)

        with pytest.raises(AwayError):
            Smtp(where).hand_over(message())
        assert post.delivered() == []

    def test_a_relay_elsewhere_that_knows_no_encryption_gets_none(self, post, trusted):
        with pytest.raises(AwayError):
            Smtp(Relay(ELSEWHERE, post.ports["plain"])).hand_over(message())
        assert post.delivered() == []

    def test_the_same_machine_may_do_without(self, post):
        with Smtp(Relay("127.0.0.1", post.ports["plain"])) as transport:
            transport.hand_over(message())

        assert ways(post) == ["ESMTP"]


class Line:
    """A line to the relay that breaks in a message: before its end is sent, or once it is taken."""

    def __init__(self, port, *, taken):
        self._relay, self._taken = port, taken
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._work = threading.Thread(target=self._carry)
        self._work.start()

    def close(self):
        self._work.join()
        self._door.close()

    def _carry(self):
        client = self._door.accept()[0]
        relay = socket.create_connection(("127.0.0.1", self._relay))
        with closing(client), closing(relay), suppress(OSError):
            answer = relay.recv(4096)
            while not answer.startswith(b"354"):
                client.sendall(answer)
                relay.sendall(client.recv(4096))
                answer = relay.recv(4096)
            client.sendall(answer)
            self._break(client, relay)

    def _break(self, client, relay):
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            content += client.recv(4096)
        if self._taken:
            relay.sendall(content)
            relay.recv(4096)


@pytest.mark.parametrize("taken", [True, False])
def test_a_line_that_breaks_in_a_message_leaves_us_in_doubt(post, taken):
    line = Line(post.ports["plain"], taken=taken)
    with closing(line), Smtp(Relay("127.0.0.1", line.port)) as transport, pytest.raises(DoubtError):
        transport.hand_over(message())

    assert len(post.delivered()) == int(taken)
