"""What a relay's "no" is about: this reader, the letter's content, or us.

Only a "no" about the reader may cost that reader a letter. RFC 5321 (4.2) gives the reply codes,
RFC 3463 and the registry of IANA the enhanced status codes: class, subject, detail. Where both
are there the enhanced one decides: 550 alone stands for anything.

What is not clearly about the reader or the content is about us. Then the letter waits, and that
can be mended.
"""

import re
from dataclasses import dataclass

from tamizdat.letters.providers.base import (
    About,
    DeferredError,
    RefusedError,
    Step,
    TransportError,
    told,
)

ENHANCED = re.compile(rb"([45])\.(\d{1,3})\.(\d{1,3})\b")
ADDRESS, MAILBOX, SYSTEM, NETWORK, PROTOCOL, CONTENT, POLICY = range(1, 8)  # RFC 3463, subjects

# Details that are about another thing than the rest of their subject.
OF_DETAIL = {
    (ADDRESS, 7): About.US,  # the sender's address is not well formed
    (ADDRESS, 8): About.US,  # the sender's domain does not exist
    (MAILBOX, 3): About.CONTENT,  # the message is longer than the mailbox takes
    (SYSTEM, 4): About.CONTENT,  # the message is too big for the system
    (CONTENT, 7): About.READER,  # letters outside ASCII in this address
    (POLICY, 16): About.CONTENT,  # the message is too big for its priority
    (POLICY, 17): About.READER,  # the mailbox has another owner
    (POLICY, 18): About.READER,  # the domain has another owner
}
# The way from the relay to the reader (NETWORK) is not the reader's fault, and may be mended.
OF_SUBJECT = {ADDRESS: About.READER, MAILBOX: About.READER, CONTENT: About.CONTENT}

# Without an enhanced code. RFC 5321, 4.2.3; 556 is RFC 7504. 552 is "too much" in both places.
READER_S = {450, 550, 551, 552, 553, 556}
CONTENT_S = {541, 550, 552, 553, 554}
NEVER = 5  # the first digit of what would be refused again


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a relay: its number, and its words until they are judged."""

    code: int
    words: bytes = b""

    @property
    def is_yes(self) -> bool:
        """Whether it is a "yes" (2yz): the first digit decides (RFC 5321, 4.2.1)."""
        return self.code // 100 == 2  # noqa: PLR2004  the hundreds of "yes"

    @property
    def is_no(self) -> bool:
        """Whether it is a "no" (4yz, 5yz)."""
        return self.code // 100 in (4, NEVER)

    @property
    def is_never(self) -> bool:
        """Whether it is a "never" (5yz). If its two codes differ, it is not."""
        enhanced = ENHANCED.match(self.words)
        return self.code // 100 == NEVER and (enhanced is None or int(enhanced[1]) == NEVER)

    @property
    def numbers(self) -> str:
        """The code and the enhanced one, as "550 5.7.1": what may be kept of an answer."""
        enhanced = ENHANCED.match(self.words)
        return f"{self.code} {enhanced[0].decode()}" if enhanced else str(self.code)


def no(answer: Answer, step: Step) -> TransportError:
    """Return the error that a "no" to a recipient, or to a whole letter, means."""
    about = _about(answer, step)
    why = told(step, "It said no", answer.numbers)
    if about is About.READER and answer.is_never:
        return RefusedError(answer.numbers, why)
    return DeferredError(answer.numbers, why, about)


def _about(answer: Answer, step: Step) -> About:
    enhanced = ENHANCED.match(answer.words)
    if enhanced is None:
        return _of_code(answer.code, step)
    subject, detail = int(enhanced[2]), int(enhanced[3])
    return OF_DETAIL.get((subject, detail)) or OF_SUBJECT.get(subject, About.US)


def _of_code(code: int, step: Step) -> About:
    if step is Step.END and code in CONTENT_S:
        return About.CONTENT
    return About.READER if code in READER_S else About.US
