"""The plain-text half of an issue: rules part what stands there, and nothing else."""

import re
from itertools import pairwise, product

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.newsletters import composing
from tamizdat.letters.newsletters.drafting import Choice, Draft, draft_of
from tamizdat.letters.tests.conftest import NOON

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
RULE = re.compile(r"[=-]{3,}")


@pytest.mark.parametrize("many", [0, 1, 2])
@pytest.mark.parametrize(("greeting", "signoff"), [*product(["", "Good evening."], ["", "Bye."])])
def test_no_rule_follows_another(newsdesk, friday, room, many, greeting, signoff):
    articles = [newsdesk.article(f"A bridge {n}", published=NOON) for n in range(many)]
    issue = issues.compose(friday, "en", NOON)
    choices = [Choice(article.pk) for article in articles]
    issues.edit(issue, Draft("Two bridges", greeting, signoff, choices))

    text = composing.write_issue(room, issue, NOON.date()).text

    assert len(draft_of(issue).choices) == many
    lines = [line for line in text.splitlines() if line]
    together = [pair for pair in pairwise(lines) if all(map(RULE.fullmatch, pair))]
    assert together == []
