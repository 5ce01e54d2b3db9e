"""Counter and till behind nginx and Caddy learn a reader's network, and nobody's address."""

import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

import pytest

from tamizdat.readers.counter.admission.network import HEADER, network
from tamizdat.site.tests.entry.test_webserver import NEWSROOM, SERVERS, free_port, settled
from tamizdat.site.webserver import NETWORKS, configuration
from tests import webservers
from tests.free_ports import free_ports

ROLES = {"counter": 1, "till": 3}
NAME = HEADER.removeprefix("HTTP_").replace("_", "-").lower()


class Echo(BaseHTTPRequestHandler):
    """A role that answers with the headers it was asked with."""

    def do_GET(self):
        said = "\n".join(f"{name.lower()}: {value}" for name, value in self.headers.items())
        self.send_response(200)
        self.send_header("content-length", str(len(said.encode())))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module", params=SERVERS)
def asked(request, tmp_path_factory):
    """Ask a role behind a server, from an address of this machine; returns what it was told."""
    from tamizdat.lib.newsroom import load

    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "edition/current").mkdir(parents=True)
    first, port = free_ports(4), free_port()
    behind = [ThreadingHTTPServer(("127.0.0.1", first + n), Echo) for n in ROLES.values()]
    for one in behind:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    ours = settled(load(NEWSROOM), folder, port)
    printed = configuration(request.param, ours, first)
    with getattr(webservers, request.param)(printed, folder, port):
        yield lambda role, source, **headers: _ask(
            getattr(ours.addresses, role).rpartition(":")[2], source, headers
        )
    for one in behind:
        one.shutdown()
        one.server_close()


def _ask(port, source, headers):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), 20, (source, 0))
    connection.request("GET", "/", headers=headers)
    said = connection.getresponse().read().decode()
    connection.close()
    return said


@pytest.mark.parametrize("role", ROLES)
def test_a_network_is_passed_on_and_no_address(asked, role):
    said = asked(role, "127.77.88.99")

    assert f"{NAME}: 127.77.88.0" in said
    assert "127.77.88.99" not in said


@pytest.mark.parametrize("role", ROLES)
def test_what_a_sender_wrote_into_the_header_is_overwritten(asked, role):
    said = asked(role, "127.77.88.99", **{NAME: "203.0.113.7", "x-forwarded-for": "203.0.113.8"})

    assert re.findall(rf"{NAME}: (.*)", said) == ["127.77.88.0"]
    assert "203.0.113" not in said


def cut_by_a_server(address):
    for pattern, to in NETWORKS:
        if found := re.match(pattern, address):
            return found.expand(to.replace("${1}", r"\1"))
    return None


@pytest.mark.parametrize(
    "address",
    [
        *("203.0.113.77", "9.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1::7", "2001:db8::7"),
        *("2001::7", "fd00:0:0:1::", "2001:db8:0:1:2:3:4:5", "2a00::"),
    ],
)
def test_both_servers_cut_an_address_where_the_counter_would(address):
    bits = 24 if "." in address else 48
    cut = cut_by_a_server(address)

    assert ip_address(cut) == ip_network((address, bits), strict=False).network_address
    assert network({"REMOTE_ADDR": address}) == network({"REMOTE_ADDR": "::1", HEADER: cut})


def test_an_address_has_one_network_however_a_server_writes_it():
    assert cut_by_a_server("::ffff:203.0.113.77") == cut_by_a_server("203.0.113.77")
    assert network({"REMOTE_ADDR": "::ffff:203.0.113.77"}).narrow == "203.0.113.0/24"


@pytest.mark.parametrize("address", ["::1", "unix:"])
def test_this_machine_has_no_network(address):
    assert cut_by_a_server(address) is None
