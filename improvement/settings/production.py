"""The installation that people rely on. What is missing from the environment stops it at the start, in one sentence."""

import os

from django.core.exceptions import ImproperlyConfigured

from improvement.settings.base import *  # noqa: F403

for _name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"Set {_name} in the environment before starting.")

SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED", "1") != "0"
