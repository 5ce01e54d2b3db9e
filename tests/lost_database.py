"""The error of a query whose connection the database server closed."""

import psycopg
from django.db import OperationalError

WORDS = "server closed the connection unexpectedly"


def lost_database() -> OperationalError:
    """Return the error as Django raises it: caused by the driver's own."""
    error = OperationalError(WORDS)
    error.__cause__ = psycopg.OperationalError(WORDS)
    return error
