"""Importing a file: upload, match columns, look, import, report. Each step can be left and come back to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.permissions import Permission
from metrics.actions import imports as actions
from metrics.files import limits
from metrics.files.layouts import CQC, OWN
from metrics.forms.imports import MATCH_FORMS, BeginForm, OwnForm, UploadForm
from metrics.imports.matching import matched_before
from metrics.models import FileImport
from metrics.presenters import imports as words
from metrics.presenters.import_files import rejected_rows, template
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.exports import csv_response, xlsx_response
from ui.plain_form import posted
from ui.requests import takes_a_file

State = FileImport.State
WENT_ON = "Somebody went on with this file meanwhile, or it has been imported. This is where it stands."


def _imports() -> Any:
    return FileImport.objects.select_related("value_stream__trust", "by").defer("content")


def _to_mend() -> Any:
    """Rows of a published file are added up: one of them alone, mended, would stand for all of its month."""
    return _imports().filter(layout=OWN)


@takes_a_file(limits.UPLOAD + limits.MEGABYTE)
@needs(Permission.LOG_MEASUREMENTS)
def start(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """Upload a file; below it the files that came before."""
    stream = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    may_edit_trust = request.scope.may_at(Permission.EDIT_TRUST, stream)  # type: ignore[attr-defined]
    form = UploadForm(posted(request), request.FILES or None, may_edit_trust=may_edit_trust)
    if request.method == "POST" and form.is_valid():
        file_import = actions.upload(
            value_stream=stream,
            name=form.cleaned_data["file"].name,
            content=form.content,
            looked=form.looked,
            by=request.user,
        )
        # The CQC's file says all by itself, and is read at once.
        return (
            _matched(request, file_import, {})
            if file_import.layout == CQC
            else redirect("import_columns", file_import.pk)
        )
    earlier = _imports().filter(value_stream=stream)[:10]
    context = {"form": form, "stream": stream, "crumbs_of": words.crumbs(stream), "earlier": words.listed(earlier)}
    return render(request, "metrics/imports/start.html", context)


@needs(Permission.LOG_MEASUREMENTS)
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say which column holds what."""
    file_import = reach(request, _imports(), pk=import_id)
    if file_import.state not in (State.UPLOADED, State.CHECKED, State.FAILED) or file_import.ended_at:
        return redirect("file_import", import_id)
    form_class = MATCH_FORMS.get(file_import.layout, OwnForm)
    given: dict[str, Any] = {"file_import": file_import}
    if form_class is OwnForm:
        given["before"] = matched_before(file_import)
    form = form_class(posted(request), **given)
    if request.method == "POST" and form.is_valid():
        return _matched(request, file_import, form.columns)
    return render(request, "metrics/imports/columns.html", words.columns_page(file_import, form))


def _matched(request: HttpRequest, file_import: FileImport, columns: dict[str, Any]) -> HttpResponse:
    try:
        actions.match(file_import=file_import, columns=columns, by=request.user)
    except actions.NotNow:
        messages.warning(request, WENT_ON)
    return redirect("file_import", file_import.pk)


@needs(Permission.LOG_MEASUREMENTS)
def file_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Where a file stands: being read, to be looked at, being imported, or its report."""
    found = reach(request, _imports(), pk=import_id)
    if found.state == State.UPLOADED:
        return redirect("import_columns", import_id)
    form = BeginForm(posted(request), differing=found.differing, odd=words.odd(found))
    if request.method == "POST" and found.state == State.CHECKED:
        if found.layout == CQC:
            return _record_ratings(request, found)
        if form.is_valid():
            try:
                actions.begin(file_import=found, by=request.user, **form.answer)
            except actions.NotNow:
                messages.warning(request, WENT_ON)
            return redirect("file_import", import_id)
    return render(request, "metrics/imports/file.html", words.file_page(found, form))


def _record_ratings(request: HttpRequest, found: FileImport) -> HttpResponse:
    if not request.scope.may_at(Permission.EDIT_TRUST, found):  # type: ignore[attr-defined]
        raise PermissionDenied
    try:
        actions.record_ratings(file_import=found, by=request.user)
    except actions.NotNow:
        messages.warning(request, WENT_ON)
    return redirect("file_import", found.pk)


@needs(Permission.LOG_MEASUREMENTS)
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The bar alone, for htmx; when there is something else to see, the page is asked for anew."""
    found = reach(request, _imports(), pk=import_id)
    if found.state not in actions.WAITING:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("file_import", args=[import_id])})
    return render(request, "metrics/imports/progress.html", {"progress": words.progress(found)})


@needs(Permission.LOG_MEASUREMENTS)
def give_up(request: HttpRequest, import_id: int) -> HttpResponse:
    found = reach(request, _imports(), pk=import_id)
    if request.method == "POST":
        try:
            actions.give_up(file_import=found, by=request.user)
            messages.success(request, f"{found.name} is given up: nothing of it was imported.")
        except actions.NotNow:
            messages.warning(request, WENT_ON)
            return redirect("file_import", import_id)
    return redirect("import_start", found.value_stream_id)


@needs(Permission.LOG_MEASUREMENTS)
def rejected_csv(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The rows to mend, with what is the matter in the last column; upload the mended file again."""
    return csv_response(rejected_rows(reach(request, _to_mend(), pk=import_id)))


@needs(Permission.LOG_MEASUREMENTS)
def rejected_xlsx(request: HttpRequest, import_id: int) -> FileResponse:
    return xlsx_response(rejected_rows(reach(request, _to_mend(), pk=import_id)))


@needs(Permission.LOG_MEASUREMENTS)
def template_csv(request: HttpRequest, value_stream_id: int) -> HttpResponseBase:
    """An empty table of the value stream's metrics: fill it in, and upload it."""
    return csv_response(template(reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)))


@needs(Permission.LOG_MEASUREMENTS)
def template_xlsx(request: HttpRequest, value_stream_id: int) -> FileResponse:
    return xlsx_response(template(reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)))
