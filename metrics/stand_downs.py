"""Stand-downs on the charts of a value stream: its own, and those of its whole trust."""

from django.db.models import Q

from metrics.happenings import Happening, Kind, Known
from trusts.models import StandDown
from ui.words import listing


def stand_downs_of(value_stream_id: int) -> Known:
    """One query."""
    of_trust = Q(value_stream=None, trust__value_streams=value_stream_id)
    rows = StandDown.objects.filter(Q(value_stream_id=value_stream_id) | of_trust).distinct()
    return Known(
        happened=tuple(
            Happening(
                kind=Kind.STAND_DOWN,
                on=row.started,
                until=row.ended,
                text=_words(row),
                synthetic=row.synthetic,
            )
            for row in rows.order_by("started", "pk")
        )
    )


def _words(row: StandDown) -> str:
    """RPIWs and training stood down: pandemic. Workshops stood down in the first wave"""
    stopped = [
        said
        for said, stops in (
            ("RPIWs", row.stops_rpiws),
            ("training", row.stops_training),
            ("daily work", row.stops_daily_work),
        )
        if stops
    ]
    why = row.explanation or row.get_reason_display()
    return f"{listing(stopped)} stood down: {why}"
