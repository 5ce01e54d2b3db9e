"""Publish, correct, unpublish and withdraw at a served desk: `python -m bench.desk.working DIR N`.

Writes, as JSON, what each of the N of a kind took: seconds from the press of the button until a
reader has it from the front, CPU seconds of all the newsroom's processes, and files written.
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from bench.desk import editor as editors
from bench.desk.editor import Editor, Reader
from bench.desk.house import House, served
from tamizdat.press.output import manifest
from tamizdat.site.boot import boot

COUNTED = 5  # publications whose files are counted: that reads the whole edition
PUBLISH = ("action-publish", "action-publish")
WORDS = "<p>One of many words.</p>" * 150
Done = dict[str, float]
Satisfied = Callable[[requests.Response], bool]


def main(newsroom: Path, times: int) -> None:
    """Do each so many times, and print what they cost."""
    boot(newsroom)
    with served(newsroom) as house:
        editor = Editor(house, _let_in())
        linked = _much_linked(3 * times)
        publish(editor, -1)  # the first opens connections and reads templates
        costs = {
            "publish": [publish(editor, n, newsroom) for n in range(times)],
            "correct": [correct(editor, number) for number in linked[:times]],
            "unpublish": [take_away(editor, n, "unpublish") for n in linked[times : 2 * times]],
            "withdraw": [take_away(editor, n, "delete") for n in linked[2 * times :]],
        }
    print(json.dumps(costs))


def publish(editor: Editor, number: int, newsroom: Path | None = None) -> Done:
    """Write a draft in the form, then press "Publish" there."""
    from bench.desk.form import sent
    from tamizdat.desk.models import ArticlePage
    from tamizdat.lib import paths

    headline = f"Measured at the desk {time.time_ns()}"
    write = f"/desk/pages/add/desk/articlepage/{_article_index()}/"
    page = int(re.findall(r"\d+", editor.send(write, sent(_draft(headline))))[0])
    draft = ArticlePage.objects.get(pk=page)
    counted = newsroom if 0 <= number < COUNTED else None
    before = _inodes(counted)
    done = _timed(
        editor,
        f"/desk/pages/{page}/edit/",
        [*sent(draft), PUBLISH],
        paths.article("en", datetime.now(UTC), draft.slug),
        lambda answer: answer.ok and headline in answer.text,
    )
    return done | _written(before, _inodes(counted)) if counted else done


def correct(editor: Editor, number: int) -> Done:
    """Add a correction to an article in its form and publish that."""
    from bench.desk.form import sent
    from tamizdat.desk.models import ArticlePage

    article = ArticlePage.objects.get(pk=number)
    said = f"It was otherwise {time.time_ns()}."
    form = sent(article, [(datetime.now(UTC), said)])
    return _timed(
        editor,
        f"/desk/pages/{number}/edit/",
        [*form, PUBLISH],
        article.place or "",
        lambda answer: answer.ok and said in answer.text,
    )


def take_away(editor: Editor, number: int, verb: str) -> Done:
    """Unpublish an article, or delete it for good."""
    from tamizdat.desk.models import ArticlePage

    place = ArticlePage.objects.get(pk=number).place or ""
    return _timed(
        editor,
        f"/desk/pages/{number}/{verb}/",
        [],
        place,
        lambda answer: answer.status_code == requests.codes.not_found,
    )


def _timed(editor: Editor, path: str, form: Any, place: str, satisfied: Satisfied) -> Done:
    from tamizdat.press.models import Edition

    house: House = editor.house
    cpu = house.cpu_s()
    with Reader(f"{house.edition}/{place}", satisfied) as reader:
        time.sleep(0.05)
        started = time.perf_counter()
        editor.send(path, form)
        answered = time.perf_counter()
    spent = house.cpu_s() - cpu
    last = Edition.objects.all()[0]
    return {
        "s": reader.satisfied_at - started,
        "cpu_s": spent,
        "answered_s": answered - started,
        "press_s": last.seconds,
        "leaves": last.written,
    }


def _let_in() -> str:
    """Let an editor in, with an authenticator app; return what it shows now."""
    from allauth.mfa.totp.internal import auth
    from django.contrib.auth.models import User

    from tamizdat.desk.accounts.actions.staff import create_user

    User.objects.filter(username=editors.ADDRESS).delete()
    user = create_user(editors.ADDRESS, "Bench Editor", editors.PASSWORD, "editor")
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    shown: str = auth.format_hotp_value(auth.hotp_value(secret, counter))
    return shown


def _article_index() -> int:
    from tamizdat.desk.models import ArticleIndex

    return int(ArticleIndex.objects.get(locale__language_code="en").pk)


def _draft(headline: str) -> Any:
    """Return an article like the archive's newest, with its topics and its picture."""
    from tamizdat.desk.models import ArticlePage, Byline

    english = ArticlePage.objects.filter(locale__language_code="en", live=True)
    like = english.exclude(lead_picture=None).exclude(title__startswith="Measured").latest("pk")
    draft = ArticlePage(
        title=headline,
        standfirst="What one more article costs.",
        section=like.section,
        lead_picture=like.lead_picture,
        lead_alt="A scene.",
        lead_caption="A scene.",
        body=[("text", WORDS)],
    )
    draft.topics = like.topics.all()
    draft.bylines = [Byline(person=b.person, role=b.role) for b in like.bylines.all()]
    return draft


def _much_linked(count: int) -> list[int]:
    """Return old articles to which most others link, in their texts or in Read more."""
    from django.db.models import Count, Q

    from tamizdat.desk.models import ArticlePage
    from tamizdat.press.models import Dependency

    english = ArticlePage.objects.filter(locale__language_code="en", live=True)
    oldest = english.order_by("first_published_at").values_list("pk", flat=True)
    old = set(oldest[: max(len(oldest) // 3, count)])
    shown = Dependency.objects.filter(Q(key__startswith="card:") & Q(job__startswith="article:"))
    ranked = shown.values("key").annotate(times=Count("job")).order_by("-times", "key")
    numbers = (int(row["key"].removeprefix("card:")) for row in ranked.iterator())
    found = [number for number in numbers if number in old]
    return found[:count]


def _inodes(newsroom: Path | None) -> dict[str, int]:
    """Return every file of the edition with its inode; one that was written has another one."""
    if newsroom is None:
        return {}
    root = (newsroom / "edition" / "current").resolve()
    return dict(_walk(str(root), ""))


def _walk(folder: str, within: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{within}{entry.name}/")
            else:
                yield within + entry.name, entry.inode()


def _written(before: dict[str, int], after: dict[str, int]) -> Done:
    """Count what was written; bins of the manifest go with what they were written for."""
    paths = {path for path, inode in after.items() if before.get(path) != inode}
    own = {path for path in paths if manifest.is_own(path)}
    search = {path for path in paths - own if "/search/" in path}
    pictures = {path for path in paths - own if path.startswith("pictures/")}
    for_search = {manifest.bin_path(manifest.bin_of(path)) for path in search}
    pages = paths - own - search - pictures
    for_pages = {manifest.bin_path(manifest.bin_of(path)) for path in pages}
    only_search = (own & for_search) - for_pages
    return {
        "files": len(pages) + len(own - only_search),
        "search_files": len(search) + len(only_search),
        "picture_files": len(pictures),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
