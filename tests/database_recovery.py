"""How soon each role is back when its database is: `python -m tests.database_recovery`.

A newsroom is served as in production. Its PostgreSQL server is killed, stays away and is started
again; then it is stopped where it stands and goes on. For each role it prints the seconds from the
server's first answer to the role's first answer that needs the database; for the edition, which
needs none, how long it takes to answer at that moment.
"""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests import without_pytest

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LEAVE = f"/en/leave/{TOKEN}"
LOOK_EVERY_S, PATIENCE_S = 0.05, 120
SUBMISSION = (
    "INSERT INTO counter_envelope (id, kind, day, payload) "
    """VALUES (gen_random_uuid(), 'leave', current_date, '{"token": "planted"}')"""
)
WAITING = "SELECT count(*) FROM counter_envelope WHERE payload LIKE '%planted%'"


def measured(sheet, away_s, lose, bring_back):
    """Lose the server for so long, and return how soon each role was back."""
    page = _pay_page(sheet)
    sheet.at_the_desk()
    assert sheet.asks("counter", LEAVE, do="leave").status == 200
    lose()
    time.sleep(away_s)
    bring_back()
    sheet.machine.run(SUBMISSION, "counter")
    begun = time.monotonic()
    tries = {
        "edition": lambda: sheet.asks("edition", "/en/index.html").status == 200,
        "counter": lambda: sheet.asks("counter", LEAVE, do="leave").status == 200,
        "till": lambda: sheet.asks("till", page).status == 200,
        "desk": lambda: sheet.at_the_desk() == 302,
        "work": lambda: sheet.read("counter", WAITING) == [(0,)],
    }
    found = {}
    threads = [
        threading.Thread(target=_time, args=(role, back, begun, found))
        for role, back in tries.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _time(role, back, begun, found):
    while not back() and time.monotonic() < begun + PATIENCE_S:
        time.sleep(LOOK_EVERY_S)
    found[role] = round(time.monotonic() - begun, 2)


def _pay_page(sheet):
    asked = {"amount": 500, "currency": "EUR", "interval": "once", "language": "en"}
    begun = sheet.call("/begin", json.dumps(asked), caller="counter")
    return json.loads(begun.text)["pay"].removeprefix(sheet.newsroom.addresses.till)


def main(away_s):
    """Print both as JSON."""
    without_pytest.begin()
    from tests.databases import migrated_server
    from tests.sheet import Sheet

    with tempfile.TemporaryDirectory() as folder, migrated_server(keeps=True) as machine:
        sheet = Sheet.found(Path(folder) / "sheet", machine)
        sheet.tamizdat("build").check_returncode()
        sheet.begin("serve")
        try:
            for role, path in (("desk", "/account/login/"), ("counter", "/en/subscribe")):
                sheet.at_last(role, path)
            said = {
                "killed": measured(sheet, away_s, lambda: machine.stop("immediate"), machine.start),
                "stopped": measured(sheet, away_s, machine.freeze, machine.thaw),
            }
        finally:
            sheet.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(float(sys.argv[1]))
