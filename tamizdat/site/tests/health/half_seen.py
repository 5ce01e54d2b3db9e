"""What `doctor --watch` says of each pair of faults of which the second may hide the first.

`python -m tamizdat.site.tests.health.half_seen FOLDER all` breaks the newsroom in that folder, a
pair at a time, and prints what was said: a process of its own, for which the modes of files count.
`some` in place of `all` takes every fourth of what was wrong at first.
"""

import json
import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.site.boot import boot

EVERY = {"all": 1, "some": 4}


@contextmanager
def instead(path, content):
    """A file that holds something else, or with None is not there."""
    kept, mode = (path.read_bytes(), path.stat().st_mode) if path.exists() else (None, 0o600)
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    yield
    path.unlink(missing_ok=True)
    if kept is not None:
        path.write_bytes(kept)
        path.chmod(mode)


@contextmanager
def closed(path, mode=0):
    was = path.stat().st_mode
    path.chmod(mode)
    yield
    path.chmod(was)


@contextmanager
def stands(folder, key):
    alerts.raise_alert(folder / "data", Alert(key, f"The {key} fails.", do="See it."), clock.now())
    yield
    alerts.clear(folder / "data", key)


@contextmanager
def with_file(path, mode=0o600):
    path.touch()
    path.chmod(mode)
    yield
    path.unlink()


@contextmanager
def old_unattended_key(folder):
    from tamizdat.readers.keys import unattended

    before = set((folder / "keys/unattended").iterdir())
    unattended.rotate(folder / "keys", clock.now() - timedelta(hours=60))
    yield
    for path in set((folder / "keys/unattended").iterdir()) - before:
        path.unlink()


def firsts(folder):
    """Yield what was wrong at first, each with what a newsroom calls it."""
    data, keys = folder / "data", folder / "keys"
    for name in ("counter", "till"):
        yield f"the {name}'s database is lost", instead(data / f"{name}.sqlite3", b"")
        yield f"the {name}'s database is not there", instead(data / f"{name}.sqlite3", None)
        yield f"the {name}'s database is damaged", instead(data / f"{name}.sqlite3", b"x" * 5000)
    for name in ("letters.key", "reader.public", "django.key"):
        yield f"the key {name} is missing", instead(keys / name, None)
        yield f"the key {name} is damaged", instead(keys / name, b"x")
    yield "an unattended key is over", old_unattended_key(folder)
    yield "others read a key", with_file(keys / "note.txt", 0o644)
    yield "others read an unattended key", with_file(keys / "unattended/note.txt", 0o644)
    yield "a file is not ours", with_file(keys / "unattended/note.txt", 0)
    for key in ("mail-relay", "process-work", "key-letters-key", "database-counter-away"):
        yield f"an alert stands: {key}", stands(folder, key)


def seconds(folder):
    """Yield what may hide it, each with what a newsroom calls it."""
    data, keys = folder / "data", folder / "keys"
    for path in (data, data / "alerts", keys, keys / "unattended", data / "counter.sqlite3"):
        if path.exists():
            yield f"{path.relative_to(folder)} is closed", closed(path)
    yield "data/alerts is half closed", closed(data / "alerts", 0o400)
    for key in ("mail-relay", "process-work", "key-letters-key"):
        path = data / f"alerts/{key}.json"
        if path.exists():
            yield f"{path.name} is closed", closed(path)
            yield f"{path.name} is torn", instead(path, b"{")


def main(folder, which):
    newsroom = boot(folder)
    from django.conf import settings
    from django.db import connections

    from tamizdat.site.databases.settings import make_no_file
    from tamizdat.site.health import examine, unanswered
    from tamizdat.site.health.changes import changes, joined

    def look(before):
        found = examine(newsroom)
        connections.close_all()
        return joined(found, unanswered(found), before)

    make_no_file(settings.DATABASES)
    well = look([])
    said = []
    for first, begins in islice(firsts(folder), 0, None, EVERY[which]):
        with begins:
            before = look(well)
            begun = [each.finding.what for each in changes(well, before) if each.begins]
            for second, hides in seconds(folder):
                with hides:
                    hidden = look(before)
                over = [each.finding.what for each in changes(before, hidden) if not each.begins]
                seen = [each.finding.what for each in changes(before, hidden) if each.begins]
                said.append([first, second, begun, seen, over])
                again = list(changes(before, look(hidden)))
                assert not again, (first, second, again)
        after = list(changes(well, look(before)))
        assert not after, (first, after)
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    os.umask(0o077)
    main(Path(sys.argv[1]), sys.argv[2])
