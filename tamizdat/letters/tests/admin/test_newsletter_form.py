"""What readers subscribe to stays what they subscribed to."""

from datetime import timedelta

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tamizdat.letters.actions import issues
from tamizdat.letters.models import Issue, Newsletter
from tamizdat.lib import clock
from tamizdat.readers import subscribers
from tamizdat.readers.models import Pending, Subscription
from tests.at_the_desk import form_of

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
LIST = "/desk/snippets/letters/newsletter/"


def filled_in(newsletter, **changes):
    """What the form of a newsletter sends, and what is changed."""
    texts = list(newsletter.texts.all())
    sent = {"code": newsletter.code, "weekday": newsletter.weekday, "offered": "on",
            "texts-TOTAL_FORMS": len(texts), "texts-INITIAL_FORMS": len(texts)}  # fmt: skip
    for n, text in enumerate(texts):
        sent |= {f"texts-{n}-{name}": getattr(text, name)
                 for name in ("id", "language", "name", "about", "frequency")}  # fmt: skip
    return sent | changes


def one_more(newsletter, language):
    n = newsletter.texts.count()
    words = {"id": "", "language": language, "name": "N", "about": "A", "frequency": "F"}
    more = {f"texts-{n}-{name}": said for name, said in words.items()}
    return filled_in(newsletter, **more, **{"texts-TOTAL_FORMS": n + 1})


def save(superuser, newsletter, sent):
    return superuser.post(f"{LIST}edit/{newsletter.pk}/", sent, follow=True).content.decode()


def languages(newsletter):
    return sorted(Newsletter.objects.get(pk=newsletter.pk).texts.values_list("language", flat=True))


def delete(superuser, newsletter, *, in_bulk):
    bulk = f"/desk/bulk/letters/newsletter/delete/?id={newsletter.pk}"
    address = bulk if in_bulk else f"{LIST}delete/{newsletter.pk}/"
    return superuser.post(address, follow=True).content.decode()


def sign_up(newsletter, at):
    return Pending.objects.create(
        token="t", sealed=b"", newsletters=[newsletter.code], language="en", consent_version="1",
        consent_sha256="0", consent_day=at.date(), expires_at=at + timedelta(hours=1),
    )  # fmt: skip


def test_the_code_stays_and_so_do_its_readers(superuser, friday, subscribe):
    subscribe("ada@example.org")
    save(superuser, friday, filled_in(friday, code="weekly", weekday=2))

    friday.refresh_from_db()
    assert (friday.code, friday.weekday) == ("friday", 2)
    assert subscribers.count("friday", "en") == 1


@pytest.mark.parametrize("language", ["zz", "RU", "../../x", " en", "", "en"])
def test_a_language_is_one_of_the_newsrooms_and_stands_once(superuser, friday, language):
    save(superuser, friday, one_more(friday, language))

    assert languages(friday) == ["en", "fa"]


def test_a_language_is_added(superuser, friday):
    save(superuser, friday, one_more(friday, "ru"))

    assert languages(friday) == ["en", "fa", "ru"]


def test_words_that_somebody_reads_are_not_taken_out(superuser, friday, subscribe):
    subscribe("ada@example.org")
    for n, text in enumerate(friday.texts.all()):
        page = save(superuser, friday, filled_in(friday, **{f"texts-{n}-DELETE": "on"}))
        assert ("so its words in that language stay" in page) is (text.language == "en")

    assert languages(friday) == ["en"]


def test_words_of_a_language_that_the_newsroom_no_longer_has_break_nothing(superuser, friday):
    friday.texts.filter(language="fa").update(language="RU")
    save(superuser, friday, filled_in(friday, weekday=2))

    friday.refresh_from_db()
    assert friday.weekday == 2
    assert languages(friday) == ["RU", "en"]


@pytest.mark.parametrize("in_bulk", [False, True], ids=["alone", "in bulk"])
def test_a_newsletter_with_readers_is_not_deleted(superuser, friday, subscribe, in_bulk):
    subscribe("ada@example.org")
    assert "Readers subscribe to" in delete(superuser, friday, in_bulk=in_bulk)
    assert Newsletter.objects.exists()

    Subscription.objects.update(state=Subscription.State.LEFT)
    delete(superuser, friday, in_bulk=in_bulk)
    assert not Newsletter.objects.exists()


def test_a_newsletter_with_an_open_sign_up_is_not_deleted(superuser, friday):
    waiting = sign_up(friday, clock.now())
    assert "Readers subscribe to" in delete(superuser, friday, in_bulk=False)
    assert Newsletter.objects.exists()

    waiting.delete()
    delete(superuser, friday, in_bulk=False)
    assert not Newsletter.objects.exists()


def without_english(newsletter):
    number = [each.language for each in newsletter.texts.all()].index("en")
    return filled_in(newsletter, **{f"texts-{number}-DELETE": "on"})


def test_words_stay_while_somebody_can_still_confirm_in_their_language(superuser, friday):
    sign_up(friday, clock.now())
    page = save(superuser, friday, without_english(friday))

    assert languages(friday) == ["en", "fa"]
    assert "1 signed up for it in “en” and can still confirm that" in page


@pytest.mark.parametrize("state", ["draft", "sending", "sent"])
def test_words_stay_while_issues_are_in_their_language(superuser, friday, state):
    issues.compose(friday, "en", clock.now())
    Issue.objects.update(state=state)
    page = save(superuser, friday, without_english(friday))

    assert languages(friday) == ["en", "fa"]
    assert "1 of its issues are in “en”" in page


def test_words_of_a_language_that_nobody_uses_are_deleted(superuser, friday):
    issues.compose(friday, "fa", clock.now())
    sign_up(friday, clock.now() - timedelta(days=3))
    save(superuser, friday, without_english(friday))

    assert languages(friday) == ["fa"]


@pytest.mark.parametrize("code", ["con", "aux", "--", "-a", "a-", "lpt9"])
def test_a_code_is_a_name_that_a_file_can_have(superuser, friday, code):
    before = Newsletter.objects.count()
    sent = {name: said for name, said in filled_in(friday).items() if not name.endswith("-id")}

    page = superuser.post(
        f"{LIST}add/", sent | {"code": code, "texts-INITIAL_FORMS": 0}, follow=True
    )

    assert Newsletter.objects.count() == before
    assert page.context["form"].errors["code"]


def test_a_code_of_old_stays(superuser, friday):
    Newsletter.objects.filter(pk=friday.pk).update(code="con")
    friday.refresh_from_db()

    assert "updated" in save(superuser, friday, filled_in(friday, weekday=2))
    assert Newsletter.objects.get(pk=friday.pk).code == "con"


def test_words_that_a_colleague_deleted_meanwhile_come_back_with_the_form(editor, friday):
    rows = [
        {"id": each.pk, "language": each.language, "name": each.name, "about": each.about,
         "frequency": each.frequency}
        for each in friday.texts.order_by("pk")
    ]  # fmt: skip
    mine = nested_form_data({"texts": inline_formset(rows, initial=len(rows))})
    friday.texts.all().delete()

    answer = editor.post(
        f"/desk/snippets/letters/newsletter/edit/{friday.pk}/",
        mine | {"code": friday.code, "weekday": "4", "offered": "on"},
    )

    assert answer.status_code == 302
    assert friday.texts.count() == len(rows)


@pytest.fixture
def two(superuser, friday):
    """Where a newsletter is edited, and what the form holds that two editors opened."""
    return f"{LIST}edit/{friday.pk}/", began(superuser, friday)


def began(superuser, newsletter):
    address = f"{LIST}edit/{newsletter.pk}/"
    return {"began_with": form_of(superuser.get(address).content.decode(), address)["began_with"]}


def told_of(answer, address):
    """What the form of an editor holds who was told."""
    there = form_of(answer.content.decode(), address)
    return {name: there[name] for name in ("began_with", "told_of_newer")}


def test_the_later_of_two_editors_is_told_what_the_other_wrote(superuser, friday, two):
    address, opened = two
    superuser.post(address, filled_in(friday, **opened, **{"texts-0-about": "Her careful words"}))

    told = superuser.post(address, filled_in(friday, **opened, weekday=2, **{"texts-0-about": "A"}))

    assert told.status_code == 409
    assert "Her careful words" in told.content.decode()
    assert Newsletter.objects.get(pk=friday.pk).weekday == 4
    mine = filled_in(friday, **told_of(told, address), weekday=2)
    assert superuser.post(address, mine | {"texts-0-about": "Mine"}).status_code == 302
    assert friday.texts.filter(about="Mine").exists()


def test_of_two_who_add_the_words_of_one_language_the_later_decides(superuser, friday, two):
    address, opened = two
    mine = one_more(friday, "ru") | {"texts-2-about": "Mine"}
    superuser.post(address, one_more(friday, "ru") | opened | {"texts-2-about": "Hers"})

    told = superuser.post(address, mine | opened)

    assert told.status_code == 409
    assert "Hers" in told.content.decode()
    assert "are there already" not in told.content.decode()
    assert superuser.post(address, mine | told_of(told, address)).status_code == 302
    assert friday.texts.get(language="ru").about == "Mine"


def test_words_that_a_colleague_added_in_another_language_stay(superuser, friday, two):
    address, opened = two
    mine = filled_in(friday, weekday=2)
    superuser.post(address, one_more(friday, "ru") | opened)

    told = superuser.post(address, mine | opened)
    assert told.status_code == 409
    superuser.post(address, mine | told_of(told, address))

    assert languages(friday) == ["en", "fa", "ru"]
    assert Newsletter.objects.get(pk=friday.pk).weekday == 2


def test_words_that_a_colleague_deleted_do_not_come_back_unasked(superuser, friday):
    save(superuser, friday, one_more(friday, "ru"))
    address, opened = f"{LIST}edit/{friday.pk}/", began(superuser, friday)
    mine = filled_in(friday)
    superuser.post(address, mine | opened | {"texts-2-DELETE": "on"})
    assert languages(friday) == ["en", "fa"]

    told = superuser.post(address, mine | opened)

    assert told.status_code == 409
    assert languages(friday) == ["en", "fa"]


def test_words_that_a_colleague_added_are_not_added_twice(superuser, friday):
    """A form that names no version, as a script's, is told what is there; nothing breaks."""
    mine = one_more(friday, "ru")
    save(superuser, friday, one_more(friday, "ru"))

    page = save(superuser, friday, mine)

    assert "Its words in that language are there already." in page
    assert languages(friday) == ["en", "fa", "ru"]


def test_words_take_the_place_of_those_that_are_deleted_with_them(superuser, friday):
    save(superuser, friday, one_more(friday, "ru"))
    form = one_more(friday, "ru")

    save(superuser, friday, form | {"texts-2-DELETE": "on", "texts-3-about": "Newer words"})

    assert friday.texts.get(language="ru").about == "Newer words"
