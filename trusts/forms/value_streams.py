"""The form of a value stream."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from trusts.actions.records import served_by
from trusts.fingerprints import fingerprint
from trusts.forms.context import FactForm
from trusts.models import Membership, Objective, Trust, ValueStream
from ui.bounds import PLANNED


class ValueStreamForm(FactForm):
    bounds = {"started": PLANNED, "ended": PLANNED}
    objectives = forms.ModelMultipleChoiceField(
        queryset=Objective.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Objectives it serves",
        error_messages={"invalid_choice": "Choose from this trust's objectives"},
    )

    class Meta:
        model = ValueStream
        fields = (
            "number",
            "name",
            "named_publicly",
            "executive_sponsor",
            "sponsor_title",
            "why_no_objective",
            "chosen",
            "why_chosen",
            "data_behind_choice",
            "scope_from",
            "scope_to",
            "bounds",
            "started",
            "status",
            "ended",
            "learned",
            "source",
        )
        labels = {
            "number": "Number",
            "named_publicly": "The name is known outside the trust",
            "sponsor_title": "The sponsor's post",
            "why_no_objective": "Why it serves no objective",
            "chosen": "How it was chosen",
            "why_chosen": "Why it was chosen",
            "data_behind_choice": "The data the choice rested on",
            "scope_from": "It begins when",
            "scope_to": "It ends when",
            "bounds": "How it stands to other services",
            "started": "Started on",
            "ended": "Ended on",
            "learned": "What was learned",
            "source": "Where this is stated",
        }
        help_texts = {
            "why_no_objective": "Only if it serves none. A question that you still want to answer will do. It stands in"
            " the golden thread until an objective is chosen.",
            "data_behind_choice": "",
            "scope_from": "Like the decision to admit.",
            "scope_to": "Like the patient home with their medicines.",
            "learned": "Asked for when it stopped, welcome when it completed.",
            "source": "",
        }

    def __init__(self, *args: Any, trust: Trust, **kwargs: Any) -> None:
        super().__init__(*args, trust=trust, **kwargs)
        self.fields["objectives"].queryset = Objective.objects.filter(trust=trust)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["objectives"] = sorted(served_by(self.instance))
        else:
            self.initial.setdefault("number", _next_number(trust))
        sponsor = self.fields["executive_sponsor"]
        names = _members(trust)
        if (now := self.instance.executive_sponsor) is not None:
            names.setdefault(now.pk, str(now))
        sponsor.queryset = User.objects.filter(pk__in=names)  # type: ignore[attr-defined]
        sponsor.label_from_instance = lambda user: names[user.pk]  # type: ignore[attr-defined]
        sponsor.empty_label = "Not named yet"  # type: ignore[attr-defined]
        sponsor.error_messages["invalid_choice"] = "Choose one of this trust's people"
        self.order_fields(
            ["number", "name", "named_publicly", "executive_sponsor", "sponsor_title", "objectives", "why_no_objective"]
        )

    def fingerprint(self) -> str:
        return fingerprint(self.instance, served_by(self.instance)) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        others = ValueStream.objects.filter(trust=self.trust).exclude(pk=self.instance.pk)
        if others.filter(number=cleaned.get("number")).exists():
            self.add_error("number", f"Another value stream has this number. {_next_number(self.trust)} is free")
        if others.filter(name=cleaned.get("name")).exists():
            self.add_error("name", "Another value stream of this trust has this name")
        if cleaned.get("status") == ValueStream.Status.STOPPED and not cleaned.get("learned"):
            self.add_error("learned", "Say what was learned: that is what a stopped value stream leaves behind")
        if cleaned.get("status") == ValueStream.Status.ACTIVE and cleaned.get("ended"):
            self.add_error("ended", "It is active: take the date away, or say that it completed or stopped")
        return cleaned


def _next_number(trust: Trust) -> int:
    numbers = ValueStream.objects.filter(trust=trust).order_by("-number").values_list("number", flat=True)
    return (numbers.first() or 0) + 1


def _members(trust: Trust) -> dict[int, str]:
    """Who holds a membership of the trust today or later, by the name it gives them."""
    current = Membership.objects.filter(trust=trust).select_related("user").exclude(ends__lt=timezone.localdate())
    return {membership.user_id: membership.name for membership in current}
