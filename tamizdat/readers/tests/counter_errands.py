"""Run as a program, in the counter's role: do what readers do, and try what nobody may do.

It prints one JSON object. The test gives it a newsroom and, by COUNTER_DATABASE_URL, a database.
"""

import json
import os
import sys

ADDRESS = "planted.reader@example.org"
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    os.environ["TAMIZDAT_ROLE"] = "counter"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    import django

    django.setup()
    from django.test import Client

    client = Client(raise_request_exception=False)
    answers = {
        "form": client.get("/en/subscribe"),
        "subscribe": client.post("/en/subscribe", sign_up()),
        "again": client.post("/en/subscribe", sign_up()),
        "confirm page": client.get(f"/ru/confirm/{TOKEN}"),
        "confirm": client.post(f"/ru/confirm/{TOKEN}"),
        "leave page": client.get(f"/fa/leave/{TOKEN}"),
        "leave": client.post(f"/fa/leave/{TOKEN}", {"List-Unsubscribe": "One-Click"}),
        "nowhere": client.get("/en/nowhere"),
        "too long": client.post("/en/subscribe", {"address": "a" * 30_000}),
    }
    said = {
        "status": {name: answer.status_code for name, answer in answers.items()},
        "cookies": sum(len(answer.cookies) for answer in answers.values()),
        "headers": {name: dict(answer.headers) for name, answer in answers.items()},
        "same answer": answers["subscribe"].content == answers["again"].content,
        "refused": refused(),
        "loaded": sorted(name for name in sys.modules if name.startswith(("wagtail", "tamizdat"))),
    }
    sys.stdout.write(json.dumps(said))


def sign_up() -> dict[str, object]:
    return {"address": ADDRESS, "newsletter": ["friday"], "consent": "1.0", "stamp": ""}


def refused() -> dict[str, bool]:
    """Try what the counter may not do, past Django and through it."""
    from django.db import DatabaseError, connections

    from tamizdat.readers.counter.models import Envelope

    tries = {
        "read": lambda: list(Envelope.objects.all()),
        "count": Envelope.objects.count,
        "change": lambda: Envelope.objects.update(kind="x"),
        "delete": lambda: raw("DELETE FROM counter_envelope"),
        "read in an insert": lambda: raw(
            "INSERT INTO counter_envelope SELECT * FROM counter_envelope"
        ),
        "get back what was inserted": lambda: raw(
            "INSERT INTO counter_envelope VALUES"
            " ('00000000000000000000000000000001', 'x', '2026-11-20', 'x') RETURNING payload"
        ),
        "new table": lambda: raw("CREATE TABLE other (id integer)"),
        "drop": lambda: raw("DROP TABLE counter_envelope"),
    }

    def raw(statement: str) -> object:
        with connections["default"].cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    results = {}
    for name, attempt in tries.items():
        try:
            attempt()
        except DatabaseError:
            results[name] = True
        else:
            results[name] = False
    return results


if __name__ == "__main__":
    main()
