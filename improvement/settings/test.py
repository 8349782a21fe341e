"""Tests: real PostgreSQL and a real broker, found by tests/conftest.py; mail is kept in memory."""

from improvement.settings.base import *  # noqa: F403

SECRET_KEY = "tests only: this key guards nothing"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EXAMPLE_SIGN_INS = True
