"""A till that dies at one point, once: `python -m tamizdat.support.till.tests.mortal PORT`.

The file `data/die-at` names the point; it is deleted first, so that the next till lives.
"""

import os
import signal
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application

from tamizdat.lib import newsroom

POINTS = (
    "before inspecting",
    "after inspecting",
    "after the row",
    "before starting",
    "after starting",
    "after the books",
    "before answering",
)


class Silent(WSGIRequestHandler):
    def log_message(self, *_given):
        pass


def main(port):
    ours = newsroom.load(newsroom.find())
    application = get_wsgi_application()
    waylay(ours)

    def answering(environ, start):
        answer = application(environ, start)
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/pay/"):
            die(ours, "before answering")
        if environ["PATH_INFO"].startswith("/return/"):
            die(ours, "before leading back")
        return answer

    make_server("127.0.0.1", port, answering, handler_class=Silent).serve_forever()


def die(ours, point):
    path = ours.data / "die-at"
    if path.is_file() and path.read_text() == point:
        path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def waylay(ours):
    """Put the points of death around what a payment does."""
    from tamizdat.support.providers.pretend import Pretend
    from tamizdat.support.till import actions

    around(ours, Pretend, "_inspect", "inspecting")
    around(ours, Pretend, "_start", "starting")
    around(ours, actions, "open_attempt", "the row")
    around(ours, actions, "apply_snapshot", "the books")


def around(ours, owner, name, what):
    real = getattr(owner, name)

    def mortal(*given, **named):
        die(ours, f"before {what}")
        result = real(*given, **named)
        die(ours, f"after {what}")
        return result

    setattr(owner, name, mortal)


if __name__ == "__main__":
    main(int(sys.argv[1]))
