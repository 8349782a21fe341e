"""Secrets that come as files, as container platforms hand them over: NAME_FILE says where NAME is kept."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_HOST_PASSWORD",
    "OIDC_CLIENT_SECRET",
    "METRICS_TOKEN",
    "SENTRY_DSN",
)


def take_secrets_from_files() -> None:
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE")
        if not path or os.environ.get(name):
            continue
        try:
            os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}: {error.strerror}.") from None
