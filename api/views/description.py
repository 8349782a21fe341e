"""The API's description: a page to read, and the OpenAPI document. Both are public: they hold no fact of any trust."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer


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
    return render(request, "api/description.html", {"routes": _routes(), "rows": _rows(), "nav": "api"})


def _routes() -> list[dict[str, Any]]:
    """Method, address, what it is for, and its parameters."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "parameters": [
                one for one in operation.get("parameters", ()) if one["name"] not in ("cursor", "page_size")
            ],
        }
        for path, operations in schema()["paths"].items()
        for method, operation in operations.items()
    ]


def _rows() -> list[dict[str, Any]]:
    """What each column of each list means."""
    return [
        {
            "name": name.removesuffix("Row"),
            "columns": [
                (column, about.get("description", "").split("\n", 1)[0])
                for column, about in component["properties"].items()
            ],
        }
        for name, component in schema()["components"]["schemas"].items()
        if name.endswith("Row")
    ]
