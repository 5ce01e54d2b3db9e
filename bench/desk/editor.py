"""An editor at the desk, as far as a browser tells the desk; and a reader who waits."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Self
from urllib.parse import urlsplit

import requests

from bench.desk.house import House

ADDRESS, PASSWORD = "bench@example.org", "seven slow copper kettles"
PATIENCE_S = 600
LOOK_EVERY_S = 0.005
Form = Iterable[tuple[str, str]]


class RefusedError(Exception):
    """The desk did not do what was asked of it."""


class Editor:
    """Somebody who has signed in, with a second step."""

    def __init__(self, house: House, code: str) -> None:
        self.house = house
        self._browser = requests.Session()
        self._browser.get(f"{house.desk}/account/login/", timeout=PATIENCE_S)
        self.send("/account/login/", [("login", ADDRESS), ("password", PASSWORD)])
        self.send("/account/2fa/authenticate/", [("code", code)])
        self.seconds_for("/desk/")

    def send(self, path: str, form: Form) -> str:
        """Press a button and return where the desk leads on; the form is taken, or it raises.

        Raises:
            RefusedError: the form came back, with something to put right.
        """
        token = self._browser.cookies["csrftoken"]
        answer = self._browser.post(
            f"{self.house.desk}{path}",
            [*form, ("csrfmiddlewaretoken", token)],
            allow_redirects=False,
            timeout=PATIENCE_S,
        )
        if answer.status_code != requests.codes.found:
            raise RefusedError(f"{path}: {answer.status_code}")
        return urlsplit(answer.headers["Location"]).path

    def seconds_for(self, path: str) -> float:
        """Open one of the desk's pages and return how long that took."""
        started = time.perf_counter()
        answer = self._browser.get(
            f"{self.house.desk}{path}", allow_redirects=False, timeout=PATIENCE_S
        )
        if answer.status_code != requests.codes.ok:
            raise RefusedError(f"{path}: {answer.status_code}")
        return time.perf_counter() - started


class Reader:
    """Asks the front for one page, again and again, until it is as it should be."""

    def __init__(self, address: str, satisfied: Callable[[requests.Response], bool]) -> None:
        self._address, self._satisfied = address, satisfied
        self._thread = threading.Thread(target=self._look)
        self.satisfied_at = float("inf")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._thread.join(PATIENCE_S)

    def _look(self) -> None:
        browser, until = requests.Session(), time.perf_counter() + PATIENCE_S
        while time.perf_counter() < until:
            if self._satisfied(browser.get(self._address, timeout=PATIENCE_S)):
                self.satisfied_at = time.perf_counter()
                return
            time.sleep(LOOK_EVERY_S)
