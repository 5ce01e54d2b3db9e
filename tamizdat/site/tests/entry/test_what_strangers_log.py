"""Whatever a stranger sends, nothing is logged; what breaks in our program is, in one line."""

import http.client
import time
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamizdat.site.tests.entry.raw import FORM, ask, request, status

TOKEN = "plantedtokenplantedtokenpl"
ADDRESS = b"planted.reader@example.org"
JSON = b"Content-Type: application/json\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=b\r\n"
COUNTER = (
    *(
        f"/en/{name}"
        for name in ("subscribe", "give", "declare", "remind", "remind.ics", f"leave/{TOKEN}")
    ),
    f"/en/confirm/{TOKEN}",
    f"/ru/manage/{TOKEN}",
    f"/fa/thanks/{TOKEN}",
    "/en/subscribe?newsletter=%ff%00&" + "a=1&" * 2_000,
)
TILL = (
    "/begin",
    "/status",
    "/manage",
    "/notice/pretend",
    f"/pay/{TOKEN}",
    f"/return/{TOKEN}",
)
DESK = ("/desk/login/", "/accounts/login/", "/desk/", "/mailbox/", "/media/a.jpg", "/static/a.js")
NOBODYS = ("/", "/en/%00", "/%ff%fe/", "//example.org/", "/../../etc/passwd")
OWN = {"counter": COUNTER, "till": TILL, "desk": DESK}
PATHS = (*COUNTER, *TILL, *DESK, *NOBODYS)
PART = b'--b\r\nContent-Disposition: form-data; name="a%s\r\n\r\n%%%%%%\r\n--b--\r\n'
BODIES = {
    "a form": (FORM, b"address=" + ADDRESS),
    "many fields": (FORM, b"&".join(b"a%d=1" % number for number in range(2_000))),
    "too many bytes": (FORM, b"a=" + b"b" * 19_000),
    "a bad encoding": (FORM, b"address=%ff%fe%00&amount=%d0"),
    "bytes": (FORM, bytes(range(256))),
    "an unknown charset": (FORM[:-2] + b"; charset=nothing\r\n", b"a=1"),
    "UTF-16": (FORM[:-2] + b"; charset=utf-16\r\n", b"a=1"),
    "parts in no text": (PARTS[:-2] + b"; charset=hex\r\n", PART % b'"'),
    "parts in long domains": (PARTS[:-2] + b"; charset=idna\r\n", PART % b'"'),
    "broken parts": (PARTS, b"--b\r\nContent-Disposition: form-data; name"),
    "parts without a boundary": (b"Content-Type: multipart/form-data\r\n", b"--b--"),
    "a part in base64": (PARTS, PART % b'"\r\nContent-Transfer-Encoding: base64'),
    "a file": (PARTS, PART % b'"; filename="../a\0b"'),
    "many parts": (PARTS, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 300),
    "JSON": (JSON, b'{"amount": 1e999, "token_hash": "' + ADDRESS + b'"}'),
    "deep JSON": (JSON, b"[" * 10_000),
    "no JSON": (JSON, b"{\xff"),
    "no type": (b"", ADDRESS),
}
HEADERS = {
    "a bad host": (b"evil.example", b""),
    "a host of bytes": (b"\xff\x00", b""),
    "no host": (b"", b""),
    "a bad cookie": (b"127.0.0.1", b'Cookie: desk="\\377\x01; csrftoken=' + b"a" * 3_000 + b"\r\n"),
    "a foreign origin": (b"127.0.0.1", b"Origin: http://evil.example\r\nReferer: x\r\n"),
    "a bad key": (b"127.0.0.1", b"Authorization: Bearer \xff" + ADDRESS + b"\r\n"),
    "languages": (b"127.0.0.1", b"Accept-Language: " + b"ru," * 3_000 + b"\r\n"),
    "a bad condition": (b"127.0.0.1", b"If-Modified-Since: 99\r\nIf-None-Match: \xff\r\n"),
    "addresses": (b"127.0.0.1", b"X-Forwarded-For: 203.0.113.77\r\nX-Forwarded-Proto: x\r\n"),
}
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW")
SETTLED_S = 0.3


@pytest.fixture(params=["counter", "till", "desk"])
def role(request):
    return request.param


HALTED = "refused to gracefully stop"


@pytest.fixture
def logged(public, role):
    """Return what a role has logged in this test.

    What the server says of a worker that it had to kill when a story before halted it is left out.
    """
    path = public.folder / f"{role}.log"
    before = path.stat().st_size

    def read():
        time.sleep(SETTLED_S)
        said = path.read_bytes()[before:].decode("utf-8", "replace")
        return "".join(line for line in said.splitlines(keepends=True) if HALTED not in line)

    return read


def port_of(public, role):
    return urlsplit(getattr(public.newsroom.addresses, role)).port


def test_nothing_of_a_table_of_bad_requests_is_logged(public, role, logged):
    port = port_of(public, role)
    every = BODIES.values()
    posted = [(path, body) for path in OWN[role] for body in every]
    posted += zip((each for each in PATHS if each not in OWN[role]), cycle(every), strict=False)
    sent = [request(path, method="POST", headers=head, body=body) for path, (head, body) in posted]
    sent += [
        request(path, method=method, headers=more, host=host)
        for path in PATHS[::4]
        for host, more in HEADERS.values()
        for method in ("GET", "POST")
    ]
    sent += [request(path, method=method) for path in PATHS[::4] for method in METHODS]

    broken = [each for each in sent if status(ask(port, each)) >= 500]

    assert logged() == ""
    assert broken == []


def test_nothing_of_any_bytes_is_logged(public, role, logged):
    port = port_of(public, role)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    @given(
        st.sampled_from(PATHS),
        st.sampled_from(METHODS),
        st.sampled_from([FORM, JSON, PARTS, b""]),
        st.binary(max_size=300),
        st.binary(max_size=60),
    )
    def sends(path, method, kind, body, header):
        headers = kind + b"X-Any: " + header + b"\r\n"
        ask(port, request(path, method=method, headers=headers, body=body))
        ask(port, header + body, is_over=True)

    sends()

    assert logged() == ""


@pytest.mark.parametrize(
    ("role", "template", "path", "status"),
    [
        ("counter", "counter/confirm.html", f"/en/confirm/{TOKEN}", 200),
        ("till", "till/gone.html", f"/pay/{TOKEN}", 404),
    ],
    ids=["counter", "till"],
)
def test_a_template_that_breaks_is_logged_in_one_line_without_the_page_s_path(
    public, role, logged, template, path, status
):
    broken = public.folder / "theme" / template
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("<p>{{ one.two }}</p>")
    public.halt(role)
    public.start(role)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(public, role), timeout=10)
        connection.request("GET", path + "?who=" + ADDRESS.decode())
        assert connection.getresponse().status == status
        connection.close()
    finally:
        broken.unlink()
        said = logged()
        public.halt(role)
        public.start(role)

    assert said.count("\n") == 1, said
    line = said.rstrip("\n")
    assert line.startswith("WARNING tamizdat.lib.alerts: A file in theme/ is broken.")
    assert "jinja2.exceptions.UndefinedError at " in line
    assert TOKEN not in said
    assert ADDRESS.decode() not in said
    assert f"{template}:1 > " in line
