"""What the child process is told of an import: which columns, which metrics, whose rows."""

from typing import Any

from django.utils import timezone

from metrics.files.cells import Decimals
from metrics.models import FileImport, Metric
from trusts.models import ValueStream


def plan_of(file_import: FileImport) -> dict[str, Any]:
    """The plan as metrics.files.child takes it, with the metrics as they are now."""
    stream, columns = file_import.value_stream, file_import.columns
    decimals = columns.get("decimals", Decimals.POINT)
    if decimals == Decimals.COMMA and columns["book"]["kind"] != "csv":
        decimals = Decimals.EITHER
    return {
        **columns,
        "decimals": decimals,
        "do": "entries",
        "layout": file_import.layout,
        "ods_code": stream.trust.ods_code,
        "today": timezone.localdate().isoformat(),
        "metrics": metric_plans(stream),
    }


def metric_plans(stream: ValueStream) -> list[dict[str, Any]]:
    """Every metric of the value stream with a definition in force."""
    return [
        {
            "id": metric.pk,
            "name": metric.name,
            "often": versions[-1].collected_often,
            "unit": versions[-1].unit,
            "versions": [
                ("" if version.back_cast else _iso(version.applies_from) if n else "", version.pk)
                for n, version in enumerate(versions)
            ],
            "until": _iso(metric.retired_on),
        }
        for metric, versions in metrics_in_force(stream)
    ]


def metrics_in_force(stream: ValueStream) -> list[tuple[Metric, list[Any]]]:
    """Each metric with its definitions in force, in the order of their numbers."""
    metrics = Metric.objects.filter(value_stream=stream).prefetch_related("versions")
    found = []
    for metric in metrics:
        versions = sorted((one for one in metric.versions.all() if one.is_in_force), key=lambda one: one.number)
        if versions:
            found.append((metric, versions))
    return found


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
