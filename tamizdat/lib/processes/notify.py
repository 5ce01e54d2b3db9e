"""Tell systemd how a service is: its protocol for services of Type=notify, in a few lines.

Each call sends one datagram to the socket that NOTIFY_SOCKET names; without one it does nothing.
See sd_notify(3) and sd_watchdog_enabled(3).
"""

import contextlib
import os
import socket

SOCKET, WATCHDOG, WATCHDOG_OF = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
PATIENCE_S = 1.0  # the service manager reads at once, or hangs itself


def notify(*states: str) -> None:
    """Send states such as "READY=1". It never fails: nobody may fall because nobody listens."""
    address = os.environ.get(SOCKET, "")
    if not address:
        return
    if address.startswith("@"):  # a socket that has a name and no file
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE_S)
        line.connect(address)
        line.sendall("\n".join(states).encode())


def watchdog_s() -> float:
    """Return after how many seconds without a sign of life we are killed; 0 for never."""
    said = os.environ.get(WATCHDOG, "")
    of = os.environ.get(WATCHDOG_OF, "")
    if not said.isdigit() or (of and of != str(os.getpid())):
        return 0
    return int(said) / 1_000_000
