"""What the views of all records share: showing a form, and answering when a colleague was quicker."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from trusts.fingerprints import ChangedMeanwhile
from trusts.forms.records import RecordForm


def save_or_show(
    request: HttpRequest,
    form: RecordForm,
    *,
    save: Callable[[], Any],
    saved: str,
    to: str,
    heading: str,
    back: str,
    **page: Any,
) -> HttpResponse:
    """One form page: show it, show it with its errors, or save and go to `to`."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ChangedMeanwhile:
            now: type[Model] = type(form.instance)
            form.open_again(now._default_manager.get(pk=form.instance.pk))
        else:
            messages.success(request, saved)
            return redirect(to)
    return render(request, "trusts/record_form.html", {"form": form, "heading": heading, "back": back, **page})
