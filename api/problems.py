"""Every error as problem details (RFC 9457)."""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.views import set_rollback

from ui.errors import DATABASE_IN_TROUBLE

log = logging.getLogger(__name__)
TYPE = "application/problem+json"
UNFORESEEN = "Something went wrong here. Send it again; with the same Idempotency-Key it is written once."
LATER = "The records cannot be reached just now. Send the same again; with the same Idempotency-Key it is written once."


class Refused(exceptions.APIException):
    """What was sent cannot be done: each error with the place in the body, as a JSON pointer."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        self.errors = list(errors)


class Conflict(Refused):
    status_code = HTTPStatus.CONFLICT


def problem(status: int, detail: str, errors: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    body["detail"] = detail
    return body | ({"errors": list(errors)} if errors else {})


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's exception handler. What nobody foresaw is logged, and told to nobody else."""
    set_rollback()
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError("What was sent has more parts than this takes. Nothing was saved.")
    if isinstance(error, DATABASE_IN_TROUBLE):
        log.error(
            "The API could not reach the database", exc_info=error, extra={"request": context["request"]._request}
        )
        response = as_response(problem(HTTPStatus.SERVICE_UNAVAILABLE, LATER))
        response["Retry-After"] = "10"
        return response
    if not isinstance(error, exceptions.APIException):
        got_request_exception.send(sender=handler, request=context["request"]._request)
        log.error("The API could not answer", exc_info=error, extra={"request": context["request"]._request})
        return as_response(problem(500, UNFORESEEN))
    status = int(error.status_code)
    if isinstance(error, Refused):
        body = problem(status, str(error.detail), error.errors)
    elif isinstance(error, exceptions.ValidationError):
        body = problem(status, "What was sent cannot be read.", list(_pointers(error.detail)))
    else:
        body = problem(status, str(error.detail))
    response = as_response(body)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(max(int(wait), 1))
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def as_response(body: dict[str, Any]) -> HttpResponse:
    """Plain, so that an error is JSON whatever the caller accepts."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=body["status"], content_type=TYPE)


def _pointers(detail: Any, at: str = "") -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _pointers(inner, at if name == "non_field_errors" else f"{at}/{name}")
    elif isinstance(detail, list):
        for n, inner in enumerate(detail):
            yield from _pointers(inner, at if isinstance(inner, str) else f"{at}/{n}")
    else:
        yield {"pointer": at, "detail": str(detail)}


@login_not_required
@csrf_exempt
def unknown(request: HttpRequest, anything: str = "") -> HttpResponse:
    """Any other address under /api/."""
    return as_response(problem(404, "There is nothing at this address."))
