"""Ports on which nobody listens, for servers that tests start.

They lie below those that the system gives to connections (`ip_local_port_range` begins at 32,768):
else a connection of another test could take one before its server does. Each worker of a test run
has a range of its own: a server needs seconds until it listens, and another worker could meanwhile
be given the same port.
"""

import os
import random
import socket
from contextlib import ExitStack

LOWEST, RANGES, RANGE = 20_000, 12, 1_000
_chance = random.SystemRandom()  # a test may have given the other one a seed
_given: set[int] = set()


def free_ports(many: int) -> int:
    """Return the first of so many neighbouring free ports, each given once."""
    while True:
        first = _lowest() + _chance.randrange(RANGE - many)
        wanted = range(first, first + many)
        if _given.isdisjoint(wanted) and _all_free(wanted):
            _given.update(wanted)
            return first


def free_port() -> int:
    """Return a port on which nobody listens."""
    return free_ports(1)


def _lowest() -> int:
    """Return the first port of this worker's range; who is no worker goes by its process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return LOWEST + int(worker or os.getpid()) % RANGES * RANGE


def _all_free(ports: range) -> bool:
    with ExitStack() as taken:
        try:
            for port in ports:
                taken.enter_context(socket.create_server(("127.0.0.1", port)))
        except OSError:
            return False
    return True
