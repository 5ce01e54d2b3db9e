"""The page of a language's search. A subject is a language."""

from tamizdat.lib import paths
from tamizdat.press.content import lists
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import ListEntry
from tamizdat.press.pages import metadata
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.view_models import SearchPage
from tamizdat.press.search import analysis
from tamizdat.press.search import index as shards


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the search stands; it stands even while there is nothing to be found."""
    there = subject in repository.newsroom.languages
    return [OutputPath(paths.search(subject), subject, "search")] if there else []


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the page. It changes when a shard is begun or given up, not with each article."""
    links = run.links(paths.search(subject))
    of = lists.SEARCH + subject
    links.dependencies.add(f"list:{of}")
    others = (language for language in run.newsroom.languages if language != subject)
    about = About(
        "search",
        subject,
        run.theme.text("Search", subject),
        translations=tuple((language, paths.search(language)) for language in others),
    )
    index = {
        "rules": analysis.rules(subject),
        "cards": shards.A_CARDS_FILE,
        "shards": _shards(of),
    }
    shown = SearchPage(frame=layout(run, about, links), index=metadata.script(index))
    return Rendered([page(run, shown, links)]).note([links])


def _shards(of: str) -> list[int]:
    """Return the numbers of a language's shards, newest first."""
    pages = ListEntry.objects.filter(list=of).order_by("-page")
    return list(pages.values_list("page", flat=True).distinct())
