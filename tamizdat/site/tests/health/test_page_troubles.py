"""Above the text of an article stands what keeps it from readers."""

import pytest
from django.urls import reverse

from tamizdat.desk.tasks import PAGE
from tamizdat.desk.tests.conftest import demonstration, signed_in  # noqa: F401  a fixture
from tamizdat.lib.alerts import Alert, raise_alert
from tamizdat.press.models import FailedJob
from tests.newsdesk import START

WHY = "A file of a picture that it shows is gone; upload that picture once more."


@pytest.fixture
def opened(newsdesk, demonstration):  # noqa: F811
    """Open a page's form as an editor, and return what stands there."""
    client = signed_in("Nora Keld", "editor")

    def opened(page):
        return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    return opened


def test_why_it_cannot_be_printed(newsdesk, opened):
    broken, sound = newsdesk.article("The bridge"), newsdesk.article("The quay")
    FailedJob.objects.create(job=f"article:{broken.pk}", why=WHY)

    said = opened(broken)
    assert f"The page of article {broken.pk} cannot be printed. Readers do not have it." in said
    assert WHY in said
    assert "cannot be printed" not in opened(sound)

    FailedJob.objects.all().delete()
    assert "cannot be printed" not in opened(broken)


def test_a_cause_that_only_engineers_read_is_left_to_doctor(newsdesk, opened):
    broken = newsdesk.article("The bridge")
    why = (
        "The cause: jinja2.UndefinedError at press/pages/links.py:109 > theme/press/article.html:2."
    )
    FailedJob.objects.create(job=f"article:{broken.pk}", why=why)

    said = opened(broken)

    assert "Nothing is wrong with the text: see theme/press/article.html, line 2." in said
    assert "jinja2" not in said


def test_why_it_did_not_come_out_at_its_time(newsdesk, opened):
    held = newsdesk.article("The bridge")
    other = newsdesk.article("The quay")
    what = f"Page {held.pk} is held, though its time has come."
    alert = Alert(f"{PAGE}{held.pk}", what, "Readers would miss something: a credit.", "Open it.")
    raise_alert(newsdesk.newsroom.data, alert, START)

    assert what in opened(held)
    assert what not in opened(other)
