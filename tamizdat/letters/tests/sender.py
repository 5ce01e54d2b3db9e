"""Run as a program: deliver what is due, as the work process does, until nothing waits.

It reads the reader key's passphrase, since a test kills it again and again.
"""

import os
import sys
from datetime import UTC, datetime


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    import django

    django.setup()
    from tamizdat.letters.delivery import deliver_due
    from tamizdat.letters.keyring import keyring

    keyring.hold(bytearray.fromhex(sys.stdin.readline()), datetime.now(UTC))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while deliver_due(datetime.fromisoformat(sys.argv[1])):
        pass


if __name__ == "__main__":
    main()
