"""A newsroom's worker that is killed at a named point: `python -m tests.killed_worker FOLDER`.

One process starts Django and forks a child for each line on stdin: the name of a story and its
arguments in JSON. It answers with how the child ended: "done", or "killed" by itself.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSPHRASE = "a passphrase for the tests"
# Points of the way of a letter, in its order; the last two are of an issue.
TAKEN = "after it is taken"
SENT = "after all of it but its end is sent"
LEAVES = "after the note that it leaves"
ANSWERED = "after the relay has it, before the note"
SETTLING = "in the middle of the note"
SETTLED = "after the note"
FINISHING = "in the middle of closing an issue"
FINISHED = "after an issue is closed"
POINTS = (TAKEN, SENT, LEAVES, ANSWERED, SETTLING, SETTLED, FINISHING, FINISHED)
WINDOW = (LEAVES, ANSWERED, SETTLING)  # where only the relay knows: a letter is repeated once
KILLED = "killed-at"  # a line in `data/` for each kill in the window: subject and recipient


def main(folder):
    from tamizdat.site.boot import boot

    newsroom = boot(folder)
    from django.db import connections

    for line in sys.stdin:
        story, *arguments = json.loads(line)
        connections.close_all()
        ended = _in_child(lambda story=story, given=arguments: STORIES[story](newsroom, *given))
        sys.stdout.write(
            {0: "done", -signal.SIGKILL: "killed"}.get(ended, f"failed {ended}") + "\n"
        )
        sys.stdout.flush()


def _in_child(work):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def found(newsroom, relay, readers):
    """Make keys, a newsletter and its subscribers; all letters go to this relay."""
    from tamizdat.letters.actions.newsletters import Words, save
    from tamizdat.readers import keys, unattended

    settings = newsroom.folder / "tamizdat.toml"
    mail = f'\n[mail]\nsend = "{relay}"\nfrom_name = "The Sheet"\nfrom_address = "us@example.org"\n'
    settings.write_text(settings.read_text() + mail)
    keys.make(newsroom.keys, PASSPHRASE)
    unattended.rotate(newsroom.keys, NOON)
    save("friday", 4, {"en": Words("The Friday", "The week.", "Every Friday")}, NOON)
    for address in readers:
        _subscribe(newsroom, address)


def _subscribe(newsroom, address):
    from tamizdat.readers import keys
    from tamizdat.readers.models import Reader, Subscription
    from tamizdat.readers.sealing import seal
    from tamizdat.readers.tokens import digest, token

    key = uuid4()
    reader = Reader.objects.create(sealed=seal(address, keys.reader_public(newsroom.keys)))
    Subscription.objects.create(
        reader=reader, key=key, newsletter="friday", language="en",
        leave_token=digest(token(newsroom.keys, "leave", key.hex)), consent_version="1.0",
        consent_sha256="0" * 64, consent_day=NOON.date(), confirmed_day=NOON.date(),
    )  # fmt: skip


def begin(_newsroom, number):
    """Send an issue, on a day of its own, and one trial of it."""
    from tamizdat.letters.actions import issues
    from tamizdat.letters.models import Newsletter

    at = day(number)
    issue = issues.compose(Newsletter.objects.get(), "en", at)
    issues.edit(issue, issues.Draft(f"Issue {number}", greeting="Good evening."))
    issue.refresh_from_db()
    issues.try_out(issue, "desk@example.org", at)
    issues.approve(issue)
    issues.send(issue, at)


def work(newsroom, number, point, passage):
    """Send what waits and close what is done; die at this passage of a point, if it is reached."""
    from tamizdat.letters.actions import finishing
    from tamizdat.letters.delivery import deliver_due
    from tamizdat.letters.keyring import keyring
    from tamizdat.readers import keys

    keyring.hold(keys.unlock_reader(newsroom.keys, PASSPHRASE), datetime.now(UTC))
    if point:
        Trap(newsroom, point, passage).lay()
    at = day(number)
    for _ in range(3):
        deliver_due(at)
        at += timedelta(minutes=20)
    finishing.finish(at)


def day(number):
    return NOON + timedelta(days=number)


class Trap:
    """Kills this process when it passes a point for the so manieth time."""

    def __init__(self, newsroom, point, passage):
        self._data, self._point, self._left = newsroom.data, point, passage
        self._letter = ""

    def lay(self):
        from tamizdat.letters import outbox
        from tamizdat.letters.actions import finishing
        from tamizdat.letters.providers.smtp import Smtp

        self._after(outbox, "take_next", TAKEN)
        self._before(outbox, "leave", SENT)
        self._after(outbox, "leave", LEAVES)
        self._after(Smtp, "_end", ANSWERED)
        self._after(outbox, "_forget_copy", SETTLING)
        self._after(outbox, "settle", SETTLED)
        self._after(finishing, "_finish_issues", FINISHING)
        self._after(finishing, "finish", FINISHED)
        offer = Smtp._offer

        def noting(smtp, line, message):
            self._letter = _named(message.recipient, message.content)
            offer(smtp, line, message)

        Smtp._offer = noting

    def _before(self, owner, name, point):
        real = getattr(owner, name)

        def trapped(*given, **named):
            self._pass(point)
            return real(*given, **named)

        setattr(owner, name, trapped)

    def _after(self, owner, name, point):
        real = getattr(owner, name)

        def trapped(*given, **named):
            result = real(*given, **named)
            self._pass(point)
            return result

        setattr(owner, name, trapped)

    def _pass(self, point):
        if point != self._point:
            return
        self._left -= 1
        if self._left:
            return
        if point in WINDOW:
            with (self._data / KILLED).open("a") as file:
                file.write(f"{self._letter}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def _named(recipient, content):
    """Return how a letter is called here: its subject and its reader."""
    head = content.partition(b"\r\n\r\n")[0].decode()
    subject = next(line for line in head.split("\r\n") if line.startswith("Subject: "))
    return f"{subject.removeprefix('Subject: ')} to {recipient}"


STORIES = {"found": found, "begin": begin, "work": work}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
