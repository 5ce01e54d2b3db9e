"""The Django roles' door for the server: desk, counter or till, as TAMIZDAT_ROLE says."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tamizdat.site.settings")
application = get_wsgi_application()
