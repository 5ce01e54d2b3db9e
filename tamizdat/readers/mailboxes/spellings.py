"""Which spellings of an address reach one mailbox: at most providers, and at some in particular.

Limits ask here. The rules are what the providers say themselves, in copies of their pages from
2026, each with its source. A rule that nobody wrote down is not here: it would make one of two
mailboxes. Outlook, iCloud, Proton, Yandex, Fastmail and mail.ru know the plus sign, and dots count
at Outlook and Yahoo; of Tuta and ukr.net nothing was found: for these the rule for everybody is
enough. Whoever owns a domain may get what is sent to any name in it: that cannot be known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Provider:
    """How a provider reads addresses: which signs are left out or replaced, and its one name."""

    domain: str
    signs: Mapping[int, int | None]


# Dots: https://support.google.com/mail/answer/7436150 (not so in an organisation's own domain).
# googlemail.com is the name of Gmail in some countries; Proton's program reads it so, too.
_GMAIL = _Provider("gmail.com", dict.fromkeys(b"."))
# Domains: https://proton.me/support/addresses-and-aliases. Signs: `canonicalizeEmail` of Proton's
# own program (github.com/ProtonMail/WebClients, packages/shared/lib/helpers/email.ts).
_PROTON = _Provider("proton.me", dict.fromkeys(b".-_"))
# A name's dots are hyphens: https://yandex.ru/dev/direct/doc/dg-v4/concepts/finance-token.html.
# Six domains are one: https://yandex.com/support/domain/additional/mailbox-alias.xml. Which ones is
# in github.com/validatorjs/validator.js/pull/807; narod.ru is the seventh, an old one (see
# github.com/dimuska139/go-email-normalizer/pull/2). For yandex.uz nobody gives a source.
_YANDEX = _Provider("yandex.ru", {ord("-"): ord(".")})
# https://support.apple.com/118230: whoever has an older one has the same at icloud.com, too.
_ICLOUD = _Provider("icloud.com", {})

_PROVIDERS: Mapping[str, _Provider] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), _PROTON),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    **dict.fromkeys(("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"), _YANDEX),
    **dict.fromkeys(("ya.ru", "narod.ru"), _YANDEX),
}

# anything@ada.fastmail.com is ada@fastmail.com (https://www.fastmail.help/hc/articles/360060591053),
# with a hyphen for an underscore in the name (https://fastmail.blog/2008/01/24/
# two-address-resolving-additions/). Fastmail has many domains; these carry pages of its own, or
# stand in its examples.
_FASTMAIL = ("fastmail.com", "fastmail.fm", "sent.com", "warpmail.net", "ftml.net")


def one_spelling(address: str) -> str:
    """Return the same text for all spellings of a mailbox. It is no address to write to.

    What follows a plus sign does not count, but for a plus sign at the beginning: Yandex has
    telephone numbers as names, written with it or without
    (https://yandex.com/support/passport/authorization/phone-login.html).
    """
    user, _, domain = address.strip().lower().rpartition("@")
    user = user[:1] + user[1:].partition("+")[0]
    name, _, above = domain.partition(".")
    if above in _FASTMAIL:
        user, domain = name, above
    if domain in _FASTMAIL:
        return f"{user.replace('_', '-')}@{domain}"
    provider = _PROVIDERS.get(domain)
    if provider is None:
        return f"{user}@{domain}"
    if provider is _YANDEX:
        user = user.removeprefix("+")
    return f"{user.translate(provider.signs)}@{provider.domain}"
