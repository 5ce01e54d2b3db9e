"""The page of a language's search. A subject is a language."""

from tamizdat.lib import paths
from tamizdat.press import schema, shelf
from tamizdat.press.frames import About, frame
from tamizdat.press.models import Shelf
from tamizdat.press.pages import SearchPage
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, page
from tamizdat.press.search import shard, words


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where the search stands; it stands even while there is nothing to be found."""
    there = subject in reading.newsroom.languages
    return [Address(paths.search(subject), subject, "search")] if there else []


def make(run: Run, subject: str) -> Printed | None:
    """Return the page. It changes when a shard is begun or given up, not with each article."""
    links = run.links(paths.search(subject))
    of = shelf.SEARCH + subject
    links.needs.add(f"list:{of}")
    others = (language for language in run.newsroom.languages if language != subject)
    about = About(
        "search",
        subject,
        run.theme.text("Search", subject),
        translations=tuple((language, paths.search(language)) for language in others),
    )
    index = {
        "rules": words.rules(subject),
        "cards": shard.A_CARDS_FILE,
        "shards": _shards(of),
    }
    shown = SearchPage(frame=frame(run, about, links), index=schema.script(index))
    return Printed([page(run, shown, links)]).note([links])


def _shards(of: str) -> list[int]:
    """Return the numbers of a language's shards, newest first."""
    pages = Shelf.objects.filter(list=of).order_by("-page")
    return list(pages.values_list("page", flat=True).distinct())
