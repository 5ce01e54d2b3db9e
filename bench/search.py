"""The search in a browser: how long an answer takes, what it loads, and what making it needs.

Questions are of one and two words of the archive's own headlines, every third with a slip, in each
language, asked of the edition's own front. An answer is there when its first results are.
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench._archived import HANDFUL, unpublished
from bench._costs import measure
from bench._rows import Row, row
from tamizdat.lib.processes import web_server
from tests.free_ports import free_port

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARTICLES = 100_000
QUESTIONS, SOME = 60, 2  # in each language
LANGUAGES = ("en", "ru", "fa")
MS, KB, MB = 200.0, 100.0, 500.0
LETTERS = 5  # of a word that is asked for, at least
# The browser's own clock: who asks from outside whether it is done, looks every 100 ms.
WATCH = """() => {
  const list = document.querySelector("#found"), started = new Promise(begin => addEventListener(
    "keydown", () => begin(performance.now()), { once: true }))
  window.answered = new Promise(done => new MutationObserver(async () => {
    if (list.ariaBusy == "false") done(performance.now() - await started)
  }).observe(list, { attributes: true }))
}"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question cost the reader, and whether anything was found."""

    ms: float
    kb: float
    requests: int
    found: bool


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` asks a small archive a few questions and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        edition = Path(place) / "edition"
        newsroom = unpublished(Path(place), HANDFUL if smoke else ARTICLES)
        cost = _python("-m", "bench._indexing", str(newsroom), str(edition / "current"))
        answers = _answers(edition, SOME if smoke else QUESTIONS)
    made = [*_rows_of_answers(answers), row("search_index_mb", cost.mb, "MB", MB)]
    made.append(row("search_index_s", cost.seconds, "s"))
    return made


def _python(*arguments: str) -> Any:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_NEWS")}
    return measure((sys.executable, *arguments), ROOT, environment)


def _answers(edition: Path, questions: int) -> list[Answer]:
    with _served(edition) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            return [
                _ask(browser, f"{address}/{language}/search.html", question)
                for language in LANGUAGES
                for question in _questions(edition / "current", language, questions)
            ]
        finally:
            browser.close()


def _questions(current: Path, language: str, number: int) -> list[str]:
    """Return what readers might type: words from headlines of all times, some with a slip."""
    chance = random.Random(language)  # the same questions each time
    cards = sorted((current / language / "search").glob("*/cards-*.json"))
    found = list[str]()
    while len(found) < number:
        headline = chance.choice(json.loads(chance.choice(cards).read_bytes()))[1]
        words = [word for word in headline.split() if word.isalpha() and len(word) >= LETTERS]
        asked = chance.sample(words, min(len(words), 1 + len(found) % 2))
        if asked and len(found) % 3 == 0:
            asked[0] = _with_slip(asked[0], chance)
        if asked:
            found.append(" ".join(asked))
    return found


def _with_slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _ask(browser: Browser, address: str, question: str) -> Answer:
    """Ask with nothing kept from before, as a reader who comes for the first time."""
    page = browser.new_context().new_page()
    page.goto(address)
    seconds = asked(page, question)
    answer = _weighed(page, seconds)
    page.context.close()
    return answer


def asked(page: Page, question: str) -> float:
    """Type a question on the search's page, and return how many seconds its answer took."""
    page.fill("#query", question)
    page.evaluate(WATCH)
    page.press("#query", "Enter")
    took: float = page.evaluate("window.answered")
    return took / 1000


def _weighed(page: Page, seconds: float) -> Answer:
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.name.includes('/search/'))"
        ".map(one => one.encodedBodySize)"
    )
    found = page.locator("#found li").count() > 0
    return Answer(seconds * 1000, sum(loaded) / 1000, len(loaded), found)


@contextmanager
def _served(edition: Path) -> Iterator[str]:
    port = free_port()
    options = ("--interface", "rsgi", "--port", str(port), "tamizdat.press.server.app:app")
    command = (*web_server.COMMAND, *options)
    environment = {**os.environ, "TAMIZDAT_EDITION": str(edition)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as front:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            front.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the front does not answer")


def _rows_of_answers(answers: list[Answer]) -> list[Row]:
    return [
        row("search_p95_ms", _nearly_all(one.ms for one in answers), "ms", MS),
        row("search_query_kb", max(one.kb for one in answers), "KB", KB),
        row("search_query_median_kb", median(one.kb for one in answers), "KB"),
        row("search_requests_p95", _nearly_all(one.requests for one in answers), "files"),
        row("search_found", sum(one.found for one in answers) / len(answers), "share"),
    ]


def _nearly_all(values: Iterator[float]) -> float:
    ordered = sorted(values)
    return ordered[int(0.95 * (len(ordered) - 1))]
