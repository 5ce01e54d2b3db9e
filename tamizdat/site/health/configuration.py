"""Whether the settings fit together, and what they leave to be set."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core import checks

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import stylesheet
from tamizdat.site.health.finding import Finding, good, wrong


def fit_together(_newsroom: Newsroom) -> Iterator[Finding]:
    """Ask every package's own checks."""
    found = [each for each in checks.run_checks() if each.level >= checks.WARNING]
    for each in found:
        yield wrong(str(each.msg), each.hint or "")
    if not found:
        yield good("the settings fit together")


def are_encrypted(newsroom: Newsroom) -> Iterator[Finding]:
    """Say which role is reached without encryption."""
    for role in ("edition", "counter", "desk", "till"):
        parts = urlsplit(getattr(newsroom.addresses, role))
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme == "http" and not local and not str(parts.hostname).endswith(".onion"):
            yield wrong(
                f"the {role} is reached without encryption ({parts.geturl()})",
                "Put a proxy with a certificate before it and write https:// in tamizdat.toml.",
            )


def is_readable(newsroom: Newsroom) -> Iterator[Finding]:
    """Say which colours of the look cannot be read."""
    for what, do in stylesheet.unreadable(newsroom.look):
        yield wrong(what, do)


def _demonstration(newsroom: Newsroom) -> Finding:
    if newsroom.mail.send == "mailbox":
        return good("this is a demonstration: payments and letters are pretended")
    return wrong(
        "this is a demonstration, and its letters go to a real relay",
        'Set [mail] send to "mailbox", or use only invented addresses.',
    )


def defaults(newsroom: Newsroom) -> Iterator[Finding]:
    """Say what works only on screen."""
    if newsroom.demonstration:
        yield _demonstration(newsroom)
        return
    if all(policy == "never" for policy in newsroom.support.ask.values()):
        yield good("readers are not asked for money")
    elif newsroom.support.provider == "pretend":
        yield wrong(
            "readers are asked for money, but payments are only pretended",
            'Set [support.ask] default to "never" until a payment service is set up.',
        )
    if newsroom.mail.send == "mailbox":
        yield wrong(
            "letters reach nobody: each lies on this disk for 48 hours, with the reader's "
            "address and links that work in clear; admins read it at the desk under /mailbox/",
            "Set [mail] send to your relay, as smtp://host:587, and start again.",
        )
