"""What systemd is for a service of Type=notify: a socket to which it says how it is."""

import shutil
import socket
import tempfile
from pathlib import Path


class ServiceManager:
    """Listens like systemd. `variables` go into a service's environment."""

    def __init__(self, watchdog_s=0.0, *, abstract=False):
        self._folder = Path(tempfile.mkdtemp(prefix="tz-notify-", dir="/tmp"))  # paths: short
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = str(self._folder / "notify")
        self._socket.bind(f"\0{address}" if abstract else address)
        self._socket.settimeout(60)
        self.variables = {"NOTIFY_SOCKET": f"@{address}" if abstract else address}
        if watchdog_s:
            self.variables["WATCHDOG_USEC"] = str(int(watchdog_s * 1_000_000))

    def next(self):
        return self._socket.recv(4096).decode()

    def until(self, wanted):
        """Return all that is said until that, with it."""
        said = [self.next()]
        while said[-1] != wanted:
            said.append(self.next())
        return said

    def rest(self):
        """Return what has been said and not been heard yet."""
        self._socket.settimeout(0)
        said = []
        try:
            while True:
                said.append(self.next())
        except BlockingIOError:
            return said
        finally:
            self._socket.settimeout(60)

    def __enter__(self):
        return self

    def __exit__(self, *_about):
        self._socket.close()
        shutil.rmtree(self._folder)
