"""A mail relay, spoken to in SMTP (RFC 5321) over one connection that is kept while it lasts."""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from tamizdat.letters.providers.base import (
    Carrier,
    DeferredError,
    DoubtError,
    Evidence,
    Message,
    RefusedError,
)

PATIENCE_S = 60
DONE, FORWARDED, GOODBYE = 250, 251, 421  # RFC 5321, 4.2.3
# Enhanced status codes (RFC 3463) that are about the sender (x.1.7, x.1.8) or about who may send
# and pass on at all (x.7.x), such as "5.7.1 Relay access denied": our settings are wrong.
ABOUT_US = re.compile(rb"[45]\.(1\.[78]|7\.\d{1,3})\b")
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


class RelayError(ValueError):
    """The address of the relay in the settings cannot be one."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the relay is and who we are there."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls_from_start: bool = False

    @property
    def needs_tls(self) -> bool:
        """Whether letters may only leave encrypted: yes, unless the relay is this very machine."""
        return self.host not in OWN_MACHINE


def relay(address: str, password: str = "") -> Relay:
    """Return the relay of an address such as "smtp://user@mail.example.org:587".

    "smtps" begins with TLS, usually on port 465; "smtp" begins in the open and must change to
    TLS (STARTTLS) before anything is said, unless the relay is this very machine.

    Raises:
        RelayError: it is no such address.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise RelayError('mail.send is "mailbox" or an address like smtp://mail.example.org:587')
    ports = {"smtp": 587, "smtps": 465}
    return Relay(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=password or unquote(parts.password or ""),
        tls_from_start=parts.scheme == "smtps",
    )


class Smtp(Carrier):
    """Hands messages to one relay."""

    def __init__(self, where: Relay) -> None:
        self._where = where
        self._line: smtplib.SMTP | None = None

    def _hand_over(self, message: Message) -> None:
        line = self._line or self._connect()
        try:
            self._announce(line, message)
            self._send(line, message.content)
        except smtplib.SMTPResponseException as error:
            raise self._told(error.smtp_code) from None
        except OSError as error:  # smtplib's own errors are among them
            self.close()
            raise DeferredError from error

    def evidence(self, _message_id: str, /) -> Evidence:
        """Nobody can know: a relay cannot be asked what it has taken."""
        return Evidence.UNKNOWN

    def close(self) -> None:
        """Say goodbye, if somebody still listens."""
        if self._line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._line.close()
            self._line = None

    def _connect(self) -> smtplib.SMTP:
        """Return an open line. What fails here is our fault or the relay's, never a reader's."""
        where, trust = self._where, ssl.create_default_context()
        try:
            if where.tls_from_start:
                self._line = smtplib.SMTP_SSL(
                    where.host, where.port, timeout=PATIENCE_S, context=trust
                )
            else:
                self._line = smtplib.SMTP(where.host, where.port, timeout=PATIENCE_S)
            self._line.ehlo()
            if not where.tls_from_start and (where.needs_tls or self._line.has_extn("starttls")):
                self._change_to_tls(self._line, trust)
            if where.user:
                self._line.login(where.user, where.password)
        except OSError as error:
            self.close()
            raise DeferredError(str(getattr(error, "smtp_code", ""))) from None
        return self._line

    def _change_to_tls(self, line: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        if not self._where.needs_tls:  # this machine's own relay shows a certificate nobody signed
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
        line.starttls(context=trust)
        line.ehlo()

    def _announce(self, line: smtplib.SMTP, message: Message) -> None:
        """Name sender and recipient. Nothing has left yet, so any failure is a plain one.

        A relay that refuses the sender refuses us: no reader is to pay for that. Postfix says
        so only when it hears of the reader.
        """
        code, _ = line.mail(message.sender)
        if code != DONE:
            self._start_again(line)
            raise DeferredError(str(code))
        code, words = line.rcpt(message.recipient)
        if code not in (DONE, FORWARDED):
            self._start_again(line)
            if ABOUT_US.match(words):
                raise DeferredError(str(code))
            raise smtplib.SMTPResponseException(code, words)

    def _start_again(self, line: smtplib.SMTP) -> None:
        with contextlib.suppress(OSError):
            line.rset()

    def _send(self, line: smtplib.SMTP, content: bytes) -> None:
        """Send the message itself. Once it has begun, a broken connection leaves us in doubt."""
        try:
            code, words = line.data(content)
        except smtplib.SMTPDataError:
            raise  # the relay would not even begin
        except OSError:
            self.close()
            raise DoubtError from None
        if code != DONE:
            self._start_again(line)  # Postfix: "503 nested MAIL command" for the next one, else
            raise smtplib.SMTPResponseException(code, words)

    def _told(self, code: int) -> DeferredError | RefusedError:
        """Return what the relay's code means (RFC 5321, 4.2.1)."""
        if code == GOODBYE:
            self.close()
        return RefusedError(str(code)) if code // 100 == 5 else DeferredError(str(code))  # noqa: PLR2004  the hundreds of "never"
