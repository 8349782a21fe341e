"""The recorded facts of a trust summary that stand in no snapshot, in a fixed number of queries."""

from datetime import date

from django.utils import timezone

from dashboards.before_after import iso
from dashboards.summaries.body import Facts, Objective, StreamFacts, as_known
from metrics.models import Recalculation
from rpiws.models import Checkpoint, Reading, Rpiw, RpiwPerson, State, Transition
from trusts.models import Membership, ValueStream


def summary_facts(trust_id: int, *, stream_ids: list[int]) -> Facts:
    """Of the value streams that the frozen snapshot knows, in the order in which the trust chose them."""
    streams = (
        ValueStream.objects.filter(trust_id=trust_id, pk__in=stream_ids)
        .order_by("number")
        .prefetch_related("objectives__national_priority")
    )
    rpiws = Rpiw.objects.filter(value_stream_id__in=stream_ids)
    patient = rpiws.filter(people__part=RpiwPerson.Part.PATIENT_REPRESENTATIVE)
    return Facts(
        streams=tuple(_stream(stream) for stream in streams),
        with_patient_representative=frozenset(patient.values_list("pk", flat=True)),
        stood_down=_entered(State.STOOD_DOWN, stream_ids),
        cancelled=_entered(State.CANCELLED, stream_ids),
        not_measured=_not_measured(stream_ids),
        recalculated_by=_recalculated_by(trust_id, stream_ids),
    )


def _stream(stream: ValueStream) -> StreamFacts:
    return StreamFacts(
        id=stream.pk,
        name=stream.name,
        status=stream.status,
        chosen=stream.get_chosen_display(),
        why_chosen=stream.why_chosen,
        started=as_known(iso(stream.started), stream.started_precision),
        ended=as_known(iso(stream.ended), stream.ended_precision),
        learned=stream.learned,
        objectives=tuple(
            Objective(
                name=objective.name,
                national_priority=objective.national_priority.name if objective.national_priority else "",
                why_no_priority=objective.why_no_priority,
            )
            for objective in stream.objectives.all()
        ),
    )


def _entered(state: State, stream_ids: list[int]) -> tuple[tuple[int, date], ...]:
    rows = Transition.objects.filter(rpiw__value_stream_id__in=stream_ids, entered=state)
    return tuple(rows.order_by("on", "pk").values_list("rpiw_id", "on"))


POSTS = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90, Checkpoint.DAY_120)


def _not_measured(stream_ids: list[int]) -> tuple[tuple[int, str], ...]:
    """The coded reason alone: what was written beside it is a note, and stays."""
    rows = Reading.objects.filter(measure__rpiw__value_stream_id__in=stream_ids, checkpoint__in=POSTS)
    return tuple(rows.exclude(not_measured="").order_by("pk").values_list("measure__rpiw_id", "not_measured"))


def _recalculated_by(trust_id: int, stream_ids: list[int]) -> tuple[tuple[int, str], ...]:
    """The role that whoever recalculated held at the trust on that day: a name never leaves it."""
    made = Recalculation.objects.filter(version__metric__value_stream_id__in=stream_ids).order_by("pk")
    rows = list(made.values_list("pk", "by_id", "at"))
    held = Membership.objects.filter(trust_id=trust_id, user_id__in={by for _, by, _ in rows}).order_by("-starts")
    memberships = list(held)

    def role(by: int, on: date) -> str:
        covering = (one for one in memberships if one.user_id == by and one.starts <= on)
        found = next((one for one in covering if one.ends is None or on <= one.ends), None)
        return found.get_role_display() if found else ""

    return tuple((pk, role(by, timezone.localdate(at))) for pk, by, at in rows)
