"""The port through which letters leave: a carrier takes one message at a time."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import Self


class Evidence(Enum):
    """What a carrier can prove about a message after a crash."""

    HANDED_OVER = "it was handed over"
    NOT_HANDED_OVER = "it was not"
    UNKNOWN = "nobody can know"


class CarrierError(Exception):
    """The carrier did not take a message.

    `code` is the relay's answer as a number, "" if there was none. A relay's words are never
    kept: they quote addresses.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class DeferredError(CarrierError):
    """Not now: the relay is away, busy or says 4xx. Trying again later is right."""


class RefusedError(CarrierError):
    """Never: the relay says 5xx for this message. Trying again would be refused again."""


class DoubtError(CarrierError):
    """The connection broke after the message had begun to leave: it may have been taken.

    RFC 1047 explains why no client can avoid this. A repetition carries the same Message-ID.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to leave. It does not show its reader in a log."""

    message_id: str  # with its angle brackets
    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class Carrier(ABC):
    """Takes messages, one at a time, from one thread.

    Use it as a context: what it opens (a connection) it closes. `hand_over` is the door and is
    final; a carrier writes `_hand_over`.
    """

    def hand_over(self, message: Message) -> None:
        """Hand a message over; returning means that the other side has it.

        Raises:
            DeferredError: not now.
            RefusedError: never.
            DoubtError: nobody can know.
        """
        try:
            self._hand_over(message)
        except OSError as error:
            raise DeferredError from error

    @abstractmethod
    def _hand_over(self, message: Message) -> None:
        """Hand a message over. OSError counts as "not now"; DoubtError says it may be more."""

    @abstractmethod
    def evidence(self, message_id: str, /) -> Evidence:
        """Return what can be proven about an earlier attempt with this Message-ID."""

    def close(self) -> None:  # noqa: B027  most carriers have nothing open
        """Close what is open. The next message opens it again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()
