"""The steps of a version: beginning it, naming who agrees, agreeing, opening it again, publishing."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.permissions import GRANTS, Permission
from compacts.models import Compact, Party
from trusts.models import Membership
from ui.bounds import DONE, PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, line, paragraph

_BODY = "As it is known, like NHS England. It can be left empty."


class BeginForm(PlainForm):
    """A compact of two parties. Its four themes are there at once, and can be changed."""

    button = "Begin the first draft"
    name = line("What the compact is called", length=120)
    first = line(
        "One party", length=60, help_text="As the compact says it, like The regulator.", missing="Name the party"
    )
    first_body = line("Which body it is", length=160, required=False, help_text=_BODY)
    second = line("The other party", length=60, help_text="Like The hospitals.", missing="Name the other party")
    second_body = line("Which body that is", length=160, required=False, help_text=_BODY)
    source = line(
        "Where its words come from",
        length=400,
        required=False,
        help_text="Stands at the foot of the page, like: agreed at a retreat in March.",
    )

    def clean_second(self) -> str:
        second: str = self.cleaned_data["second"]
        if second.lower() == str(self.cleaned_data.get("first", "")).lower():
            raise forms.ValidationError("Give the other party another name")
        return second

    @property
    def parties(self) -> list[tuple[str, str]]:
        typed = self.cleaned_data
        return [(typed["first"], typed["first_body"]), (typed["second"], typed["second_body"])]


class NextForm(PlainForm):
    """Why there is a next version: a promise is renegotiated, or a party is succeeded by another body."""

    button = "Begin the next version"
    why = forms.ChoiceField(
        label="What happened",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened"},
    )
    body = line(
        "The body that takes its place",
        length=160,
        required=False,
        help_text="Only when a party is succeeded. Its promises are carried over.",
    )
    reason = paragraph(
        "Why there is a new version",
        help_text="Everybody who reads the compact reads this too. Name behaviour and circumstances, never a person.",
        required=True,
        missing="Write why there is a new version",
    )

    def __init__(self, *args: Any, compact: Compact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.pk): party for party in compact.parties.all()}  # type: ignore[attr-defined]
        why: Any = self.fields["why"]
        why.choices = [
            ("renegotiated", "A promise is renegotiated"),
            *((key, f"Another body takes the place of {party.inside}") for key, party in self.parties.items()),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("why") in self.parties and "body" in cleaned and not cleaned["body"]:
            self.add_error("body", "Write which body takes its place")
        return cleaned

    @property
    def succeeded(self) -> Party | None:
        return self.parties.get(self.cleaned_data["why"])


class NameMemberForm(PlainForm):
    """Somebody of the place, by the role they hold there: not by a name that another trust gave them."""

    button = "Name this person"
    party = forms.ChoiceField(
        label="Agrees for", widget=forms.RadioSelect, error_messages={"required": "Choose the party"}
    )
    person = forms.ChoiceField(label="Who", error_messages={"required": "Choose who agrees"})
    post = line(
        "Post", length=120, help_text="As the compact says it, like Regional director.", missing="Write the post"
    )
    starts = DateField(label="From", within=PLANNED)

    def __init__(self, *args: Any, parties: list[Party], people: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.pk): party for party in parties}
        self.initial.setdefault("starts", timezone.localdate())
        chosen: Any = self.fields["party"]
        chosen.choices = [(key, party.name) for key, party in self.parties.items()]
        person: Any = self.fields["person"]
        person.choices = [("", "Choose"), *((str(user_id), words) for user_id, words in people.items())]


class EndMemberForm(PlainForm):
    button = "End it"
    last_day = DateField(label="Last day", within=PLANNED, help_text="What was agreed to until then stays agreed.")

    def __init__(self, *args: Any, starts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = starts
        self.initial.setdefault("last_day", timezone.localdate())

    def clean_last_day(self) -> Any:
        if self.cleaned_data["last_day"] < self.starts:
            raise forms.ValidationError("The last day cannot be before the first")
        return self.cleaned_data["last_day"]


class AgreeForm(VersionedForm):
    button = "Agree"
    agreed_on = DateField(
        label="Agreed on", within=DONE, help_text="Today, or the day on which you agreed in the room."
    )
    confirmed = forms.BooleanField(
        label="I have read this wording and agree to it",
        error_messages={"required": "Tick the box when you have read it and agree"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("agreed_on", timezone.localdate())


class ReopenForm(PlainForm):
    reason = paragraph(
        "Why it is opened again",
        help_text="Those who agreed read it in the history, and agree anew.",
        required=True,
        missing="Write why it is opened again",
    )


class PublishForm(PlainForm):
    in_force_from = DateField(label="In force from", within=PLANNED)
    confirmed = forms.BooleanField(
        label="It stands for good: a change will be a new version",
        error_messages={"required": "Tick the box: a published version cannot be changed by anybody"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("in_force_from", timezone.localdate())


_AT_THE_TABLE = [role for role, grants in GRANTS.items() if Permission.SEE_RELEASED_TOTALS in grants]
"""Whoever reads what trusts release can be named for a party to the partnership's compact."""


def people_of(compact: Compact, *, but: int) -> dict[int, str]:
    """Who can be named, by id: members of the place today, by role and trust, without the person who names."""
    held = Membership.objects.held_on(timezone.localdate()).exclude(user=but).select_related("trust", "user")
    if compact.trust_id is not None:
        here = held.filter(trust=compact.trust_id).order_by("role", "user__name")
        return {each.user_id: f"{each.name} ({each.get_role_display()})" for each in here}
    leads = held.filter(partnership=compact.partnership_id, role__in=_AT_THE_TABLE).order_by(
        "trust__seat", "role", "pk"
    )
    return {each.user_id: each.role_and_trust for each in leads}
