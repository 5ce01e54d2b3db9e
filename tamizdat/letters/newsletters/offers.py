"""What is offered to readers: newsletters, and the words of consent under the form."""

from hashlib import sha256

from tamizdat.desk import published as desk
from tamizdat.letters.models import Newsletter
from tamizdat.lib.theme import theme
from tamizdat.readers.counter.published import Newsletter as Offered
from tamizdat.readers.counter.published import Offer, Offers, Wording
from tamizdat.readers.models import Wording as KeptWording

PRIVACY = "privacy"  # slug of the plain page
STAYS = (
    "This is the privacy policy that subscribers agree to. While a newsletter is offered in its "
    "language, it stays published, and its slug stays."
)


def consent(language: str) -> str:
    """Return the words that stand under every form."""
    return theme().text(
        "By subscribing you agree to get these letters by e-mail, as our privacy policy describes. "
        "Every letter holds a link to stop them.",
        language,
    )


def wording(language: str) -> Wording:
    """Return today's words of consent, with a version that names the privacy policy's.

    The version also holds a piece of the words' own hash, so that new words under an old policy
    are another version.
    """
    text = consent(language)
    policy = desk.plain_by_slug(language, PRIVACY)
    version = (policy.version if policy else "") or "0"
    return Wording(f"{version}.{sha256(text.encode()).hexdigest()[:8]}", text)


def privacy(language: str) -> str:
    """Return the path of the privacy policy in the edition, "" where there is none."""
    policy = desk.plain_by_slug(language, PRIVACY)
    return policy.path if policy else ""


def why_required(language: str, slug: str) -> str:
    """Return why the privacy policy is not taken away; "" for another page, or if it may be."""
    return STAYS if slug == PRIVACY and newsletters(language) else ""


def newsletters(language: str) -> tuple[Offered, ...]:
    """Return the newsletters that are offered in a language, in their order."""
    return tuple(
        Offered(newsletter.code, text.name, text.about, text.frequency)
        for newsletter in Newsletter.objects.filter(offered=True).prefetch_related("texts")
        for text in newsletter.texts.all()
        if text.language == language
    )


def offers(languages: tuple[str, ...]) -> Offers:
    """Return what the counter is told, with all wordings that ever stood on a page."""
    return Offers({language: _offer(language) for language in languages})


def _offer(language: str) -> Offer:
    today = wording(language)
    earlier = KeptWording.objects.filter(language=language).exclude(version=today.version)
    return Offer(
        newsletters=newsletters(language),
        wordings=(today, *(Wording(each.version, each.text) for each in earlier)),
        privacy=privacy(language),
    )
