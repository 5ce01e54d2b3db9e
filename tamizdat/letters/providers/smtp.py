"""A mail relay, spoken to in SMTP (RFC 5321) over one connection that is kept while it lasts.

Each step can go wrong in its own way: docs/reference/mail-relays.md has the table of what follows.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socket import gaierror
from urllib.parse import unquote, urlsplit

from tamizdat.letters.providers import answers
from tamizdat.letters.providers.answers import Answer
from tamizdat.letters.providers.base import (
    AwayError,
    BrokenError,
    DoubtError,
    Evidence,
    Message,
    Step,
    StoppedError,
    Transport,
    TransportError,
    told,
)
from tamizdat.letters.providers.line import Line, LostError, NoSmtpError, Patience

GO_ON, GOODBYE = 354, 421  # RFC 5321, 4.2.3
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)  # of a line; it is doubled (RFC 5321, 4.5.2)


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


class _EndedError(Exception):
    """The relay ended the connection before the letter's end; `meaning` if that stands."""

    def __init__(self, meaning: TransportError) -> None:
        super().__init__()
        self.meaning = meaning


class Smtp(Transport):
    """Hands messages to one relay."""

    def __init__(self, where: Relay, patience: Patience | None = None) -> None:
        self._where = where
        self._patience = patience or Patience()
        self._line: Line | None = None

    @property
    def name(self) -> str:
        """The relay's host and port, and who we are there."""
        return f"{self._where.user}@{self._where.host}:{self._where.port}"

    def evidence(self, _message_id: str, /) -> Evidence:
        """Nobody can know: a relay cannot be asked what it has taken."""
        return Evidence.UNKNOWN

    def close(self) -> None:
        """Say goodbye, if somebody still listens. What was taken is taken, whatever it answers."""
        if self._line is not None:
            with contextlib.suppress(OSError, StoppedError):
                self._line.allow(self._patience.goodbye)
                self._line.ask("QUIT")
            self._break_off()

    def _break_off(self) -> None:
        """Let go of the connection as it is."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _hand_over(self, message: Message, leaving: Callable[[], None], /) -> None:
        try:
            self._offer_again(message)
            leaving()
            self._look_before_the_end()
        except TransportError:
            raise
        except BaseException:
            self._break_off()  # in the middle of a letter: whatever is said now would be part of it
            raise
        self._end()

    def _check(self, sender: str, /) -> None:
        """Name the sender on a connection, which is as far as one comes without a reader."""
        try:
            line = self._line or self._connect()
            self._name_the_sender(line, sender)
        except _EndedError as error:
            raise error.meaning from None
        self._start_again(line)

    def _offer_again(self, message: Message) -> None:
        """Offer a letter; if the connection has ended since the last, once more on a new one."""
        was_open = self._line is not None
        try:
            self._offer(self._line or self._connect(), message)
        except _EndedError as first:
            if not was_open:
                raise first.meaning from None
            try:
                self._offer(self._connect(), message)
            except _EndedError as second:
                raise second.meaning from None

    def _connect(self) -> Line:
        """Return an open line. What fails here is our fault or the relay's, never a reader's."""
        self._break_off()
        where, times = self._where, self._patience
        with self._at(Step.CONNECT, AwayError, times.connecting):
            self._line = line = Line(where.host, where.port, times.connecting)
        try:
            self._begin(line)
        except BaseException:
            self.close()  # half a beginning is none: nothing may be sent over it
            raise
        return line

    def _begin(self, line: Line) -> None:
        where = self._where
        if where.tls_from_start:
            self._encrypt(line)
        with self._at(Step.GREETING, AwayError, self._patience.command):
            _expect_yes(line.hear(), Step.GREETING)
        self._greet(line)
        if not where.tls_from_start and (where.needs_tls or line.has_extn("starttls")):
            self._change_to_tls(line)
        if where.user:
            self._sign_in(line)

    def _greet(self, line: Line) -> None:
        with self._at(Step.EHLO, AwayError, self._patience.command):
            _expect_yes(Answer(*line.ehlo()), Step.EHLO)

    def _change_to_tls(self, line: Line) -> None:
        if not line.has_extn("starttls"):
            raise AwayError(why=told(Step.STARTTLS, "It offers no encryption"))
        with self._at(Step.STARTTLS, AwayError, self._patience.command):
            _expect_yes(line.ask("STARTTLS"), Step.STARTTLS)
        self._encrypt(line)
        self._greet(line)

    def _encrypt(self, line: Line) -> None:
        trust = ssl.create_default_context()
        if not self._where.needs_tls:  # this machine's own relay shows a certificate nobody signed
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
        with self._at(Step.TLS, AwayError, self._patience.connecting):
            line.secure(trust, self._where.host)

    def _sign_in(self, line: Line) -> None:
        if not line.has_extn("auth"):
            raise AwayError(why=told(Step.AUTH, "It offers no way to sign in"))
        with self._at(Step.AUTH, AwayError, self._patience.command):
            try:
                line.login(self._where.user, self._where.password)
            except smtplib.SMTPResponseException as error:
                _expect_yes(_answer(error), Step.AUTH)
            except smtplib.SMTPException:
                raise AwayError(why=told(Step.AUTH, "It offers no way that we know")) from None

    def _offer(self, line: Line, message: Message) -> None:
        """Say all of a letter but its end. Nothing has left yet: any failure is a plain one."""
        self._name_the_sender(line, message.sender)
        with self._at(Step.RCPT, BrokenError, self._patience.recipient):
            answer = line.ask(f"RCPT TO:<{message.recipient}>")
            _unless_ended(answer)
        if not answer.is_yes:
            self._start_again(line)
            raise answers.no(answer, Step.RCPT)
        with self._at(Step.DATA, BrokenError, self._patience.recipient):
            answer = line.ask("DATA")
            _unless_ended(answer)
        if answer.code != GO_ON:
            self._start_again(line)
            raise answers.no(answer, Step.DATA)
        with self._at(Step.CONTENT, BrokenError, self._patience.content):
            line.send(_dotted(message.content))

    def _name_the_sender(self, line: Line, sender: str) -> None:
        """The sender is the same for every letter: a "no" is about us."""
        with self._at(Step.MAIL, AwayError, self._patience.command):
            _expect_yes(line.ask(f"MAIL FROM:<{sender}>"), Step.MAIL)

    def _look_before_the_end(self) -> None:
        """Learn what the relay did while the letter was sent: without its end it took nothing."""
        line = self._line
        assert line is not None
        try:
            with self._at(Step.CONTENT, BrokenError, self._patience.command):
                if not line.has_spoken():
                    return
                answer = line.hear()
                _unless_ended(answer)
        except _EndedError as error:
            raise error.meaning from None
        self._break_off()
        raise answers.no(answer, Step.END)

    def _end(self) -> None:
        """Send the end of a letter: from here on a broken connection leaves us in doubt."""
        line, times = self._line, self._patience
        assert line is not None
        line.allow(times.end, times.end_when_stopping)
        try:
            line.send(b".\r\n")
            answer = line.hear()
        except (OSError, StoppedError):
            self._break_off()
            raise DoubtError(why=told(Step.END, "The connection broke")) from None
        if answer.is_yes:
            return
        if answer.code == GOODBYE:
            self._break_off()
        elif answer.is_no:
            self._start_again(line)  # Postfix: "503 nested MAIL command" for the next one, else
        else:
            self._break_off()
            raise DoubtError(answer.numbers, told(Step.END, "It gave no sense", answer.numbers))
        raise answers.no(answer, Step.END)

    def _start_again(self, line: Line) -> None:
        """Forget the letter that was begun. If that fails the next one gets a new connection."""
        line.allow(self._patience.goodbye)
        try:
            clean = line.ask("RSET").is_yes
        except (OSError, StoppedError):
            clean = False
        if not clean:
            self._break_off()

    @contextlib.contextmanager
    def _at(self, step: Step, kind: type[TransportError], seconds: float) -> Iterator[None]:
        """Give a step its time, and say in one sentence how it failed."""
        if self._line is not None:
            self._line.allow(seconds)
        try:
            yield
        except LostError as error:
            self._break_off()
            why = told(step, "It ended the connection", error.code)
            raise _EndedError(kind(error.code, why)) from None
        except TimeoutError:
            self._break_off()
            raise kind(why=told(step, f"It did not answer within {seconds:g} s")) from None
        except ConnectionRefusedError:
            self._break_off()
            raise kind(why="The relay refused the connection.") from None
        except OSError as error:
            self._break_off()
            raise kind(why=told(step, _cause(error))) from None


def _expect_yes(answer: Answer, step: Step) -> None:
    _unless_ended(answer)
    if not answer.is_yes:
        raise AwayError(answer.numbers, told(step, "It said no", answer.numbers))


def _unless_ended(answer: Answer) -> None:
    """421 says that the relay ends the connection, at whatever step (RFC 5321, 3.8)."""
    if answer.code == GOODBYE:
        raise LostError(answer.numbers)


def _answer(error: smtplib.SMTPResponseException) -> Answer:
    words = error.smtp_error
    return Answer(error.smtp_code, words if isinstance(words, bytes) else words.encode())


def _cause(error: OSError) -> str:
    """Say why no connection came about. The words of a resolver or of OpenSSL are left out."""
    match error:
        case gaierror():
            return "This machine's resolver does not know the relay's name"
        case ssl.SSLCertVerificationError():
            return f"Its certificate is not accepted (OpenSSL's code {error.verify_code})"
        case ssl.SSLError():
            return f"No encryption came about ({error.reason})"
        case NoSmtpError():
            return "What it says is no SMTP"
    return f"The relay cannot be reached: {error.strerror or type(error).__name__}"


def _dotted(content: bytes) -> bytes:
    """Return the content as it is sent: dots doubled, and the last line ended."""
    whole = content if content.endswith(b"\r\n") else content + b"\r\n"
    return FIRST_DOT.sub(b"..", whole)
