"""Kill a publisher in the middle, many times, while readers read: `python -m … FOLDER ROUNDS SEED`.

One process starts Django and forks; a child edits and publishes, another gives the newsroom a new
name and renders every page again in the background, until both are killed by signal 9 at a random
moment. After each death the edition must be whole as it is, and after the next
publication it must agree with the books. Exit 0: it always did. Any fault is printed, exit 1.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tamizdat.lib.processes import web_server
from tamizdat.press.output.verify import faults
from tamizdat.site.boot import boot
from tests.free_ports import free_port
from tests.links import dead_ends

LONGEST_LIFE_S = 1.2
FULL_EVERY = 5  # rounds, about: then everything is printed anew and must be the same
# Workers of a re-rendering process that was killed end with the portion they are at, and let others
# go first till then. So long the next one leaves re-rendering to them.
ORPHANS_LIVE_S = 20
FEW = 2  # pages that go with an edition; more are rendered again in the background
PORTION = 3


def main(folder: Path, rounds: int, seed: int) -> int:
    """Kill so many publishers and say what was found."""
    newsroom = boot(folder)
    _make_everything_large()
    chance = random.Random(seed)
    found = _in_child(_first_edition)
    front, reader = _open(newsroom.edition)
    killed = 0
    while killed < rounds and not found:
        seeds = chance.random(), chance.random()
        publishers = [
            _fork(partial(_edit_for_ever, seeds[0])),
            _fork(partial(_rerender_for_ever, folder, seeds[1])),
        ]
        time.sleep(chance.random() * LONGEST_LIFE_S)
        died = [_kill(publisher) for publisher in publishers]
        killed += len(died)
        found = _say([] if set(died) == {-signal.SIGKILL} else ["a publisher failed by itself"])
        found = (
            found
            or _whole(newsroom.edition)
            or _in_child(partial(_settled, full=chance.randrange(FULL_EVERY) == 0))
        )
    found = _close(front, reader) or found
    sys.stdout.write(f"seed {seed}: {killed} killed\n")
    return 1 if found else 0


def _make_everything_large() -> None:
    """Have a dozen pages treated as if they were a hundred thousand."""
    from tamizdat.press.build import invalidation, rerender_queue, workers
    from tamizdat.press.rerender import runner

    rerender_queue.FEW = invalidation.FEW = FEW
    workers.MANY, workers.PORTION = 1, PORTION
    runner.PORTION = PORTION
    runner.BREATH_S = 0.001


def _kill(process: int) -> int:
    os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _fork(work: Callable[[], object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = 1 if work() else 0
    except BaseException:  # noqa: BLE001  a child must say why it ends, whatever it is
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _in_child(work: Callable[[], object]) -> bool:
    """Do something with the database in a process of its own; return whether it failed."""
    return os.waitpid(_fork(work), 0)[1] != 0


def _first_edition() -> None:
    from tamizdat.press.actions import publish
    from tests.newsdesk import NewsDesk

    desk = _desk()
    assert isinstance(desk, NewsDesk)
    for number in range(8):
        desk.article(f"Story {number}")
    publish()


def _desk() -> object:
    from django.conf import settings

    from tests.newsdesk import NewsDesk

    return NewsDesk(settings.NEWSROOM)


def _edit_for_ever(seed: float) -> None:
    from django.db import transaction

    from tamizdat.desk import models
    from tamizdat.desk.actions import articles

    chance = random.Random(seed)
    while True:
        every = list(models.ArticlePage.objects.order_by("pk"))
        article = chance.choice(every)
        if chance.random() < 0.1:
            section = models.Section.objects.order_by("pk")[0]
            section.name = section.slug = f"news-{chance.randrange(1000)}"
            with transaction.atomic():  # as the desk's own forms do: the change is noted with it
                section.save()
        if article.live and chance.random() < 0.3:
            articles.withdraw(article)
            continue
        article.title = f"Story {article.pk}, edited {chance.randrange(1000)} times"
        articles.publish(article)


def _rerender_for_ever(folder: Path, seed: float) -> None:
    from tamizdat.press.actions import publish

    chance = random.Random(seed)
    settings, fresh = folder / "tamizdat.toml", folder / "fresh.toml"
    while True:
        said = settings.read_text(encoding="utf-8")
        name = f'name = "The Sheet, look {chance.randrange(1000)}"'
        fresh.write_text(re.sub('name = ".*"', name, said, count=1), encoding="utf-8")
        fresh.replace(settings)
        publish()


def _settled(*, full: bool) -> bool:
    """Publish what the dead left, and return whether books and edition disagree."""
    from tamizdat.press.actions import publish
    from tamizdat.press.models import Change, OutputFile, RerenderJob
    from tamizdat.press.output.tree import Tree

    result, until = publish(), time.monotonic() + ORPHANS_LIVE_S
    while RerenderJob.objects.exists() and time.monotonic() < until:
        time.sleep(0.1)
        result = publish()
    tree = Tree(result.edition.parent)
    booked = dict(OutputFile.objects.exclude(kind="picture").values_list("path", "sha256"))
    wrong = [path for path, said in booked.items() if _hash(tree, path) != said]
    wrong += _whole_list(tree.folder)
    wrong += ["changes wait"] if Change.objects.exists() else []
    wrong += ["re-render jobs wait"] if RerenderJob.objects.exists() else []
    wrong += ["the trees differ"] if _files(tree.folder / "a") != _files(tree.folder / "b") else []
    before = _files(tree.current)
    if full:
        publish(full=True)
    after = _files(tree.current)
    wrong += [f"printed anew, {path} differs" for path in after if before.get(path) != after[path]]
    return _say(wrong)


def _hash(tree: object, path: str) -> str:
    from tamizdat.press.output.manifest import entry
    from tamizdat.press.output.tree import Tree

    assert isinstance(tree, Tree)
    raw = tree.read(path)
    return entry(raw).sha256 if raw is not None else "missing"


def _whole(edition: Path) -> bool:
    return _say(_whole_list(edition))


def _whole_list(edition: Path) -> list[str]:
    files = _files(edition / "current")
    return faults(edition / "current") + dead_ends(files, "http://127.0.0.1:8000")


def _files(root: Path) -> dict[str, bytes]:
    root = root.resolve()
    return {
        str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()
    }


def _say(wrong: list[str]) -> bool:
    for what in wrong[:10]:
        sys.stdout.write(f"{what}\n")
    return bool(wrong)


def _open(edition: Path) -> tuple["subprocess.Popen[bytes]", "subprocess.Popen[bytes]"]:
    """Open the edition's front and send a reader there."""
    port = free_port()
    options = ("--interface", "rsgi", "--port", str(port), "tamizdat.press.server.app:app")
    serve = (*web_server.COMMAND, *options)
    told = os.environ | {"TAMIZDAT_EDITION": str(edition)}
    front = subprocess.Popen(serve, env=told, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    address = f"http://127.0.0.1:{port}"
    return front, subprocess.Popen((sys.executable, "-m", "tests.soak.reading_reader", address))


def _close(front: "subprocess.Popen[bytes]", reader: "subprocess.Popen[bytes]") -> bool:
    """Send the reader home, and return whether they found fault."""
    reader.terminate()
    failed = reader.wait(30) != 0
    front.terminate()
    front.wait(30)
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
