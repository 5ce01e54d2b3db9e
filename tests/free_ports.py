"""Ports on which nobody listens, for servers that tests start.

They lie below those that the system gives to connections (`ip_local_port_range` begins at 32,768):
else a connection of another test could take one before its server does.
"""

import random
import socket
from contextlib import ExitStack


def free_ports(many: int) -> int:
    """Return the first of so many neighbouring free ports."""
    while True:
        first = random.randrange(20_000, 32_000)
        with ExitStack() as taken:
            try:
                for port in range(first, first + many):
                    taken.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
        return first


def free_port() -> int:
    """Return a port on which nobody listens."""
    return free_ports(1)
