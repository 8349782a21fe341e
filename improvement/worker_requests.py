"""How a worker's main process holds a task: what it says of one that hung or died carries the request's number too."""

from typing import Any

from celery.worker.request import Request
from django.conf import settings
from django_guid.context import guid


class Numbered(Request):
    """The child that ran the task can say nothing any more, and the main process knows only the message."""

    def on_timeout(self, *given: Any, **named: Any) -> Any:
        return self._numbered(super().on_timeout, *given, **named)

    def on_failure(self, *given: Any, **named: Any) -> Any:
        return self._numbered(super().on_failure, *given, **named)

    def _numbered(self, act: Any, *given: Any, **named: Any) -> Any:
        token = guid.set(self.request_dict.get(settings.REQUEST_ID_HEADER))
        try:
            return act(*given, **named)
        finally:
            guid.reset(token)
