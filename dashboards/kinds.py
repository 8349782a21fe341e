"""The three kinds of dashboard, and how one rolls up into the next."""

from collections.abc import Iterable

from dashboards import partnership, trust, value_stream
from snapshots.registry import Kind, Scope, register
from trusts.models import Partnership, Trust, ValueStream


def trust_of(value_stream_id: int) -> Iterable[Scope]:
    rows = ValueStream.objects.filter(pk=value_stream_id).values_list("trust_id", flat=True)
    return [("trust", trust_id) for trust_id in rows]


def partnership_of(trust_id: int) -> Iterable[Scope]:
    rows = Trust.objects.filter(pk=trust_id).values_list("partnership_id", flat=True)
    return [("partnership", partnership_id) for partnership_id in rows]


def value_streams_of(trust_id: int) -> Iterable[Scope]:
    rows = ValueStream.objects.filter(trust_id=trust_id).values_list("pk", flat=True)
    return [("value_stream", value_stream_id) for value_stream_id in rows]


def all_below(partnership_id: int) -> Iterable[Scope]:
    """The trusts and their value streams: while one of them is stale, so is the partnership."""
    trusts = Trust.objects.filter(partnership_id=partnership_id).values_list("pk", flat=True)
    streams = ValueStream.objects.filter(trust__partnership_id=partnership_id).values_list("pk", flat=True)
    return [*(("trust", pk) for pk in trusts), *(("value_stream", pk) for pk in streams)]


VALUE_STREAM = Kind(
    name="value_stream",
    rules=value_stream.RULES,
    compute=value_stream.compute,
    parents=trust_of,
    scopes=lambda: ValueStream.objects.values_list("pk", flat=True),
)
TRUST = Kind(
    name="trust",
    rules=trust.RULES,
    compute=trust.compute,
    parents=partnership_of,
    children=value_streams_of,
    scopes=lambda: Trust.objects.values_list("pk", flat=True),
)
PARTNERSHIP = Kind(
    name="partnership",
    rules=partnership.RULES,
    compute=partnership.compute,
    children=all_below,
    scopes=lambda: Partnership.objects.values_list("pk", flat=True),
)


def register_kinds() -> None:
    for kind in (VALUE_STREAM, TRUST, PARTNERSHIP):
        register(kind)
