"""What each row of a list holds, and what each word means: the schema, the CSV's columns and the page read it here."""

from rest_framework import serializers

from dashboards.models import TrustSummary
from metrics.forms.sent import SENT_MISSING
from metrics.models import BetterWhen, Category, Measurement, Metric, Often, Unit
from rpiws.models import Checkpoint, Measure, Reading, Rpiw, State
from trusts.models import Trust, ValueStream


class TrustRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The trust's number here.")
    ods_code = serializers.CharField(read_only=True, help_text="The trust's ODS code.")
    name = serializers.CharField(read_only=True, help_text="Its full name.")
    short_name = serializers.CharField(read_only=True, help_text="Its name as colleagues say it.")
    region = serializers.CharField(read_only=True, help_text="Its region; empty when not recorded.")
    method_name = serializers.CharField(read_only=True, help_text="What the trust calls the method.")
    joined = serializers.DateField(read_only=True, help_text="The day on which it joined the partnership.")

    class Meta:
        model = Trust
        fields = ["id", "ods_code", "name", "short_name", "region", "method_name", "joined"]


class ValueStreamRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The value stream's number here.")
    ods_code = serializers.CharField(source="trust.ods_code", read_only=True, help_text="The trust's ODS code.")
    number = serializers.IntegerField(read_only=True, help_text="In the order in which the trust chose them.")
    name = serializers.CharField(read_only=True, help_text="Its name.")
    status = serializers.ChoiceField(ValueStream.Status.choices, read_only=True, help_text="Where it stands.")
    chosen = serializers.ChoiceField(ValueStream.Chosen.choices, read_only=True, help_text="How it was chosen.")
    why_chosen = serializers.CharField(read_only=True, help_text="Why it was chosen.")
    started = serializers.DateField(read_only=True, allow_null=True, help_text="When it started; empty: not recorded.")
    ended = serializers.DateField(read_only=True, allow_null=True, help_text="When it ended; empty while it goes on.")
    learned = serializers.CharField(read_only=True, help_text="What was learned.")
    dashboard_version = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="The version of its dashboard, which grows when a figure may have changed; empty: not computed yet.",
    )

    class Meta:
        model = ValueStream
        fields = [
            "id", "ods_code", "number", "name", "status", "chosen", "why_chosen", "started", "ended", "learned",
            "dashboard_version",
        ]  # fmt: skip


class RpiwRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The RPIW's number here.")
    value_stream = serializers.IntegerField(source="value_stream_id", read_only=True, help_text="Its value stream.")
    number = serializers.IntegerField(read_only=True, help_text="Within its value stream.")
    process = serializers.CharField(read_only=True, help_text="The process it works on.")
    state = serializers.ChoiceField(State.choices, read_only=True, help_text="Where it stands.")
    week_starts = serializers.DateField(read_only=True, help_text="The first day of its week.")
    week_ends = serializers.DateField(read_only=True, help_text="The last day of its week.")
    reported_out = serializers.DateField(
        read_only=True, allow_null=True, help_text="The day of its report-out, from which checkpoints are counted."
    )
    week_published = serializers.BooleanField(
        read_only=True, help_text="False: its source does not print the week, and the dates are placeholders."
    )
    kept_apart = serializers.BooleanField(read_only=True, help_text="Shown as its source prints it; in no total.")
    synthetic = serializers.BooleanField(read_only=True, help_text="Reconstructed or generated, not recorded.")
    source = serializers.CharField(  # type: ignore[assignment]
        read_only=True, help_text="Where it comes from; empty when recorded here."
    )

    class Meta:
        model = Rpiw
        fields = [
            "id", "value_stream", "number", "process", "state", "week_starts", "week_ends", "reported_out",
            "week_published", "kept_apart", "synthetic", "source",
        ]  # fmt: skip


class MeasureRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The measure's number here.")
    rpiw = serializers.IntegerField(source="rpiw_id", read_only=True, help_text="Its RPIW.")
    position = serializers.IntegerField(read_only=True, help_text="Its place among the RPIW's measures.")
    name = serializers.CharField(read_only=True, help_text="Its name.")
    kind = serializers.ChoiceField(Measure.Kind.choices, read_only=True, help_text="What it measures.")
    shape = serializers.ChoiceField(
        Measure.Shape.choices, source="reading_shape", read_only=True, help_text="How its readings are written."
    )
    unit = serializers.CharField(read_only=True, help_text="The unit in which pages show it.")
    better_when = serializers.ChoiceField(Measure.Better.choices, read_only=True, help_text="Which way is better.")
    target = serializers.DecimalField(
        16, 6, read_only=True, allow_null=True, help_text="What is aimed at, in the unit of readings; empty: none."
    )
    statistic = serializers.ChoiceField(
        Measure.Statistic.choices, read_only=True, help_text="How several timings become one reading."
    )
    starts_when = serializers.CharField(read_only=True, help_text="When what it times begins.")
    ends_when = serializers.CharField(read_only=True, help_text="When what it times ends.")
    day_hours = serializers.DecimalField(4, 2, read_only=True, help_text="Hours in a day of this measure.")
    sampling = serializers.CharField(read_only=True, help_text="How the sample is taken.")
    metrics = serializers.ListField(
        child=serializers.IntegerField(), source="serves", read_only=True,
        help_text="The metrics of its value stream that it serves; in CSV with spaces between.",
    )  # fmt: skip

    class Meta:
        model = Measure
        fields = [
            "id", "rpiw", "position", "name", "kind", "shape", "unit", "better_when", "target", "statistic",
            "starts_when", "ends_when", "day_hours", "sampling", "metrics",
        ]  # fmt: skip


class ReadingRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The reading's number here.")
    measure = serializers.IntegerField(source="measure_id", read_only=True, help_text="Its measure.")
    rpiw = serializers.IntegerField(source="measure.rpiw_id", read_only=True, help_text="Its RPIW.")
    checkpoint = serializers.ChoiceField(Checkpoint.choices, read_only=True, help_text="When the RPIW was measured.")
    value = serializers.DecimalField(
        18, 6, read_only=True, allow_null=True, help_text="Times in minutes, ratios as parts of 1; empty: not measured."
    )
    numerator = serializers.DecimalField(14, 4, read_only=True, allow_null=True, help_text="Of a ratio.")
    denominator = serializers.DecimalField(14, 4, read_only=True, allow_null=True, help_text="Of a ratio.")
    sample_size = serializers.IntegerField(read_only=True, allow_null=True, help_text="How many were looked at.")
    not_measured = serializers.ChoiceField(
        [("", "it was measured"), *Reading.NotMeasured.choices],
        read_only=True,
        help_text="Why there is no value; empty: there is one.",
    )
    measured_on = serializers.DateField(read_only=True, allow_null=True, help_text="The day it was measured.")
    simulated = serializers.BooleanField(read_only=True, help_text="Simulated, not measured; only at report-out.")
    retrospective = serializers.BooleanField(read_only=True, help_text="A baseline recorded after the week began.")
    not_comparable = serializers.ChoiceField(
        [("", "comparable"), *Reading.NotComparable.choices],
        read_only=True,
        help_text="What changed since the baseline; empty: nothing.",
    )
    recorded_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When it was recorded.")
    version = serializers.IntegerField(read_only=True, help_text="Grows with each correction.")
    synthetic = serializers.BooleanField(read_only=True, help_text="Reconstructed or generated, not recorded.")
    source = serializers.CharField(  # type: ignore[assignment]
        read_only=True, help_text="Where it comes from; empty when recorded here."
    )

    class Meta:
        model = Reading
        fields = [
            "id", "measure", "rpiw", "checkpoint", "value", "numerator", "denominator", "sample_size", "not_measured",
            "measured_on", "simulated", "retrospective", "not_comparable", "recorded_at", "version", "synthetic",
            "source",
        ]  # fmt: skip


class MetricRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The metric's number here.")
    value_stream = serializers.IntegerField(source="value_stream_id", read_only=True, help_text="Its value stream.")
    category = serializers.ChoiceField(Category.choices, read_only=True, help_text="Which of the five.")
    name = serializers.CharField(read_only=True, help_text="Its name.")
    objective = serializers.CharField(
        source="objective.name", read_only=True, allow_null=True, help_text="The objective it serves; empty: none."
    )
    definition = serializers.IntegerField(
        source="definition.number",
        read_only=True,
        allow_null=True,
        help_text="The version of the definition in force, which the next columns tell; empty: none is agreed.",
    )
    applies_from = serializers.DateField(
        source="definition.applies_from", read_only=True, allow_null=True, help_text="From when; empty: from the first."
    )
    counts = serializers.CharField(
        source="definition.numerator", read_only=True, allow_null=True, help_text="What is counted or measured."
    )
    out_of = serializers.CharField(
        source="definition.denominator", read_only=True, allow_null=True, help_text="Out of what; empty: of nothing."
    )
    left_out = serializers.CharField(
        source="definition.exclusions", read_only=True, allow_null=True, help_text="What is not counted."
    )
    source = serializers.CharField(  # type: ignore[assignment]
        source="definition.data_source", read_only=True, allow_null=True, help_text="Where the values come from."
    )
    how_often = serializers.ChoiceField(
        Often.choices,
        source="definition.collected_often",
        read_only=True,
        allow_null=True,
        help_text="How long a period is; each is dated by its first day.",
    )
    unit = serializers.ChoiceField(
        Unit.choices,
        source="definition.unit",
        read_only=True,
        allow_null=True,
        help_text="The unit of its values; a percentage is a number of hundredths.",
    )
    better_when = serializers.ChoiceField(
        BetterWhen.choices,
        source="definition.better_when",
        read_only=True,
        allow_null=True,
        help_text="Which way is better.",
    )
    retired_on = serializers.DateField(
        read_only=True, allow_null=True, help_text="Its last day; empty while it is watched."
    )
    synthetic = serializers.BooleanField(read_only=True, help_text="Generated, not measured.")

    class Meta:
        model = Metric
        fields = [
            "id", "value_stream", "category", "name", "objective", "definition", "applies_from", "counts", "out_of",
            "left_out", "source", "how_often", "unit", "better_when", "retired_on", "synthetic",
        ]  # fmt: skip


class MeasurementRow(serializers.ModelSerializer):
    id = serializers.IntegerField(read_only=True, help_text="The measurement's number here.")
    metric = serializers.IntegerField(source="version.metric_id", read_only=True, help_text="Its metric.")
    definition = serializers.IntegerField(
        source="version.number", read_only=True, help_text="The version of the definition that it was measured by."
    )
    subgroup = serializers.CharField(read_only=True, help_text="Like a ward; empty: the whole.")
    on = serializers.DateField(read_only=True, help_text="The first day of the period that it measures.")
    value = serializers.DecimalField(
        18, 6, read_only=True, allow_null=True, help_text="In the definition's unit; empty: there is none."
    )
    numerator = serializers.DecimalField(18, 4, read_only=True, allow_null=True, help_text="Counted.")
    denominator = serializers.DecimalField(18, 4, read_only=True, allow_null=True, help_text="Out of.")
    missing = serializers.ChoiceField(
        [("", "there is a value"), *Measurement.Missing.choices],
        read_only=True,
        help_text="Why there is no value; empty: there is one.",
    )
    ghost = serializers.BooleanField(read_only=True, help_text="Shown on the chart, counted nowhere.")
    recorded_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When it was recorded.")
    version = serializers.IntegerField(source="row_version", read_only=True, help_text="Grows with each correction.")
    synthetic = serializers.BooleanField(read_only=True, help_text="Generated, not measured.")

    class Meta:
        model = Measurement
        fields = [
            "id", "metric", "definition", "subgroup", "on", "value", "numerator", "denominator", "missing", "ghost",
            "recorded_at", "version", "synthetic",
        ]  # fmt: skip


class SummaryRow(serializers.ModelSerializer):
    id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The version's number here; empty: the trust has released none."
    )
    ods_code = serializers.CharField(source="trust.ods_code", read_only=True, help_text="The trust's ODS code.")
    name = serializers.CharField(source="trust.name", read_only=True, help_text="The trust's full name.")
    state = serializers.ChoiceField(
        [("released", "released"), ("not_released", "last month's summary is not released yet")],
        read_only=True,
        help_text="Of a version, `released`. With `latest=true`, of last month's summary: `not_released` until it is.",
    )
    period_from = serializers.DateField(
        source="starts", read_only=True, allow_null=True, help_text="The first day of its month."
    )
    period_to = serializers.DateField(
        source="ends", read_only=True, allow_null=True, help_text="The last day of its month."
    )
    version = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of this month: 2 is the first correction."
    )
    supersedes = serializers.IntegerField(
        source="supersedes_id", read_only=True, allow_null=True, help_text="The id of the version that it corrects."
    )
    reason = serializers.CharField(read_only=True, help_text="Why it was corrected.")
    released_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When it was released.")
    next_expected = serializers.DateField(
        read_only=True,
        help_text="When the next month's summary is expected; of `not_released`, when last month's is, or was.",
    )

    class Meta:
        model = TrustSummary
        fields = [
            "id", "ods_code", "name", "state", "period_from", "period_to", "version", "supersedes", "reason",
            "released_at", "next_expected",
        ]  # fmt: skip


class NewReading(serializers.Serializer):
    """One measure's answer: a value, or why there is none."""

    measure = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The measure, one of the RPIW.")
    value = serializers.CharField(
        required=False,
        max_length=2000,
        help_text="As a person types it: `45 min`, `1 h 30 min`, `3/14`, `420`. Single timings: `12 min; 9 min`.",
    )
    not_measured = serializers.ChoiceField(
        Reading.NotMeasured.choices, required=False, help_text="Why there is no value."
    )
    because = serializers.CharField(required=False, max_length=240, help_text="The reason, for `other`.")
    not_comparable = serializers.ChoiceField(
        Reading.NotComparable.choices, required=False, help_text="What changed since the baseline."
    )
    corrects_version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="To correct a reading: its version as you read it."
    )
    why = serializers.CharField(required=False, max_length=240, help_text="Why it is corrected.")


class NewReadings(serializers.Serializer):
    """The readings of one RPIW at one checkpoint: all are saved or none."""

    rpiw = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The RPIW.")
    checkpoint = serializers.ChoiceField(
        [choice for choice in Checkpoint.choices if choice[0] != Checkpoint.AFTER], help_text="The checkpoint."
    )
    measured_on = serializers.DateField(
        required=False, help_text="The day of measuring. Only a baseline may come without it."
    )
    period = serializers.CharField(required=False, max_length=80, help_text="The period observed.")
    sample_size = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="How many were looked at."
    )
    note = serializers.CharField(required=False, max_length=400, help_text="A note. No patient data.")
    simulated = serializers.BooleanField(default=False, help_text="Simulated at the report-out.")
    readings = NewReading(  # type: ignore[call-arg]
        many=True, min_length=1, max_length=50, help_text="One for each measure that is answered, 50 at most."
    )


class SavedReadings(serializers.Serializer):
    saved = serializers.CharField(help_text="What was saved, in words; empty when all of it stood there already.")
    readings = ReadingRow(many=True, help_text="The readings as they now stand.")


class NewMeasurement(serializers.Serializer):
    """One period's value, or why there is none."""

    on = serializers.DateField(help_text="The first day of the period that it measures.")
    value = serializers.CharField(
        required=False,
        max_length=400,
        help_text="As a person types it, in the definition's unit: `84.2`, `421/500`, `1 h 15 min`, `1,250`.",
    )
    missing = serializers.ChoiceField(SENT_MISSING, required=False, help_text="Why there is no value.")
    subgroup = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="Like a ward; left out: the whole."
    )
    definition = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**15 - 1,
        help_text="The version of the definition; left out: the one that the period falls under.",
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=240, help_text="A note. No patient data.")
    corrects_version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="To correct a measurement: its version as you read it.",
    )
    why = serializers.CharField(required=False, max_length=240, help_text="Why it is corrected.")


class NewMeasurements(serializers.Serializer):
    """Measurements of one metric: all are saved or none."""

    metric = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The metric.")
    measurements = NewMeasurement(  # type: ignore[call-arg]
        many=True, min_length=1, max_length=500, help_text="One for each period, 500 at most."
    )


class SavedMeasurements(serializers.Serializer):
    saved = serializers.CharField(help_text="What was saved, in words; empty when all of it stood there already.")
    measurements = MeasurementRow(many=True, help_text="The measurements as they now stand.")


class FieldError(serializers.Serializer):
    pointer = serializers.CharField(allow_blank=True, help_text="Where, as a JSON pointer into what was sent.")
    detail = serializers.CharField(help_text="What is wrong.")


class Problem(serializers.Serializer):
    """Problem details, RFC 9457."""

    type = serializers.CharField(help_text="Always about:blank: the status says it.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, and what to do.")
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]


class DashboardFigures(serializers.Serializer):
    """A value stream's dashboard, as it was computed."""

    value_stream = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Grows with each recomputation; the ETag follows it.")
    computed_at = serializers.DateTimeField()
    rules = serializers.CharField(help_text="The version of the rules that computed it.")
    figures = serializers.DictField(help_text="The stored figures; docs/snapshots.md says what they hold.")


class MetricChart(serializers.Serializer):
    """A metric as its value stream's dashboard holds it: definitions, targets, points, limits, signals and icons."""

    value_stream = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Of the dashboard; the ETag follows it.")
    computed_at = serializers.DateTimeField()
    rules = serializers.CharField(help_text="The version of the rules that computed it.")
    metric = serializers.DictField(help_text="The stored metric; docs/snapshots.md says what it holds.")
