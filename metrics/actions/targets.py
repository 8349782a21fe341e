"""Targets: what is aimed at from a day on. A later one is a step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import User
from metrics.models import MetricVersion, Target
from trusts.actions.announced import announced


@announced
def set_target(*, version: MetricVersion, starts: date, value: Decimal, by: User) -> Target:
    """Aim at the value from the day on. The same day again replaces what was aimed at from it."""
    target, _ = Target.objects.update_or_create(version=version, starts=starts, defaults={"value": value})
    return target


@announced
def remove_target(*, target: Target, by: User) -> None:
    """A target that was set by mistake; the audit trail keeps it."""
    target.delete()
