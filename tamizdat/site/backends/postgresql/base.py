"""Django's PostgreSQL, noticed, and with patient connections."""

from collections import defaultdict
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

from tamizdat.site.backends.noticing import Noticing
from tamizdat.site.backends.patience import Door, PatientConnection

HEALTH_S = 2.0  # for the answer to a question that asks nothing
GIVES_UP = "gives_up"  # in OPTIONS: do not ask whether a silent server lives

_doors: defaultdict[str, Door] = defaultdict(Door)  # by the database's alias


class DatabaseWrapper(Noticing, base.DatabaseWrapper):
    """Opens connections that do not wait for ever."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg is told, without what only we understand."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop(GIVES_UP, None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        """Connect, as Django does where there is no pool."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        door = _doors[self.alias]
        with door.opening():
            connection = PatientConnection.connect(**conn_params)
        connection.door = door
        if not self.settings_dict["OPTIONS"].get(GIVES_UP):
            connection.lives = partial(_lets_in, conn_params)
        return connection

    def is_usable(self) -> bool:
        """Say whether the connection works. Django asks before it uses one again."""
        if self.connection is None:
            return False
        with self.connection.hurried(HEALTH_S):
            return bool(super().is_usable())


def _lets_in(conn_params: dict[str, Any]) -> bool:
    """Say whether the server lets a new connection in: it is slow then, and not stopped."""
    try:
        psycopg.connect(**conn_params).close()
    except psycopg.Error:
        return False
    return True
