"""The API's description: a page to read, and the OpenAPI document. Both are public: they hold no fact of any trust."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from api import presenters


@cache
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def as_yaml() -> bytes:
    return OpenApiYamlRenderer().render(schema(), renderer_context={})


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(as_yaml(), content_type="application/yaml")


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    described = schema()
    page = {
        "addresses": presenters.addresses(described),
        "sent": presenters.sent(described),
        "answered": presenters.answered(described),
        "nav": "api",
    }
    return render(request, "api/description.html", page)
