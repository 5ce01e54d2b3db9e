"""`tamizdat init` on PostgreSQL, with the tables that the test run keeps instead of migrating.

To migrate takes ten seconds of its twelve. All else is done by the command itself.
`python -m tests.init_quickly init FOLDER …`
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.databases import NAMES


def fill(alias):
    """Fill an empty database with the kept tables, as the role that this newsroom has there."""
    from django.conf import settings

    of = settings.DATABASES[alias]
    kept = ("pg_dump", "--no-owner", "-h", of["HOST"], "-U", "owner", f"{NAMES[alias]}_empty")
    into = ("psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", of["HOST"], "-U", of["USER"], of["NAME"])
    tables = subprocess.run(kept, check=True, capture_output=True)
    subprocess.run(into, input=tables.stdout, check=True, stdout=subprocess.DEVNULL)


def furnish_here(folder, passphrase):
    """Furnish in a process of its own, as `init` does."""
    command = [sys.executable, "-m", "tests.init_quickly", "furnish", str(folder)]
    subprocess.run(command, input=passphrase, text=True, check=True, env=dict(os.environ))


if __name__ == "__main__":
    from tamizdat.site.founding import newsroom

    if sys.argv[1] == "furnish":
        from tamizdat.site.databases import migrating

        migrating.migrate_one = fill
        newsroom.furnish(Path(sys.argv[2]), sys.stdin.read())
    else:
        from tamizdat.site.command import main

        newsroom._furnish_in_own_process = furnish_here
        sys.exit(main())
