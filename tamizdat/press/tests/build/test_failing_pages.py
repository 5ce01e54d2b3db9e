"""A page that cannot be printed holds up no other, and is printed once it can be."""

import json

import pytest
from django.db import connection

from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tamizdat.press import tasks
from tamizdat.press.actions import mark, publish_waiting
from tamizdat.press.build import rerender_queue
from tamizdat.press.build.failed_jobs import NeededError
from tamizdat.press.models import Change, FailedJob, OutputFile, RerenderJob
from tests.links import dead_ends
from tests.newsdesk import START

LONG = "ж" * 149
FAILING = """{%% extends "tamizdat/press/%s.html" %%}
{%% block main %%}{%% if "%s" in page.%s %%}{{ nothing.of.the.kind }}{%% endif %%}{{ super() }}
{%% endblock %%}"""


@pytest.fixture
def paper(newsdesk, own_newsroom):
    """A newsroom with some articles, in which pages whose title says so cannot be printed."""
    theme = own_newsroom.theme / "press"
    theme.mkdir()
    newsdesk.template = theme / "article.html"
    newsdesk.template.write_text(FAILING % ("article", "Broken", "headline"))
    newsdesk.river = newsdesk.topic("The river")
    newsdesk.verdict = newsdesk.article("Verdict", topics=[newsdesk.river])
    newsdesk.bread = newsdesk.article("Bread", topics=[newsdesk.river])
    newsdesk.publish()
    return newsdesk


def mend(paper):
    paper.template.write_text(paper.template.read_text().replace("Broken", "Never said"))


def retitle(paper, article, title):
    article.title = title
    paper.actions.publish(article)


@pytest.fixture
def sound(edition, own_newsroom):
    """Look that an edition is whole, and leads to nothing that is not there."""

    def sound():
        assert dead_ends(edition.files(), own_newsroom.addresses.edition) == []

    return sound


@pytest.fixture
def told(own_newsroom):
    return lambda: {alert.key: alert for alert in standing(own_newsroom.data)}


def mentions(edition, what):
    return {path for path, raw in edition.output_files().items() if what.encode() in raw}


@pytest.mark.parametrize("full", [False, True])
def test_a_new_article_that_fails_is_absent_and_all_others_are_there(
    paper, edition, sound, told, full
):
    broken = paper.article("Broken thing", topics=[paper.river])
    paper.article("Sound thing", topics=[paper.river])
    paper.publish(full=full)

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert mentions(edition, "Broken thing") == set()
    assert not Change.objects.exists()
    alert = told()[f"print-article-{broken.pk}"]
    assert alert.what == (
        f"The page of article {broken.pk} cannot be printed. Readers do not have it."
    )
    assert "jinja2.exceptions.UndefinedError at" in alert.cause
    assert "Nothing is wrong with the text: see theme/press/article.html, line 2." in alert.do

    tasks.sweep(clock.now())  # leads old articles on to the sound one
    before = edition.files()
    tasks.sweep(clock.now())
    assert edition.files() == before  # tried again: no edition is made of it

    mend(paper)
    tasks.sweep(clock.now())
    sound()
    assert len(mentions(edition, "Broken thing")) > 6  # lists, feeds, search and neighbours, too
    assert told() == {}
    assert not FailedJob.objects.exists()
    before = edition.output_files()
    paper.publish(full=True)
    numbered = {"index.html", "en/index.html", "edition/index.html"}
    numbered |= {f"{language}/index.html" for language in ("ru", "uk", "fa")}
    assert {
        path for path, raw in edition.output_files().items() if before.get(path) != raw
    } <= numbered


def test_an_article_that_fails_after_a_change_stays_as_it_was(paper, edition, sound, told):
    retitle(paper, paper.verdict, "Broken verdict")
    paper.article("Sound thing")
    paper.publish()

    sound()
    assert "Verdict" in edition.page(paper.verdict.place)
    assert "Broken" not in edition.page(paper.verdict.place)
    assert edition.has("en/2026/11/sound-thing.html")
    assert told()[f"print-article-{paper.verdict.pk}"].what.endswith("Readers keep it as it was.")

    retitle(paper, paper.verdict, "Mended verdict")
    paper.publish()
    assert "Mended verdict" in edition.page(paper.verdict.place)
    assert told() == {}


@pytest.mark.parametrize("full", [False, True])
def test_a_takedown_goes_on_though_a_page_that_leads_there_fails(paper, edition, sound, told, full):
    """Rather no page for a while than one with what was taken down."""
    retitle(paper, paper.verdict, "Broken verdict")
    paper.publish()
    assert "Bread" in edition.page(paper.verdict.place)  # under Read more

    paper.actions.withdraw(paper.bread)
    paper.publish(full=full)

    sound()
    assert not edition.has("en/2026/11/bread.html")
    assert mentions(edition, "What Bread means") == set()
    assert "Not found" in edition.page(paper.verdict.place)

    mend(paper)
    tasks.sweep(clock.now())
    assert "Broken verdict" in edition.page(paper.verdict.place)
    assert told() == {}


def test_an_address_that_is_too_long_holds_up_nothing(paper, edition, sound, told):
    long = paper.article("Long", slug="short", topics=[paper.river])
    paper.alter(long, slug=LONG, place=f"en/2026/11/{LONG}.html")
    mark(f"article:{long.pk}")
    paper.article("Sound thing")
    paper.publish(full=True)
    paper.actions.withdraw(paper.bread)
    paper.publish()

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert not edition.has("en/2026/11/bread.html")
    assert mentions(edition, "What Long means") == set()
    assert "too long" in told()[f"print-article-{long.pk}"].why

    paper.alter(long, slug="short", place="en/2026/11/short.html")
    tasks.sweep(clock.now())
    sound()
    assert edition.has("en/2026/11/short.html")
    assert told() == {}


def test_an_edition_that_is_stuck_on_a_long_address_goes_on(paper, edition, sound):
    """As an older version left it: planned, with its jobs, and never printed."""
    path = f"en/2026/11/{LONG}.html"
    long = paper.article("Long", slug="short")
    paper.alter(long, slug=LONG, place=path)
    OutputFile.objects.create(path=path, job=f"article:{long.pk}", language="en", kind="article")
    mark(f"job:article:{long.pk}")

    paper.publish()

    sound()
    assert not OutputFile.objects.filter(path=path).exists()
    assert not Change.objects.exists()


def test_an_address_of_a_list_that_cannot_be_holds_up_nothing(paper, edition, sound, told):
    topic = paper.topic("Long", slug="../topic")
    person = paper.person("Ilse Maran", slug="ilse//maran")
    article = paper.article("Sound thing", topics=[topic], people=[person])
    paper.publish()

    sound()
    assert edition.has(article.place)
    assert set(told()) == {
        f"print-list-topic-en-{topic.pk}-0",
        f"print-list-person-en-{person.pk}-0",
    }


def test_an_article_that_cannot_be_read_holds_up_nothing(paper, edition, sound, told):
    """Its body is not what this program writes: as a hand in the database leaves it."""
    body = json.dumps([{"type": "picture", "value": 7}])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_articlepage SET body = %s WHERE page_ptr_id = %s",
            [body, paper.verdict.pk],
        )
    mark(f"article:{paper.verdict.pk}")
    paper.article("Sound thing")
    paper.publish()
    paper.publish(full=True)

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert "Verdict" in edition.page(paper.verdict.place)
    assert "Sound thing" in edition.page("en/feed.atom.xml")
    assert "desk/published/" in told()[f"print-article-{paper.verdict.pk}"].cause


def test_a_picture_that_lost_a_file_holds_up_only_its_page(paper, edition, sound, told):
    picture = paper.picture()
    lead = {"lead_picture": picture, "lead_alt": "A", "lead_caption": "B"}
    for file in (paper.newsroom.media / "pictures").glob(f"{picture.digest[:20]}-*"):
        file.rename(file.with_suffix(".away"))
    article = paper.article("With a photo", **lead)
    paper.article("Sound thing")
    paper.publish()

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert not edition.has(article.place)
    assert "upload that picture" in told()[f"print-article-{article.pk}"].why

    for file in (paper.newsroom.media / "pictures").glob("*.away"):
        file.rename(file.with_suffix(f".{'webp' if 'webp' in file.name else 'jpg'}"))
    tasks.sweep(clock.now())
    sound()


def test_rerendering_goes_on_past_a_page_that_fails(paper, edition, sound, told, monkeypatch):
    monkeypatch.setattr(rerender_queue, "FEW", 1)
    retitle(paper, paper.verdict, "Broken verdict")
    paper.publish()
    settings = paper.newsroom.folder / "tamizdat.toml"
    settings.write_text(settings.read_text().replace('name = "', 'name = "New ', 1))
    paper.publish()

    sound()
    assert not RerenderJob.objects.exists()
    assert "<title>Bread — New" in edition.page("en/2026/11/bread.html").replace(" · ", " — ")
    assert "New" not in edition.page(paper.verdict.place).partition("<title>")[2][:80]
    assert f"print-article-{paper.verdict.pk}" in told()


def test_what_fails_and_is_taken_down_is_over(paper, edition, told):
    retitle(paper, paper.verdict, "Broken verdict")
    paper.publish()
    paper.actions.withdraw(paper.verdict)
    paper.publish()
    tasks.sweep(clock.now())

    assert not edition.has(paper.verdict.place)
    assert told() == {}
    assert not FailedJob.objects.exists()


def test_of_many_that_fail_some_are_named_and_all_are_tried_again(
    paper, edition, told, monkeypatch
):
    monkeypatch.setattr("tamizdat.press.build.failed_jobs.TOLD", 2)
    monkeypatch.setattr("tamizdat.press.build.failed_jobs.AT_ONCE", 2)
    monkeypatch.setattr("tamizdat.press.build.failed_jobs.FEW_PAGES", 9)
    articles = [paper.article(f"Broken {number}") for number in range(5)]
    paper.publish()
    assert len(told()) == 3
    assert told()["print-more"].what == "3 more pages cannot be printed."

    for article in articles:
        paper.alter(article, title=f"Sound {article.pk}")
    for minute in range(6):
        tasks.sweep(START.replace(minute=minute))

    assert told() == {}
    assert not FailedJob.objects.exists()


def test_a_template_that_keeps_many_away_is_told_once(paper, edition, told):
    for number in range(4):
        paper.article(f"Broken {number}")
    paper.publish()

    (alert,) = told().values()
    assert alert.what == (
        "The newsroom's own template theme/press/article.html, line 2, keeps 4 pages from being "
        "printed."
    )
    assert "The page of article" in alert.do
    mend(paper)
    tasks.sweep(clock.now())
    assert told() == {}


def test_a_front_page_that_never_was_is_waited_for(newsdesk, own_newsroom, told):
    (own_newsroom.theme / "press").mkdir()
    (own_newsroom.theme / "press/front.html").write_text("{{ nothing.of.the.kind }}")
    newsdesk.article("Verdict")

    with pytest.raises(NeededError):
        newsdesk.publish()

    assert not (own_newsroom.edition / "current/en").exists()
    assert Change.objects.exists()
    (own_newsroom.theme / "press/front.html").unlink()
    tasks.sweep(clock.now())
    assert (own_newsroom.edition / "current/en/index.html").exists()


def test_a_front_page_that_fails_later_stays_as_it_was(paper, own_newsroom, edition, sound, told):
    (own_newsroom.theme / "press/front.html").write_text("{{ nothing.of.the.kind }}")
    before = edition.page("en/index.html")
    paper.article("Sound thing")
    paper.publish()

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert edition.page("en/index.html") == before
    assert "print-front-en" in told()


def test_a_part_that_fails_keeps_no_article_from_readers(paper, edition, sound, told, part):
    part.fails = True
    mark(f"part:{part.name}")
    paper.article("Sound thing")
    paper.publish()

    sound()
    assert "Sound thing" in edition.page("en/2026/11/sound-thing.html")
    assert edition.has(part.page)
    assert told()["print-part-test"].what == (
        "What “test” adds to pages cannot be printed. Pages are printed without it."
    )
    part.fails = False
    tasks.sweep(clock.now())
    assert part.said in edition.page("en/2026/11/sound-thing.html")
    assert told() == {}


@pytest.fixture
def part(paper):
    """A part with a page and a fragment, which may fail."""
    from tamizdat.press import parts

    class Test:
        name, page, said, fails = "test", "en/letters/test.html", "Write to us.", False

        def fragment(self, slot, _place):
            return self._made(f"<p>{self.said}</p>" if slot == "newsletter" else "")

        def pages(self):
            page = parts.PartPage(self.page, "en", "Test", "press/part.html", {})
            return self._made([page])

        def _made(self, what):
            if self.fails:
                raise LookupError("a secret")
            return what

    made = Test()
    (paper.newsroom.theme / "press/part.html").write_text("<!doctype html>A page.")
    parts.register(made)
    mark("part:test")
    paper.publish()
    yield made
    del parts._parts["test"]


def test_what_waits_is_published_while_a_page_fails(paper, edition):
    paper.article("Broken thing")
    paper.article("Sound thing")

    assert publish_waiting()
    assert edition.has("en/2026/11/sound-thing.html")


def test_a_disk_that_knows_shorter_names_holds_up_nothing(paper, edition, sound, told, monkeypatch):
    """As one that encrypts names does: 143 bytes."""
    monkeypatch.setattr("os.pathconf", lambda _folder, _what: 143)
    long = paper.article("Long", slug="a" * 140)
    paper.article("Sound thing")
    paper.publish()

    sound()
    assert edition.has("en/2026/11/sound-thing.html")
    assert "too long" in told()[f"print-article-{long.pk}"].why
