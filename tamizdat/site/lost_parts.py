"""Keys and database belong together. Where one of them was lost, that is said at the start.

Nothing is ever made in the place of what was lost: new keys open no address that was sealed to
the old one, and an empty database would be published as an empty edition.
"""

from collections.abc import Callable, Iterator

from django.db import connection

from tamizdat.lib.newsroom import Newsroom, NewsroomError

READER_KEY = "reader.*"


def refuse_lost_database(newsroom: Newsroom) -> None:
    """Refuse to begin with an empty desk's database: a newsroom is founded with a full one.

    Raises:
        NewsroomError: it holds no table.
    """
    if connection.introspection.table_names():
        return
    raise NewsroomError(
        f"The desk's database is empty, but {newsroom.folder} is a newsroom that was founded "
        "with one. Put the database back from its backup, or name the right one in DATABASE_URL. "
        "A new newsroom is made by `tamizdat init`, in a new folder."
    )


def without_reader_key(newsroom: Newsroom) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and what to do, where readers are there and their key is not."""
    if any(newsroom.keys.glob(READER_KEY)):
        return
    if readers := _readers():
        yield (
            f"keys/ holds no reader key, but {readers} readers have addresses sealed to one",
            f"Put them back into {newsroom.keys} from the backup. New ones open no address.",
        )


def say(tell: Callable[[str], None], newsroom: Newsroom) -> None:
    """Tell what was lost, a line each."""
    for what, do in without_reader_key(newsroom):
        tell(f"{what}. {do}")


def _readers() -> int:
    from tamizdat.readers.models import Reader

    return Reader.objects.count()
