"""A till that is killed at a named point of a payment or of its sweep (tests/forked_stories.py).

What it answers to a reader is in `data/answer.json`; nothing is there if it was killed.
"""

import json
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from tests.forked_stories import Trap, tell_all

ANSWER = "answer.json"
PAYING = {
    "before the card is looked at": ("before", "Pretend", "_inspect"),
    "after the row, before the service is asked": ("after", "actions", "open_attempt"),
    "after the charge, before the books": ("after", "Pretend", "_start"),
    "in the middle of the books": ("before", "actions", "_write_charges"),
    "after the books, before the answer": ("after", "actions", "apply_snapshot"),
}
SWEEPING = {
    "in a sweep, before the service is asked": ("before", "Pretend", "_call"),
    "in a sweep, after the service answered": ("after", "Pretend", "_call"),
    "in a sweep, in the middle of the books": ("before", "actions", "_write_charges"),
    "in a sweep, after the books": ("after", "actions", "apply_snapshot"),
    "in a sweep, after it is noted how far they are": ("after", "actions", "keep_cursor"),
}


def begin(newsroom, interval):
    """Begin a contribution, as the counter does; the answer is the path of its payment page."""
    from tamizdat.lib import clock
    from tamizdat.lib.money import Money
    from tamizdat.support.till import drafts, sealed

    draft = drafts.begin(Money(500, "EUR"), interval, "en", clock.now())
    _say(newsroom, status=200, path=f"/pay/{sealed.seal(draft, 'pay', newsroom.keys)}", text="")


def ask(newsroom, method, path, body, point):
    """Answer one request of a giver's browser, or die in the midst of it."""
    from tamizdat.site.wsgi import application

    _lay(PAYING, point)
    said = []
    content = body.encode()
    answer = application(
        {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8003", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(content),
            "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": False,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(content)), "HTTP_HOST": "127.0.0.1:8003",
        },
        lambda status, headers, _error=None: said.append((status, dict(headers))),
    )  # fmt: skip
    text = b"".join(answer).decode()
    status, headers = said[0]
    _say(newsroom, status=int(status[:3]), path=headers.get("Location", ""), text=text)


def sweep(_newsroom, point, passage):
    """Compare the books with the service, as `work` does each minute."""
    from tamizdat.lib import clock
    from tamizdat.support.till import tasks

    _lay(SWEEPING, point, passage)
    tasks.sweep(clock.now() + timedelta(minutes=11))


def ask_to_stop(_newsroom, token):
    """Have the wish to stop written; the service is told by the sweep."""
    from tamizdat.support.till import actions
    from tamizdat.support.tokens import digest

    actions.ask_to_stop(digest(token))


def _lay(points, point, passage=1):
    if not point:
        return
    from tamizdat.support.providers.pretend import Pretend
    from tamizdat.support.till import actions

    when, owner, name = points[point]
    trap = Trap(point, passage)
    getattr(trap, when)({"Pretend": Pretend, "actions": actions}[owner], name, point)


def _say(newsroom, **answer):
    (newsroom.data / ANSWER).write_text(json.dumps(answer))


STORIES = {"begin": begin, "ask": ask, "sweep": sweep, "ask_to_stop": ask_to_stop}

if __name__ == "__main__":
    tell_all(Path(sys.argv[1]), STORIES, "till")
