"""A reader who never stops: `python -m tests.soak.reading_reader ADDRESS`, until SIGTERM.

Fetches pages and what they link to from the edition's front. Exit 1, and says why, at a torn page,
at a dead link, or when an edition comes that is older than one that was there before.
"""

import http.client
import random
import re
import signal
import sys
import time
from urllib.parse import urlsplit

from tests.links import links_of

BEGIN = ("/", "/en/", "/edition/", "/en/archive/")
BREATH_S = 0.03  # or the reader would take a whole core from those who publish
AGAIN = 4  # times a page that changed under the reader's hands is fetched anew
NUMBER = re.compile(rb'"number":(\d+)')


class Reader:
    """Reads over one connection, as a browser does."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._line = http.client.HTTPConnection(self._host, timeout=30)
        self._newest = 0
        self.fetched = 0

    def fault(self, path: str) -> str:
        """Read a page and one of its links, and return what is wrong, "" for nothing."""
        step_back = self._step_back()
        status, page = self._get(path)
        if step_back or status != http.client.OK:
            return step_back or f"{path} answers {status}"
        if not page.rstrip().endswith(b"</html>"):
            return f"{path} is torn"
        links = links_of(path.lstrip("/"), page)
        return self._follow(path, random.choice(links)) if links else ""

    def _step_back(self) -> str:
        _, raw = self._get("/edition/manifest.json")
        found = NUMBER.search(raw)
        number = int(found[1]) if found else -1
        if number < self._newest:
            return f"edition {number} came after {self._newest}"
        self._newest = number
        return ""

    def _follow(self, path: str, link: str) -> str:
        """Follow a link; it is dead if a page that did not change meanwhile still has it."""
        before = b""
        for _ in range(AGAIN):
            status, target = self._get(f"/{link}")
            if status == http.client.OK:
                torn = link.endswith(".html") and not target.rstrip().endswith(b"</html>")
                return f"/{link} is torn" if torn else ""
            _, page = self._get(path)
            if link not in links_of(path.lstrip("/"), page):
                return ""  # it went, and the page with it
            if page == before:
                return f"{path} leads to {link}, which answers {status}"
            before = page
        return ""

    def _get(self, path: str) -> tuple[int, bytes]:
        self._line.request("GET", path)
        answer = self._line.getresponse()
        self.fetched += 1
        return answer.status, answer.read()


def main(address: str) -> int:
    """Read until told to stop."""
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    reader = Reader(address)
    while not stop:
        for path in BEGIN:
            if fault := reader.fault(path):
                sys.stdout.write(f"a reader: {fault}\n")
                return 1
            time.sleep(BREATH_S)
    sys.stdout.write(f"a reader fetched {reader.fetched} files\n")
    return 0 if reader.fetched else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
