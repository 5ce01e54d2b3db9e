"""A demonstration newsroom that runs, and a browser that walks through it."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tamizdat.letters.admin import key_state
from tamizdat.lib.newsroom import Newsroom, load
from tamizdat.site.demo import making
from tests.demonstration import copied, printed_anew
from tests.free_ports import free_ports

OPEN_WITHIN_S = 240
CHROMIUM = "/usr/bin/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class House:
    """A newsroom that is served, and what a person at its keyboard can do."""

    newsroom: Newsroom
    process: subprocess.Popen | None
    rounds: subprocess.Popen | None = None

    @property
    def edition(self) -> str:
        return self.newsroom.addresses.edition

    @property
    def desk(self) -> str:
        return self.newsroom.addresses.desk

    def command(self, *words: str, expect: int = 0) -> str:
        """Run the command line in this newsroom and return what it prints."""
        run = subprocess.run(
            [sys.executable, "-m", "tamizdat.site", "--newsroom", self.newsroom.folder, *words],
            capture_output=True,
            check=False,
            text=True,
            timeout=300,
        )
        assert run.returncode == expect, run.stderr
        return run.stdout + run.stderr

    def work(self) -> None:
        """Do one round of what needs no visitor, now instead of within the minute."""
        if self.rounds is None:
            command = (sys.executable, "-m", "tests.journeys.rounds", str(self.newsroom.folder))
            self.rounds = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        self.rounds.stdin.write("\n")
        self.rounds.stdin.flush()
        assert self.rounds.stdout.readline() == "\n", "a round failed"

    def close(self) -> None:
        """Stop everything that was started."""
        if self.rounds is not None:
            with self.rounds:
                self.rounds.stdin.close()
        if self.process is not None:
            with self.process:
                self.process.send_signal(signal.SIGTERM)
                self.process.wait(timeout=20)

    def unlock(self) -> None:
        """Unlock the reader key, as an editor does; the worker then does what is due."""
        assert key_state.unlock(self.newsroom, making.PASSPHRASE).is_open

    def wait_for(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is true that the worker does."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until
            time.sleep(0.1)

    def letters(self) -> list[Path]:
        """Return the letters in the mailbox on screen, oldest first."""
        box = self.newsroom.data / "mailbox"
        return sorted(box.glob("**/*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def rows(self, table: str) -> int:
        """Return how many rows a table of the desk has."""
        with closing(sqlite3.connect(self.newsroom.data / "desk.sqlite3")) as database:
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    """Serve the demonstration newsroom, as `make demo` does; or visit the one in TAMIZDAT_HOUSE."""
    if running := os.environ.get("TAMIZDAT_HOUSE"):
        visited = House(load(running), None)
        yield visited
        visited.close()
        return
    folder, port = tmp_path_factory.mktemp("house") / "demo", free_ports(4)
    printed_anew(copied(folder, port))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.site", "demo", str(port), "--folder", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    patience = threading.Timer(OPEN_WITHIN_S, process.terminate)
    patience.start()
    for line in process.stdout:
        if "Ctrl+C" in line:
            break
    else:
        pytest.fail("the demonstration newsroom did not open")
    patience.cancel()
    served = House(load(folder), process)
    yield served
    served.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody with a browser: what they ask for, and what is left in it."""

    context: BrowserContext
    page: Page
    asked: list[str] = field(default_factory=list)

    def hosts(self) -> set[str]:
        """Return every origin that the browser asked for anything."""
        return {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in self.asked}

    def cookies(self) -> list[str]:
        return [cookie["name"] for cookie in self.context.cookies()]


@pytest.fixture
def visit(browser):
    """Open a browser of one's own: `visit(javascript=False, scheme="dark", width=360)`."""
    opened = []

    def _visit(*, javascript=True, scheme="light", width=1280, **options) -> Visitor:
        context = browser.new_context(
            java_script_enabled=javascript,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            **options,
        )
        opened.append(context)
        visitor = Visitor(context, context.new_page())
        context.on("request", lambda request: visitor.asked.append(request.url))
        visitor.page.set_default_timeout(15_000)
        return visitor

    yield _visit
    for context in opened:
        context.close()


@pytest.fixture
def editor(visit, house) -> Visitor:
    """An editor who has signed in at the desk."""
    address, password = making.EDITOR
    visitor = visit()
    visitor.page.goto(f"{house.desk}/desk/")
    visitor.page.locator("input[name=login]").fill(address)
    visitor.page.locator("input[name=password]").fill(password)
    visitor.page.locator("form button[type=submit]").first.click()
    visitor.page.wait_for_url(re.compile(r"/desk/$"))
    return visitor
