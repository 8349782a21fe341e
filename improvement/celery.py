"""The Celery application. Its settings stand in improvement/settings/messages.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "improvement.settings.development")

app = Celery("improvement")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds. Nobody waits for a worker's answer, and a busy broker must not make it reconnect.
PATIENCE = 5


@celeryd_init.connect
@beat_init.connect
def be_patient(**_sent_with: Any) -> None:
    """Workers and beat give the broker more time than a process that serves pages."""
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "socket_timeout": PATIENCE}
