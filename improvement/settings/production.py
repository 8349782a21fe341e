"""The installation that people rely on. What is missing from the environment stops it at the start, in one sentence."""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from improvement.settings.environment import take_secrets_from_files

take_secrets_from_files()

from improvement.settings.base import *  # noqa: E402, F403

for _name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"Set {_name} in the environment before starting.")

# Where web processes of this machine add up what they count; set before prometheus_client is imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(Path(tempfile.gettempdir()) / "improvement-metrics"))

SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED", "1") != "0"
