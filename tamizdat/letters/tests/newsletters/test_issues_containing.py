"""An editor who withdraws a name hears which issues carried it."""

from datetime import timedelta

import pytest

from tamizdat.desk.published import carriers
from tamizdat.desk.spellings import Spellings
from tamizdat.letters.actions import issues
from tamizdat.letters.newsletters.drafting import Choice, Draft
from tamizdat.letters.tests.conftest import NOON

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
DAY = (NOON - timedelta(weeks=1)).date()


def carried(*names):
    spellings = Spellings.of(names)
    return [(one.what, one.day) for one in carriers.carried(spellings.hold, spellings.sought)]


@pytest.mark.parametrize(
    "draft",
    [
        Draft("The week", "Written by Ada Holm."),
        Draft("Ada Holm and the week", "Hello."),
    ],
    ids=["in the greeting", "in the subject"],
)
def test_a_sent_issue_that_holds_the_name_is_told_with_its_day(friday, draft):
    issues.file_past(friday, "en", DAY, draft)

    assert carried("Ada Holm") == [(f"The Friday Scales (en): {draft.subject}", DAY)]
    assert carried("Ada Hol", "Bo Lind") == []


def test_the_words_in_place_of_a_standfirst_count_too(newsdesk, friday):
    article = newsdesk.article("A bridge is closed", published=NOON - timedelta(days=9))
    choices = [Choice(article.pk, intro="Ada Holm was there.")]
    issues.file_past(friday, "en", DAY, Draft("The week", "Hello.", choices=choices))

    assert carried("Ada Holm") == [("The Friday Scales (en): The week", DAY)]


def test_an_issue_in_the_making_is_told_without_a_day(newsdesk, friday):
    newsdesk.article("What Ada Holm saw", published=NOON - timedelta(days=1))
    issue = issues.compose(friday, "en", NOON)
    issue.greeting = "Ada Holm writes."
    issue.save()

    assert [day for _, day in carried("Ada Holm")] == [None]
