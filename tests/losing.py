"""A role whose database is lost at one point, once: `python -m tests.losing ROLE [PORT]`.

The file `data/lose-at` names the point. There the process says that it is `reached`, waits until
somebody has killed the database server and says `lost`, and goes on.
"""

import os
import sys
import time
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

BEGINNING = "while it begins"
POINTS = {
    BEGINNING: "work",
    "before the submission": "counter",
    "after the submission": "counter",
    "in its effect": "work",
    "after its effect": "work",
    "after the letter was taken": "work",
    "after the letter was handed over": "work",
    "before the row": "till",
    "after the row": "till",
    "after the charge": "till",
    "after the books": "till",
}
HANDED_OVER = "handed-over"  # a line for each time that a letter went to the mailbox


class Silent(WSGIRequestHandler):
    def log_message(self, *_given):
        pass


def main(role, port=0):
    if role == "work":
        work()
        return
    from tamizdat.site.databases import database_watch
    from tamizdat.site.wsgi import application  # first: it makes Django ready

    {"counter": waylay_counter, "till": waylay_till}[role]()
    database_watch.begin()
    make_server("127.0.0.1", port, application, handler_class=Silent).serve_forever()


def work():
    """Run the command `tamizdat work` itself."""
    from tamizdat.site import boot as booting
    from tamizdat.site.command import main as command

    real = booting.boot

    def boot(*given, **named):
        newsroom = real(*given, **named)
        waylay_work(newsroom)
        return newsroom

    booting.boot = boot
    sys.argv = ["tamizdat", "work"]
    command()


def data():
    return Path(os.environ["TAMIZDAT_NEWSROOM"]) / "data"


def lose(point):
    wanted = data() / "lose-at"
    if not wanted.is_file() or wanted.read_text() != point:
        return
    wanted.unlink()
    (data() / "reached").touch()
    lost = data() / "lost"
    while not lost.exists():
        time.sleep(0.01)
    lost.unlink()


def around(owner, name, *, before="", after=""):
    """Put points of loss around a function; it is a point only where something was found."""
    real = getattr(owner, name)

    def losing(*given, **named):
        lose(before)
        result = real(*given, **named)
        if result is not None or name in ("_insert", "apply_snapshot"):
            lose(after)
        return result

    setattr(owner, name, losing)


def waylay_counter():
    from tamizdat.readers.counter import submissions

    around(submissions, "_insert", before="before the submission", after="after the submission")


def waylay_work(newsroom):
    from tamizdat.letters import outbox
    from tamizdat.letters.providers.mailbox import Mailbox
    from tamizdat.readers.submissions import collecting, registry
    from tamizdat.site.databases import migrating

    real_handler, real_hand_over = registry.handler, Mailbox._hand_over

    def handler(kind):
        act = real_handler(kind)

        def acting(submission, at):
            act(submission, at)
            lose("in its effect")

        return acting

    def hand_over(mailbox, message, leaving):
        real_hand_over(mailbox, message, leaving)
        with (newsroom.data / HANDED_OVER).open("a") as file:
            file.write(f"{message.message_id}\n")
        lose("after the letter was handed over")

    registry.handler, Mailbox._hand_over = handler, hand_over
    around(migrating, "migrate_one", before=BEGINNING)
    around(collecting, "_clear_away", before="after its effect")
    around(outbox, "take_next", after="after the letter was taken")


def waylay_till():
    from tamizdat.support.providers.pretend import Pretend
    from tamizdat.support.till import actions

    around(actions, "open_attempt", before="before the row", after="after the row")
    around(Pretend, "_start", after="after the charge")
    around(actions, "apply_snapshot", after="after the books")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
