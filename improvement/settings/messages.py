"""Celery and its broker: the settings that follow from what was measured (docs/adr/0003)."""

import os

from celery.schedules import crontab

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# How long a message may be with a worker before it is handed to another: longer than any task's time limit.
_VISIBILITY_TIMEOUT = 300

_TRANSPORT = {
    "visibility_timeout": _VISIBILITY_TIMEOUT,
    "health_check_interval": 10,
    # Short, because web processes send with it; improvement/celery.py gives workers and beat more patience.
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "socket_keepalive": True,
    "retry_on_timeout": False,
    # A process that sends tries to connect once; workers go on for ever (broker_connection_max_retries).
    "max_retries": 0,
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = _TRANSPORT
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _VISIBILITY_TIMEOUT}
CELERY_VISIBILITY_TIMEOUT = _VISIBILITY_TIMEOUT
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

# A message is taken off the broker when its task has ended, so that a worker which dies leaves it there.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "recompute"
CELERY_TASK_ROUTES = {
    "snapshots.tasks.recompute": {"queue": "recompute"},
    "snapshots.tasks.sweep": {"queue": "sweep"},
    "snapshots.tasks.freeze_month_end": {"queue": "sweep"},
    "dashboards.tasks.draft_summaries": {"queue": "sweep"},
    "rpiws.tasks.send_reminders": {"queue": "sweep"},
    "boards.tasks.plan_meetings": {"queue": "sweep"},
    "boards.tasks.tell_of_agenda": {"queue": "sweep"},
    "boards.tasks.remind_of_actions": {"queue": "sweep"},
    "reflections.tasks.tell_sensei": {"queue": "sweep"},
    "reflections.tasks.forget": {"queue": "sweep"},
    "metrics.tasks.tell_sponsor": {"queue": "sweep"},
    "metrics.tasks.import_file": {"queue": "imports"},
    "metrics.tasks.resume_imports": {"queue": "sweep"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_TIMEZONE = "Europe/London"

# A message of beat's that no worker took within a day is worth nothing. Not sooner: it expires by the worker's clock,
# and a worker whose clock is an hour ahead would throw away all that expire within the hour.
_EXPIRES = 24 * 60 * 60

CELERY_BEAT_SCHEDULER = "improvement.beat.SteadyScheduler"
CELERY_BEAT_SCHEDULE = {
    "resume-imports": {
        "task": "metrics.tasks.resume_imports",
        "schedule": 60.0,
        "options": {"expires": _EXPIRES},
    },
    "sweep": {
        "task": "snapshots.tasks.sweep",
        "schedule": 3.0,
        "options": {"expires": _EXPIRES},
    },
    "freeze-month-end": {
        "task": "snapshots.tasks.freeze_month_end",
        "schedule": crontab(hour=0, minute=5),
        "options": {"expires": _EXPIRES},
    },
    "draft-summaries": {
        "task": "dashboards.tasks.draft_summaries",
        # After the month's end is frozen; every hour, so that nobody waits a day for a beat that slept.
        "schedule": crontab(minute=20),
        "options": {"expires": _EXPIRES},
    },
    "plan-meetings": {
        "task": "boards.tasks.plan_meetings",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": _EXPIRES},
    },
    "forget-what-boards-let-go": {
        "task": "reflections.tasks.forget",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": _EXPIRES},
    },
    "remind-of-board-actions": {
        "task": "boards.tasks.remind_of_actions",
        # Each leaves once; the later runs send what the mail server would not take before.
        "schedule": crontab(hour="7-17", minute=40),
        "options": {"expires": _EXPIRES},
    },
    "remind-of-remeasures": {
        "task": "rpiws.tasks.send_reminders",
        # Each reminder leaves once; the later runs send what the mail server would not take before.
        "schedule": crontab(hour="7-17", minute=30),
        "options": {"expires": _EXPIRES},
    },
}
