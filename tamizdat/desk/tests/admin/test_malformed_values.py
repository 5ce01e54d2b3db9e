"""No address of the desk breaks, whatever stands in it and whatever a form sends."""

import json
import re
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import Resolver404, get_resolver, resolve
from django.utils.http import urlencode

from tamizdat.desk.actions.articles import publish
from tamizdat.desk.tests.admin.addresses import paths
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import typed

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])

NINES = "9" * 25
MALFORMED = {
    "long": "a" * 300,
    "negative": "-1",
    "letters": "zz",
    "large": NINES,
    "signs": "%00%ff",
}
SOAK = pytest.mark.soak
ASKED = ("id", "p", "q", "locale", "ordering", "childOf", "next", "page_type", "collection_id")


@pytest.fixture
def admin(desk, demonstration, settings):
    Path(settings.MEDIA_ROOT).mkdir()
    browser = signed_in("Eva Lind", "admin")
    browser.raise_request_exception = False
    return browser


def addresses(value):
    """Every address that takes a value, with this one in each place; where it fits."""
    for pattern in sorted(set(paths(get_resolver().url_patterns))):
        if re.search(r"[<(]", pattern):
            filled = re.sub(
                r"<[^>]+>", lambda _: value, re.sub(r"\(\?P<\w+>[^)]*\)", "<a>", pattern)
            )
            plain = "/" + re.sub(r"[\^$\\]|\.\*", "", filled)
            try:
                resolve(plain)
            except Resolver404:
                continue
            yield plain


def broken(browser, method, tried):
    found = set()
    for address, said in tried:
        with transaction.atomic():
            answer = getattr(browser, method)(address, said)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            found.add((address[:90], answer.status_code))
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=name, marks=() if name in ("negative", "signs") else SOAK)
        for name, value in MALFORMED.items()
    ],
)
def test_malformed_values_in_an_address_break_nothing(admin, value, method):
    tried = list(addresses(value))

    assert tried
    assert broken(admin, method, [(address, {}) for address in tried]) == set()


def plain_addresses():
    for pattern in sorted(set(paths(get_resolver().url_patterns))):
        if not re.search(r"[<(]", pattern):
            yield "/" + re.sub(r"[\^$\\]|\.\*", "", pattern)


@pytest.mark.parametrize(
    "value", ["zz", pytest.param("-1", marks=SOAK), pytest.param(NINES, marks=SOAK)]
)
def test_malformed_values_after_the_question_mark_break_nothing(admin, value):
    asked = urlencode(dict.fromkeys(ASKED, value))
    tried = [(f"{address}?{asked}", {}) for address in plain_addresses()]

    assert len(tried) > 100
    assert broken(admin, "get", tried) == set()


@pytest.fixture
def edition(desk):
    """An edition, if only an empty one; none stays behind for tests that publish."""
    current = desk.edition / "current"
    if current.exists():
        yield
        return
    current.mkdir(parents=True)
    yield
    current.rmdir()


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", ["/media/", "/preview/", "/preview/pictures/"])
@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "a.jpg/b"])
def test_a_name_that_no_file_can_have_leads_nowhere(admin, address, name, settings):
    (Path(settings.MEDIA_ROOT) / "pictures").mkdir()
    (Path(settings.MEDIA_ROOT) / "a.jpg").write_bytes(b"")

    assert admin.get(address + name).status_code == 404


@pytest.mark.parametrize("name", ["failwhale", "test404"])
def test_the_cms_own_trial_pages_lead_nowhere(admin, name):
    page = admin.get(f"/desk/{name}/")

    assert page.status_code == 404
    assert page.templates[0].name == "404.html"


@pytest.mark.parametrize(
    ("spellings", "status"),
    [
        (["x" * 100_000], 400),
        (["x y"] * 9_000, 400),
        ([f"{number:03} " + "x" * 196 for number in range(200)], 200),
    ],
)
def test_spellings_without_end_are_not_looked_for(admin, spellings, status):
    assert admin.post("/desk/names/withdrawn/", {"spelling": spellings}).status_code == status


def test_a_spelling_without_end_is_refused_where_it_is_typed(admin, ada):
    page = admin.post(f"/desk/names/{ada.pk}/withdraw/", {"also": "x" * 100_000})

    assert "At most 100 lines of at most 200 letters" in page.content.decode()


@pytest.fixture
def there(draft, bridge, courts, ada):
    """The numbers of a row of each kind."""
    from django.contrib.auth.models import Group, User
    from wagtail.models import Collection, Locale, Page, Site

    from tamizdat.desk.models import Topic

    publish(draft)
    draft.get_workflow().start(draft, None)
    river = Topic.objects.create(name="The river", locale=courts.locale)
    state = draft.current_workflow_task_state
    rows = [draft, bridge, courts, ada, river, state, draft.latest_revision]
    rows += [each.objects.first() for each in (Group, User, Collection, Locale, Page, Site)]
    return sorted({row.pk for row in rows if row})


@pytest.mark.parametrize(
    "role", [pytest.param("admin", marks=SOAK), "editor", pytest.param("reporter", marks=SOAK)]
)
def test_a_form_that_sends_nothing_breaks_nothing(desk, demonstration, there, role):
    browser = signed_in("Nora Keld", role)
    browser.raise_request_exception = False
    tried = {address for number in there for address in addresses(str(number))}
    tried |= {address for address in plain_addresses() if "logout" not in address}

    assert broken(browser, "post", [(address, {}) for address in sorted(tried)]) == set()


def test_a_chooser_s_form_that_sends_nothing_breaks_nothing(admin):
    kinds = ("person", "section", "topic")
    tried = [f"/desk/snippets/choose/desk/{kind}/create/" for kind in kinds]

    assert broken(admin, "post", [(address, {}) for address in tried]) == set()


BLOCK = {"body-0-type": "text", "body-0-order": "0", "body-0-deleted": "", "body-0-id": ""}
TABLE = {"body-0-type": "table", "body-0-value-table": "x"}
ENTITY = {"blocks": [{"key": "a", "text": "x", "type": "unstyled", "depth": 0,
  "inlineStyleRanges": [], "entityRanges": [{"offset": 0, "length": 1, "key": 7}]}],
  "entityMap": {}}  # fmt: skip
STREAMS = {
    "a link that is nowhere": BLOCK | {"body-count": "1", "body-0-value": json.dumps(ENTITY)},
    "no number of blocks": {},
    "a number that is none": {"body-count": "many"},
    "blocks that are not there": {"body-count": "3"},
    "a text that is no JSON": BLOCK | {"body-count": "1", "body-0-value": "<p>x</p>"},
    "a text that is a number": BLOCK | {"body-count": "1", "body-0-value": "7"},
    "a text of nothing": BLOCK | {"body-count": "1", "body-0-value": '{"blocks": [7]}'},
    "a deep text": BLOCK | {"body-count": "1", "body-0-value": "[" * 5000},
    "a table without rows": BLOCK | TABLE | {"body-count": "1"},
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("where", ["edit/", "edit/preview/", "add"])
def test_a_body_that_no_form_sends_is_refused_as_such(admin, draft, stream, where):
    shelf = draft.get_parent().pk
    own = f"{draft.pk}/{where}" if where != "add" else f"add/desk/articlepage/{shelf}/"
    sent = {name: said for name, said in typed(None).items() if not name.startswith("body")}

    assert admin.post(f"/desk/pages/{own}", sent | stream).status_code == 400
