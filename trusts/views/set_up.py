"""Set-up by an administrator: the partnership, its trusts, and the people who then let in everybody else."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, Role
from trusts.access import needs, reach_in_partnership
from trusts.actions import memberships as membership_actions
from trusts.actions import records as actions
from trusts.forms.context import SetUpTrustForm
from trusts.forms.people import EndForm, RenewForm, already_held
from trusts.forms.set_up import PARTNERSHIP_ROLES, AppointForm, NationalPriorityForm, PartnershipForm
from trusts.models import Membership, NationalPriority, Partnership, Trust
from trusts.presenters import People, soon
from trusts.views.people import ended_words, renewed_words, tell_of_invitation, tell_of_letter
from trusts.views.saving import save_or_show


def _partnership(request: HttpRequest) -> Partnership:
    ids = request.scope.partnerships_where(Permission.SET_UP_PARTNERSHIP)  # type: ignore[attr-defined]
    return reach_in_partnership(request, Partnership.objects.filter(pk=min(ids, default=0)))


def _appointed(partnership: Partnership) -> list[Membership]:
    """Those whom an administrator appoints: KPO leads, and the roles that are no trust's."""
    roles = [Role.KPO_LEAD, *PARTNERSHIP_ROLES]
    held = Membership.objects.filter(partnership=partnership, role__in=roles).select_related("user", "trust")
    return sorted(held, key=lambda one: (one.trust.seat if one.trust else 0, one.role, one.name.lower()))


@needs(Permission.SET_UP_PARTNERSHIP)
def set_up(request: HttpRequest) -> HttpResponse:
    partnership, today = _partnership(request), timezone.localdate()
    appointed = _appointed(partnership)
    led = {one.trust_id for one in appointed if one.trust_id and one.is_held_on(today)}
    trusts = list(partnership.trusts.all())
    page = {
        "partnership": partnership,
        "trusts": trusts,
        "without_lead": [trust for trust in trusts if trust.pk not in led],
        "people": People.on(today, appointed),
        "soon": {one.pk for one in appointed if soon(one, today)},
        "chart_rules": partnership.rule_set,
        "priorities": list(partnership.national_priorities.all()),
        "nav": "set_up",
    }
    return render(request, "accounts/set_up.html", page)


@needs(Permission.SET_UP_PARTNERSHIP)
def partnership_edit(request: HttpRequest) -> HttpResponse:
    partnership = _partnership(request)
    form = PartnershipForm(request.POST or None, instance=partnership)
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_record(
            record=partnership, values=form.values(), seen=form.seen_before(), by=request.user
        ),
        saved="Saved.",
        to=reverse("set_up"),
        heading="The partnership",
        back=reverse("set_up"),
        nav="set_up",
    )


@needs(Permission.SET_UP_PARTNERSHIP)
def trust_add(request: HttpRequest) -> HttpResponse:
    partnership = _partnership(request)
    form = SetUpTrustForm(request.POST or None, instance=Trust(partnership=partnership))
    return save_or_show(
        request,
        form,
        save=lambda: actions.add_trust(partnership=partnership, values=form.values(), by=request.user),
        saved="The trust is set up. It needs a KPO lead now.",
        to=reverse("set_up"),
        heading="Add a trust",
        back=reverse("set_up"),
        nav="set_up",
    )


@needs(Permission.SET_UP_PARTNERSHIP)
def trust_change(request: HttpRequest, trust_id: int) -> HttpResponse:
    trust = reach_in_partnership(request, Trust.objects.all(), pk=trust_id)
    form = SetUpTrustForm(request.POST or None, instance=trust)
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_record(
            record=trust, values=form.values(), seen=form.seen_before(), by=request.user
        ),
        saved="Saved.",
        to=reverse("set_up"),
        heading=f"Change {trust.short_name}",
        back=reverse("set_up"),
        nav="set_up",
    )


@needs(Permission.SET_UP_PARTNERSHIP)
def priority_add(request: HttpRequest) -> HttpResponse:
    partnership = _partnership(request)
    form = NationalPriorityForm(request.POST or None)
    return save_or_show(
        request,
        form,
        save=lambda: actions.add_to_partnership(
            model=NationalPriority, partnership=partnership, values=form.values(), by=request.user
        ),
        saved="The national priority is recorded. Trusts can link their objectives to it.",
        to=reverse("set_up"),
        heading="Add a national priority",
        back=reverse("set_up"),
        nav="set_up",
    )


@needs(Permission.SET_UP_PARTNERSHIP)
def priority_change(request: HttpRequest, priority_id: int) -> HttpResponse:
    priority = reach_in_partnership(request, NationalPriority.objects.all(), pk=priority_id)
    form = NationalPriorityForm(request.POST or None, instance=priority)
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_record(
            record=priority, values=form.values(), seen=form.seen_before(), by=request.user
        ),
        saved="Saved.",
        to=reverse("set_up"),
        heading="Change the national priority",
        back=reverse("set_up"),
        remove=reverse("set_up_priority_remove", args=[priority.pk]),
        nav="set_up",
    )


@needs(Permission.SET_UP_PARTNERSHIP)
def priority_remove(request: HttpRequest, priority_id: int) -> HttpResponse:
    priority = reach_in_partnership(request, NationalPriority.objects.all(), pk=priority_id)
    if request.method == "POST":
        try:
            actions.remove_fact(record=priority, by=request.user)
        except ProtectedError:
            messages.warning(request, f"Objectives of trusts are linked to “{priority}”, so it stays.")
        else:
            messages.success(request, "The national priority is removed.")
        return redirect("set_up")
    page = {
        "heading": "Remove this national priority?",
        "lede": "Only one that was recorded by mistake, and to which no objective is linked, can be removed.",
        "facts": [("Priority", priority.name), ("Source", priority.source)],
        "button": "Remove it",
        "back": reverse("set_up"),
        "danger": True,
        "nav": "set_up",
    }
    return render(request, "components/confirm.html", page)


@needs(Permission.SET_UP_PARTNERSHIP)
def appoint(request: HttpRequest) -> HttpResponse:
    partnership, today = _partnership(request), timezone.localdate()
    led = Membership.objects.held_on(today).filter(role=Role.KPO_LEAD).values("trust_id")
    trusts = Trust.objects.filter(partnership=partnership).exclude(pk__in=led)
    form = AppointForm(
        request.POST or None, by=request.user, trusts=trusts, initial={"trust": request.GET.get("trust")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = membership_actions.invite(**form.cleaned_data, partnership=partnership, by=request.user)
        except membership_actions.AlreadyHeld as already:
            form.add_error("email", already_held(already.membership))
        else:
            tell_of_invitation(request, invitation)
            return redirect("set_up")
    return render(request, "accounts/invite.html", {"form": form, "where": partnership.name, "nav": "set_up"})


def _reach_appointed(request: HttpRequest, membership_id: int) -> Membership:
    roles = [Role.KPO_LEAD, *PARTNERSHIP_ROLES]
    held = Membership.objects.filter(role__in=roles).select_related("user", "trust", "partnership")
    membership = reach_in_partnership(request, held, pk=membership_id)
    if membership.user_id == request.user.pk:
        raise membership_actions.OwnMembership
    return membership


@needs(Permission.SET_UP_PARTNERSHIP)
def appointed_renew(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _reach_appointed(request, membership_id)
    form = RenewForm(request.POST or None, membership=membership, initial={"ends": membership.ends})
    if request.method == "POST" and form.is_valid():
        try:
            renewed = membership_actions.renew(membership=membership, ends=form.cleaned_data["ends"], by=request.user)
        except membership_actions.AlreadyHeld as already:
            form.add_error("ends", already_held(already.membership))
        else:
            messages.success(request, renewed_words(renewed))
            return redirect("set_up")
    return render(request, "accounts/renew.html", {"form": form, "membership": membership, "nav": "set_up"})


@needs(Permission.SET_UP_PARTNERSHIP)
def appointed_end(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _reach_appointed(request, membership_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership_actions.end(membership=membership, last_day=form.chosen(), by=request.user)
        messages.success(request, ended_words(membership, form))
        return redirect("set_up")
    return render(request, "accounts/end.html", {"form": form, "membership": membership, "nav": "set_up"})


@require_POST
@needs(Permission.SET_UP_PARTNERSHIP)
def appointed_send_again(request: HttpRequest, membership_id: int) -> HttpResponse:
    tell_of_letter(request, _reach_appointed(request, membership_id))
    return redirect("set_up")
