"""What only the desk needs: the CMS, sign-in, uploads. Read by `site.settings`."""

import os
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.newsroom.last_settings import load_or_last

_newsroom = load_or_last(newsrooms.find())

INSTALLED_APPS = [
    "tamizdat.site",
    "tamizdat.support",
    "tamizdat.support.till",
    "tamizdat.letters",
    "tamizdat.readers",
    "tamizdat.readers.counter",
    "tamizdat.press",
    "tamizdat.desk",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "tamizdat.desk.accounts.users_app.Colleagues",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
if _newsroom.is_elsewhere("till"):  # its books are on another machine: nothing here reads them
    INSTALLED_APPS.remove("tamizdat.support.till")
MIDDLEWARE = [
    "tamizdat.site.away.UntilReady",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tamizdat.desk.pictures.uploads.NothingLeftOpen",
    "tamizdat.desk.afterwards.Afterwards",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tamizdat.desk.forms.ended_session.ShowWhatWasTyped",
    "tamizdat.desk.accounts.middleware.SecondStep",
    "tamizdat.desk.accounts.middleware.SayWhatIsMissing",
    "tamizdat.desk.accounts.middleware.NumbersThatAreNone",
    "tamizdat.desk.forms.hand_made.HandMade",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
CSRF_FAILURE_VIEW = "tamizdat.desk.forms.ended_session.csrf_failure"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tamizdat.desk.admin.context.newsroom",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
CSRF_TRUSTED_ORIGINS = [_newsroom.addresses.desk]
_in_the_open = urlsplit(_newsroom.addresses.desk).scheme == "http"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not _in_the_open
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "desk"
if _newsroom.demonstration:  # whose clock can be moved by years, and that signs nobody out
    SESSION_COOKIE_AGE = 20 * 365 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # all mail goes through letters
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a block is five fields: 1000 is an article of 200 blocks
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "tamizdat.desk.pictures.uploads.WithoutAName",
]
FILE_UPLOAD_TEMP_DIR = str(_newsroom.data)  # not /tmp, which others can look into
MEDIA_ROOT = str(_newsroom.media)
MEDIA_URL = "/media/"
# Pictures before publication: Django's own default is a file that all may read.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "tamizdat.desk.pictures.storage.CleanStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

ACCOUNT_ADAPTER = "tamizdat.desk.accounts.adapters.StaffAdapter"
MFA_ADAPTER = "tamizdat.desk.accounts.adapters.SecondStepAdapter"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"change_password": "tamizdat.desk.accounts.code_forms.PasswordForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = _newsroom.name
MFA_FORMS = {
    "add_webauthn": "tamizdat.desk.accounts.passkey_form.PasskeyForm",
    "login_webauthn": "tamizdat.desk.accounts.passkey_form.PasskeyAloneForm",
    "activate_totp": "tamizdat.desk.accounts.code_forms.ActivateForm",
    "authenticate": "tamizdat.desk.accounts.code_forms.CodeForm",
    "authenticate_webauthn": "tamizdat.desk.accounts.passkey_form.PasskeyStepForm",
    "reauthenticate": "tamizdat.desk.accounts.code_forms.CodeAgainForm",
    "reauthenticate_webauthn": "tamizdat.desk.accounts.passkey_form.PasskeyAgainForm",
}
# Not by user, as the library has it: whoever knows the password would use them up for its owner.
# The middleware ends the session in which somebody guesses, and code_forms limits codes.
ACCOUNT_RATE_LIMITS = {"reauthenticate": None, "change_password": None}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"

WAGTAIL_SITE_NAME = _newsroom.name
WAGTAILADMIN_BASE_URL = _newsroom.addresses.desk
WAGTAIL_USER_TIME_ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))
)
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [(c, newsrooms.LANGUAGES[c]) for c in _newsroom.languages]
WAGTAILIMAGES_IMAGE_MODEL = "desk.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "tamizdat.desk.pictures.picture_form.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif", "tif", "tiff", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 60_000_000
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_LOGIN_URL = "account_login"
# The desk calls nobody.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5

TASKS = {
    "default": {
        "BACKEND": os.environ.get("TAMIZDAT_TASKS", "tamizdat.desk.afterwards.Tasks"),
    },
}
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "tamizdat.desk.searching", "AUTO_UPDATE": True},
}
