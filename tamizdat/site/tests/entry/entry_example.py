"""A small application behind the entry point, with limits that a test can reach."""

import os
import time
from pathlib import Path

import django

from tamizdat.site.entry.limits import Limits
from tamizdat.site.entry.server import Entry

BIG = b"0123456789abcdef" * 200_000
WAITS_S = 3.0


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/raises":
        raise ValueError(environ["HTTP_X_SECRET"])
    if path == "/waits":
        time.sleep(WAITS_S)
    if path == "/echo":
        said = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    else:
        said = BIG if path == "/big" else repr(sorted(environ.items())).encode()
    start_response("200 OK", [("Content-Length", str(len(said))), ("Set-Cookie", "a=1")])
    return [said[:1_000], said[1_000:]]


django.setup()
app = Entry(
    application,
    Limits(
        body=4_000_000,
        rate=100_000,
        held=5_000_000,
        for_forms=500_000,
        grace_s=1.0,
        threads=1,
        waiting=1,
    ),
    Path(os.environ.get("TAMIZDAT_TEST_SPOOL", ".")),
)
