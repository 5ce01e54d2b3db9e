"""A mail relay for one test run: Postfix as Debian ships it, unpacked and never installed.

Installed it would take the place of the machine's own mail server; tests/tools.sh unpacks it. It
delivers into a folder of its own and has no way to send anything on. Only root can start it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.free_ports import free_ports

UNPACKED = Path(__file__).parents[1] / ".cache/tools/postfix"
# Postfix insists on a user and a group that are nobody else's.
OWNER, DROP_GROUP, NOBODY = "mail", "uucp", "nobody"
OWNED = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"),
    *("maildrop", "private", "public", "saved", "trace"),
)
READERS = ("ada", "busy", "full")
ELSEWHERE = "127.0.0.2"  # this machine, too, but not to us: letters to it must be encrypted
LONGEST = 20_000  # bytes of a message
PATIENCE_S = 60
PORTS = ("plain", "may", "must", "wrapped")

MAIN = """
compatibility_level = 3.6
command_directory = {unpacked}/usr/sbin
daemon_directory = {unpacked}/usr/lib/postfix/sbin
shlib_directory = {unpacked}/usr/lib/postfix
meta_directory = {unpacked}/etc/postfix
import_environment = MAIL_CONFIG LANG=C LD_LIBRARY_PATH={unpacked}/usr/lib/postfix
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = {owner}
setgid_group = {drop_group}
default_privs = {nobody}
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
myhostname = relay.example.org
mynetworks =
mydestination =
alias_maps =
local_header_rewrite_clients =
smtpd_peername_lookup = no
message_size_limit = {longest}
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {readers} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
smtpd_sender_restrictions =
    check_sender_access inline:{{ {{stranger@example.org = 550 5.7.1 you may not send}} }}
relay_domains =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unauth_destination,
    check_recipient_access inline:{{ {{busy@example.org = 450 4.2.1 mailbox busy}} }}
smtpd_end_of_data_restrictions =
    check_recipient_access inline:{{ {{full@example.org = 452 4.2.2 mailbox full}} }}
smtpd_tls_cert_file = {folder}/relay.pem
smtpd_tls_key_file = {folder}/relay.key
smtpd_tls_security_level = none
"""
DOORS = """
{at}:{plain} inet n - n - - smtpd
{at}:{may} inet n - n - - smtpd -o smtpd_tls_security_level=may
{at}:{must} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
{at}:{wrapped} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
"""
MASTER = """
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


class PostfixMissingError(Exception):
    """Postfix has not been unpacked."""


class Postfix:
    """A running relay: a port that knows no TLS, one that offers it, two that insist."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self.folder, self.ports = folder, ports
        self.certificate = folder / "relay.pem"

    def delivered(self) -> list[bytes]:
        """Return what was delivered, with the relay's own lines, once nothing is on its way."""
        self._wait(lambda: not self._on_its_way())
        files = sorted((self.folder / "mail").glob("*/new/*"))
        return [path.read_bytes() for path in files]

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def forget(self) -> None:
        """Throw away what was delivered."""
        self.delivered()
        shutil.rmtree(self.folder / "mail/ada", ignore_errors=True)

    def start(self) -> None:
        library = str(UNPACKED / "usr/lib/postfix")
        environment = {"MAIL_CONFIG": str(self.folder / "conf"), "LD_LIBRARY_PATH": library}
        master = UNPACKED / "usr/lib/postfix/sbin/master"
        done = subprocess.run([master, "-w"], check=False, env=environment, cwd="/")
        if done.returncode:
            raise RuntimeError(self.log())

    def stop(self) -> None:
        pid = int((self.folder / "queue/pid/master.pid").read_text())
        os.kill(pid, signal.SIGTERM)
        self._wait(lambda: not Path(f"/proc/{pid}").exists())

    def _on_its_way(self) -> bool:
        queues = (self.folder / "queue" / name for name in ("incoming", "active", "deferred"))
        return any(path.is_file() for queue in queues for path in queue.rglob("*"))

    def _wait(self, until: Callable[[], bool]) -> None:
        latest = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > latest:
                raise TimeoutError(self.log())
            time.sleep(0.01)


@contextmanager
def postfix(make_certificate: Callable[[Path, Path], None]) -> Iterator[Postfix]:
    """Start a relay, and remove it afterwards."""
    if not (UNPACKED / "usr/lib/postfix/sbin/master").exists():
        raise PostfixMissingError("Postfix is not unpacked: make tools")
    with tempfile.TemporaryDirectory(prefix="tz-mail-", dir="/tmp") as name:
        relay = Postfix(Path(name), _free_ports())
        _lay_out(relay)
        make_certificate(relay.certificate, relay.folder / "relay.key")
        relay.start()
        try:
            yield relay
        finally:
            relay.stop()


def _lay_out(relay: Postfix) -> None:
    folder = relay.folder
    umask = os.umask(0o022)  # its lesser processes must get in; our own umask would keep them out
    folder.chmod(0o755)
    for name in ("conf", "queue/pid", "data", "mail", *(f"queue/{name}" for name in OWNED)):
        (folder / name).mkdir(parents=True, mode=0o755)
    for name in ("data", "mail", *(f"queue/{name}" for name in OWNED)):
        shutil.chown(folder / name, OWNER)
    main = MAIN.format(
        unpacked=UNPACKED,
        folder=folder,
        owner=OWNER,
        drop_group=DROP_GROUP,
        nobody=NOBODY,
        longest=LONGEST,
        readers=" ".join(f"{{{name}@example.org = {name}/}}" for name in READERS),
        uid=pwd.getpwnam(OWNER).pw_uid,
    )
    (folder / "conf/main.cf").write_text(main)
    doors = (DOORS.format(at=at, **relay.ports) for at in ("127.0.0.1", ELSEWHERE))
    (folder / "conf/master.cf").write_text(MASTER + "".join(doors))
    os.umask(umask)


def _free_ports() -> dict[str, int]:
    first = free_ports(len(PORTS))
    return {name: first + number for number, name in enumerate(PORTS)}
