"""What a reader of the audit trail asks for."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.trail import NOBODY, Asked, Place, Spot
from ui.bounds import PLANNED

_A_DAY = {"invalid": "Write the day like 2021-03-09"}


class AuditForm(forms.Form):
    """The filters of the page. `people`: who may be asked for, by id and name."""

    person: forms.Field = forms.ChoiceField(label="Who", required=False)
    kind = forms.ChoiceField(label="Kind of record", required=False)
    record = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    since = forms.DateField(label="From", required=False, error_messages=_A_DAY, validators=[PLANNED])
    until = forms.DateField(label="To", required=False, error_messages=_A_DAY, validators=[PLANNED])
    after = forms.CharField(required=False)

    def __init__(self, *args: Any, place: Place, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = (NOBODY, "The system, or somebody at the database")
        self.fields["person"].choices = [("", "Everybody"), *people, system]  # type: ignore[attr-defined]
        kinds = [(kind.key, kind.name) for kind in place.kinds]
        self.fields["kind"].choices = [("", "Every kind"), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "Choose the first day, or a later one")
        if self.cleaned_data.get("record") and not self.cleaned_data.get("kind"):
            self.cleaned_data["record"] = None
        return self.cleaned_data

    def asked(self) -> Asked:
        """Both days whole, as they are in London."""
        said = self.cleaned_data
        until = said.get("until")
        return Asked(
            person=self._person(said.get("person")),
            kind=said.get("kind") or "",
            record=said.get("record"),
            since=_midnight(said["since"]) if said.get("since") else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
            after=Spot.read(said.get("after") or ""),
        )

    def _person(self, chosen: Any) -> int | str | None:
        return NOBODY if chosen == NOBODY else int(chosen) if chosen else None


class AccountsAuditForm(AuditForm):
    """The people of every trust are too many to choose from: one is named by the address of the account."""

    person = forms.EmailField(
        label="Who, by e-mail address", required=False, error_messages={"invalid": "Write the whole e-mail address"}
    )

    def clean_person(self) -> int | None:
        address = self.cleaned_data["person"]
        if not address:
            return None
        found = User.objects.filter(email__iexact=address).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError("No account has this address")
        return found


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
