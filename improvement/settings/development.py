"""One machine, one developer: conveniences that must never reach production."""

import os

from improvement.settings.base import *  # noqa: F403

# Errors look as people will meet them; DEBUG=1 shows Django's own pages instead.
DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = "development only: this key guards nothing"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EXAMPLE_SIGN_INS = True
LOGGING = logging_to("lines", os.environ.get("LOG_LEVEL", "WARNING").upper())  # noqa: F405
# Every start sets or checks the example people's passwords: seconds with the slower default.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Files are served from where they are written: a change is seen at once, and nothing is collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
