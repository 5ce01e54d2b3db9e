"""Our front, nginx and Caddy give the same answers about the same edition."""

import gzip
import http.client
import ssl
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tamizdat.lib.newsroom import Addresses, load
from tamizdat.press.output.tree import Draft, Tree
from tamizdat.press.server.responses import ALWAYS
from tamizdat.site.webserver import configuration
from tests import webservers
from tests.free_ports import free_port

PAGE = b"<!doctype html><title>Front</title>" + b"<p>Words of the front page.</p>" * 50
PICTURE = bytes(range(251)) * 400
FILES = {
    "index.html": PAGE,
    "404.html": b"<p>Not found in English</p>",
    "en/index.html": PAGE,
    "en/404.html": b"<p>Not found in English</p>",
    "en/2026/11/short.html": b"<p>Short</p>",
    "en/feed.rss.xml": b"<rss/>" + b" " * 2_000,
    "en/feed.atom.xml": b"<feed/>" + b" " * 2_000,
    "en/feed.json": b"{" + b" " * 2_000 + b"}",
    "fa/404.html": "پیدا نشد".encode(),
    "ru/index.html": PAGE,
    "pictures/quay-800.jpg": PICTURE,
    "pictures/quay-800.avif": PICTURE,
    "pictures/quay-800.webp": PICTURE,
    "edition/manifest-like.json": b"{}" * 400,
    "sitemap.xml": b"<urlset/>" * 100,
    "robots.txt": b"User-agent: *\n",
    "favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}
NEWSROOM = Path(__file__).parents[4] / "tests/newsroom"
SERVERS = ("nginx", "caddy")
COMPARED = ("cache-control", "content-type", "content-range")


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """The front, nginx and Caddy, all serving one edition; their ports by name."""
    folder = tmp_path_factory.mktemp("newsroom")
    tree = Tree(folder / "edition")
    tree.recover()
    tree.switch(Draft(1, datetime(2026, 11, 20, tzinfo=UTC), FILES, frozenset()))
    tree.settle()
    with ExitStack() as serving:
        found = {"front": free_port()}
        serving.enter_context(webservers.front(tree.folder, found["front"]))
        for name in SERVERS:
            ours = settled(load(NEWSROOM), folder, free_port())
            found[name] = urlsplit(ours.addresses.edition).port
            place = tmp_path_factory.mktemp(name)
            serve = getattr(webservers, name)
            serving.enter_context(serve(configuration(name, ours, 9000), place, found[name]))
        yield found


def settled(newsroom, folder, port):
    """Return the newsroom with its edition in a folder and its sites at free ports."""
    counter, till = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    addresses = Addresses(f"http://127.0.0.1:{port}", counter, "http://127.0.0.1:1", till)
    return replace(newsroom, folder=folder, addresses=addresses)


def ask(port, path, method="GET", headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in dict(headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def essence(path, answer):
    """Return what must be the same: words that differ in form only are made one."""
    status, headers, body = answer
    if status in (301, 308):
        return "moved", urlsplit(urljoin(f"http://x{path}", headers["location"])).path
    said = {name: headers.get(name, "").lower() for name in COMPARED if status != 304}
    guards = {name: headers.get(name) for name, _ in ALWAYS}
    coding = headers.get("content-encoding")
    plain = gzip.decompress(body) if coding == "gzip" and body else body
    # What stands beside 405 and 416 is of no use to anybody.
    shown = (said, coding, plain) if status in (200, 206, 404) else headers.get("content-range")
    return status, shown, guards if status not in (405, 416) else None


TABLE = [
    ("GET", "/", {}),
    ("GET", "/", {"accept-encoding": "gzip"}),
    ("GET", "/", {"accept-encoding": "identity"}),
    ("HEAD", "/", {}),
    ("HEAD", "/en/", {"accept-encoding": "gzip"}),
    ("GET", "/en", {}),
    ("GET", "/en/", {}),
    ("GET", "/en/index.html?from=letter", {}),
    ("GET", "/en/2026/11/short.html", {"accept-encoding": "gzip"}),
    ("GET", "/en/feed.rss.xml", {"accept-encoding": "gzip"}),
    ("GET", "/en/feed.atom.xml", {"accept-encoding": "gzip"}),
    ("GET", "/en/feed.json", {"accept-encoding": "gzip"}),
    ("GET", "/edition/manifest-like.json", {"accept-encoding": "gzip"}),
    ("GET", "/sitemap.xml", {"accept-encoding": "gzip"}),
    ("GET", "/robots.txt", {}),
    ("GET", "/favicon.svg", {}),
    ("GET", "/pictures/quay-800.jpg", {"accept-encoding": "gzip"}),
    ("GET", "/pictures/quay-800.avif", {}),
    ("HEAD", "/pictures/quay-800.webp", {}),
    ("GET", "/pictures/quay-800.jpg", {"range": "bytes=0-9"}),
    ("GET", "/pictures/quay-800.jpg", {"range": "bytes=-7"}),
    ("GET", "/pictures/quay-800.jpg", {"range": "bytes=100000-"}),
    ("GET", "/pictures/quay-800.jpg", {"range": "bytes=999999-"}),
    ("GET", "/pictures/quay-800.jpg", {"range": "bytes=0-9", "if-range": '"another"'}),
    ("GET", "/pictures/nothing.jpg", {}),
    ("GET", "/pictures/", {}),
    ("GET", "/nothing.html", {}),
    ("GET", "/en/nothing.html", {"accept-encoding": "gzip"}),
    ("GET", "/fa/nothing/deeper", {}),
    ("GET", "/xx/nothing", {}),
    ("GET", "/.lock", {}),
    ("GET", "/en/.hidden/page", {}),
    ("POST", "/", {"content-length": "0"}),
    ("PUT", "/en/", {"content-length": "0"}),
    ("DELETE", "/robots.txt", {}),
    ("OPTIONS", "/", {}),
]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    ("method", "path", "headers"), TABLE, ids=lambda each: str(each).replace("/", "|")
)
def test_answers_as_the_front_does(ports, server, method, path, headers):
    ours = ask(ports["front"], path, method, headers)
    theirs = ask(ports[server], path, method, headers)

    assert essence(path, theirs) == essence(path, ours)


@pytest.mark.parametrize("server", ["front", *SERVERS])
def test_who_has_it_already_gets_no_bytes(ports, server):
    for path, accepted in (("/", "gzip"), ("/en/", "identity"), ("/pictures/quay-800.jpg", "br")):
        asked = {"accept-encoding": accepted}
        etag = ask(ports[server], path, headers=asked)[1]["etag"]
        status, headers, body = ask(
            ports[server], path, headers={**asked, "if-none-match": f'"old", {etag}'}
        )

        assert (status, body) == (304, b"")
        assert headers["cache-control"] == ask(ports["front"], path)[1]["cache-control"]


@pytest.mark.parametrize("server", ["front", *SERVERS])
def test_a_part_of_a_page_is_a_part_of_what_is_not_packed(ports, server):
    """Who goes on where a line broke would join packed bytes to others."""
    asked = {"accept-encoding": "gzip", "range": "bytes=100-1399"}
    status, headers, body = ask(ports[server], "/en/", headers=asked)

    if status == 206:
        assert "content-encoding" not in headers
        assert body == PAGE[100:1400]
    else:
        assert (status, gzip.decompress(body)) == (200, PAGE)


@pytest.mark.parametrize("server", ["front", *SERVERS])
@pytest.mark.parametrize("name", ["%00", "x" * 300, quote("я") * 200, "x/" * 2_500, "*", "%2565n"])
def test_a_name_that_no_file_has_is_no_fault_of_the_server(ports, server, name):
    """Else everybody could have lines written into its log."""
    assert ask(ports[server], f"/{name}")[0] in (400, 404, 414)


@pytest.mark.parametrize("server", ["front", *SERVERS])
def test_caches_are_told_that_pages_come_packed_or_not(ports, server):
    headers = ask(ports[server], "/", headers={"accept-encoding": "gzip"})[1]

    assert headers["vary"].lower() == "accept-encoding"


def test_sites_with_certificates_are_understood(newsroom, tmp_path):
    addresses = Addresses(*(f"https://{role}.example.org" for role in ("www", "c", "d", "t")))
    ours = replace(newsroom, folder=tmp_path, addresses=addresses)

    printed = {name: configuration(name, ours, 9000) for name in SERVERS}

    for name, text in printed.items():
        assert "proxy" in text, name
        assert "127.0.0.1:9001" in text, name
        assert "127.0.0.1:9003" in text, name
        assert "d.example.org" not in text, "the desk is nobody's business"
        assert text.count("strict-transport-security") >= 3, name
    config = tmp_path / "Caddyfile"
    config.write_text(printed["caddy"])
    command = (webservers.CADDY, "adapt", "--adapter", "caddyfile", "--config", config)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert "return 308 https://www.example.org$request_uri" in printed["nginx"]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("role", ["edition", "counter", "till"])
def test_a_machine_of_one_role_gets_its_site_alone(newsroom, server, role):
    addresses = Addresses(*(f"https://{name}.example.org" for name in ("edition", "c", "d", "t")))
    ours = replace(newsroom, addresses=addresses)
    others = {"edition", "counter", "till"} - {role}

    printed = configuration(server, ours, 9000, [role])

    assert getattr(addresses, role).removeprefix("https://") in printed
    assert not [one for one in others if getattr(addresses, one)[8:] in printed]
    assert (str(newsroom.edition) in printed) == (role == "edition")


def test_nginx_understands_sites_with_certificates(newsroom, tmp_path):
    addresses = Addresses(
        *(f"https://{role}.example.org:{free_port()}" for role in ("www", "c", "d", "t"))
    )
    ours = replace(newsroom, folder=tmp_path, addresses=addresses)
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=c")
    for host in ("www", "c", "t"):
        place = tmp_path / f"live/{host}.example.org"
        place.mkdir(parents=True)
        pair = ("-keyout", place / "privkey.pem", "-out", place / "fullchain.pem")
        subprocess.run((*command, *pair), capture_output=True, check=True)
    printed = configuration("nginx", ours, 9000).replace("/etc/letsencrypt", str(tmp_path))
    port = urlsplit(addresses.counter).port

    with webservers.nginx(printed, tmp_path, port):
        trusting = ssl.create_default_context(cafile=tmp_path / "live/c.example.org/fullchain.pem")
        trusting.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
        connection.request("GET", "/ru/x", headers={"Host": "c.example.org"})
        answer = connection.getresponse()

        assert answer.status == 503, "nothing is behind it"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert b"lang=ru" in answer.read()
        connection.close()


def test_the_howto_names_the_versions_that_these_tests_try():
    root = Path(__file__).parents[4]
    howto = (root / "docs/howto/behind-caddy-or-nginx.md").read_text(encoding="utf-8")
    told = [
        subprocess.run(command, capture_output=True, text=True, check=True)
        for command in ((webservers.NGINX, "-v"), (webservers.CADDY, "version"))
    ]
    nginx, caddy = (one.stdout + one.stderr for one in told)

    assert f"| nginx {nginx.strip().rpartition('/')[2]} |" in howto
    assert f"| Caddy {caddy.strip().lstrip('v').split()[0]} |" in howto
