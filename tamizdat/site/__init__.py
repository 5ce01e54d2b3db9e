"""Whatever a process of a newsroom writes, its owner alone may read.

Every command and every Django role loads this package first, so this is the one place. The
edition's files open themselves to web servers (`press/output/tree.py`).
"""

import os

FOR_OWNER_ONLY = 0o077

os.umask(FOR_OWNER_ONLY)
