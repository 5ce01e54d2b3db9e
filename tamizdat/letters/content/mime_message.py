"""Put a letter together as a MIME message."""

from collections.abc import Mapping
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from tamizdat.letters.content.writing import Written
from tamizdat.letters.models import Issue
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.sealing import AddressError

_POLICY = policy.SMTP.clone(max_line_length=200, cte_type="7bit")


def assemble(
    written: Written, recipient: str, message_id: str, at: datetime, headers: Mapping[str, str]
) -> bytes:
    """Return the message as bytes with CRLF, text first, then the same as HTML (RFC 2046, 5.1.4).

    Args:
        written: What it says.
        recipient: The address it goes to; it stands in the header "To" and nowhere else.
        message_id: With its angle brackets.
        at: What its header "Date" says.
        headers: What its kind adds, and "From".

    Raises:
        AddressError: no letter can be written to the recipient.
    """
    message = EmailMessage(policy=_POLICY)
    message["To"] = _to(recipient)
    message["Subject"] = written.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name] = value
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    return bytes(message)


def _to(recipient: str) -> Address:
    try:
        recipient.encode("ascii")
        return Address(addr_spec=recipient)
    except ValueError:
        raise AddressError("No letter can be written to this address.") from None


def sender(newsroom: Newsroom, language: str) -> str:
    """Return the header "From": the newsroom's name in the reader's language, and its address."""
    user, _, domain = newsroom.mail.from_address.partition("@")
    name = newsroom.names.get(language) or newsroom.mail.from_name or newsroom.name
    return str(Address(display_name=name, username=user, domain=domain))


def answer_headers(newsroom: Newsroom, language: str) -> dict[str, str]:
    """Return the headers of a letter that answers something: no mail program should reply to it."""
    return {"From": sender(newsroom, language), "Auto-Submitted": "auto-replied"}


def issue_headers(newsroom: Newsroom, issue: Issue, leave: str) -> dict[str, str]:
    """Return the headers of an issue.

    List-Unsubscribe has one HTTPS address, and List-Unsubscribe-Post makes a mail program's own
    button a POST to it (RFC 8058, 3.1). List-Id is RFC 2919.
    """
    domain = newsroom.mail.from_address.rpartition("@")[2]
    return {
        "From": sender(newsroom, issue.language),
        "List-Id": f"<{issue.newsletter.code}.{domain}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }
