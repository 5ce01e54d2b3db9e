"""Run as a program, in the counter's role: answer readers that a test plays, one a line.

A line is JSON: {"get": path}, {"post": path, "fields": {...}} or {"later": seconds}. Its clock is
the test's, so that nobody sleeps until the counter asks again what is published.
"""

import json
import os
import sys


def main() -> None:
    os.environ["TAMIZDAT_ROLE"] = "counter"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    import django

    django.setup()
    from django.test import Client

    from tamizdat.readers.counter import published
    from tamizdat.readers.counter.remembered import Remembered

    passed = [0.0]
    published.memory = Remembered(published._ask, published.EVERY_S, lambda: passed[0])
    client = Client(raise_request_exception=False)
    for line in sys.stdin:
        wish = json.loads(line)
        passed[0] += wish.get("later", 0)
        answer = None
        if "get" in wish:
            answer = client.get(wish["get"])
        if "post" in wish:
            answer = client.post(wish["post"], wish["fields"])
        said = [answer.status_code, answer.content.decode()] if answer is not None else [0, ""]
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
