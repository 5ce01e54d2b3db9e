"""One article whose text trips what compares or finds articles holds up no other."""

import pytest

from tamizdat.lib.alerts import standing
from tamizdat.press.models import FailedJob
from tamizdat.press.related import exchange
from tamizdat.press.search import index

COUNTERS = {
    "what is compared": (exchange, "profile"),
    "what is searched": (index, "count"),
}


@pytest.fixture
def stumbling(monkeypatch, request):
    """Let one step of the work on texts fail for those that say so."""
    module, name = COUNTERS[request.param]
    work = getattr(module, name)

    def stumble(*said, **more):
        if any("Broken" in str(each) for each in said):
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return work(*said, **more)

    monkeypatch.setattr(module, name, stumble)
    return lambda: monkeypatch.setattr(module, name, work)


@pytest.mark.parametrize("stumbling", COUNTERS, ids=COUNTERS, indirect=True)
@pytest.mark.parametrize("many", [False, True], ids=["related one by one", "related together"])
@pytest.mark.parametrize("full", [False, True], ids=["what changed", "all of it"])
def test_all_others_are_published_and_withdrawn(
    newsdesk, edition, monkeypatch, many, full, stumbling
):
    if many:
        monkeypatch.setattr("tamizdat.press.related.service.FEW", 0)
    gone, kept = newsdesk.article("Gone"), newsdesk.article("Kept")
    newsdesk.publish()
    newsdesk.article("Broken")
    newsdesk.article("Later")
    newsdesk.publish(full=full)
    newsdesk.withdraw("Gone")
    newsdesk.publish(full=full)

    assert edition.has(kept.edition_path())
    assert "Later" in edition.page("en/index.html")
    said = [path for path, raw in edition.output_files().items() if b"What Gone means" in raw]
    assert said == []
    assert not edition.has(gone.edition_path())


@pytest.mark.parametrize("stumbling", ["what is compared"], indirect=True)
def test_the_bad_one_waits_alone_and_comes_once_it_can(newsdesk, edition, stumbling, own_newsroom):
    newsdesk.article("Kept")
    newsdesk.publish()
    broken = newsdesk.article("Broken")
    newsdesk.publish()

    assert list(FailedJob.objects.values_list("job", flat=True)) == [f"article:{broken.pk}"]
    assert f"print-article-{broken.pk}" in {each.key for each in standing(own_newsroom.data)}
    assert "Broken" not in edition.page("en/index.html")

    stumbling()
    newsdesk.publish()
    assert edition.has(broken.edition_path())
    assert not FailedJob.objects.exists()
