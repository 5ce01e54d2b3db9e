"""Django's SQLite, noticed."""

from django.db.backends.sqlite3 import base

from tamizdat.site.backends.noticing import Noticing


class DatabaseWrapper(Noticing, base.DatabaseWrapper):
    pass
