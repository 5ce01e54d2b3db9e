import dataclasses
import io

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from tests.laid_out import lay_out
from tests.taken_in import take_in


@pytest.fixture
def desk(db, newsroom, settings, tmp_path):
    """A desk laid out for its first article, with a media folder of its own."""
    cache.clear()  # of what the sign-in pages remember of too many tries
    settings.MEDIA_ROOT = str(tmp_path / "media")
    lay_out(newsroom)
    return newsroom


@pytest.fixture
def courts(desk):
    from wagtail.models import Locale

    from tamizdat.desk.models import Section

    return Section.objects.create(name="Courts", locale=Locale.objects.get(language_code="en"))


@pytest.fixture
def ada(desk):
    """Somebody in a byline."""
    from wagtail.models import Locale

    from tamizdat.desk.models import Person

    return Person.objects.create(
        name="Ada Holm", title="Reporter", locale=Locale.objects.get(language_code="en")
    )


def photo(width=800, height=600, colour="#337799"):
    """A JPEG that says where it was taken."""
    notes = Image.Exif()
    notes[0x013B] = "Ada Holm"
    notes.get_ifd(0x8825).update({1: "N", 2: (56.0, 56.0, 58.0)})
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=notes)
    return out.getvalue()


@pytest.fixture
def bridge(desk):
    """A picture with a credit."""
    return take_in(photo(), "bridge.jpg", title="The bridge", credit="A. Holm / Agency")


@pytest.fixture
def draft(courts, ada):
    """An article that is ready for readers and has not reached them."""
    from tamizdat.desk import writing
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage, Byline

    article = ArticlePage(
        title="The court let four go",
        kicker="Courts",
        standfirst="Four of five may go home.",
        section=courts,
        body=[writing.text("<p>They came down the steps at <b>six</b>.</p>")],
    )
    article.bylines.add(Byline(person=ada, role="by"))
    return bring_in(article, "en")


PASSWORD = "a long and quiet password"


@pytest.fixture
def demonstration(settings):
    """A newsroom in which nobody must have a second step."""
    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, demonstration=True)


def signed_in(name, role):
    """A browser in which somebody has signed in."""
    from tamizdat.desk.accounts.actions.staff import create_user

    address = f"{name.split()[0].lower()}@example.org"
    create_user(address, name, PASSWORD, role)
    browser = Client()
    browser.post("/account/login/", {"login": address, "password": PASSWORD})
    return browser


@pytest.fixture
def editor(desk, demonstration):
    return signed_in("Nora Keld", "editor")


@pytest.fixture
def reporter(desk, demonstration):
    return signed_in("Ines Orlet", "reporter")
