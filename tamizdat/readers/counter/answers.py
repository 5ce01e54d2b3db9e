"""How the counter answers: a page of the theme that leaves nothing behind."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from tamizdat.lib.theme import Theme, theme
from tamizdat.lib.theme.fallback import own_or_ours
from tamizdat.readers.counter.admission.price import Price


def page(
    template: str, language: str, *, status: int = 200, price: Price | None = None, **context: Any
) -> HttpResponse:
    """Return a page of the theme, with headers that keep it out of caches, frames and referrers.

    With a price the page says 429: its form is to be sent again, with work or in a minute.

    No cookie is ever set: there is no session to remember and no form of ours to protect, since
    a forged sign-up ends in a letter that asks, and everything else needs a secret token.
    """

    def drawn(look: Theme) -> HttpResponse:
        html = look.render(template, language, price=price, **context)
        return _shut(HttpResponse(html, status=429 if price else status), language, look)

    answer = own_or_ours(template, drawn)
    if price:
        answer["Retry-After"] = "60"
    return answer


def wished(request: HttpRequest) -> str:
    """Return the first of our languages that a browser asks for, where an address names none.

    The header is read and not kept.
    """
    newsroom = theme().newsroom
    asked = request.headers.get("Accept-Language", "").lower().split(",")
    codes = (each.partition(";")[0].strip().partition("-")[0] for each in asked)
    return next((code for code in codes if code in newsroom.languages), newsroom.language)


def shut(answer: HttpResponse, language: str) -> HttpResponse:
    """Add the headers to an answer that was made elsewhere."""
    return own_or_ours("policy", lambda look: _shut(answer, language, look))


def _shut(answer: HttpResponse, language: str, look: Theme) -> HttpResponse:
    policy = look.policy(language=language)
    answer["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Opener-Policy"] = "same-origin"
    answer["Content-Language"] = language
    answer["X-Robots-Tag"] = "noindex"
    return answer
