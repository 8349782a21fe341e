"""What the endpoints share: the scope they need, their trust's rows alone, lists, and stored JSON passed through."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import generics
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import InScope, TokenAuthentication
from api.models import ApiClient, Scope
from api.pages import ById, Csv
from api.problems import as_response, handler, problem
from api.queries import Filters, NoFilters
from api.throttling import ClientThrottle


class Endpoint(APIView):
    """Deny by default: without scopes there is no endpoint."""

    scopes: ClassVar[Mapping[str, Scope]]
    authentication_classes = [TokenAuthentication]
    permission_classes = [InScope]
    throttle_classes = [ClientThrottle]
    renderer_classes = [JSONRenderer]

    @staticmethod
    def too_large(request: HttpRequest) -> HttpResponse:
        """A body that is longer than this product takes (ui.requests)."""
        return as_response(problem(413, "The body is too long. Nothing was saved: send it in parts."))

    def get_exception_handler(self) -> Any:
        return handler

    @property
    def system(self) -> ApiClient:
        token: Any = self.request.auth
        return token.client

    @property
    def trust_ids(self) -> frozenset[int]:
        """The one trust whose rows the client may read."""
        return frozenset({self.system.trust_id} - {None})  # type: ignore[arg-type]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response


class List(Endpoint, generics.ListAPIView):
    """Rows, a page at a time as JSON, or all of them as CSV."""

    pagination_class = ById
    renderer_classes = [JSONRenderer, Csv]
    filters: type[Filters] = NoFilters

    def shown(self, request: Request, rows: Any, *, file: str, tell: Callable[[Any], Any] = list) -> Response:
        """`tell`: what is said of the rows on a page, or in the file."""
        if request.accepted_renderer.format == "csv":
            said = self.get_serializer(tell(rows), many=True).data
            return Response(said, headers={"Content-Disposition": f'attachment; filename="{file}.csv"'})
        page = tell(self.paginate_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ListOfTrust(List):
    """Rows of the client's trust, in the order in which they were made."""

    scopes = {"GET": Scope.READ_DETAIL}

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.in_trusts(self.trust_ids).order_by("pk")

    @method_decorator(conditional_page)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.get_queryset().filter(**self.filters.read(request))
        return self.shown(request, rows, file=request.path.rsplit("/", 1)[-1])


class OneOfTrust(Endpoint, generics.RetrieveAPIView):
    scopes = {"GET": Scope.READ_DETAIL}
    lookup_url_kwarg = "pk"

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.in_trusts(self.trust_ids)

    @method_decorator(conditional_page)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        NoFilters.read(request, also=frozenset())
        return super().get(request, *args, **kwargs)


def passed_through(request: Request, text: str, *, etag: str) -> HttpResponse:
    """Stored JSON as it is; 304 when the client has it already."""
    if unchanged := get_conditional_response(request._request, etag=etag):
        unchanged["ETag"] = etag
        return unchanged
    response = HttpResponse(text, content_type="application/json")
    response["ETag"] = etag
    return response
