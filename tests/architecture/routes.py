"""Every route of ours, and how to ask for it at a place. A parameter that is not known here fails the tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from api.endpoints.base import Endpoint
from tests.architecture.world import Place, World

OURS = ("accounts", "trusts", "rpiws", "metrics", "compacts", "boards", "reflections", "dashboards")
# The API's addresses have a door of their own: tests/architecture/test_api_routes.py.
PAGES_OF_THE_API = "api.views.clients"

# Whoever adds a route with a parameter of another name says here what it stands for.
PARAMETERS: dict[str, Callable[[World, Place], Any]] = {
    "ods": lambda world, place: place.trust.ods_code,
    "ods_code": lambda world, place: place.trust.ods_code,
    "trust_id": lambda world, place: place.trust.pk,
    "value_stream_id": lambda world, place: place.value_stream.pk,
    "rpiw_id": lambda world, place: place.rpiw.pk,
    "person_id": lambda world, place: place.person.pk,
    "task_id": lambda world, place: place.task.pk,
    "measure_id": lambda world, place: place.measure.pk,
    "observation_id": lambda world, place: place.observation.pk,
    "idea_id": lambda world, place: place.idea.pk,
    "item_id": lambda world, place: place.item.pk,
    "membership_id": lambda world, place: place.people["facilitator"].memberships.get().pk,
    "fact_id": lambda world, place: place.cqc_rating.pk,
    "record_id": lambda world, place: place.rpiw.pk,
    "summary_id": lambda world, place: place.summary.pk,
    "draft_id": lambda world, place: place.draft.pk,
    "client_id": lambda world, place: place.api_client.pk,
    "metric_id": lambda world, place: place.metric.pk,
    "version_id": lambda world, place: place.amendment.pk,
    "retirement_id": lambda world, place: place.retirement.pk,
    "recalculation_id": lambda world, place: place.recalculation.pk,
    "measurement_id": lambda world, place: place.measurement.pk,
    "annotation_id": lambda world, place: place.annotation.pk,
    "target_id": lambda world, place: place.target.pk,
    "import_id": lambda world, place: place.file_import.pk,
    "board_id": lambda world, place: place.board.pk,
    "seat_id": lambda world, place: place.seat.pk,
    "holding_id": lambda world, place: place.holding.pk,
    "agenda_item_id": lambda world, place: place.agenda_item.pk,
    "template_item_id": lambda world, place: place.template_item.pk,
    "entry_id": lambda world, place: place.entry.pk,
    "regulator_line_id": lambda world, place: place.regulator_line.pk,
    "report_id": lambda world, place: place.report.pk,
    "pack_id": lambda world, place: place.pack.pk,
    "meeting_id": lambda world, place: place.meeting.pk,
    "proposal_id": lambda world, place: place.proposal.pk,
    "line_id": lambda world, place: place.line.pk,
    "breach_id": lambda world, place: place.breach.pk,
    "step_id": lambda world, place: place.step.pk,
    "number": lambda world, place: 1,
    "member_id": lambda world, place: place.party_member.pk,
    "party_id": lambda world, place: place.party.pk,
    "theme_id": lambda world, place: place.theme.pk,
    "promise_id": lambda world, place: place.promise.pk,
    "comment_id": lambda world, place: place.comment.pk,
    "row": lambda world, place: 9,
    "priority_id": lambda world, place: world.priority.pk,
}

# Words in an address that choose among forms, by route and parameter: any valid one.
CHOSEN: dict[str, dict[str, Any]] = {
    "context_add": {"kind": "headcounts"},
    "context_edit": {"kind": "cqc-ratings"},
    "context_remove": {"kind": "cqc-ratings"},
    "history": {"app": "rpiws", "model": "rpiw"},
    "rpiw_step": {"step": "stand_down"},
    "add_person": {"part": "team"},
    "add_measure": {"kind": "lead_time"},
    "metric_file": {"ending": "csv"},
}

# What a route must be sent before it answers at all.
SENT: dict[str, Callable[[Place], dict[str, Any]]] = {
    "read_entry": lambda place: {"measure": place.measure.pk, "checkpoint": "day_30"},
}

# Where a parameter means another row than elsewhere.
INSTEAD: dict[tuple[str, str], Callable[[World, Place], Any]] = (
    {
        (route, "membership_id"): lambda world, place: place.people["kpo_lead"].memberships.get().pk
        for route in ("set_up_renew", "set_up_end", "set_up_letter", "set_up_sign_in_help")
    }
    | {
        (route, "client_id"): lambda world, place: world.regulator_client.pk
        for route in ("regulator_client_token", "regulator_client_revoke")
    }
    | {
        (route, "draft_id"): lambda world, place: place.safe_draft.pk
        for route in ("breach_draft", "breach_draft_edit", "breach_draft_drop", "breach_hand", "breach_bring")
    }
    | {
        # The partnership's own compact has pages of the same form as a trust's.
        (route, parameter): lambda world, place, row=row: world.compact[row].pk
        for route, parameter, row in (
            ("compact_member_end", "member_id", "party_member"),
            ("compact_body", "party_id", "party"),
            ("compact_theme", "theme_id", "theme"),
            ("compact_promise_add", "theme_id", "theme"),
            ("compact_promise_add", "party_id", "party"),
            ("compact_promise", "promise_id", "promise"),
            ("compact_comment_settle", "comment_id", "comment"),
        )
    }
)

NO_PLACE = frozenset({"priority_id", "number", "row"})
"""Parameters of what the whole partnership shares."""


@dataclass(frozen=True)
class Route:
    name: str
    view: Any
    parameters: tuple[str, ...]

    @property
    def at_a_place(self) -> bool:
        """Whether the address names a record of one trust."""
        return any(name in PARAMETERS and name not in NO_PLACE for name in self.parameters)

    @property
    def unknown(self) -> list[str]:
        chosen = CHOSEN.get(self.name, {})
        return [name for name in self.parameters if name not in PARAMETERS and name not in chosen]

    def sent(self, place: Place) -> dict[str, Any]:
        return SENT[self.name](place) if self.name in SENT else {}

    def address(self, world: World, place: Place) -> str:
        values = {}
        for name in self.parameters:
            if name in CHOSEN.get(self.name, {}):
                values[name] = CHOSEN[self.name][name]
            else:
                values[name] = INSTEAD.get((self.name, name), PARAMETERS[name])(world, place)
        return reverse(self.name, kwargs=values)


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URLconf with its name, included ones with their namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from patterns(entry, inner)
        else:
            yield f"{prefix}{entry.name}", entry


def our_routes() -> list[Route]:
    return [
        Route(name, pattern.callback, tuple(pattern.pattern.converters))
        for name, pattern in patterns()
        if _is_ours(pattern.callback.__module__) and not name.startswith("admin:")
    ]


def _is_ours(module: str) -> bool:
    return module.split(".")[0] in OURS or module == PAGES_OF_THE_API


def api_routes() -> dict[str, Any]:
    """The API's endpoints by the names of their routes."""
    return {
        name: pattern for name, pattern in patterns() if issubclass(getattr(pattern.callback, "cls", object), Endpoint)
    }
