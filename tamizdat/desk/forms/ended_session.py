"""What somebody typed whose form leads nowhere: it is shown once, so that they can copy it.

A session ends after its time, after a new password, or after five wrong guesses. The form that was
open then is sent to the sign-in page, and the words in it would be nowhere: pages of the desk are
never stored, so going back brings an empty form. The same holds for a page that was deleted, and
for whoever may no longer save it, or only with a second step.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as usual_csrf_failure
from taggit.managers import TaggableManager
from wagtail.admin import auth
from wagtail.fields import StreamField

SIGN_IN = ("account_login", "wagtailadmin_login")
#: Parts of names of fields that hold secrets or addresses.
SECRET = (
    "password", "passphrase", "csrf", "token", "credential", "address", "next", "login", "email",
)  # fmt: skip
HOW_TO_SIGN_IN = "/account/"  # codes are typed there, and nothing that is prose
OWN_SETTINGS = "name_email-"  # before the names of fields of which one is an address
#: Fields that a form of the CMS holds for itself, and choices that no model names.
MACHINE = re.compile(
    r"(.*-)?(id|type|order|deleted?|slug|count|at|contentpath|position|language|picture|still|kind|\w+_forms"
    r"|current_time_zone|preferred_language)"
    r"|.*(_at|digest.*)|(action|workflow)-.*|(loaded|overwrite|seen)_revision.*|began_.*"
)
#: What a page's form carries of the window that asks for a comment on a decision, as JSON.
OF_A_DECISION = "workflow-action-extra-data"
#: Where an embed or a link in a text leads: nobody's own address.
OF_A_BLOCK = re.compile(r".+-\d+-value-address")
TICKED = "on"
TEXTS = (models.CharField, models.TextField, StreamField, TaggableManager)
BLOCK = "value"  # what a block of a text is called in its form
LABELS = {"title": "Headline or title"}
LED_AWAY = "led_away"  # of an answer: why its form was refused
NO_RIGHT = "You may not save this: perhaps your rights have changed since you opened it."
UNAUTHORISED, REDIRECT, FORBIDDEN, GONE = 401, 302, 403, 404


class ShowWhatWasTyped:
    """Answer a form that leads nowhere with what was typed into it, if that is prose.

    Its session ended, what it is about was deleted meanwhile, or its writer may no longer save it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if why := getattr(response, LED_AWAY, ""):
            return shown(request, FORBIDDEN, why) or response
        if response.status_code == GONE and request.user.is_authenticated and _is_our_form(request):
            return _shown(request, GONE) or response
        if response.status_code == REDIRECT and not request.user.is_authenticated:
            place = urlsplit(response.headers.get("Location", "")).path
            if place in {reverse(name) for name in SIGN_IN} and _is_our_form(request):
                return _shown(request, UNAUTHORISED) or response
        return response


def led_away(response: HttpResponse, why: str = NO_RIGHT) -> HttpResponse:
    """Mark an answer that refuses a form because its writer's rights have changed."""
    setattr(response, LED_AWAY, why)
    return response


def connect() -> None:
    """Mark where the CMS leads those who may not do what they ask for."""
    leads_away = auth.permission_denied
    if not getattr(leads_away, LED_AWAY, False):

        def permission_denied(request: HttpRequest) -> HttpResponse:
            return led_away(leads_away(request))

        setattr(permission_denied, LED_AWAY, True)
        auth.permission_denied = permission_denied


def shown(request: HttpRequest, status: int, why: str) -> HttpResponse | None:
    """Return a page with what was typed and why it was not saved; None if nothing was typed."""
    return _shown(request, status, why) if _is_our_form(request) else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open while somebody signed in or out; Django names it in a setting."""
    page = _shown(request, FORBIDDEN) if _is_our_form(request) else None
    return page or usual_csrf_failure(request, reason)


def comment(sent: QueryDict) -> str:
    """Return the comment on a decision that a page's form carries; "" if there is none."""
    try:
        return str(json.loads(sent.get(OF_A_DECISION, ""))["comment"]).strip()
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def typed(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each field of a form that somebody typed into.

    A field is judged by its name: a headline may be one word, and a key is as long as a sentence.
    Nothing is cut: what is shown here stands nowhere else. Django bounds what a form may send.
    An address is not shown, whosoever it is: it may be a reader's, and this page stays open.
    """
    if said := comment(sent):
        yield "Comment", said
    kinds = _kinds()
    for full_name, values in sent.lists():
        name = full_name.removeprefix(OWN_SETTINGS)
        lower, own = name.lower(), name.rpartition("-")[2]
        is_secret = any(part in lower for part in SECRET) and not OF_A_BLOCK.fullmatch(lower)
        if is_secret or MACHINE.fullmatch(lower):
            continue
        is_of_a_block = own == BLOCK or OF_A_BLOCK.fullmatch(lower)
        if not is_of_a_block and not kinds.get(own, True):
            continue
        for value in values:
            text = _plain(value).strip()
            if text and text != TICKED:
                yield _label(name), text


@cache
def _kinds() -> dict[str, bool]:
    """Return of each name of a field whether a model of ours holds typed text in it."""
    found: dict[str, bool] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():  # noqa: SLF001  Django's documented name
            if isinstance(field, models.Field):
                is_text = isinstance(field, TEXTS)
                is_typed = is_text and not field.choices
                found[field.name] = found.get(field.name, False) or is_typed
    return found


def _label(name: str) -> str:
    """Return a field's name as words: "body-0-value-caption" is "Body 1, caption"."""
    if name in LABELS:
        return LABELS[name]
    said = ""
    for part in name.replace("_", " ").split("-"):
        if part.isdecimal():
            said += f" {int(part) + 1}"
        elif part != BLOCK:
            said += f", {part}" if said else part.capitalize()
    return said


def _plain(value: str) -> str:
    """Return a field's text; of rich text, which a form sends as JSON, the text of its blocks."""
    try:
        blocks = json.loads(value)["blocks"]
        return "\n\n".join(block["text"] for block in blocks)
    except (ValueError, KeyError, TypeError, RecursionError):
        return value


def _is_our_form(request: HttpRequest) -> bool:
    """Say whether a page of ours sent this, whole: no other may have us show its words."""
    is_script = request.headers.get("X-Requested-With") or "json" in request.headers.get(
        "Accept", ""
    )
    signs_in = request.path_info.startswith(HOW_TO_SIGN_IN)
    if request.method != "POST" or is_script or signs_in:
        return False
    own = f"{request.scheme}://{request.get_host()}"
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return said == own or said.startswith(f"{own}/")


def _shown(request: HttpRequest, status: int, why: str = "") -> HttpResponse | None:
    texts = list(typed(request.POST))
    if not texts:
        return None
    said = {"texts": texts, "is_gone": status == GONE, "why": why}
    page = render(request, "desk/ended_session.html", said, status=status)
    add_never_cache_headers(page)
    return page
