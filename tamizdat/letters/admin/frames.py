"""A letter as it is shown at the desk: in a frame, in which it can do nothing."""

from django.http import HttpResponse


def letter_frame(html: str) -> HttpResponse:
    """Return a letter's HTML for a frame; its links open beside the desk, as in a mail program."""
    return shut_in(HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1)))


def shut_in(answer: HttpResponse) -> HttpResponse:
    """Let a letter be framed by the desk alone, and load, run and submit nothing."""
    answer["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; form-action 'none'"
    )
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
