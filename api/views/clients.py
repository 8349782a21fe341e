"""Letting systems in and shutting them out: a trust's own by its KPO lead, the regulator's by an administrator.

A token is shown in the answer to the click that made it and is kept nowhere, so that answer is no redirect. The
same form sent again makes nothing, and says that the token was shown.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from api import actions
from api.forms import ClientForm
from api.models import ApiClient
from trusts.access import may_anywhere, needs, reach, reach_all, reach_in_partnership
from trusts.models import Partnership, Trust

CLIENTS = ApiClient.objects.select_related("trust", "partnership", "created_by")


@dataclass(frozen=True)
class Whose:
    """Where these clients' pages are, and what they say."""

    start: str
    heading: str
    words: str

    @property
    def listed(self) -> str:
        return reverse(f"{self.start}_clients")

    def address(self, verb: str, *parameters: int) -> str:
        return reverse(f"{self.start}_client_{verb}", args=parameters)


TRUSTS = Whose(
    "api", "Systems of the trust", "They read the trust's own detail through the API, and may log what was ticked."
)
REGULATORS = Whose("regulator", "Systems of the regulator", "They read released trust summaries, and nothing else.")


@needs(Permission.MANAGE_TRUST_CLIENTS)
def of_trust(request: HttpRequest) -> HttpResponse:
    return _list(request, TRUSTS, reach_all(request, CLIENTS))


@needs(Permission.MANAGE_REGULATOR_CLIENTS)
def of_regulator(request: HttpRequest) -> HttpResponse:
    return _list(request, REGULATORS, CLIENTS.in_partnerships(_partnerships(request)))


@never_cache
@needs(Permission.MANAGE_TRUST_CLIENTS)
def add_to_trust(request: HttpRequest) -> HttpResponse:
    return _add(request, TRUSTS, reach_all(request, Trust.objects.all()))


@never_cache
@needs(Permission.MANAGE_REGULATOR_CLIENTS)
def add_to_regulator(request: HttpRequest) -> HttpResponse:
    return _add(request, REGULATORS, Partnership.objects.in_partnerships(_partnerships(request)))


@never_cache
@require_POST
@needs(Permission.MANAGE_TRUST_CLIENTS)
def renew_of_trust(request: HttpRequest, client_id: int) -> HttpResponse:
    return _renew(request, TRUSTS, reach(request, CLIENTS, pk=client_id))


@never_cache
@require_POST
@needs(Permission.MANAGE_REGULATOR_CLIENTS)
def renew_of_regulator(request: HttpRequest, client_id: int) -> HttpResponse:
    return _renew(request, REGULATORS, reach_in_partnership(request, CLIENTS, pk=client_id))


@needs(Permission.MANAGE_TRUST_CLIENTS)
def revoke_of_trust(request: HttpRequest, client_id: int) -> HttpResponse:
    return _revoke(request, TRUSTS, reach(request, CLIENTS, pk=client_id))


@needs(Permission.MANAGE_REGULATOR_CLIENTS)
def revoke_of_regulator(request: HttpRequest, client_id: int) -> HttpResponse:
    return _revoke(request, REGULATORS, reach_in_partnership(request, CLIENTS, pk=client_id))


def _partnerships(request: HttpRequest) -> frozenset[int]:
    may_anywhere(request)
    return request.scope.partnerships_where(request.permission)  # type: ignore[attr-defined]


def _list(request: HttpRequest, whose: Whose, clients: Any) -> HttpResponse:
    found = list(clients.prefetch_related("tokens"))
    today = timezone.localdate()
    working = [client for client in found if client.works_on(today)]
    page = {"whose": whose, "working": working, "ended": [one for one in found if one not in working]}
    return render(request, "api/clients.html", page | {"nav": "api_clients"})


def _add(request: HttpRequest, whose: Whose, places: Any) -> HttpResponse:
    form = ClientForm(request.POST or None, places=places, of_a_trust=whose is TRUSTS)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        place = values["place"]
        made = actions.add_client(
            name=values["name"],
            partnership=place.partnership if isinstance(place, Trust) else place,
            trust=place if isinstance(place, Trust) else None,
            writes=values.get("writes", ()),
            expires_on=values["expires_on"],
            form_key=values["form_key"],
            by=request.user,
        )
        return _show(request, whose, made)
    return render(request, "api/add_client.html", {"form": form, "whose": whose, "nav": "api_clients"})


def _renew(request: HttpRequest, whose: Whose, client: ApiClient) -> HttpResponse:
    if not client.works_on(timezone.localdate()):
        messages.error(request, f"{client.name} was shut out, or its time is over. Let it in anew.")
        return redirect(whose.listed)
    return _show(request, whose, actions.renew_token(client=client, by=request.user))


def _show(request: HttpRequest, whose: Whose, made: actions.Made) -> HttpResponse:
    if not made.token:
        messages.info(request, f"{made.client.name} is in. Its token was shown once; a new one replaces it.")
        return redirect(whose.listed)
    page = {"whose": whose, "client": made.client, "token": made.token, "nav": "api_clients"}
    return render(request, "api/token.html", page)


def _revoke(request: HttpRequest, whose: Whose, client: ApiClient) -> HttpResponse:
    if request.method == "POST":
        actions.revoke_client(client=client, by=request.user)
        messages.success(request, f"{client.name} is shut out. Its tokens work no more.")
        return redirect(whose.listed)
    page = {
        "heading": f"Shut {client.name} out",
        "lede": "Its tokens stop at once and for good. What it wrote stays, under its name.",
        "button": "Shut it out",
        "danger": True,
        "back": whose.listed,
        "nav": "api_clients",
    }
    return render(request, "components/confirm.html", page)
