"""Planning an RPIW, editing its facts, and the steps of its life."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from rpiws.life_cycle import StillToCome, moved_week_refusals, report_out_refusals, week_problems
from rpiws.models import ClosingDecision, Rpiw, State
from trusts.models import ValueStream
from ui.asking import Asks
from ui.bounds import DONE, PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, line, paragraph
from ui.words import day_year, span


class FollowedRpiw(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"RPIW {obj.number}, {obj.process}"


class RpiwFactsForm(Asks, PlainForm):
    """Process, aim, week and what it follows. The week has three to five working days."""

    process = line(
        "Process it works on",
        length=160,
        missing="Write the process it works on, like Neurosurgical critical care flow",
    )
    aim = paragraph("Aim", help_text="What should be different for the patient after the week.", rows=3)
    week_starts = DateField(label="First day of the week", help_text="For example, 4 1 2027.", within=PLANNED)
    week_ends = DateField(
        label="Last day of the week",
        help_text="The day of the report-out. Three to five working days in all.",
        within=PLANNED,
    )
    follows = FollowedRpiw(
        label="RPIW that it follows",
        queryset=Rpiw.objects.none(),
        required=False,
        empty_label="None: it is the first on this process",
        help_text="When it works on the same process again, or takes up what an earlier one left.",
    )
    measures_day_120 = forms.BooleanField(
        label="Also measure at 120 days",
        required=False,
        help_text="Every RPIW is measured at baseline, report-out, 30, 60 and 90 days.",
    )

    def __init__(self, *args: Any, value_stream: ValueStream, rpiw: Rpiw | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Rpiw.objects.filter(value_stream=value_stream).order_by("number")
        followed = self.fields["follows"]
        assert isinstance(followed, forms.ModelChoiceField)
        self.others = others.exclude(pk=rpiw.pk) if rpiw else others
        followed.queryset = self.others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("week_starts"), cleaned.get("week_ends")
        if starts and ends:
            for field, problem in week_problems(starts, ends).items():
                self.add_error(field, problem)
        if starts and ends and not self.errors and {"week_starts", "week_ends"} & set(self.changed_data):
            self._ask_of_another_week(cleaned["process"], starts, ends)
        return cleaned

    def _ask_of_another_week(self, process: str, starts: date, ends: date) -> None:
        """The same plan sent twice, as by a double click, is planned once."""
        held = self.others.exclude(state=State.CANCELLED).filter(week_starts__lte=ends, week_ends__gte=starts)
        held = held.exclude(process=process, week_starts=starts, week_ends=ends)
        if another := held.first():
            self.ask(
                f"RPIW {another.number} of this value stream, {another.process}, has its week then already:"
                f" {span(another.week_starts, another.week_ends)}. Tick the box to hold both in that week",
                yes="Yes, both in the same week",
            )


class PlanForm(RpiwFactsForm):
    button = "Plan the RPIW"


class EditRpiwForm(RpiwFactsForm, VersionedForm):
    """The same facts of an RPIW that stands. Once its report-out was held its dates are shown elsewhere and stay."""

    why_no_metric = line(
        "Why its measures serve no metric",
        length=240,
        required=False,
        help_text="Only if they serve none. A question that you still want to answer will do. It stands in the golden"
        " thread until a measure names a metric.",
    )

    def __init__(self, *args: Any, rpiw: Rpiw, **kwargs: Any) -> None:
        super().__init__(*args, value_stream=rpiw.value_stream, rpiw=rpiw, **kwargs)
        self.rpiw = rpiw
        if rpiw.dates_stand:
            del self.fields["week_starts"], self.fields["week_ends"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts = cleaned.get("week_starts")
        if starts and starts != self.rpiw.week_starts:
            for refusal in moved_week_refusals(self.rpiw, starts=starts, today=timezone.localdate()):
                self.add_error("week_starts", refusal.sentence)
        return cleaned


class NotesForm(VersionedForm):
    report_out_notes = paragraph(
        "Report-out notes", rows=10, help_text="What was said and shown, and who will do what."
    )


class ConfirmForm(PlainForm):
    """A step that asks nothing."""


class ReasonForm(PlainForm):
    reason = paragraph("Why", required=True, missing="Say why, so that colleagues understand it later")


class StartWeekForm(PlainForm):
    """Asks nothing, unless somebody is missing and the person may record why the week starts without them."""

    button = "Start the week"

    def __init__(self, *args: Any, may_start_without: bool, missing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if missing and may_start_without:
            self.fields["started_without"] = paragraph(
                f"Why the week starts without {missing}",
                required=True,
                missing="Say why. It stays visible on the RPIW's page",
                help_text="As KPO lead you can start it all the same. Your reason stays visible on the RPIW's page.",
            )


class ReportOutForm(PlainForm):
    button = "Record the report-out"
    reported_out = DateField(
        label="Day of the report-out", help_text="The 30, 60 and 90 days are counted from this day.", within=DONE
    )

    def __init__(self, *args: Any, week_starts: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.week_starts, self.today = week_starts, today

    def clean_reported_out(self) -> date:
        day = self.cleaned_data["reported_out"]
        for refusal in report_out_refusals(on=day, week_starts=self.week_starts, today=self.today):
            raise forms.ValidationError(refusal.sentence)
        return day


class ClosingForm(PlainForm):
    """What the sponsor decides. `waits`: the remeasure before which only stopping closes the RPIW."""

    button = "Close the RPIW"
    decision = forms.ChoiceField(
        label="What happens with the improvement now?",
        choices=[(decision.value, decision.label.capitalize()) for decision in ClosingDecision],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens with the improvement now"},
    )
    note = paragraph(
        "Why, and who takes it on", required=True, missing="Say in a sentence why, and who takes it on", rows=3
    )

    def __init__(self, *args: Any, waits: StillToCome | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waits = waits
        hints = {
            ClosingDecision.HOLD: "The team keeps it in its daily work.",
            ClosingDecision.GO_AGAIN: "Another RPIW takes the process further.",
            ClosingDecision.SPREAD: "Other wards or sites take it up.",
            ClosingDecision.STOP: "It is given up; the note says what was learned.",
        }
        if waits:
            later = f" From {day_year(waits.due)} on."
            hints = {each: hint + later * (each != ClosingDecision.STOP) for each, hint in hints.items()}
        self.fields["decision"].choice_hints = hints  # type: ignore[attr-defined]

    def clean_decision(self) -> str:
        decision = self.cleaned_data["decision"]
        if self.waits and decision != ClosingDecision.STOP:
            raise forms.ValidationError(f"{self.waits.sentence} Choose “Stop”, or come back with your note then")
        return decision


class ListForm(forms.Form):
    """The filters of the list: a wrong value filters nothing."""

    search = forms.CharField(required=False, max_length=100)
    value_stream = forms.IntegerField(required=False)
    state = forms.CharField(required=False)
