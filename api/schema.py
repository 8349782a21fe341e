"""What the OpenAPI document says that the code alone does not: tokens, errors, CSV, ETags, idempotency."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from api.problems import TYPE
from api.queries import Filters
from api.serializers import Problem

_PROBLEM = [TYPE]
_ERRORS = {
    400: "A parameter or the body cannot be read.",
    401: "No token, or one that does not work.",
    403: "The client's scope does not reach this.",
    404: "Not there, or another trust's.",
    405: "Not this method.",
    406: "Not in this format.",
    409: "Something stands there already, or nothing can be logged there now.",
    415: "Send application/json.",
    422: "What was sent cannot be saved, or the key came before with other content.",
    429: "Too many requests. Retry-After says after how many seconds to ask again.",
}
_OF_EVERY_ROUTE = (400, 401, 403, 404, 405, 406, 429)


def errors(*more: int) -> dict[Any, Any]:
    return {(status, _PROBLEM[0]): OpenApiResponse(Problem, _ERRORS[status]) for status in (*_OF_EVERY_ROUTE, *more)}


class Schema(AutoSchema):
    """Every route answers errors as problem details."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in _OF_EVERY_ROUTE:
            said = self._get_response_for_code(OpenApiResponse(Problem, _ERRORS[status]), str(status), _PROBLEM)
            bodies.setdefault(str(status), said)
        return bodies


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A client's token, made on the page API clients and shown there once.",
        }


CONDITIONAL = [
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you have."),
    OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304], description="Its version."),
]
UNCHANGED = {304: OpenApiResponse(description="What you have is the newest.")}


def csv_or_json(tag: str, says: str, row: Any, filters: type[Filters]) -> Callable[[Any], Any]:
    """A list: pages of JSON, or all rows as CSV."""
    whole = OpenApiParameter(
        "format", enum=["json", "csv"], description="`csv`: all rows in one file, columns named as in JSON."
    )
    return extend_schema_view(
        get=extend_schema(
            summary=says,
            tags=[tag],
            parameters=[*([filters] if filters().fields else []), whole, *CONDITIONAL],
            responses={(200, "application/json"): row(many=True), (200, "text/csv"): OpenApiTypes.STR, **UNCHANGED},
        )
    )


def etagged(says: str, tag: str, answer: Any) -> Callable[[Any], Any]:
    return extend_schema(
        summary=says,
        tags=[tag],
        parameters=CONDITIONAL,
        responses={200: answer, **UNCHANGED},
    )


def posts(tag: str, says: str, *, sent: Any, saved: Any) -> Callable[[Any], Any]:
    """A list that takes new rows, too: once for each key."""
    return extend_schema_view(
        post=extend_schema(
            summary=says,
            tags=[tag],
            request={"application/json": sent},
            parameters=[
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]{1,120}$"},
                    OpenApiParameter.HEADER,
                    required=True,
                    description="The same key twice writes once and answers the same.",
                )
            ],
            responses={201: saved, **errors(409, 415, 422)},
        )
    )
