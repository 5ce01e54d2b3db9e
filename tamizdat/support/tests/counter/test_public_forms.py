"""Every form that the public can hand in passes the one admission, or says why it need not."""

import json
import re

import pytest
from django.urls import URLPattern, get_resolver

from tamizdat.lib import clock
from tamizdat.lib.money import Money
from tamizdat.readers.counter.admission import LIMITS, Admission, Allowance, Limits, admission
from tamizdat.readers.counter.bucket import Rate
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.counter.published import write
from tamizdat.readers.tests.room import told
from tamizdat.support.tests.counter.test_giving import give
from tamizdat.support.till import drafts, sealed
from tamizdat.support.till.models import Contribution
from tests import proofs

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LINK = 2 * TOKEN
ADA = "Ada@example.org"
COUNTER, TILL = "tamizdat.site.urls.counter", "tamizdat.site.urls.till"

# What a reader fills in, by the address's pattern: its path, and its fields, all of which come
# back where the form is not taken at once.
FORMS = {
    (COUNTER, "<str:language>/subscribe"): (
        "/en/subscribe",
        {"address": ADA, "newsletter": "friday", "consent": "1.0"},
    ),
    (COUNTER, "<str:language>/confirm/<str:token>"): (f"/en/confirm/{TOKEN}", {}),
    (COUNTER, "<str:language>/leave/<str:token>"): (f"/en/leave/{TOKEN}", {}),
    (COUNTER, "<str:language>/mailbox/<str:link>"): (f"/en/mailbox/{LINK}", {"say": "stop"}),
    (COUNTER, "<str:language>/receipt/cancel/<str:token>"): (f"/en/receipt/cancel/{TOKEN}", {}),
    (COUNTER, "<str:language>/declare"): (
        "/en/declare",
        {"interval": "month", "minor": "500", "declared": "yes"},
    ),
    (COUNTER, "<str:language>/manage/<str:token>"): ("/en/manage/{given}", {}),
    (COUNTER, "<str:language>/receipt/<str:token>"): (
        "/en/receipt/{given}",
        {"address": ADA, "each": "yes"},
    ),
    (COUNTER, "<str:language>/remind"): ("/en/remind", {"address": ADA}),
    (COUNTER, "<str:language>/remind/again/<str:token>"): (f"/en/remind/again/{TOKEN}", {}),
    (COUNTER, "<str:language>/remind/cancel/<str:token>"): (f"/en/remind/cancel/{TOKEN}", {}),
    (TILL, "pay/<str:draft_text>"): ("/pay/{draft}", {"handle": "4242 4242 4242 4242"}),
}
# A POST to these does what a GET does: it shows something, keeps nothing and asks nobody.
SHOWS = {
    (COUNTER, ""): "/",
    (COUNTER, "<str:language>/give"): "/en/give",
    (COUNTER, "<str:language>/thanks/<str:token>"): "/en/thanks/{given}",
    (COUNTER, "<str:language>/remind.ics"): "/en/remind.ics",
    (TILL, ""): "/",
    (TILL, "return/<str:draft_text>"): "/return/nothing",
}
# Machines make these, with a key, a hash or a signature; and the page that plays the bank's part.
MACHINES = {
    (TILL, "begin"),
    (TILL, "status"),
    (TILL, "manage"),
    (TILL, "wish"),
    (TILL, "unwish"),
    (TILL, "notice/<str:name>"),
    (TILL, "pretend/question/<str:ref>"),
}


def patterns(urlconf):
    def walk(found, before=""):
        for each in found:
            at = before + str(each.pattern)
            if isinstance(each, URLPattern):
                yield at
            else:
                yield from walk(each.url_patterns, at)

    return {(urlconf, at) for at in walk(get_resolver(urlconf).url_patterns)}


@pytest.fixture
def reader(client, settings, box):
    """A reader before counter and till: these in this process, with the box's till behind them."""
    settings.NEWSROOM = box.newsroom
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    for name, text in told(box.newsroom).items():
        write(name, json.loads(text))

    def post(place, path, fields):
        settings.ROOT_URLCONF = place
        given = give(box) if "{given}" in path else ""
        begun = drafts.begin(Money(500, "EUR"), "once", "en", clock.now())
        draft = sealed.seal(begun, "pay", box.newsroom.keys)
        at = path.format(given=given, draft=draft)
        return at, client.post(at, fields)

    post.client = client
    return post


@pytest.fixture
def nothing_for_nothing(monkeypatch):
    none = Limits(Allowance(Rate(0, 0), Rate(0, 0), Rate(0, 0)))
    for name, value in vars(Admission(dict.fromkeys(LIMITS, none))).items():
        monkeypatch.setattr(admission, name, value)


@pytest.mark.parametrize("urlconf", [COUNTER, TILL])
def test_every_address_that_takes_something_is_on_the_list(urlconf):
    known = {*FORMS, *SHOWS, *MACHINES}

    assert patterns(urlconf) == {one for one in known if one[0] == urlconf}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[1])
def test_a_form_that_is_one_too_many_comes_back_whole_with_a_price(
    reader, nothing_for_nothing, form
):
    path, fields = FORMS[form]
    charged = Contribution.objects.count()

    _, answer = reader(form[0], path, fields)
    page = answer.content.decode()

    assert answer.status_code == 429
    assert proofs.asked(page) is not None
    assert "Nothing you typed is lost" in page
    assert missing(page, fields) == []
    assert not Envelope.objects.exists()
    assert Contribution.objects.count() == charged


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[1])
def test_a_price_that_is_paid_opens_the_door(reader, nothing_for_nothing, form):
    path, fields = FORMS[form]
    at, asking = reader(form[0], path, fields)
    price = proofs.asked(asking.content.decode())
    stamp = proofs.priced(price, fields.get("address", ""), proofs.today())

    answer = reader.client.post(at, fields | {"stamp": stamp})

    assert answer.status_code in (200, 303)


def test_what_is_said_of_a_mailbox_is_kept_sealed(reader):
    _, shown = reader(COUNTER, f"/en/mailbox/{LINK}", {"say": "something else"})
    assert "Write nothing more to this mailbox" in shown.content.decode()
    assert not Envelope.objects.exists()

    _, answer = reader(COUNTER, f"/en/mailbox/{LINK}", {"say": "stop"})

    assert "We write nothing more to this mailbox" in answer.content.decode()
    payload = Envelope.objects.get().payload
    assert not any(said in payload for said in (LINK, "stop"))


@pytest.mark.parametrize("link", ["short", LINK.upper(), LINK + "1", 10 * LINK])
def test_a_link_that_was_cut_or_made_up_leads_nowhere(reader, link):
    _, answer = reader(COUNTER, f"/en/mailbox/{link}", {"say": "stop"})

    assert answer.status_code == 404
    assert not Envelope.objects.exists()


@pytest.mark.parametrize("place", SHOWS, ids=lambda place: f"{place[0][-7:]} {place[1]}")
def test_what_only_shows_something_takes_nothing_in(reader, place):
    charged = Contribution.objects.count()

    _, answer = reader(place[0], SHOWS[place], {"interval": "month", "amount_month": "500"})

    assert answer.status_code in (200, 301, 302, 404)
    assert not Envelope.objects.exists()
    assert Contribution.objects.count() == charged


def missing(page, fields):
    """Return the names of fields that do not stand on the page as they were typed."""
    ticks = re.findall(r'name="(\w+)" value="[^"]*"(?: required)? checked', page)
    stands = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in fields}
    return [
        name
        for name, typed in fields.items()
        if name not in ticks and (stands[name] is None or stands[name][1] != typed)
    ]
