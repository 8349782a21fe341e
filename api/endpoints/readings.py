"""Reading and logging readings. A system's readings pass the grid's own form and action."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from api.endpoints.detail import ReadingsList
from api.endpoints.writing import Body, key_of, written
from api.models import ApiClient, Scope
from api.problems import Conflict, Refused
from api.queries import ReadingFilters
from api.schema import csv_or_json, posts
from api.serializers import NewReadings, ReadingRow, SavedReadings
from rpiws import grid
from rpiws.actions.readings import ChangedMeanwhile, save_readings
from rpiws.forms.grid import GridForm
from rpiws.models import Checkpoint, Reading, Rpiw

_IN_THE_FORM = {"corrects_version": "seen"}
_SHARED = {
    "measured_on": "measured_on",
    "period": "period",
    "sample": "sample_size",
    "note": "note",
    "simulated": "simulated",
}
_IN_THE_BODY = {"timings": "value", "seen": "corrects_version", "sample": "sample_size"}


@posts("readings", "Log the readings of one RPIW at one checkpoint.", sent=NewReadings, saved=SavedReadings)
@csv_or_json("readings", "The readings of the trust's RPIWs.", ReadingRow, ReadingFilters)
class Readings(ReadingsList):
    scopes = {"GET": Scope.READ_DETAIL, "POST": Scope.WRITE_READINGS}
    parser_classes = [Body]

    def post(self, request: Request) -> HttpResponse:
        key = key_of(request)
        sent = NewReadings(data=request.data)
        sent.is_valid(raise_exception=True)
        body, client = sent.validated_data, self.system
        rpiw = get_object_or_404(
            Rpiw.objects.select_related("value_stream__trust").in_trusts(self.trust_ids), pk=body["rpiw"]
        )
        return written(request, client=client, key=key, write=lambda: _save(client, rpiw, body, key))


def _save(client: ApiClient, rpiw: Rpiw, body: dict[str, Any], key: str) -> str:
    """Save as the grid does; the answer as JSON text. Raises Refused and Conflict."""
    checkpoint = Checkpoint(body["checkpoint"])
    shown = grid.load(rpiw, on=timezone.localdate())
    if not shown.column(checkpoint).is_open:
        raise Conflict(f"{checkpoint.label} of this RPIW is not open for readings.")
    form = GridForm(shown, checkpoint, _as_typed(shown, body))
    if not form.is_valid():
        raise Refused("These readings cannot be saved.", list(_errors(form, body)))
    try:
        saved = save_readings(
            rpiw=rpiw,
            checkpoint=checkpoint,
            cells=form.answers,
            common=form.common.shared,
            key=uuid.uuid5(uuid.NAMESPACE_OID, f"{client.pk} {key}"),
            by=client.acts_as,
        )
    except ChangedMeanwhile as meanwhile:
        raise Conflict("Readings stand here already.", list(_standing(meanwhile, body))) from None
    measures = [answer.measure_id for answer in form.answers]
    stored = Reading.objects.filter(measure__in=measures, checkpoint=checkpoint).select_related("measure")
    rows = ReadingRow(stored.order_by("measure__position"), many=True).data
    return JSONRenderer().render({"saved": saved.summary, "readings": rows}).decode()


def _as_typed(shown: grid.Grid, body: dict[str, Any]) -> dict[str, str]:
    """The body as the grid's page would send it. A measure of another RPIW, or one named twice, is refused."""
    known = {measure.pk for measure in shown.measures}
    data = {
        "measured_on": str(body.get("measured_on", "")),
        "period": body.get("period", ""),
        "sample": str(body.get("sample_size", "")),
        "note": body.get("note", ""),
        "simulated": "on" if body["simulated"] else "",
    }
    seen: set[int] = set()
    for n, reading in enumerate(body["readings"]):
        measure = reading["measure"]
        if measure not in known or measure in seen:
            why = "This measure came before." if measure in seen else "The RPIW has no such measure."
            raise Refused("These readings cannot be saved.", [{"pointer": f"/readings/{n}/measure", "detail": why}])
        if not (reading.get("value") or reading.get("not_measured")):
            why = "Send a value, or say why it was not measured."
            raise Refused("These readings cannot be saved.", [{"pointer": f"/readings/{n}", "detail": why}])
        seen.add(measure)
        if "corrects_version" in reading:
            sent = {name: data[name] for name, key in _SHARED.items() if key in body}
            data |= {f"m{measure}-{name}": value for name, value in sent.items()}
        for name, value in reading.items():
            if name != "measure":
                data[f"m{measure}-{_IN_THE_FORM.get(name, name)}"] = str(value)
    return data


def _errors(form: GridForm, body: dict[str, Any]) -> Any:
    place = {reading["measure"]: n for n, reading in enumerate(body["readings"])}
    for cell in form.cells:
        for name, texts in cell.errors.items():
            is_shared = name in _SHARED or cell.measure.pk not in place
            at = "" if is_shared else f"/readings/{place[cell.measure.pk]}"
            for text in texts:
                yield {"pointer": f"{at}/{_IN_THE_BODY.get(name, name)}", "detail": str(text)}
    for name, texts in form.common.errors.items():
        for text in texts:
            yield {"pointer": f"/{_IN_THE_BODY.get(name, name)}", "detail": str(text)}


def _standing(meanwhile: ChangedMeanwhile, body: dict[str, Any]) -> Any:
    place = {reading["measure"]: n for n, reading in enumerate(body["readings"])}
    for cell in meanwhile.cells:
        yield {
            "pointer": f"/readings/{place[cell.measure_id]}",
            "detail": f"There is a reading, version {cell.stored.version}. To correct it, name that version and why.",
        }
