"""Adopting a metric: the value stream watches it from now on, by its first definition."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from metrics.models import Metric, MetricVersion, Target
from metrics.refusals import SAME_NAME, Refused
from snapshots.signals import facts_changed
from trusts.models import ValueStream


@action
def adopt(
    *,
    value_stream: ValueStream,
    metric: Mapping[str, Any],
    definition: Mapping[str, Any],
    target: tuple[date, Decimal] | None,
    by: User,
) -> Metric:
    """The metric with its first definition, in force at once, and a target from a day on if it has one.

    Raises Refused where a metric of that name was adopted meanwhile.
    """
    ValueStream.objects.select_for_update().get(pk=value_stream.pk)
    if value_stream.metrics.filter(name=metric["name"]).exists():
        raise Refused(SAME_NAME)
    last = value_stream.metrics.aggregate(last=Max("position"))["last"] or 0
    adopted = Metric.objects.create(value_stream=value_stream, position=last + 1, **metric)
    now = timezone.now()
    version = MetricVersion.objects.create(
        metric=adopted, number=1, proposed_by=by, proposed_at=now, agreed_by=by, agreed_at=now, **definition
    )
    if target is not None:
        Target.objects.create(version=version, starts=target[0], value=target[1])
    facts_changed.send(sender=adopt, kind="value_stream", scope_id=value_stream.pk)
    return adopted
