"""The Django roles' door for the server: desk, counter or till, as TAMIZDAT_ROLE says."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tamizdat.site.broken_log import say_where_not_what
from tamizdat.site.in_utf8 import RequestInUtf8

say_where_not_what()  # before the settings are read: an address in them may hold a password
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tamizdat.site.settings")
application = get_wsgi_application()
application.request_class = RequestInUtf8
get_resolver().url_patterns  # noqa: B018  reads all that answers requests, before the first of them
gc.collect()
gc.freeze()  # the program is no garbage: to look through all of it costs a publication 0.1 s
