"""What is only stale is rendered in the background, while publishing goes on."""

import pytest

from tamizdat.press.actions import publish_soon
from tamizdat.press.build import publication, rerender_queue, retired_pages
from tamizdat.press.models import Change, InvalidatedKey, OutputFile, RerenderJob, RerenderRun
from tamizdat.press.output.tree import Tree
from tamizdat.press.output.verify import faults
from tamizdat.press.rerender import runner
from tamizdat.press.rerender.runner import Rerendering
from tests.links import dead_ends

BREAD = "en/2026/11/bread-by-the-gram.html"
VERDICT = "en/2026/11/verdict-in-the-tram-case.html"


@pytest.fixture
def busy(newsdesk, monkeypatch):
    """A newsroom for which three pages are already too many for an editor to wait for."""
    monkeypatch.setattr(rerender_queue, "FEW", 2)
    monkeypatch.setattr("tamizdat.press.build.invalidation.FEW", 2)
    monkeypatch.setattr(runner, "PORTION", 3)
    monkeypatch.setattr(runner, "BREATH_S", 0)
    newsdesk.courts = newsdesk.section("Courts", slug="courts")
    newsdesk.ilse = newsdesk.person("Ilse Maran", slug="ilse-maran")
    newsdesk.filed = {"section": newsdesk.courts, "people": [newsdesk.ilse]}
    newsdesk.verdict = newsdesk.article("Verdict in the tram case", **newsdesk.filed)
    newsdesk.bread = newsdesk.article("Bread by the gram", **newsdesk.filed)
    for number in range(4):
        newsdesk.article(f"Old news {number}", **newsdesk.filed)
    newsdesk.publish()
    return newsdesk


def rename_the_newsroom(own_newsroom, name="The Evening Sheet"):
    """A new look for every page, noticed by the next publication."""
    file = own_newsroom.folder / "tamizdat.toml"
    said = file.read_text(encoding="utf-8")
    was = said.split('name = "')[1].split('"')[0]
    file.write_text(said.replace(f'name = "{was}"', f'name = "{name}"'), encoding="utf-8")
    Change.objects.create(key="front:en")
    publish_soon()


class Meanwhile(Rerendering):
    """Lets something happen after a run was staged and before it goes in."""

    def __init__(self, newsroom, happens):
        super().__init__(newsroom)
        self.happens = happens

    def _take_in(self, staged, jobs):
        happens, self.happens = self.happens, lambda: None
        happens()
        return super()._take_in(staged, jobs)


def whole(edition, own_newsroom):
    return faults(edition.root) + dead_ends(edition.files(), own_newsroom.addresses.edition)


def test_a_new_look_keeps_nobody_waiting(busy, edition, own_newsroom):
    before = edition.page(BREAD)

    rename_the_newsroom(own_newsroom)

    assert "The Evening Sheet" in edition.page("en/index.html")
    assert edition.page(BREAD) == before
    assert RerenderJob.objects.filter(job=f"article:{busy.bread.pk}").exists()
    assert whole(edition, own_newsroom) == []


def test_behind_the_scenes_every_page_gets_it(busy, edition, own_newsroom):
    rename_the_newsroom(own_newsroom)
    told = []

    assert Rerendering(own_newsroom, on_progress=lambda *said: told.append(said)).carry_out()

    behind = [path for path, raw in edition.files().items() if b"The Test Sheet" in raw]
    assert [path for path in behind if not path.endswith("/about.html")] == []  # its own words
    assert told[-1][0] == told[-1][1] > 6
    assert not RerenderJob.objects.exists()
    assert not RerenderRun.objects.exists()
    assert not InvalidatedKey.objects.exists()
    assert whole(edition, own_newsroom) == []
    assert busy.publish(full=True).written == 0


def test_an_article_that_is_published_meanwhile_is_out_before_them(busy, edition, own_newsroom):
    rename_the_newsroom(own_newsroom)
    seen = []

    def publish():
        busy.article("Ferry strike ends", **busy.filed)
        publish_soon()
        seen.append(edition.has("en/2026/11/ferry-strike-ends.html"))
        seen.append("The Test Sheet" in edition.page("fa/archive/index.html"))

    Meanwhile(own_newsroom, publish).carry_out()

    assert seen == [True, True]
    assert "The Evening Sheet" in edition.page(VERDICT)
    assert "Ferry strike ends" in edition.page("en/section/courts.html")
    assert whole(edition, own_newsroom) == []
    assert busy.publish(full=True).written == 0


def test_a_correction_is_never_taken_back_by_what_was_printed_before(busy, edition, own_newsroom):
    rename_the_newsroom(own_newsroom)
    read = []

    def correct():
        from tests.newsdesk import START

        busy.actions.correct(busy.bread, "It was Tuesday.", at=START)
        publish_soon()
        read.append("It was Tuesday." in edition.page(BREAD))

    rerendering = Meanwhile(own_newsroom, correct)
    rerendering._on_progress = lambda *_: read.append("It was Tuesday." in edition.page(BREAD))
    rerendering.carry_out()

    assert len(read) > 2
    assert all(read)
    assert busy.publish(full=True).written == 0


def test_what_was_withdrawn_meanwhile_is_linked_by_nothing(busy, edition, own_newsroom):
    text = f'<p><a linktype="page" id="{busy.bread.pk}">loaf</a></p>'
    linking = busy.article("Links to it", text=text, **busy.filed)
    busy.publish()
    rename_the_newsroom(own_newsroom)
    dead = []

    def withdraw():
        busy.actions.withdraw(busy.bread)
        publish_soon()
        dead.extend(whole(edition, own_newsroom))

    one = Meanwhile(own_newsroom, withdraw)
    one._on_progress = lambda *_: dead.extend(whole(edition, own_newsroom))
    one.carry_out()

    assert dead == []
    assert not edition.has(BREAD)
    assert "loaf" in edition.page(linking.place)
    assert [path for path, raw in edition.files().items() if b"Bread by the gram" in raw] == []


def test_a_look_that_changes_again_is_printed_once_more(busy, edition, own_newsroom):
    rename_the_newsroom(own_newsroom)

    Meanwhile(
        own_newsroom, lambda: rename_the_newsroom(own_newsroom, "The Night Sheet")
    ).carry_out()

    files = edition.files()
    assert [path for path, raw in files.items() if b"The Evening Sheet" in raw] == []
    assert "The Night Sheet" in edition.page(VERDICT)


def test_a_section_that_moved_is_retired_until_no_page_leads_to_it(busy, edition, own_newsroom):
    busy.courts.name, busy.courts.slug = "Justice", "justice"
    busy.courts.save()
    publish_soon()

    assert "Justice" in edition.page("en/section/justice.html")
    assert edition.has("en/section/courts.html")
    assert "section/courts.html" in edition.page(BREAD)
    assert whole(edition, own_newsroom) == []

    Rerendering(own_newsroom).carry_out()

    assert not edition.has("en/section/courts.html")
    assert "section/justice.html" in edition.page(BREAD)
    assert [path for path, raw in edition.files().items() if b">Courts<" in raw] == []
    assert whole(edition, own_newsroom) == []


def test_a_retired_page_leads_to_nothing_that_is_gone(busy, edition, own_newsroom):
    busy.courts.name, busy.courts.slug = "Justice", "justice"
    busy.courts.save()
    publish_soon()
    assert "Bread by the gram" in edition.page("en/section/courts.html")

    busy.actions.withdraw(busy.bread)
    publish_soon()

    assert edition.has("en/section/courts.html")
    assert whole(edition, own_newsroom) == []
    assert [path for path, raw in edition.files().items() if b"Bread by the gram" in raw] == []


def test_a_long_list_that_moves_is_left_to_work(busy, edition, own_newsroom, monkeypatch):
    monkeypatch.setattr(publication, "LARGE", 3)
    busy.courts.slug = "justice"
    busy.courts.save()

    assert publish_soon()

    assert not edition.has("en/section/justice.html")
    assert Change.objects.filter(background=True).exists()
    busy.publish()
    assert edition.has("en/section/justice.html")
    assert not edition.has("en/section/courts.html")


def test_other_languages_or_a_new_program_are_left_to_work(
    busy, edition, own_newsroom, monkeypatch
):
    monkeypatch.setattr("tamizdat.press.build.site_fingerprint.__version__", "99.0")
    busy.article("Ferry strike ends", **busy.filed)

    assert publish_soon()

    assert edition.has("en/2026/11/ferry-strike-ends.html")
    assert Change.objects.filter(background=True, key="all:").exists()
    busy.publish()
    assert not Change.objects.exists()
    assert not RerenderJob.objects.exists()
    assert whole(edition, own_newsroom) == []


def test_one_process_renders_again(busy, own_newsroom):
    rename_the_newsroom(own_newsroom)

    with runner.Staging(own_newsroom.edition).locked() as ours:
        assert ours
        assert not Rerendering(own_newsroom).carry_out()

    assert RerenderJob.objects.exists()


def test_pages_of_the_dead_are_swept(busy, edition, own_newsroom):
    rename_the_newsroom(own_newsroom)
    staging = own_newsroom.edition / ".ahead"
    staging.mkdir(exist_ok=True)
    (staging / "1-1").write_bytes(b"half a pa")

    busy.publish()

    assert list(staging.iterdir()) == []
    assert "The Evening Sheet" in edition.page(BREAD)


def test_editors_never_wait_while_pages_are_printed(busy, own_newsroom, monkeypatch):
    rename_the_newsroom(own_newsroom)
    free, render_all = [], runner.workers.render_all

    def look():
        with Tree(own_newsroom.edition).locked(wait=False) as ours:
            free.append(ours)

    def render_and_look(*jobs, background=False):
        if background:
            look()
        render_all(*jobs, background=background)
        if background:
            look()

    monkeypatch.setattr(runner.workers, "render_all", render_and_look)
    Meanwhile(own_newsroom, look).carry_out()

    assert len(free) >= 3
    assert all(free)


def test_pictures_of_pages_that_wait_stay(busy, edition, own_newsroom):
    picture = busy.picture()
    shown = {"lead_picture": picture, "lead_caption": "The quay.", "lead_alt": "A quay at dawn."}
    article = busy.article("With a picture", **shown)
    busy.publish()
    pictures = set(OutputFile.objects.filter(kind="picture").values_list("path", flat=True))
    rename_the_newsroom(own_newsroom)
    busy.article("One more", **busy.filed)

    publish_soon()

    assert RerenderJob.objects.filter(job=f"article:{article.pk}").exists(), "it waits no more"
    assert pictures
    assert pictures <= edition.files().keys()
    assert whole(edition, own_newsroom) == []
    assert retired_pages.due_for_removal(Tree(own_newsroom.edition)) == set()
