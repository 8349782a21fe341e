"""One machine, one developer: conveniences that must never reach production."""

from improvement.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "development only: this key guards nothing"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EXAMPLE_SIGN_INS = True
# Every start sets or checks the example people's passwords: seconds with the slower default.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
