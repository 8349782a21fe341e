"""The forms of what is recorded of a trust."""

from typing import Any

from django import forms

from trusts.forms import chart_rules
from trusts.forms.records import RecordForm
from trusts.models import (
    ChiefExecutive,
    CqcRating,
    CulturalWork,
    Headcount,
    NationalPriority,
    Objective,
    RegulatoryPeriod,
    StandDown,
    Trust,
)
from trusts.standing_down import question
from ui.asking import Asks
from ui.bounds import HAPPENED, PLANNED


class FactForm(RecordForm):
    """A fact of one trust; only that trust's own records can be chosen in it."""

    def __init__(self, *args: Any, trust: Trust, **kwargs: Any) -> None:
        self.trust = trust
        super().__init__(*args, **kwargs)
        self.instance.trust = trust

    def for_another_instance(self) -> dict[str, Any]:
        return {"trust": self.trust}


class HeadcountForm(FactForm):
    bounds = {"counted": HAPPENED}

    class Meta:
        model = Headcount
        fields = ("people", "counted", "source")
        labels = {"people": "People employed", "counted": "Counted on", "source": "Where this is stated"}
        help_texts = {"source": ""}

    def clean_people(self) -> int:
        people = self.cleaned_data["people"]
        if people == 0:
            raise forms.ValidationError("Write how many people there were. If nobody counted, record nothing")
        return people


class CqcRatingForm(FactForm):
    bounds = {"rated": HAPPENED}

    class Meta:
        model = CqcRating
        fields = ("rating", "rated", "source")
        labels = {"rating": "Overall rating", "rated": "Published on", "source": "Where this is stated"}
        help_texts = {"source": ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        others = CqcRating.objects.filter(trust=self.trust, rated=cleaned.get("rated")).exclude(pk=self.instance.pk)
        if cleaned.get("rated") and others.exists():
            self.add_error("rated", "A rating of that date is recorded already. Change that one instead")
        return cleaned


class ChiefExecutiveForm(FactForm):
    class Meta:
        model = ChiefExecutive
        fields = ("name", "interim", "started", "ended", "source")
        labels = {"interim": "Interim", "started": "From", "ended": "To", "source": "Where this is stated"}
        help_texts = {"name": "As published.", "source": ""}


class CulturalWorkForm(FactForm):
    class Meta:
        model = CulturalWork
        fields = ("name", "started", "ended", "source")
        labels = {"name": "What was done", "started": "From", "ended": "To", "source": "Where this is stated"}
        help_texts = {"source": ""}


class RegulatoryPeriodForm(FactForm):
    bounds = {"started": HAPPENED}

    class Meta:
        model = RegulatoryPeriod
        fields = ("kind", "body", "description", "started", "ended", "source")
        labels = {
            "body": "Regulator",
            "description": "What was imposed",
            "started": "From",
            "ended": "To",
            "source": "Where this is stated",
        }
        help_texts = {"description": "Like special measures for quality.", "source": ""}


_STOPS = ("stops_rpiws", "stops_training", "stops_daily_work")


class StandDownForm(Asks, FactForm):
    bounds = {"started": PLANNED, "ended": PLANNED}

    class Meta:
        model = StandDown
        fields = (
            "value_stream",
            "started",
            "ended",
            "stops_rpiws",
            "stops_training",
            "stops_daily_work",
            "reason",
            "explanation",
            "decided_by",
            "source",
        )
        labels = {
            "ended": "To",
            "stops_rpiws": "RPIWs stand down",
            "stops_training": "Training stands down",
            "stops_daily_work": "Daily work stands down",
            "explanation": "In a few words",
            "decided_by": "Who decided",
            "source": "Where this is stated",
        }
        help_texts = {"ended": "Leave empty while it lasts.", "source": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value_stream"]
        field.queryset = self.trust.value_streams.all()  # type: ignore[attr-defined]
        field.label, field.empty_label = "Value stream (optional)", "The whole trust"  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "Choose one of this trust's value streams"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in _STOPS):
            self.add_error("stops_rpiws", "Choose at least one: RPIWs, training or daily work")
        if cleaned.get("reason") == StandDown.Reason.OTHER and not cleaned.get("explanation"):
            self.add_error("explanation", "Say in a few words what the other reason is")
        if not self.errors and {"value_stream", "started", "ended", *_STOPS} & set(self.changed_data):
            planned = StandDown(trust=self.trust, pk=self.instance.pk, **self._what_and_when(cleaned))
            if asked := question(planned):
                self.ask(f"{asked} Tick the box to record it all the same", yes="Yes, this stands down")
        return cleaned

    @staticmethod
    def _what_and_when(cleaned: dict[str, Any]) -> dict[str, Any]:
        return {name: cleaned.get(name) for name in ("value_stream", "started", "ended", *_STOPS)}


class ObjectiveForm(FactForm):
    class Meta:
        model = Objective
        fields = ("name", "national_priority", "why_no_priority", "why_no_value_stream", "started", "ended")
        labels = {"name": "Objective", "started": "From", "ended": "To"}
        help_texts = {
            "why_no_priority": "An objective may serve none: say openly why it matters here.",
            "why_no_value_stream": "Only if none serves it yet. A question that you still want to answer will do. Which"
            " value stream serves it is chosen on the value stream.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["national_priority"]
        field.queryset = NationalPriority.objects.filter(  # type: ignore[attr-defined]
            partnership_id=self.trust.partnership_id
        )
        field.empty_label = "None"  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "Choose a priority from the list, or none"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        none = not cleaned.get("national_priority") and "national_priority" not in self.errors
        if none and not cleaned.get("why_no_priority"):
            self.add_error("why_no_priority", "Say why this objective serves no national priority, or choose one")
        if cleaned.get("national_priority") and cleaned.get("why_no_priority"):
            self.add_error("why_no_priority", "Leave this empty when a national priority is chosen")
        return cleaned


class TrustForm(RecordForm):
    """What a trust says of itself; seat and joining date are set up by an administrator."""

    choice_hints = chart_rules.HINTS
    no_choice = {"spc_rules": "As the partnership", "spc_run_length": chart_rules.AS_THE_RULES_SAY}

    class Meta:
        model = Trust
        fields: tuple[str, ...] = (
            "name",
            "short_name",
            "abbreviation",
            "ods_code",
            "region",
            "method_name",
            "values",
            *chart_rules.FIELDS,
        )
        labels = {
            "short_name": "Short name",
            "method_name": "Local name of the method",
            "values": "Values",
            **chart_rules.LABELS,
        }
        help_texts = chart_rules.HELP_TEXTS
        error_messages = {"ods_code": {"unique": "Another trust has this ODS code. Check it with NHS England's list"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "spc_rules" in self.fields:
            hints = {"": f"Now {self.instance.partnership.rule_set}."} | chart_rules.HINTS["spc_rules"]
            self.fields["spc_rules"].choice_hints = hints  # type: ignore[attr-defined]
        # People type codes as they read them: " rr8 " is RR8.
        self.fields["ods_code"].to_python = lambda value: str(value or "").strip().upper()  # type: ignore[method-assign]


class SetUpTrustForm(TrustForm):
    """A trust as an administrator sets it up: what names and places it, none of its content."""

    bounds = {"joined": PLANNED}

    class Meta(TrustForm.Meta):
        fields = ("name", "short_name", "abbreviation", "ods_code", "region", "joined", "seat")
        labels = TrustForm.Meta.labels | {"joined": "Joined the partnership on", "seat": "Seat"}
        help_texts = {"seat": "The place at the table round the room: trusts are always shown in this order."}

    def clean_seat(self) -> int:
        seat = self.cleaned_data["seat"]
        taken = Trust.objects.filter(partnership=self.instance.partnership_id, seat=seat).exclude(pk=self.instance.pk)
        if other := taken.first():
            raise forms.ValidationError(f"{other.short_name} sits there. Choose another seat")
        return seat
