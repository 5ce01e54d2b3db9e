"""The port through which letters leave: a transport takes one message at a time.

A transport that does not take a message says what it knows about it, as one of five errors. They
differ in what may follow: may this letter be repeated, and may another one be tried?
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Self


class Evidence(Enum):
    """What a transport can prove about a message after a crash."""

    HANDED_OVER = "it was handed over"
    NOT_HANDED_OVER = "it was not"
    UNKNOWN = "nobody can know"


class About(Enum):
    """What a "no" is about."""

    READER = "this reader's mailbox"
    CONTENT = "what is in the letter"
    US = "who we are, or how the relay is"


class Step(StrEnum):
    """How far we were with a relay."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    TLS = "TLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    CONTENT = "content"
    END = "end of a letter"


def told(step: Step, what: str, code: str = "") -> str:
    """Return one sentence that says what happened, and where."""
    return f"{what} (step: {step}, code: {code})." if code else f"{what} (step: {step})."


class TransportError(Exception):
    """The transport did not take a message.

    `code` is the relay's answer in numbers ("550 5.7.1"), "" if there was none. `why` is a sentence
    of ours. A relay's words are never kept: they quote addresses.
    """

    def __init__(self, code: str = "", why: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.why = why


class AwayError(TransportError):
    """No letter can be handed over now, and nothing was said about this one."""


class BrokenError(TransportError):
    """The connection broke in the midst of this letter. It has not left: its end was not sent."""


class DoubtError(TransportError):
    """The connection broke after the letter's end was sent: it may have been taken.

    RFC 1047 explains why no client can avoid this. A repetition carries the same Message-ID.
    """


class DeferredError(TransportError):
    """Not now, or not until something is mended. Trying again later is right."""

    def __init__(self, code: str = "", why: str = "", about: About = About.READER) -> None:
        super().__init__(code, why)
        self.about = about


class RefusedError(TransportError):
    """Never to this reader. Trying again would be refused again."""


class StoppedError(TransportError):
    """We were told to stop while we waited. The letter has not left."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to leave. It does not show its reader in a log."""

    message_id: str  # with its angle brackets
    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


def _nothing() -> None:
    pass


class Transport(ABC):
    """Takes messages, one at a time, from one thread.

    Use it as a context: what it opens (a connection) it closes. `hand_over` is the door and is
    final; a transport writes `_hand_over`.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """Which transport it is, without any secret: "mailbox", or a relay's host and port."""

    def hand_over(self, message: Message, leaving: Callable[[], None] = _nothing) -> None:
        """Hand a message over; returning means that the other side has it.

        Args:
            message: What to hand over.
            leaving: Called once, right before the moment from which on nobody can know whether
                the message was taken. If it raises, the message does not leave. A transport that
                always knows (`evidence`) does not call it.

        Raises:
            AwayError: no letter can be handed over now.
            BrokenError: the connection broke in the midst of it.
            DeferredError: not now.
            RefusedError: never.
            DoubtError: nobody can know.
            StoppedError: we were told to stop.
        """
        try:
            self._hand_over(message, leaving)
        except OSError as error:
            raise AwayError(why=f"{error.strerror or type(error).__name__}.") from error

    @abstractmethod
    def _hand_over(self, message: Message, leaving: Callable[[], None], /) -> None:
        """Hand a message over. OSError counts as "away"."""

    def check(self, sender: str) -> None:
        """Ask whether letters of this sender would be taken now. Nothing is sent.

        Raises:
            AwayError: no letter can be handed over now.
        """
        try:
            self._check(sender)
        except OSError as error:
            raise AwayError(why=f"{error.strerror or type(error).__name__}.") from error

    @abstractmethod
    def _check(self, sender: str, /) -> None:
        """Ask as far as one can without a letter. OSError counts as "away"."""

    @abstractmethod
    def evidence(self, message_id: str, /) -> Evidence:
        """Return what can be proven about an earlier attempt with this Message-ID."""

    def close(self) -> None:  # noqa: B027  most transports have nothing open
        """Close what is open. The next message opens it again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()
