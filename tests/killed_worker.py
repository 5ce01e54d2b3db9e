"""A newsroom's worker that is killed at a named point of its letters (tests/forked_stories.py)."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.approved_issue import approve_untested
from tests.forked_stories import Trap, tell_all
from tests.subscribed import subscribe

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


def found(newsroom, relay, readers):
    """Make keys, a newsletter and its subscribers; all letters go to this relay."""
    from tamizdat.letters.actions.newsletters import Words, save
    from tamizdat.readers import keys
    from tamizdat.readers.keys import unattended

    settings = newsroom.folder / "tamizdat.toml"
    mail = f'\n[mail]\nsend = "{relay}"\nfrom_name = "The Sheet"\nfrom_address = "us@example.org"\n'
    settings.write_text(settings.read_text() + mail)
    keys.make(newsroom.keys, PASSPHRASE)
    unattended.rotate(newsroom.keys, NOON)
    save("friday", 4, {"en": Words("The Friday", "The week.", "Every Friday")}, NOON)
    for address in readers:
        subscribe(newsroom, address, NOON)


def begin(_newsroom, number):
    """Send an issue, on a day of its own, and one trial of it."""
    from tamizdat.letters.actions import issues
    from tamizdat.letters.models import Newsletter
    from tamizdat.letters.newsletters.drafting import Draft

    at = day(number)
    issue = issues.compose(Newsletter.objects.get(), "en", at)
    issues.edit(issue, Draft(f"Issue {number}", greeting="Good evening."))
    issue.refresh_from_db()
    issues.try_out(issue, "desk@example.org", at)
    issues.send(approve_untested(issue), at)


def work(newsroom, number, point, passage):
    """Send what waits and close what is done; die at this passage of a point, if it is reached."""
    from tamizdat.letters.actions import finishing
    from tamizdat.letters.delivery import deliver_due
    from tamizdat.letters.keyring import keyring
    from tamizdat.readers import keys

    keyring.hold(keys.unlock_reader(newsroom.keys, PASSPHRASE), datetime.now(UTC))
    if point:
        _Trap(newsroom, point, passage).lay()
    at = day(number)
    for _ in range(3):
        deliver_due(at)
        at += timedelta(minutes=20)
    finishing.finish(at)


def day(number):
    return NOON + timedelta(days=number)


class _Trap(Trap):
    """Knows which letter was in hand in the window."""

    def __init__(self, newsroom, point, passage):
        super().__init__(point, passage)
        self._data, self._letter = newsroom.data, ""

    def lay(self):
        from tamizdat.letters import outbox
        from tamizdat.letters.actions import finishing
        from tamizdat.letters.providers.smtp import Smtp

        self.after(outbox, "take_next", TAKEN)
        self.before(outbox, "leave", SENT)
        self.after(outbox, "leave", LEAVES)
        self.after(Smtp, "_end", ANSWERED)
        self.after(outbox, "_forget_copy", SETTLING)
        self.after(outbox, "settle", SETTLED)
        self.after(finishing, "_finish_issues", FINISHING)
        self.after(finishing, "finish", FINISHED)
        offer = Smtp._offer

        def noting(smtp, line, message):
            self._letter = _named(message.recipient, message.content)
            offer(smtp, line, message)

        Smtp._offer = noting

    def last_words(self, point):
        if point in WINDOW:
            with (self._data / KILLED).open("a") as file:
                file.write(f"{self._letter}\n")


def _named(recipient, content):
    """Return how a letter is called here: its subject and its reader."""
    head = content.partition(b"\r\n\r\n")[0].decode()
    subject = next(line for line in head.split("\r\n") if line.startswith("Subject: "))
    return f"{subject.removeprefix('Subject: ')} to {recipient}"


STORIES = {"found": found, "begin": begin, "work": work}

if __name__ == "__main__":
    tell_all(Path(sys.argv[1]), STORIES)
