"""The forms by which an administrator sets up a partnership."""

from typing import Any

from accounts.permissions import TRUST_ROLES, Role
from trusts.forms import chart_rules
from trusts.forms.people import InviteForm
from trusts.forms.records import RecordForm
from trusts.models import NationalPriority, Partnership
from ui.bounds import HAPPENED, PLANNED

PARTNERSHIP_ROLES = [role for role in Role if role not in TRUST_ROLES]


class PartnershipForm(RecordForm):
    bounds = {"started": PLANNED, "ended": PLANNED}
    choice_hints = chart_rules.HINTS
    no_choice = {"spc_run_length": chart_rules.AS_THE_RULES_SAY}

    class Meta:
        model = Partnership
        fields = ("name", "regulator", "coach", "started", "ended", *chart_rules.FIELDS)
        labels = {
            "coach": "Coach",
            "regulator": "Regulator",
            "started": "Started on",
            "ended": "Ended on",
            **chart_rules.LABELS,
        }
        help_texts = chart_rules.HELP_TEXTS


class NationalPriorityForm(RecordForm):
    bounds = {"issued": HAPPENED}

    class Meta:
        model = NationalPriority
        fields = ("name", "issued", "source")
        labels = {"name": "Priority", "issued": "Issued on", "source": "The document that states it"}
        help_texts = {"source": ""}


class AppointForm(InviteForm):
    """The first KPO lead of a trust, or a role that is no trust's. A trust that has a KPO lead invites by itself."""

    at_a_trust = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, roles=[Role.KPO_LEAD, *PARTNERSHIP_ROLES], **kwargs)
        trust: Any = self.fields["trust"]
        trust.required, trust.empty_label = False, "None: a role of the partnership"
        trust.help_text = "For a KPO lead. Only trusts without one are listed: the others invite by themselves."
        trust.error_messages["invalid_choice"] = "Choose a trust that has no KPO lead"
        self.order_fields(["email", "known_as", "role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        role, trust = cleaned.get("role"), cleaned.get("trust")
        if role == Role.KPO_LEAD and not trust and "trust" not in self.errors:
            self.add_error("trust", "Choose the trust whose KPO lead this is")
        if role and role != Role.KPO_LEAD and trust:
            self.add_error("trust", f"{role.label} is a role of the partnership: choose no trust")
        return cleaned
