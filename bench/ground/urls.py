"""The product's addresses, and two that answer nothing: what every page and every answer of the API costs at least."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.permissions import Permission
from api.endpoints.base import Endpoint
from api.models import Scope
from trusts.access import needs


@needs(Permission.SEE_OWN_WORK)
def empty(request: HttpRequest) -> HttpResponse:
    """A signed-in page without content."""
    return render(request, "layouts/page.html")


class Constant(Endpoint):
    scopes = {"GET": Scope.READ_SUMMARIES}

    def get(self, request: Any) -> HttpResponse:
        return HttpResponse("{}", content_type="application/json")


urlpatterns = [
    path("bench/empty/", empty),
    path("api/v1/bench/constant", Constant.as_view()),
    path("", include("improvement.urls")),
]
