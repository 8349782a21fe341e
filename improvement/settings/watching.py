"""What can be seen from outside: log lines, the request's number, metrics, and where errors are reported."""

import os

from django_guid.integrations.celery import CeleryIntegration

# The number that ties together a request, its answer, its log lines and those of the tasks that it led to. The proxy
# may give it (a UUID, with or without hyphens); otherwise it is made here, short enough to be read out.
REQUEST_ID_HEADER = "X-Request-ID"
DJANGO_GUID = {
    "GUID_HEADER_NAME": REQUEST_ID_HEADER,
    "EXPOSE_HEADER": False,
    "UUID_LENGTH": 16,
    "INTEGRATIONS": [CeleryIntegration(use_django_logging=True, uuid_length=16)],
}

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()


def logging_to(form: str, level: str) -> dict[str, object]:
    """One handler for every line of web, worker and beat. `form`: json, or lines for one developer to read."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "improvement.logs.JsonLines"},
            "lines": {"()": "improvement.logs.PlainLines"},
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Workers of Granian; its main process says how it starts and ends in its own form.
            "_granian": {"handlers": [], "propagate": True},
            # These write down what they were sent, or what another line says better.
            "django_guid": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "health_check": {"level": "ERROR"},
        },
    }


LOGGING = logging_to("json", LOG_LEVEL)
AXES_CLIENT_STR_CALLABLE = "improvement.logs.somebody"

# Who may read /metrics: whoever sends this in the Authorization header. Without it there is no such page.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Asked from inside the installation, where nobody speaks HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^(health|ready)/$", r"^metrics$"]

# Errors are reported nowhere unless this is set (improvement/reports.py says what is sent).
SENTRY_DSN = os.environ.get("SENTRY_DSN", "")
