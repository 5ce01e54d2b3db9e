"""A newsroom of its own, with nothing but a desk and an editor who uploads pictures there."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import requests

from bench._costs import MB, family, held
from tests.free_ports import free_ports

ROOT = Path(__file__).parents[1]
ADDRESS, PASSWORD = "uploads@example.org", "seven slow copper kettles"
PATIENCE_S = 120
SETTINGS = """
[newsroom]
name = "The Picture Sheet"
languages = ["en"]
demonstration = true

[addresses]
edition = "http://127.0.0.1:{0}"
counter = "http://127.0.0.1:{1}"
desk = "http://127.0.0.1:{2}"
till = "http://127.0.0.1:{3}"
"""
FOUND = """
from pathlib import Path
from tamizdat.site.boot import boot
from tests.databases import OnSqlite
newsroom = boot(Path({0!r}))
OnSqlite().of_its_own(newsroom.folder)
from tamizdat.desk.actions.newsroom import lay_out
from tamizdat.desk.accounts.actions.staff import create_user
lay_out(newsroom)
create_user({1!r}, "Ines Orlet", {2!r}, "editor")
"""


@dataclass
class Desk:
    """A served desk, in which an editor has signed in."""

    address: str
    process: int
    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        """Sign in; the demonstration asks for no second step."""
        self.browser.get(f"{self.address}/account/login/", timeout=PATIENCE_S)
        self._post("/account/login/", {"login": ADDRESS, "password": PASSWORD})

    def upload(self, name: str, data: bytes, title: str = "A picture") -> requests.Response:
        """Send the desk's own form for one picture and return its answer."""
        return self._post(
            "/desk/images/add/",
            {"title": title, "credit": "A. Holm", "collection": "1"},
            {"file": (name, data)},
        )

    def seconds_for(self, path: str) -> float:
        """Open one of the desk's pages and return how long that took."""
        started = time.perf_counter()
        self.browser.get(f"{self.address}{path}", timeout=PATIENCE_S).raise_for_status()
        return time.perf_counter() - started

    def megabytes(self) -> float:
        """Return what the desk's server and all that it started hold now.

        Of what processes share each counts its part. `tamizdat serve` itself and the worker, which
        it starts beside the server, are left out: they decode nothing.
        """
        return sum(held(process) for process in family(self._server())) / MB

    def _server(self) -> int:
        """Return the process that listens at the desk's address."""
        listens = f"--port {urlsplit(self.address).port} "
        started = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return next(int(each) for each in started if listens in _command(each))

    def _post(
        self, path: str, form: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None
    ) -> requests.Response:
        token = self.browser.cookies["csrftoken"]
        return self.browser.post(
            f"{self.address}{path}",
            {**form, "csrfmiddlewaretoken": token},
            files=files,
            allow_redirects=False,
            timeout=PATIENCE_S,
        )


def _command(process: str) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


class Watch:
    """Looks, while a block runs, how much the desk holds and how long another page takes."""

    def __init__(self, desk: Desk) -> None:
        self.most_mb = 0.0
        self.slowest_s = 0.0
        self._desk = desk
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._weigh), threading.Thread(target=self._read)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _weigh(self) -> None:
        while not self._over.wait(0.02):
            self.most_mb = max(self.most_mb, self._desk.megabytes())

    def _read(self) -> None:
        while not self._over.wait(0.5):
            started = time.perf_counter()
            self._desk.browser.get(f"{self._desk.address}/account/login/", timeout=PATIENCE_S)
            self.slowest_s = max(self.slowest_s, time.perf_counter() - started)


def send_all(desk: Desk, files: Mapping[str, bytes], at_once: int) -> dict[str, requests.Response]:
    """Upload files, so many at once, and return the desk's answers."""
    with ThreadPoolExecutor(at_once) as senders:
        answers = {
            name: senders.submit(desk.upload, name, data, f"About {name}")
            for name, data in files.items()
        }
    return {name: answer.result() for name, answer in answers.items()}


def is_taken(answer: requests.Response) -> bool:
    """Return whether a picture was kept: the desk leads on to the list."""
    return answer.status_code == requests.codes.found


def told(answer: requests.Response) -> str:
    """Return what the form says under its field for the file, "" if nothing."""
    found = re.search(r'<p class="error-message">\s*([^<]+?)\s*</p>', answer.text)
    return found[1] if found else ""


@contextmanager
def served(folder: Path, port: int | None = None) -> Iterator[Desk]:
    """Found a newsroom in an empty folder and serve its desk as `tamizdat serve` does."""
    first = port or free_ports(4)
    (folder / "tamizdat.toml").write_text(SETTINGS.format(*range(first, first + 4)))
    for name in ("data", "media", "edition", "theme", "keys"):
        (folder / name).mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    found = FOUND.format(str(folder), ADDRESS, PASSWORD)
    subprocess.run((sys.executable, "-c", found), cwd=ROOT, env=kept, check=True)
    serve = ("-m", "tamizdat.site", "--newsroom", str(folder), "serve", "--role", "desk")
    running = subprocess.Popen(
        (sys.executable, *serve), cwd=ROOT, env=kept, stdout=subprocess.DEVNULL
    )
    try:
        desk = Desk(f"http://127.0.0.1:{first + 2}", running.pid)
        _wait(running, desk)
        yield desk
    finally:
        running.terminate()
        running.wait(20)


def _wait(running: "subprocess.Popen[bytes]", desk: Desk) -> None:
    until = time.monotonic() + PATIENCE_S
    while running.poll() is None and time.monotonic() < until:
        with suppress(requests.ConnectionError):
            desk.sign_in()
            return
        time.sleep(0.1)
    raise RuntimeError("the desk did not open")
