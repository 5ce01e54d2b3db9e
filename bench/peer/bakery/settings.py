"""A small Wagtail newsroom that wagtail-bakery prints; its folder is in NEWS_SITE."""

import os
from pathlib import Path

HERE = Path(__file__).parent
PLACE = Path(os.environ["NEWS_SITE"])
SECRET_KEY = "of a site that nobody visits"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = [
    "news",
    "bakery",
    "wagtailbakery",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.sites",
    "wagtail",
    "taggit",
    "modelcluster",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE: list[str] = []
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": PLACE / "site.sqlite3",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "The Long Shelf"
WAGTAILADMIN_BASE_URL = "http://localhost"
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
BUILD_DIR = str(PLACE / "public")
BAKERY_VIEWS = ("wagtailbakery.views.AllPublishedPagesView",)
STYLE = {file.stem: file.read_text() for file in PLACE.glob("*.css")}
