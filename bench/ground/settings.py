"""As in production where speed is concerned, over the servers of the tests: connections kept, no looking at files."""

from improvement.settings.test import *  # noqa: F403

DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}  # noqa: F405
ROOT_URLCONF = "bench.ground.urls"
WHITENOISE_AUTOREFRESH = False
# No benchmark is about the limit.
API_REQUESTS_A_MINUTE = 10**9
