"""A sign-up as it was typed: what is in it, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import QueryDict

from tamizdat.readers.counter.published import Offer, Wording
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.sealing import AddressError

Problem = Literal["address", "newsletter", "consent"]


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a reader typed, kept so that the form can come back with nothing lost."""

    typed: str
    codes: tuple[str, ...]
    wording: Wording | None

    @property
    def address(self) -> str:
        """The address to write to.

        Raises:
            AddressError: no letter could reach it.
        """
        return addresses.read(self.typed)


def parse(posted: QueryDict, offer: Offer) -> SignUp:
    """Return what the form holds; newsletters that are not offered are left out."""
    offered = [each.code for each in offer.newsletters]
    wanted = posted.getlist("newsletter")
    return SignUp(
        typed=posted.get("address", "").strip()[:254],
        codes=tuple(code for code in offered if code in wanted),
        wording=offer.wording(posted.get("consent", "")),
    )


def problem(sign_up: SignUp) -> Problem | None:
    """Return the first thing that is wrong, or None.

    An unknown wording is not the reader's fault: the page is older than any wording we know. They
    are shown today's and asked again.
    """
    try:
        _ = sign_up.address
    except AddressError:
        return "address"
    if not sign_up.codes:
        return "newsletter"
    return None if sign_up.wording else "consent"


def as_payload(sign_up: SignUp, language: str, sealed: Mapping[str, str]) -> dict[str, Any]:
    """Return what goes into the submission."""
    assert sign_up.wording is not None
    return {
        "sealed": dict(sealed),
        "newsletters": list(sign_up.codes),
        "language": language,
        "consent": {"version": sign_up.wording.version, "sha256": sign_up.wording.sha256},
    }
