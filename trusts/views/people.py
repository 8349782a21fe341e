"""The people of the own trust: who holds which role, and letting them in or go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import ROLES_A_KPO_LEAD_INVITES, Permission, Role
from trusts.access import needs, reach, reach_all
from trusts.actions import memberships as actions
from trusts.forms.people import EndForm, InviteForm, RenewForm, already_held
from trusts.invitations import send_invitation
from trusts.models import Membership, Trust
from trusts.presenters import People, soon
from ui.words import day_year

INVITABLE = [role for role in Role if role in ROLES_A_KPO_LEAD_INVITES]


@needs(Permission.MANAGE_MEMBERSHIPS)
def people(request: HttpRequest) -> HttpResponse:
    held = reach_all(request, Membership.objects.select_related("user", "trust"))
    today = timezone.localdate()
    memberships = sorted(held, key=lambda one: (one.trust_id, one.name.lower(), one.starts))
    return render(
        request,
        "accounts/people.html",
        {
            "people": People.on(today, memberships),
            "trusts": sorted({str(one.trust) for one in memberships}),
            "soon": {one.pk for one in memberships if soon(one, today)},
            "nav": "people",
        },
    )


@needs(Permission.MANAGE_MEMBERSHIPS)
def invite(request: HttpRequest) -> HttpResponse:
    trusts = list(reach_all(request, Trust.objects.all()))
    form = InviteForm(
        request.POST or None,
        by=request.user,
        roles=INVITABLE,
        trusts=Trust.objects.filter(pk__in=[trust.pk for trust in trusts]),
    )
    if request.method == "POST" and form.is_valid():
        trust = form.cleaned_data.pop("trust")
        try:
            invitation = actions.invite(
                **form.cleaned_data, trust=trust, partnership=trust.partnership, by=request.user
            )
        except actions.AlreadyHeld as already:
            form.add_error("email", already_held(already.membership))
        else:
            tell_of_invitation(request, invitation)
            return redirect("people")
    where = trusts[0].short_name if len(trusts) == 1 else "your trust"
    return render(request, "accounts/invite.html", {"form": form, "where": where, "nav": "people"})


@needs(Permission.MANAGE_MEMBERSHIPS)
def renew(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _somebody_elses(request, membership_id)
    form = RenewForm(request.POST or None, membership=membership, initial={"ends": membership.ends})
    if request.method == "POST" and form.is_valid():
        try:
            renewed = actions.renew(membership=membership, ends=form.cleaned_data["ends"], by=request.user)
        except actions.AlreadyHeld as already:
            form.add_error("ends", already_held(already.membership))
        else:
            messages.success(request, renewed_words(renewed))
            return redirect("people")
    return render(request, "accounts/renew.html", {"form": form, "membership": membership, "nav": "people"})


@needs(Permission.MANAGE_MEMBERSHIPS)
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _somebody_elses(request, membership_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end(membership=membership, last_day=form.chosen(), by=request.user)
        messages.success(request, ended_words(membership, form))
        return redirect("people")
    return render(request, "accounts/end.html", {"form": form, "membership": membership, "nav": "people"})


@require_POST
@needs(Permission.MANAGE_MEMBERSHIPS)
def send_again(request: HttpRequest, membership_id: int) -> HttpResponse:
    tell_of_letter(request, _somebody_elses(request, membership_id))
    return redirect("people")


def _somebody_elses(request: HttpRequest, membership_id: int) -> Membership:
    membership = reach(request, Membership.objects.select_related("user", "trust", "partnership"), pk=membership_id)
    if membership.user_id == request.user.pk:
        raise actions.OwnMembership
    return membership


def tell_of_invitation(request: HttpRequest, invitation: actions.Invitation) -> None:
    if invitation.new:
        tell_of_letter(request, invitation.membership)
    else:
        messages.info(request, f"{invitation.membership.user.email} was invited already. Nothing was changed.")


def tell_of_letter(request: HttpRequest, membership: Membership) -> None:
    """The same words whether or not the person had an account: that is nobody's business here."""
    if send_invitation(membership):
        messages.success(request, f"{membership.name} is a member. A letter is on its way to {membership.user.email}.")
    else:
        messages.warning(
            request,
            f"{membership.name} is a member, but the letter to {membership.user.email} could not be sent. "
            "Send it again later.",
        )


def renewed_words(membership: Membership) -> str:
    until = f"runs to {day_year(membership.ends)}" if membership.ends else "runs without an end"
    return f"The membership of {membership.name} {until}."


def ended_words(membership: Membership, form: EndForm) -> str:
    last_day = form.chosen()
    if last_day is None:
        return f"The membership of {membership.name} has ended."
    return f"The membership of {membership.name} ends after {day_year(last_day)}."
