"""What people write onto a metric's chart: recalculations of its limits, and annotations."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.models import User
from metrics.models import Annotation, Metric, MetricVersion, Recalculation
from metrics.refusals import Refused
from trusts.actions.announced import announced


@announced
def recalculate(*, version: MetricVersion, on: date, cause: str, reason: str, by: User) -> Recalculation:
    """Compute the limits anew from the point at this date: the process changed, and a person says so."""
    MetricVersion.objects.select_for_update(no_key=True, of=("self",)).get(pk=version.pk)
    if not version.measurements.filter(on=on, value__isnull=False, ghost=False).exists():
        raise Refused("There is no point at this date any more. Choose another one.")
    if version.recalculations.filter(on=on, withdrawn_at=None).exists():
        raise Refused("The limits are computed anew from this date already.")
    return Recalculation.objects.create(version=version, on=on, cause=cause, reason=reason, by=by, at=timezone.now())


@announced
def withdraw(*, recalculation: Recalculation, because: str, by: User) -> None:
    """The limits are as if it had never been; what was done and withdrawn stays on record."""
    now = Recalculation.objects.select_for_update(of=("self",)).get(pk=recalculation.pk)
    if now.withdrawn_at is not None:
        raise Refused("This recalculation was withdrawn meanwhile.")
    now.withdrawn_by, now.withdrawn_at, now.withdrawn_because = by, timezone.now(), because
    now.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])


@announced
def annotate(*, metric: Metric, on: date, text: str, by: User) -> Annotation:
    """Write a remark onto the chart. The same remark by the same person at the same date is there once."""
    Metric.objects.select_for_update(no_key=True).get(pk=metric.pk)
    same = Annotation.objects.filter(metric=metric, on=on, text=text, by=by).first()
    return same or Annotation.objects.create(metric=metric, on=on, text=text, by=by, at=timezone.now())


@announced
def edit_annotation(*, annotation: Annotation, on: date, text: str, by: User) -> None:
    annotation = _own(annotation, by)
    annotation.on, annotation.text, annotation.at = on, text, timezone.now()
    annotation.save(update_fields=["on", "text", "at"])


@announced
def remove_annotation(*, annotation: Annotation, by: User) -> None:
    _own(annotation, by).delete()


def _own(annotation: Annotation, by: User) -> Annotation:
    now = Annotation.objects.select_for_update(of=("self",)).filter(pk=annotation.pk).first()
    if now is None:
        raise Refused("This remark was taken off the chart meanwhile.")
    if now.by_id != by.pk:
        raise Refused("Only the person who wrote a remark can change it.")
    return now
