"""Writing what is recorded of a trust: its facts, its value streams, and in set-up the trusts themselves."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Model

from accounts.audit import action
from accounts.models import User
from trusts.fingerprints import ChangedMeanwhile, fingerprint
from trusts.models import Objective, ObjectiveServed, Partnership, Trust, ValueStream

M = TypeVar("M", bound=Model)


@action
def add_fact(*, model: type[M], trust: Trust, values: Mapping[str, Any], by: User) -> tuple[M, bool]:
    """Record a fact of a trust. The same fact sent twice is recorded once; the answer says whether it is new."""
    Trust.objects.select_for_update().get(pk=trust.pk)
    return _once(model, trust=trust, **values)


@action
def change_record(*, record: M, values: Mapping[str, Any], seen: str, by: User) -> M:
    """Change a record's facts, unless somebody changed it since `seen`, the fingerprint on the form."""
    locked = _locked(record)
    if fingerprint(locked) != seen and not _says(locked, values):
        raise ChangedMeanwhile
    return _changed(locked, values)


@action
def remove_fact(*, record: Model, by: User) -> None:
    """Remove a fact that was recorded by mistake. Its history is kept."""
    record.delete()


@action
def add_value_stream(
    *, trust: Trust, values: Mapping[str, Any], objectives: Collection[Objective], by: User
) -> tuple[ValueStream, bool]:
    Trust.objects.select_for_update().get(pk=trust.pk)
    value_stream, new = _once(ValueStream, trust=trust, **values)
    _serve(value_stream, objectives)
    return value_stream, new


@action
def change_value_stream(
    *,
    value_stream: ValueStream,
    values: Mapping[str, Any],
    objectives: Collection[Objective],
    seen: str,
    by: User,
) -> ValueStream:
    locked = _locked(value_stream)
    wanted = {objective.pk for objective in objectives}
    serves = served_by(locked)
    if fingerprint(locked, serves) != seen and not (_says(locked, values) and wanted == serves):
        raise ChangedMeanwhile
    _serve(locked, objectives)
    return _changed(locked, values)


def served_by(value_stream: ValueStream) -> set[int]:
    """The ids of the objectives that a value stream serves."""
    return set(ObjectiveServed.objects.filter(value_stream=value_stream).values_list("objective_id", flat=True))


@action
def add_trust(*, partnership: Partnership, values: Mapping[str, Any], by: User) -> tuple[Trust, bool]:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    return _once(Trust, partnership=partnership, **values)


@action
def add_to_partnership(
    *, model: type[M], partnership: Partnership, values: Mapping[str, Any], by: User
) -> tuple[M, bool]:
    """Record what all trusts of a partnership share, like a national priority."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    return _once(model, partnership=partnership, **values)


def _once(model: type[M], **facts: Any) -> tuple[M, bool]:
    """The row with exactly these facts, made when there is none: a form sent twice adds one row."""
    rows: Any = model._default_manager
    same = rows.filter(**facts).first()
    return (same, False) if same else (rows.create(**facts), True)


def _locked(record: M) -> M:
    rows: Any = type(record)._default_manager
    return rows.select_for_update().get(pk=record.pk)


def _says(record: Model, values: Mapping[str, Any]) -> bool:
    """Whether the record holds these values already: the same form sent twice."""
    return all(getattr(record, name) == value for name, value in values.items())


def _changed(record: M, values: Mapping[str, Any]) -> M:
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))
    return record


def _serve(value_stream: ValueStream, objectives: Collection[Objective]) -> None:
    wanted = {objective.pk for objective in objectives if objective.trust_id == value_stream.trust_id}
    serves = served_by(value_stream)
    ObjectiveServed.objects.filter(value_stream=value_stream, objective_id__in=serves - wanted).delete()
    for objective_id in sorted(wanted - serves):
        ObjectiveServed.objects.create(value_stream=value_stream, objective_id=objective_id)
