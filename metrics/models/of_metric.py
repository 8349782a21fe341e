"""What every record that belongs to a metric shares."""

from django.db import models

from snapshots.marks import leaves_marks


class MetricRecord(models.Model):
    """A record of one metric answers for its trust, and for whose it is, as the metric does."""

    class Meta:
        abstract = True

    @property
    def trust_id(self) -> int:
        return self.metric.trust_id  # type: ignore[attr-defined]

    @property
    def value_stream_id(self) -> int:
        return self.metric.value_stream_id  # type: ignore[attr-defined]

    def is_of(self, user_id: int) -> bool:
        return self.metric.is_of(user_id)  # type: ignore[attr-defined]


class OfMetric(models.QuerySet):
    """Rows with a foreign key `metric`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfMetric":
        return self.filter(metric__value_stream__trust_id__in=trust_ids)


def marks_value_stream_of_metric() -> list:
    """Triggers for a table with a foreign key `metric`."""
    return leaves_marks(
        kind="value_stream", scope="m.value_stream_id", joins="JOIN metrics_metric m ON m.id = changed.metric_id"
    )


class VersionRecord(models.Model):
    """A record of one version of a metric answers for its trust as the metric does."""

    class Meta:
        abstract = True

    @property
    def trust_id(self) -> int:
        return self.version.trust_id  # type: ignore[attr-defined]

    @property
    def value_stream_id(self) -> int:
        return self.version.value_stream_id  # type: ignore[attr-defined]

    def is_of(self, user_id: int) -> bool:
        return self.version.is_of(user_id)  # type: ignore[attr-defined]


class OfVersion(models.QuerySet):
    """Rows with a foreign key `version`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfVersion":
        return self.filter(version__metric__value_stream__trust_id__in=trust_ids)


def marks_value_stream_of_version() -> list:
    """Triggers for a table with a foreign key `version`."""
    return leaves_marks(
        kind="value_stream",
        scope="m.value_stream_id",
        joins="JOIN metrics_metricversion v ON v.id = changed.version_id JOIN metrics_metric m ON m.id = v.metric_id",
    )
