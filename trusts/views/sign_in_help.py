"""Letting somebody in who lost the phone or wrote too many wrong passwords: by their KPO lead or an administrator."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.accesses import address_of
from accounts.held_off import is_held_off
from accounts.permissions import WHOM_ADMINISTRATORS_HELP, Permission
from trusts.access import needs, reach, reach_in_partnership
from trusts.actions import sign_in_help as actions
from trusts.forms.sign_in_help import SECOND_FACTOR, SignInHelpForm
from trusts.letters import tell_of_help
from trusts.models import Membership
from trusts.scope import Scope


@needs(Permission.MANAGE_MEMBERSHIPS)
def sign_in_help(request: HttpRequest, membership_id: int) -> HttpResponse:
    """For people of the own trust. Whoever holds a role elsewhere, too, is an administrator's to help."""
    membership = reach(request, Membership.objects.select_related("user", "trust", "partnership"), pk=membership_id)
    own = request.scope.trusts_where(Permission.MANAGE_MEMBERSHIPS)  # type: ignore[attr-defined]
    elsewhere = any(held.trust_id not in own for held in Scope.of(membership.user).held)
    return _help(request, membership, back="people", elsewhere=elsewhere)


@needs(Permission.SET_UP_PARTNERSHIP)
def set_up_sign_in_help(request: HttpRequest, membership_id: int) -> HttpResponse:
    """For KPO leads, executives, and the people of the partnership."""
    helped = Membership.objects.filter(role__in=WHOM_ADMINISTRATORS_HELP).select_related("user", "trust", "partnership")
    membership = reach_in_partnership(request, helped, pk=membership_id)
    return _help(request, membership, back="set_up", elsewhere=False)


def _help(request: HttpRequest, membership: Membership, *, back: str, elsewhere: bool) -> HttpResponse:
    person = membership.user
    if person.pk == request.user.pk:
        raise actions.OwnAccount
    second_factor, wait = is_mfa_enabled(person), is_held_off(person.email)
    form = SignInHelpForm(request.POST or None, second_factor=second_factor, wait=wait)
    if request.method == "POST" and not elsewhere and form.is_valid():
        reason, address = form.cleaned_data["reason"], address_of(request)
        lost = form.cleaned_data["what"] == SECOND_FACTOR
        act = actions.clear_second_factor if lost else actions.end_wait
        act(person=person, reason=reason, by=request.user, address=address)
        done = "The second factor is taken away" if lost else "They can try again now"
        if tell_of_help(membership, lost=lost, reason=reason):
            messages.success(request, f"{done}. {membership.name} is told by e-mail.")
        else:
            messages.warning(request, f"{done}. The letter to {person.email} could not be sent: tell them yourself.")
        return redirect(back)
    page = {"form": form, "membership": membership, "elsewhere": elsewhere, "nav": back, "second_factor": second_factor}
    return render(request, "accounts/sign_in_help.html", page | {"held_off": wait})
