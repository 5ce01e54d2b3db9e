"""The databases of a test run: migrated once, kept in .cache, copied for every process.

To migrate takes ten seconds, and makes the same until a migration, a model or a version changes.
TAMIZDAT_TEST_DATABASE=postgresql runs the tests on a PostgreSQL server of their own.
`python -m tests.databases` makes those of both kinds now, so that no test has to wait for them.
"""

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tamizdat.lib.newsroom import SETTINGS_FILE, load
from tamizdat.site.boot import boot
from tests.postgres import Server

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".cache/test-databases"
NAMES = {"default": "desk", "counter": "counter", "till": "till"}  # alias -> file or database
FOLDERS = ("data", "media", "edition", "keys", "theme")
ALSO_DECIDE = (
    "tests/newsroom/tamizdat.toml",
    "tamizdat/site/databases/settings.py",
    "tests/databases.py",
)
STALE_S = 7 * 86400


def chosen() -> "Databases":
    """Return what TAMIZDAT_TEST_DATABASE names: "sqlite" (the default) or "postgresql"."""
    kinds = {"sqlite": OnSqlite, "postgresql": OnPostgresql}
    return kinds[os.environ.get("TAMIZDAT_TEST_DATABASE") or "sqlite"]()


class Databases(ABC):
    """What the tests run on. `settings` are the lines that name it in a newsroom's settings."""

    settings = ""

    @abstractmethod
    def keep(self) -> Path:
        """Return what is kept for the program as it is; made first where it is not there."""

    @abstractmethod
    def provide(self) -> None:
        """Make the databases of the run's newsroom, migrated and empty."""

    @abstractmethod
    def renew(self) -> None:
        """Put the databases of the run's newsroom back as `provide` made them."""

    @abstractmethod
    def of_its_own(self, folder: Path) -> None:
        """Give a newsroom's folder databases of its own, migrated and empty."""

    @abstractmethod
    def copy(self, alias: str, folder: Path) -> None:
        """Copy one of the run's databases, as committed, to a newsroom with its own."""

    @abstractmethod
    def rows(self, alias: str, folder: Path, sql: str, *values: object) -> list[tuple]:
        """Read the database of a newsroom with its own."""

    @abstractmethod
    def change(self, alias: str, folder: Path, sql: str, *values: object) -> None:
        """Change the database of a newsroom with its own."""

    @abstractmethod
    def remove(self) -> None:
        """Leave nothing behind."""


class OnSqlite(Databases):
    """Files in `data/`."""

    def keep(self) -> Path:
        return _kept("sqlite", self._make)

    def provide(self) -> None:
        from django.conf import settings

        self.of_its_own(settings.NEWSROOM.folder)

    def renew(self) -> None:
        from django.conf import settings

        for name in NAMES.values():
            for beside in ("-wal", "-shm"):  # what they hold is of the file that goes
                path = settings.NEWSROOM.folder / f"data/{name}.sqlite3{beside}"
                path.unlink(missing_ok=True)
        self.provide()

    def of_its_own(self, folder: Path) -> None:
        _copy_files(self.keep(), folder / "data")

    def copy(self, alias: str, folder: Path) -> None:
        from django.db import connections

        target = self._file(alias, folder)
        target.unlink(missing_ok=True)
        with closing(connections[alias].cursor()) as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])

    def rows(self, alias: str, folder: Path, sql: str, *values: object) -> list[tuple]:
        address = f"file:{self._file(alias, folder)}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def change(self, alias: str, folder: Path, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self._file(alias, folder))) as connection, connection:
            connection.execute(sql, values)

    def remove(self) -> None:
        """They go with the newsroom."""

    def _file(self, alias: str, folder: Path) -> Path:
        return folder / "data" / f"{NAMES[alias]}.sqlite3"

    def _make(self, place: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            _migrate(Path(folder), self.settings)
            place.mkdir()
            _copy_files(Path(folder) / "data", place)


class OnPostgresql(Databases):
    """Databases of one server, which this process starts and stops."""

    def __init__(self, *, keeps: bool = False) -> None:
        self.server = Server(keeps=keeps)
        self._made = 0
        self.settings = self._settings("")

    def keep(self) -> Path:
        return _kept("postgresql.tar.gz", self._make)

    def provide(self) -> None:
        self.server.unpack(self.keep())
        self.server.start()

    def renew(self) -> None:
        for name in NAMES.values():
            self.server.run(f"DROP DATABASE {name} WITH (FORCE)")
            self.server.run(f"CREATE DATABASE {name} TEMPLATE {name}_empty")

    def of_its_own(self, folder: Path) -> None:
        self._made += 1
        suffix = f"_{self._made}"
        for name in NAMES.values():
            self.server.run(f"CREATE DATABASE {name}{suffix} TEMPLATE {name}_empty")
        path = folder / SETTINGS_FILE
        text = path.read_text(encoding="utf-8").replace(self.settings, "")
        path.write_text(text + self._settings(suffix), encoding="utf-8")

    def copy(self, alias: str, folder: Path) -> None:
        from django.db import connections

        own = load(folder).databases[alias].rpartition("/")[2]
        connections[alias].close()  # what is copied must not be in use
        self.server.run(f"DROP DATABASE {own}")
        self.server.run(f"CREATE DATABASE {own} TEMPLATE {NAMES[alias]}")

    def rows(self, alias: str, folder: Path, sql: str, *values: object) -> list[tuple]:
        with psycopg.connect(load(folder).databases[alias]) as connection:
            return connection.execute(sql.replace("?", "%s"), values).fetchall()

    def change(self, alias: str, folder: Path, sql: str, *values: object) -> None:
        with psycopg.connect(load(folder).databases[alias]) as connection:
            connection.execute(sql.replace("?", "%s"), values)

    def remove(self) -> None:
        self.server.remove()

    def _settings(self, suffix: str) -> str:
        lines = [f'{a} = "{self.server.address(name + suffix)}"' for a, name in NAMES.items()]
        return "\n".join(["\n[databases]", *lines, ""])

    def _make(self, place: Path) -> None:
        self.server.lay_out()
        self.server.start()
        for name in NAMES.values():
            self.server.run(f"CREATE DATABASE {name}")
        with tempfile.TemporaryDirectory() as folder:
            _migrate(Path(folder), self.settings)
        for name in NAMES.values():
            self.server.run(f"CREATE DATABASE {name}_empty TEMPLATE {name}")
        self.server.stop("fast")
        self.server.pack(place)


@contextmanager
def migrated_server(*, keeps: bool = False) -> Iterator[Server]:
    """Start a server of its own with the three databases, migrated and empty; remove it at last."""
    own = OnPostgresql(keeps=keeps)
    try:
        own.provide()
        yield own.server
    finally:
        own.remove()


def keep_all() -> None:
    """Make what is kept of both kinds, from a newsroom that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        _lay(Path(folder))
        boot(Path(folder))
        for kind in (OnSqlite(), OnPostgresql()):
            kind.keep()
            kind.remove()


def _lay(folder: Path, settings: str = "") -> None:
    text = (ROOT / "tests/newsroom" / SETTINGS_FILE).read_text(encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(text + settings, encoding="utf-8")
    for name in FOLDERS:
        (folder / name).mkdir()


def _migrate(folder: Path, settings: str) -> None:
    """Migrate a newsroom in a folder, in a process of its own, which nothing has touched."""
    _lay(folder, settings)
    code = f"from tamizdat.site.boot import boot, migrate; boot(Path({str(folder)!r})); migrate()"
    command = [sys.executable, "-c", f"from pathlib import Path; {code}"]
    subprocess.run(command, check=True, cwd=ROOT)


def _copy_files(source: Path, target: Path) -> None:
    for name in NAMES.values():
        shutil.copy(source / f"{name}.sqlite3", target)


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return what is kept under a name for the program as it is; one process makes it."""
    folder = KEPT / _digest()
    folder.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            _forget_old(folder)
            fresh = folder / f"{name}.{os.getpid()}"
            make(fresh)
            fresh.rename(folder / name)
    return folder / name


def _forget_old(current: Path) -> None:
    newest = current.stat().st_mtime
    for folder in KEPT.iterdir():
        if folder.is_dir() and newest - folder.stat().st_mtime > STALE_S:
            shutil.rmtree(folder, ignore_errors=True)


def _digest() -> str:
    """Return a digest of all that decides what migrating makes."""
    versions = [sys.version, sqlite3.sqlite_version]
    versions += [f"{name} {importlib.metadata.version(name)}" for name in ("django", "wagtail")]
    whole = hashlib.sha256("\n".join(versions).encode())
    for path in _deciding():
        place = "/".join(path.parts[-3:])  # not where this checkout lies
        whole.update(f"\n{place}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def _deciding() -> Iterator[Path]:
    from django.apps import apps

    yield from (ROOT / name for name in ALSO_DECIDE)
    yield from sorted({Path(sys.modules[m.__module__].__file__) for m in apps.get_models()})
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("migrations/*.py"))


if __name__ == "__main__":
    keep_all()
