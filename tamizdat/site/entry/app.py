"""The entry point of desk, counter and till, as TAMIZDAT_ROLE says.

TAMIZDAT_ROLE=counter granian --interface rsgi tamizdat.site.entry.app:app
"""

from django.conf import settings

from tamizdat.site import database_watch
from tamizdat.site.entry.limits import of_role
from tamizdat.site.entry.server import Entry
from tamizdat.site.unavailable import refused_pages
from tamizdat.site.wsgi import application

database_watch.begin()
refused_pages()  # read before the first request asks for them
app = Entry(application, of_role(settings.ROLE), settings.NEWSROOM.data)
