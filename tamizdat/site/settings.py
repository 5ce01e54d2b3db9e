"""Django's settings, made from the newsroom's folder and the role that this process plays."""

import os
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from tamizdat.lib import clock
from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.clock import CLOCK_FILE
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.site.databases.settings import databases
from tamizdat.site.entry.limits import FORM

NEWSROOM = load_or_last(newsrooms.find())
ROLE = os.environ.get("TAMIZDAT_ROLE", "desk")
if ROLE not in ("desk", "counter", "till"):
    raise newsrooms.NewsroomError(f"TAMIZDAT_ROLE is desk, counter or till, not {ROLE!r}.")
if NEWSROOM.demonstration:
    os.environ.setdefault(CLOCK_FILE, str(NEWSROOM.data / "clock"))
timezone.now = clock.now  # the CMS, too, dates by the clock that leaps do not move


def _secret_key() -> str:
    """Return the desk's signing key. Counter and till sign nothing, so theirs dies with them.

    It signs only who is signed in at the desk. So where its file is missing, damaged or cannot be
    read, a key that dies with the process will do, and `tamizdat doctor` names the file.
    """
    if ROLE == "desk":
        from tamizdat.readers import keys

        with suppress(keys.KeysError):
            return keys.signing_key(NEWSROOM.keys)
    return os.urandom(32).hex()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    urlsplit(getattr(NEWSROOM.addresses, ROLE)).hostname or "",
    "127.0.0.1",
    "localhost",
]
ROOT_URLCONF = f"tamizdat.site.urls.{ROLE}"
DATABASES = databases(NEWSROOM, ROLE)
DATABASE_ROUTERS = (
    [] if ROLE in ("counter", "till") else ["tamizdat.site.databases.settings.ByRoom"]
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = NEWSROOM.time_zone
USE_I18N = True
LANGUAGE_CODE = NEWSROOM.language
LANGUAGES = [(code, newsrooms.LANGUAGES[code]) for code in NEWSROOM.languages]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000 if ROLE == "desk" else FORM
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer" if ROLE != "desk" else "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN" if ROLE == "desk" else "DENY"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "tamizdat.site.broken_log.WhereNotWhat",
            "format": "%(levelname)s %(name)s: %(message)s",
        },
        "one line": {"()": "tamizdat.site.broken_log.OneLine"},
    },
    "filters": {"broken": {"()": "tamizdat.site.broken_log.OnlyBroken"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "broken": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if ROLE == "desk" else "one line",
            "level": "ERROR",
            "filters": ["broken"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A refused request's path may hold a reader's token, and everybody can have requests refused:
    # Django's logs of them stay silent. Of a broken page they say where it broke. The desk's
    # paths hold no token: there they say also which page.
    "loggers": {
        "django.request": {"handlers": ["broken"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "tamizdat.broken": {"handlers": ["broken"], "propagate": False},
    },
}

INSTALLED_APPS: list[str]
MIDDLEWARE: list[str]
TEMPLATES: list[dict[str, Any]] = []

if ROLE in ("counter", "till"):  # no form of theirs has a file
    FILE_UPLOAD_HANDLERS = ["tamizdat.site.no_files.RefuseFiles"]
if ROLE == "counter":
    INSTALLED_APPS = ["tamizdat.readers.counter"]
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
elif ROLE == "till":
    INSTALLED_APPS = ["tamizdat.support.till"]
    MIDDLEWARE = ["tamizdat.site.away.UntilReady", "django.middleware.security.SecurityMiddleware"]
else:
    from tamizdat.site.desk_settings import *  # noqa: F403  one namespace is how Django reads settings

STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise finds them where they are installed; nothing is collected
