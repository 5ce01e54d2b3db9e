"""What a process gets of the environment: no more than it needs, by name.

A process that is taken over, or that writes its environment down when it dies, can give away
only what it had. A variable that is not named here reaches nobody.
"""

import os
from collections.abc import Mapping

# How any program runs: no name here holds a secret.
EVERYWHERE = frozenset(
    {
        *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
        *("PYTHONWARNINGS", "PYTHONHASHSEED", "PYTHONPYCACHEPREFIX", "PYTHONDEVMODE"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "TAMIZDAT_CLOCK", "TAMIZDAT_TASKS"),
    }
)
LOCALE = "LC_"
# What libpq demands of a server where an address does not say it: its certificate, which files
# judge it, how a connection is encrypted, and how the server lets us in.
ENCRYPTION = (
    *("PGSSLMODE", "PGSSLNEGOTIATION", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCERTMODE"),
    *("PGSSLCRL", "PGSSLCRLDIR", "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION"),
    *("PGSSLSNI", "PGCHANNELBINDING", "PGGSSENCMODE", "PGREQUIREAUTH", "PGREQUIREPEER"),
)
LIBPQ = "PG"
DATABASES = ("DATABASE_URL", "COUNTER_DATABASE_URL", "TILL_DATABASE_URL", *ENCRYPTION)
OF: Mapping[str, tuple[str, ...]] = {
    "edition": (),
    "counter": ("COUNTER_DATABASE_URL", *ENCRYPTION, "TAMIZDAT_COUNTER_KEY"),
    "till": ("TILL_DATABASE_URL", *ENCRYPTION),
    "desk": DATABASES,
    "work": (*DATABASES, "TAMIZDAT_MAIL_PASSWORD"),
    "build": DATABASES,
    "init": DATABASES,
    "demo": (),
    "ranking": (),
}
# What a payment service's secrets are called is the service's affair: TAMIZDAT_TILL_STRIPE_KEY.
PREFIXES: Mapping[str, tuple[str, ...]] = {"till": ("TAMIZDAT_TILL_",)}


def of(process: str, **more: str) -> dict[str, str]:
    """Return the environment for a process of ours, and what it is told beside that.

    Raises:
        KeyError: no list is kept for such a process.
    """
    names = EVERYWHERE.union(OF[process])
    prefixes = (LOCALE, *PREFIXES.get(process, ()))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in names or name.startswith(prefixes)
    }
    return kept | more


def forget_others_of_libpq() -> list[str]:
    """Take from this process what libpq would heed of no process of ours, and return the names.

    PGHOST or PGPORT reach no role, so a command that heeded them would look at another server
    than the one that is served. They belong into a database's address.
    """
    others = [name for name in os.environ if name.startswith(LIBPQ) and name not in ENCRYPTION]
    for name in others:
        del os.environ[name]
    return sorted(others)
