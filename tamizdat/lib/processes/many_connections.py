"""How many connections a server may have open at once."""

import resource


def allow_many_connections() -> None:
    """Let this process open as many files, and so connections, as the machine lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
