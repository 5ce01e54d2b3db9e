"""Which transport the settings name."""

import os

from tamizdat.letters.providers.base import Transport
from tamizdat.letters.providers.mailbox import Mailbox
from tamizdat.letters.providers.smtp import Smtp, relay
from tamizdat.lib.newsroom import Newsroom

PASSWORD = "TAMIZDAT_MAIL_PASSWORD"  # noqa: S105  the name of the variable


def transport(newsroom: Newsroom) -> Transport:
    """Return the transport of `[mail] send`: "mailbox", or the address of a relay.

    The relay's password comes from TAMIZDAT_MAIL_PASSWORD, so that it need not stand in a file.

    Raises:
        RelayError: the address cannot be one.
    """
    if newsroom.mail.send == "mailbox":
        return Mailbox(newsroom.data / "mailbox")
    return Smtp(relay(newsroom.mail.send, os.environ.get(PASSWORD, "")))
