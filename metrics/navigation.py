"""What metrics put on the menu, and where their histories lead back to."""

from django.urls import reverse

from accounts.history import register_way
from accounts.permissions import Permission
from metrics.models import Metric
from metrics.models.of_metric import MetricRecord, VersionRecord
from metrics.views.way import crumbs
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="metrics",
            label="Metrics",
            url=lambda _user: reverse("metrics_of_trusts"),
            order=40,
            visible=lambda user: scope_of(user).may(Permission.SEE_TRUST),
        )
    )
    register_way(Metric, lambda metric: (crumbs(metric), "metrics"))
    register_way(MetricRecord, lambda record: (crumbs(record.metric), "metrics"))
    register_way(VersionRecord, lambda record: (crumbs(record.version.metric), "metrics"))
