"""The counter's SQLite, which may only insert, noticed."""

from tamizdat.readers.counter.insert_only import base
from tamizdat.site.backends.noticing import Noticing


class DatabaseWrapper(Noticing, base.DatabaseWrapper):
    pass
