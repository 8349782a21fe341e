"""The filters of the lists. What is not offered is refused by name: a misspelt filter never answers with all."""

from rest_framework import serializers
from rest_framework.request import Request

from metrics.models import Category
from rpiws.models import Checkpoint, Measure, State
from trusts.models import ValueStream

LARGEST = 2**63 - 1
OF_EVERY_LIST = frozenset({"cursor", "page_size", "format"})


def a_number(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, min_value=1, max_value=LARGEST, help_text=help_text)


class Filters(serializers.Serializer):
    """Each field's name, or its `source`, is the look-up that it makes."""

    @classmethod
    def read(cls, request: Request, *, also: frozenset[str] = OF_EVERY_LIST) -> dict[str, object]:
        """The look-ups asked for. Raises ValidationError, which the API answers with 400."""
        unknown = sorted(set(request.query_params) - set(cls().fields) - also)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "There is no such parameter here."))
        filters = cls(data=request.query_params.dict())
        filters.is_valid(raise_exception=True)
        return {name: value for name, value in filters.validated_data.items() if value not in ("", None)}


class NoFilters(Filters):
    pass


class ValueStreamFilters(Filters):
    status = serializers.ChoiceField(ValueStream.Status.choices, required=False, help_text="Where they stand.")


class RpiwFilters(Filters):
    value_stream = a_number("Of one value stream.")
    state = serializers.ChoiceField(State.choices, required=False, help_text="Where they stand.")
    reported_out_since = serializers.DateField(
        required=False, source="reported_out__gte", help_text="Reported out on this day or later."
    )


class MeasureFilters(Filters):
    rpiw = a_number("Of one RPIW.")
    kind = serializers.ChoiceField(Measure.Kind.choices, required=False, help_text="Of one kind.")


class ReadingFilters(Filters):
    rpiw = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, source="measure__rpiw", help_text="Of one RPIW."
    )
    measure = a_number("Of one measure.")
    checkpoint = serializers.ChoiceField(Checkpoint.choices, required=False, help_text="At one checkpoint.")
    recorded_since = serializers.DateTimeField(
        required=False, source="recorded_at__gte", help_text="Recorded or corrected at this moment or later."
    )


class MetricFilters(Filters):
    value_stream = a_number("Of one value stream.")
    category = serializers.ChoiceField(Category.choices, required=False, help_text="Of one category.")


class MeasurementFilters(Filters):
    value_stream = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST,
        source="version__metric__value_stream",
        help_text="Of one value stream.",
    )
    metric = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, source="version__metric", help_text="Of one metric."
    )
    since = serializers.DateField(
        required=False, source="on__gte", help_text="Of periods that begin on this day or later."
    )
    recorded_since = serializers.DateTimeField(
        required=False, source="recorded_at__gte", help_text="Recorded or corrected at this moment or later."
    )


class SummaryFilters(Filters):
    latest = serializers.BooleanField(
        required=False, help_text="One row for each trust: its newest version, and whether last month's is released."
    )
    updated_since = serializers.DateTimeField(required=False, help_text="Released at this moment or later.")
