"""Tests: real PostgreSQL and a real broker, found by tests/conftest.py; mail is kept in memory."""

import os

from jinja2 import FileSystemBytecodeCache

from improvement.settings.base import *  # noqa: F403

SECRET_KEY = "tests only: this key guards nothing"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
EMAIL_FILE_PATH = os.environ.get("EMAIL_FILE_PATH")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EXAMPLE_SIGN_INS = True

LOGGING = logging_to(os.environ.get("LOG_FORMAT", "lines"), "INFO")  # noqa: F405

# Both connections are always there; tests/conftest.py says where they lead.
for _alias in ("default", "owner"):
    DATABASES.setdefault(_alias, {})  # noqa: F405
    DATABASES[_alias].setdefault("ENGINE", "django.db.backends.postgresql")  # noqa: F405
    DATABASES[_alias].setdefault("NAME", "improvement")  # noqa: F405
# Tests of faults keep connections, as an installation does.
DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("CONN_MAX_AGE", "0"))  # noqa: F405

# Files are served from where they are written, so that no test meets an old collection.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# Every process of a run reads templates that one of them compiled.
TEMPLATES[0]["OPTIONS"]["bytecode_cache"] = FileSystemBytecodeCache()  # type: ignore[index]  # noqa: F405
