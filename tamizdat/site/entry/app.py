"""The entry point of desk, counter and till, as TAMIZDAT_ROLE says.

TAMIZDAT_ROLE=counter granian --interface rsgi tamizdat.site.entry.app:app

What keeps it from starting is said in a sentence, and never in an error's own words: those may
quote a password. Whoever keeps the role running hears the sentence, too.
"""

import sys

from tamizdat.lib.processes import last_words
from tamizdat.site.broken_log import say_where_not_what
from tamizdat.site.entry.server import Entry


def _started() -> Entry:
    from django.conf import settings

    from tamizdat.site.databases import database_watch
    from tamizdat.site.entry.limits import of_role
    from tamizdat.site.unavailable import refused_pages
    from tamizdat.site.wsgi import application

    database_watch.begin()
    refused_pages()  # read before the first request asks for them
    return Entry(application, of_role(settings.ROLE), settings.NEWSROOM.data)


def _started_or_ended() -> Entry:
    say_where_not_what()
    try:
        return _started()
    except Exception as error:  # noqa: BLE001  granian would print what it says
        from tamizdat.site.command import sentence, why

        last_words.say(why(error))
        sys.stderr.write(f"{sentence(error)}\n")
        raise SystemExit(1) from None


app = _started_or_ended()
