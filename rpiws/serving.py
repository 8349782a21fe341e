"""What the charts of a value stream's metrics show of its RPIWs: weeks, ideas tested, and measures that serve them.

An RPIW stands on the charts of the metrics that its measures serve. As long as none of its measures names a metric its
week stands on every chart of the value stream, as one of which it is not said what it serves.
"""

from collections import defaultdict
from collections.abc import Iterable

from metrics.happenings import Happening, Kind, Known, Serving
from rpiws.models import Idea, MetricServed, Rpiw, State


def known_of(value_stream_id: int) -> Known:
    """Three queries."""
    rpiws = list(Rpiw.objects.filter(value_stream_id=value_stream_id).exclude(state=State.CANCELLED).order_by("number"))
    served: dict[int, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    links = MetricServed.objects.filter(measure__rpiw__value_stream_id=value_stream_id).select_related("measure")
    for link in links.order_by("measure__position"):
        served[link.measure.rpiw_id][link.metric_id].append((link.measure_id, link.measure.name))
    tested: dict[int, list[Idea]] = defaultdict(list)
    ideas = Idea.objects.filter(rpiw__value_stream_id=value_stream_id, tested_on__isnull=False)
    for idea in ideas.order_by("tested_on", "position", "pk"):
        tested[idea.rpiw_id].append(idea)
    return Known(
        happened=tuple(one for rpiw in rpiws for one in _happened(rpiw, served.get(rpiw.pk), tested[rpiw.pk])),
        serving=tuple(
            Serving(
                metric=metric_id,
                rpiw=rpiw.pk,
                process=rpiw.process,
                state=rpiw.state,
                week_starts=rpiw.week_starts,
                week_ends=rpiw.week_ends,
                week_published=rpiw.week_published,
                synthetic=rpiw.synthetic,
                measures=tuple(measures),
            )
            for rpiw in rpiws
            for metric_id, measures in served.get(rpiw.pk, {}).items()
        ),
    )


def _happened(rpiw: Rpiw, served: Iterable[int] | None, ideas: Iterable[Idea]) -> Iterable[Happening]:
    """Its week once it has begun, and the ideas of each day; nothing of a week that no source prints."""
    metrics = frozenset(served) if served else None
    if rpiw.baseline_locked and rpiw.week_published:
        yield Happening(
            kind=Kind.WEEK,
            on=rpiw.week_starts,
            until=rpiw.reported_out or rpiw.week_ends,
            text=rpiw.process,
            metrics=metrics,
            rpiw=rpiw.pk,
            synthetic=rpiw.synthetic,
        )
    if metrics is None:
        return
    days: dict = defaultdict(list)
    for idea in ideas:
        days[idea.tested_on].append(f"{idea.name} ({idea.get_outcome_display().lower()})")
    for day, names in days.items():
        yield Happening(
            kind=Kind.IDEA,
            on=day,
            until=day,
            text="; ".join(names),
            metrics=metrics,
            rpiw=rpiw.pk,
            synthetic=rpiw.synthetic,
        )
