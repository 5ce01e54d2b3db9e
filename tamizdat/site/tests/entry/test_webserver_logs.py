"""The printed configurations keep nothing of a request, whatever state counter and till are in."""

import base64
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tamizdat.lib.newsroom import Addresses, load
from tamizdat.site.tests.entry.back_ends import back_end
from tamizdat.site.tests.entry.raw import FORM, read, request, request_in_http2, status
from tamizdat.site.webserver import LINES, PATIENCE_S, configuration
from tests import webservers
from tests.free_ports import free_ports

SERVERS = ("nginx", "caddy")
STATES = ("alive", "dead", "hanging", "breaking")
NEWSROOM = Path(__file__).parents[4] / "tests/newsroom"
READER = "127.77.66.55"  # a loopback address as good as any
TOKEN = "PlantedToken0PlantedToken0"
ADDRESS = "planted.reader@example.org"
AGENT = "PlantedAgent/7"
PLANTED = (READER, TOKEN, ADDRESS, AGENT, "planted-cookie", "planted-language")
HEADERS = (
    f"User-Agent: {AGENT}\r\nCookie: planted-cookie=1\r\nReferer: http://x/{TOKEN}\r\n"
    f"Accept-Language: planted-language\r\nX-Forwarded-For: {READER}\r\nFrom: {ADDRESS}\r\n"
    f"Authorization: Bearer {TOKEN}\r\n"
).encode()
ANSWERED = b"\1\4\0\0\0\1"  # of HTTP/2: here come the headers of the first answer
PATH = f"/ru/leave/{TOKEN}?address={quote(ADDRESS)}"
BODY = f"address={ADDRESS}&token={TOKEN}".encode()


def sent():
    """Requests that go well and requests that break in each way that a server may log."""
    posted = HEADERS + FORM
    yield request(PATH, headers=HEADERS)
    yield request(PATH, method="POST", headers=posted, body=BODY)
    yield request(PATH, method="POST", headers=posted, body=BODY + b"x" * 18_000)
    yield request(PATH, method="POST", headers=posted, body=BODY + b"x" * 60_000)
    yield request(PATH, method="POST", headers=posted, body=BODY, length=2_000)
    yield request(PATH, method="POST", headers=posted, body=BODY, length=10**9)
    yield request(PATH, method=TOKEN, headers=HEADERS)
    yield request(PATH, headers=HEADERS + b"X: " + TOKEN.encode() * 2_000 + b"\r\n")
    yield request(PATH, headers=HEADERS, host=TOKEN.encode())
    yield request(PATH, headers=HEADERS + b"Upgrade: websocket\r\nConnection: Upgrade\r\n")
    yield request(PATH, headers=HEADERS + TOKEN.encode() + b"\r\n")
    yield request(f"http://{TOKEN}/{TOKEN}", headers=HEADERS)
    yield request(f"/%00/{TOKEN}/%zz", headers=HEADERS)
    yield request(f"/%00/{TOKEN}", headers=HEADERS)
    yield request(f"/{TOKEN * 20}/", headers=HEADERS)
    yield request(PATH, headers=HEADERS + b"Transfer-Encoding: chunked\r\n") + b"zz\r\n"
    yield TOKEN.encode() + b"\r\n\r\n"
    yield b"\x16\x03\x01" + TOKEN.encode()


def ask(port, what, patience=8, reader=READER):
    """Send a request from a reader's address; go away when there is no answer for long."""
    with socket.create_connection(("127.0.0.1", port), 10, (reader, 0)) as line:
        line.settimeout(patience)
        with suppress(OSError):
            line.sendall(what.replace(b"Host: 127.0.0.1\r\n", b"Host: 127.0.0.1:%d\r\n" % port))
            return read(line)
        return b""


@pytest.fixture(scope="module", params=SERVERS)
def server(request, tmp_path_factory):
    """A web server with the printed configuration, and all that it may have written."""
    place = tmp_path_factory.mktemp(request.param)
    first, port = free_ports(4), free_ports(4)
    addresses = Addresses(*(f"http://127.0.0.1:{port + n}" for n in range(4)))
    ours = replace(load(NEWSROOM), folder=place / "newsroom", addresses=addresses)
    printed = configuration(request.param, ours, first)
    (place / "newsroom/edition/current").mkdir(parents=True)
    (place / "server").mkdir()
    return place, ours, first, printed, request.param


def serving(server, patience="1s"):
    place, ours, _, printed, name = server
    port = urlsplit(ours.addresses.counter).port
    hasty = printed.replace(f"{PATIENCE_S}s", patience)
    if name == "caddy":
        return webservers.caddy(hasty, place / "server", port)
    log = str(place / "server/access.log")  # as Debian's nginx.conf has it for all sites
    return webservers.nginx(hasty, place / "server", port, access_log=log)


def written(place):
    """All bytes in what the server wrote, by file; its configuration is ours."""
    files = (path for path in place.rglob("*") if path.is_file())
    return {
        path: path.read_bytes() for path in files if path.name not in ("nginx.conf", "Caddyfile")
    }


def spellings(text):
    raw = text.encode()
    yield from (raw, raw.lower(), quote(text, safe="").encode(), raw.hex().encode())
    yield socket.inet_aton(READER)
    for shift in range(3):  # base64 of it, wherever in a longer text it begins
        yield base64.b64encode(b"\0" * shift + raw)[4:-4]


def test_nothing_of_a_request_is_kept(server):
    place, ours, first, _, _ = server
    sites = [urlsplit(each).port for each in (ours.addresses.edition, ours.addresses.counter)]
    asked = [(port, what) for port in sites for what in sent()]
    with serving(server), ThreadPoolExecutor(len(asked)) as readers:
        for state in STATES:
            with back_end(first + 1, state):
                list(readers.map(lambda each: ask(*each, patience=1.2), asked))

    assert planted_in(place / "server") == []
    assert written(place / "server"), "nothing at all was written: are these the right files?"


def planted_in(place):
    """What was planted and is found again, by file."""
    return [
        (path.name, planted)
        for path, kept in written(place).items()
        for planted in PLANTED
        for spelling in spellings(planted)
        if spelling in kept or spelling in kept.lower()
    ]


def test_caddy_keeps_nothing_of_who_asks_while_it_gets_certificates(tmp_path):
    """Anybody can have a reader's browser ask for the path by which Caddy proves who it is."""
    plain = free_ports(2)
    secure = plain + 1
    names = ("", "counter.", "desk.", "till.")
    addresses = Addresses(*(f"https://{name}sheet.example.org" for name in names))
    printed = configuration("caddy", replace(load(NEWSROOM), addresses=addresses), free_ports(4))
    ports = (f"http_port {plain}", f"https_port {secure}", "acme_ca https://127.0.0.1:9/dir")
    challenge = f"/.well-known/acme-challenge/{TOKEN}?{quote(ADDRESS)}"
    with webservers.caddy(printed, tmp_path, plain, more=ports):
        for host in (b"sheet.example.org", TOKEN.encode()):
            for path in (challenge, PATH):
                ask(plain, request(path, headers=HEADERS, host=host), patience=1)
        for offered in ("acme-tls/1", "h2"):
            with suppress(OSError):
                greet(secure, offered)

    said = (tmp_path / "said").read_text()
    assert "127.0.0.1:9" in said, "who runs the server does not learn that it gets no certificate"
    assert planted_in(tmp_path) == []


def greet(port, offered):
    """Begin TLS from a reader's address, with a name that only it asked for."""
    tls = ssl.create_default_context()
    tls.set_alpn_protocols([offered])
    with socket.create_connection(("127.0.0.1", port), 5, (READER, 0)) as line:
        tls.wrap_socket(line, server_hostname=f"{TOKEN.lower()}.example.org").close()


def test_who_runs_the_server_learns_that_the_counter_does_not_answer(server):
    place, ours, _, _, name = server
    with serving(server):
        ask(urlsplit(ours.addresses.counter).port, request(PATH, headers=HEADERS))

    said = b"".join(written(place / "server").values())
    assert (b'"status":502' if name == "caddy" else b": does not answer\n") in said


def test_a_reader_is_told_to_come_back(server):
    _, ours, first, _, name = server
    port = urlsplit(ours.addresses.counter).port
    with serving(server):
        answers = {
            "dead": ask(port, request("/ru/leave/x")),
            "chosen": ask(port, request("/pay/x", headers=b"Accept-Language: fa-IR,en\r\n")),
            "other": ask(port, request("/en/leave/x", headers=b"Accept-Language: fa\r\n")),
        }
        with back_end(first + 1, "hanging"):
            answers["hanging"] = ask(port, request("/ru/leave/x"))

    assert {status(each) for each in answers.values()} <= {502, 503, 504}
    if name == "nginx":
        assert b"lang=ru" in answers["dead"]
        assert b"lang=ru" in answers["hanging"]
        assert b"lang=fa dir=rtl" in answers["chosen"]
        assert b"lang=en" in answers["other"]
        assert b"retry-after: 60" in answers["dead"]


def test_bodies_are_bounded_and_long_answers_pass_whole(server):
    place, ours, first, _, _ = server
    port = urlsplit(ours.addresses.counter).port
    with serving(server), back_end(first + 1, "alive"):
        before = touched(place)
        allowed = ask(port, request("/en/x", method="POST", headers=FORM, body=b"x" * 20_000))
        refused = ask(port, request("/en/x", method="POST", headers=FORM, body=b"x" * 100_000))
        packed = ask(port, request("/en/x", headers=b"Accept-Encoding: gzip\r\n"))
        assert touched(place) == before

    assert status(allowed) == 200
    assert len(allowed) > 100_000
    assert status(refused) == 413
    assert b"content-encoding: gzip" in packed.lower()


def chunked(size, piece):
    """Return a form of so many bytes whose length is not named, cut into pieces."""
    parts = [b"%x\r\n%s\r\n" % (piece, b"x" * piece)] * (size // piece)
    head = request(PATH, method="POST", headers=FORM + b"Transfer-Encoding: chunked\r\n")
    return head + BODY.join((b"%x\r\n" % len(BODY), b"\r\n")) + b"".join(parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [3_000, 19_000, 25_000])
@pytest.mark.parametrize("piece", [1, 500])
def test_no_body_lies_on_the_disk_in_however_small_pieces_it_comes(server, size, piece):
    place, ours, first, _, _ = server
    sites = [urlsplit(each).port for each in (ours.addresses.edition, ours.addresses.counter)]
    with serving(server), back_end(first + 1, "alive"):
        for port in sites:
            before = touched(place)
            answer = ask(port, chunked(size, piece))

            assert touched(place) == before
            assert status(answer), "it was not understood"


@pytest.mark.parametrize("server", ["nginx"], indirect=True)  # Caddy passes bodies on as they come
@pytest.mark.parametrize("size", [19_000, 20_000, 20_001, 40_000])
def test_no_body_of_http2_lies_on_the_disk(server, size):
    place, ours, first, printed, name = server
    port = urlsplit(ours.addresses.counter).port
    in_http2 = printed.replace(f"listen {port};", f"listen {port} http2;")
    host = {":authority": f"127.0.0.1:{port}", "content-type": "text/plain"}
    pieces = [b"x" * 1_000] * (size // 1_000) + [b"x" * (size % 1_000)]
    with serving((place, ours, first, in_http2, name)), back_end(first + 1, "alive"):
        before = touched(place)
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            line.sendall(b"".join(request_in_http2("/en/x", host, pieces)))
            answer = b""
            while ANSWERED not in answer:
                some = line.recv(65536)
                assert some, "it was not understood"
                answer += some

        assert touched(place) == before


def touched(place):
    """Return when a file was made or removed last in each of a server's folders."""
    folders = (each for each in (place / "server").rglob("*") if each.is_dir())
    return {each: each.stat().st_mtime_ns for each in folders}


@pytest.mark.parametrize("server", ["nginx"], indirect=True)  # Caddy cannot count
def test_one_network_cannot_take_all_lines_to_the_counter(server):
    _, ours, first, _, _ = server
    port = urlsplit(ours.addresses.counter).port
    asked = request("/en/x").replace(b"Host: 127.0.0.1", b"Host: 127.0.0.1:%d" % port)
    with serving(server, "15s"), back_end(first + 1, "hanging"), ExitStack() as lines:
        for number in range(LINES):
            neighbour = (f"127.77.66.{number + 1}", 0)
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port), 5, neighbour))
            line.sendall(asked)

        assert status(ask(port, request("/en/x"))) == 503
        assert ask(port, request("/en/x"), patience=1, reader="127.1.2.3") == b""
