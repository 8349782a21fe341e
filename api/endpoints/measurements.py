"""Reading and logging measurements of metrics. A system's pass the same reading and action as those typed by hand."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints.base import ListOfTrust
from api.endpoints.writing import Body, key_of, written
from api.models import ApiClient, Scope
from api.problems import Conflict, Refused
from api.queries import MeasurementFilters
from api.schema import csv_or_json, posts
from api.serializers import MeasurementRow, NewMeasurements, SavedMeasurements
from metrics.actions.measurements import ChangedMeanwhile, save_measurements
from metrics.forms.sent import SentForm
from metrics.models import Measurement, Metric

Sent = dict[str, Any]
CANNOT = "These measurements cannot be saved."


@posts("measurements", "Log measurements of one metric.", sent=NewMeasurements, saved=SavedMeasurements)
@csv_or_json(
    "measurements",
    "The measurements of the trust's metrics. As CSV, of one value stream or metric.",
    MeasurementRow,
    MeasurementFilters,
)
class Measurements(ListOfTrust):
    scopes = {"GET": Scope.READ_DETAIL, "POST": Scope.WRITE_MEASUREMENTS}
    parser_classes = [Body]
    queryset = Measurement.objects.select_related("version")
    serializer_class = MeasurementRow
    filters = MeasurementFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A file of everything that a trust ever measured would be too large: one value stream's, or one metric's."""
        if request.accepted_renderer.format == "csv" and not {"value_stream", "metric"} & set(request.query_params):
            raise ValidationError({"value_stream": "Name a value stream or a metric for a file."})
        return super().list(request, *args, **kwargs)

    def post(self, request: Request) -> HttpResponse:
        key = key_of(request)
        sent = NewMeasurements(data=request.data)
        sent.is_valid(raise_exception=True)
        metrics: Any = Metric.objects.select_related("value_stream__trust").prefetch_related("versions")
        metric = get_object_or_404(metrics.in_trusts(self.trust_ids), pk=sent.validated_data["metric"])
        rows, client = sent.validated_data["measurements"], self.system
        return written(request, client=client, key=key, write=lambda: _save(client, metric, rows))


def _save(client: ApiClient, metric: Metric, sent: list[Sent]) -> str:
    """Save all of them or none; the answer as JSON text. Raises Refused and Conflict."""
    if metric.definition is None:
        raise Conflict("This metric has no definition in force yet, so nothing can be logged.")
    stored = {(row.version_id, row.subgroup, row.on): row for row in _rows(metric, sent)}
    forms = [SentForm(one, metric=metric, stored=stored) for one in sent]
    if errors := [*_errors(forms), *_repeated(forms)]:
        raise Refused(CANNOT, errors)
    answers = [form.answer for form in forms]
    try:
        saved = save_measurements(stream=metric.value_stream, cells=answers, by=client.acts_as)
    except ChangedMeanwhile as meanwhile:
        at = {answer.place: n for n, answer in enumerate(answers)}
        standing = [_standing(at[cell.place], cell.stored) for cell in meanwhile.cells]
        raise Conflict("Measurements stand here already.", standing) from None
    places = {answer.place for answer in answers}
    rows = [row for row in _rows(metric, sent) if (row.version_id, row.subgroup, row.on) in places]
    return JSONRenderer().render({"saved": saved, "measurements": MeasurementRow(rows, many=True).data}).decode()


def _rows(metric: Metric, sent: list[Sent]) -> Any:
    """What is recorded of the metric at these days, in the order in which it was."""
    days = {one["on"] for one in sent}
    return Measurement.objects.filter(version__metric=metric, on__in=days).select_related("version").order_by("pk")


def _errors(forms: list[SentForm]) -> Iterator[dict[str, str]]:
    for n, form in enumerate(forms):
        for name, texts in form.errors.items():
            for text in texts:
                yield {"pointer": f"/measurements/{n}/{name}", "detail": str(text)}


def _repeated(forms: list[SentForm]) -> Iterator[dict[str, str]]:
    seen = set()
    for n, form in enumerate(forms):
        if form.is_valid():
            if form.answer.place in seen:
                yield {"pointer": f"/measurements/{n}/on", "detail": "This period came before. Send it once."}
            seen.add(form.answer.place)


def _standing(n: int, stored: Measurement) -> dict[str, str]:
    said = f"There is a measurement, version {stored.row_version}. To correct it, name that version and why."
    return {"pointer": f"/measurements/{n}", "detail": said}
