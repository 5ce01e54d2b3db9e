import pytest
from django.core.exceptions import ValidationError

from tamizdat.desk.tests.test_articles import publish, read


def lacking(article):
    with pytest.raises(ValidationError) as refusal:
        publish(article)
    assert read(article) is None
    return " ".join(refusal.value.messages)


def test_an_article_needs_a_section(draft):
    draft.section = None
    assert "no section" in lacking(draft)


@pytest.mark.parametrize(
    ("field", "says"), [("lead_caption", "no caption"), ("lead_alt", "no alt text")]
)
def test_a_lead_photo_without_words_is_refused_by_name(draft, bridge, field, says):
    draft.lead_picture, draft.lead_caption, draft.lead_alt = bridge, "A bridge.", "A bridge."
    setattr(draft, field, "  ")

    assert f"The lead photo “The bridge” has {says}" in lacking(draft)


def test_a_photo_without_credit_is_refused_by_name(draft, bridge):
    bridge.credit = ""
    bridge.save()
    draft.lead_picture, draft.lead_caption, draft.lead_alt = bridge, "A bridge.", "A bridge."

    assert "“The bridge” has no credit" in lacking(draft)


def test_a_picture_in_the_text_needs_its_words_too(draft, bridge):
    from tamizdat.desk import writing

    draft.body = [writing.picture(bridge.pk, "", "A bridge.")]
    assert "The picture in the text “The bridge” has no caption" in lacking(draft)


def test_a_still_needs_its_words_too(draft, bridge):
    from tamizdat.desk import writing

    still = writing.picture(bridge.pk, "A still.", "")
    draft.body = [writing.embed("https://example.org/v", "A film", "Example", still)]
    assert "The still “The bridge” has no alt text" in lacking(draft)


def test_a_draft_may_lack_them_all(draft, bridge):
    draft.section, draft.lead_picture = None, bridge
    draft.save_revision()

    assert draft.get_latest_revision().as_object().lead_picture == bridge


def test_what_came_from_elsewhere_goes_out_with_its_gaps(desk, bridge):
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage
    from tamizdat.lib import clock

    old = ArticlePage(title="Old", lead_picture=bridge, imported=True)
    bring_in(old, "en", published=clock.now())

    assert read(old).card.lead.alt == ""
