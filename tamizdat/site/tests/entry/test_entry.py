"""A request is received whole, bounded in size and time, before it takes a thread."""

import time
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tamizdat.site.tests.entry.raw import FORM, ask, hold, read, request, status

SLOW = 40  # ten times the threads
FORMS = {"counter": "/en/subscribe", "till": "/begin"}
FILE_REFUSED = {"counter": (400, 413), "till": (403, 413)}  # the till asks for a key first
PAGES = {"counter": "/en/subscribe", "till": "/pay/nothing"}
QUICK_S = 8  # less than a slow body's ten


def port_of(box, role):
    return urlsplit(getattr(box.newsroom.addresses, role)).port


@pytest.fixture(params=["counter", "till"])
def role(request):
    return request.param


@pytest.fixture
def port(public, role):
    return port_of(public, role)


def test_senders_that_are_slow_stop_nobody_and_are_sent_away(public):
    with ExitStack() as open_lines:
        started = time.monotonic()
        lines = [
            open_lines.enter_context(closing(hold(port_of(public, role), begun)))
            for role, path in FORMS.items()
            for begun in [request(path, method="POST", headers=FORM, body=b"a", length=1_000)]
            * SLOW
            + [b"GET / HTTP/1.1\r\nHost: x\r\n", b""]
        ]

        honest = [ask(port_of(public, role), request(PAGES[role])) for role in [*PAGES] * 5]

        assert {status(answer) for answer in honest} <= {200, 404}
        assert time.monotonic() - started < QUICK_S
        ends = [status(read(line)) for line in lines]
        assert set(ends) <= {408, 0}
        assert ends.count(408) >= 2 * SLOW
        assert time.monotonic() - started < 20


def test_a_reader_who_takes_the_answer_slowly_stops_nobody(port, role):
    with ExitStack() as open_lines:
        for _ in range(SLOW):
            open_lines.enter_context(closing(hold(port, request(PAGES[role]))))

        assert status(ask(port, request(PAGES[role]), timeout=QUICK_S)) in (200, 404)


REFUSED = {
    "a body that says it is too long": (request("/x", method="POST", length=20_001), 413),
    "and asks first whether it may come": (
        request("/x", method="POST", headers=b"Expect: 100-continue\r\n", length=10**9),
        413,
    ),
    "a body of no length": (
        request("/x", method="POST", headers=b"Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n",
        411,
    ),
    "a body of two lengths": (
        request("/x", method="POST", headers=b"Transfer-Encoding: chunked\r\n", length=5)
        + b"0\r\n\r\n",
        411,
    ),
    "two different lengths": (
        request("/x", method="POST", headers=b"Content-Length: 4\r\n", length=5) + b"abcde",
        400,
    ),
    "a length that is no number": (
        request("/x", method="POST", headers=b"Content-Length: +5\r\n") + b"abcde",
        400,
    ),
    "a head that is too long": (request("/x", headers=b"X: " + b"a" * 20_000 + b"\r\n"), 431),
    "too many headers": (request("/x", headers=b"X: a\r\n" * 200), 431),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
    "no protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
}


@pytest.mark.parametrize(("sent", "answered"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_form_of_ours_is_refused_at_once(port, sent, answered):
    begun = time.monotonic()

    answer = ask(port, sent)

    assert status(answer) == answered
    assert time.monotonic() - begun < QUICK_S


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(public):
    port = port_of(public, "counter")
    said = b"List-Unsubscribe=One-Click"
    path = f"/en/leave/{'t' * 26}"
    broken = request(path, method="POST", headers=FORM, body=said, length=len(said) + 5)

    assert status(ask(port, broken, is_over=True)) == 400


def test_a_body_that_was_announced_is_let_in(public):
    port = port_of(public, "till")
    body = b'{"amount": 0}'
    announced = request("/begin", method="POST", headers=b"Expect: 100-continue\r\n", length=13)

    answer = ask(port, announced, body)

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403")  # it has no key


def test_requests_one_after_the_other_on_one_line_are_answered_in_order(port):
    first = request("/begin", method="POST", headers=FORM, body=b"a=" + b"b" * 9_000)
    first = first.replace(b"Connection: close\r\n", b"")

    answer = ask(port, first + request("/x", method="DELETE"))

    assert answer.count(b"HTTP/1.1 ") == 2


FILE = (
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n%s\r\n--b--\r\n"
)
MULTIPART = b"Content-Type: multipart/form-data; boundary=b\r\n"


def test_no_request_leaves_anything_on_the_disk(public):
    folders = [each for each in public.folder.parent.rglob("*") if each.is_dir()]
    before = {folder: folder.stat().st_mtime_ns for folder in folders}
    for name, path in FORMS.items():
        for size in (10, 15_000, 300_000):
            body = FILE % (b"x" * size)
            sent = request(path, method="POST", headers=MULTIPART, body=body)
            assert status(ask(port_of(public, name), sent)) in FILE_REFUSED[name]

    kept = [path for path, at in before.items() if path.stat().st_mtime_ns != at]
    assert kept == []


def test_a_long_upload_to_the_desk_lies_in_the_newsroom_only(public):
    temporary = public.folder.parent / "tmp"
    before = temporary.stat().st_mtime_ns, (public.folder / "data").stat().st_mtime_ns
    headers = MULTIPART + b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
    sent = request("/desk/login/", method="POST", headers=headers, body=FILE % (b"x" * 4_000_000))

    assert status(ask(port_of(public, "desk"), sent)) in (302, 403)

    after = temporary.stat().st_mtime_ns, (public.folder / "data").stat().st_mtime_ns
    assert after == before  # in `data/` it had no name


def test_a_form_with_a_file_is_refused(public):
    sent = request("/en/subscribe", method="POST", headers=MULTIPART, body=FILE % b"x")

    assert status(ask(port_of(public, "counter"), sent)) == 400


def test_forms_that_come_in_parts_without_files_are_read(public):
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nada@example.org\r\n--b--\r\n'
    port = port_of(public, "counter")

    named, other = (
        ask(port, request("/en/subscribe", method="POST", headers=MULTIPART, body=part % name))
        for name in (b"address", b"other")
    )

    assert status(named) == status(other) == 422
    assert named.partition(b"\r\n\r\n")[2] != other.partition(b"\r\n\r\n")[2]


def test_what_the_entry_point_refuses_is_said_in_the_readers_language(public):
    port = port_of(public, "counter")

    answer = ask(port, request("/ru/subscribe", method="POST", length=50_000))

    assert b"lang=ru" in answer
    assert "Не получилось".encode() in answer
    assert b"no-store" in answer


def test_the_desks_own_files_come_whole_and_are_asked_about(public):
    port = port_of(public, "desk")
    path = "/static/wagtailadmin/css/core.css"

    head, _, body = ask(port, request(path)).partition(b"\r\n\r\n")
    only_head, _, nothing = ask(port, request(path, method="HEAD")).partition(b"\r\n\r\n")

    assert status(head) == status(only_head) == 200
    length = b"content-length: %d" % len(body)
    assert head.lower().count(b"content-length") == 1
    assert length in head.lower()
    assert length in only_head.lower()
    assert nothing == b""


def test_connections_to_the_database_do_not_grow_with_the_requests(public):
    port = port_of(public, "till")
    process = public.processes["till"].pid

    def ask_often():
        for _ in range(40):
            ask(port, request(f"/thanks/{'t' * 26}"), timeout=5)
            public.call("/status", '{"token_hash": "' + "0" * 64 + '"}')
        return sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in family(process))

    first = ask_often()
    assert ask_often() <= first + 2


def family(process):
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [process, *(int(each) for task in tasks for each in children(task))]


def children(task):
    return (task / "children").read_text().split()


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "utf-16", "hex", "nothing"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (
            b"multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nOne-Click\r\n--b--\r\n',
        ),
    ],
    ids=["form", "parts"],
)
def test_a_mail_program_s_button_works_whatever_encoding_it_claims(public, kind, body, charset):
    head = b"Content-Type: %s; charset=%s\r\n" % (kind, charset.encode())
    pressed = request(f"/en/leave/{'a' * 26}", method="POST", headers=head, body=body)

    assert status(ask(port_of(public, "counter"), pressed)) == 200
