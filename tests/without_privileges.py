"""A command for which the modes of files count, also where root runs the tests.

`python -m tests.without_privileges COMMAND…` runs it as the same user, who may open no file
against its mode (capabilities(7)).
"""

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24  # linux/prctl.h
DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2  # linux/capability.h


def without_privileges(*command):
    """Return a command that runs this one so."""
    return [sys.executable, "-m", "tests.without_privileges", *map(str, command)]


if __name__ == "__main__":
    if os.geteuid() == 0:
        for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability)
    os.execv(sys.argv[1], sys.argv[1:])
