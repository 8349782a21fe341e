"""The steps of a version: begun, its members named, agreed, opened again, published, or put away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import User
from compacts.actions import agreeing, beginning
from compacts.forms.steps import (
    AgreeForm,
    BeginForm,
    EndMemberForm,
    NameMemberForm,
    NextForm,
    PublishForm,
    ReopenForm,
    people_of,
)
from compacts.models import CompactVersion, PartyMember
from compacts.presenters.sheet import Sheet
from compacts.refusals import ChangedMeanwhile, Refused
from compacts.views.doors import AGREE, DRAFT, PUBLISH, At
from compacts.views.way import NAV, crumbs, form_page
from ui.plain_form import PlainForm, posted

_REWORDED = "The wording changed since you opened this page. Read it again below."


@DRAFT
def begin(request: HttpRequest, at: At) -> HttpResponse:
    """The first draft of a compact that is not there yet."""
    if at.compact is not None:
        return redirect(at.url("compact"))
    usual = ("The leaders", "The staff") if at.trust else ("The regulator", "The hospitals")
    name = f"Compact of {at.trust.short_name}" if at.trust else "The partnership’s compact"
    body = "" if at.trust else at.partnership.regulator
    form = BeginForm(posted(request), initial={"name": name, "first": usual[0], "second": usual[1], "first_body": body})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            beginning.begin_compact(
                partnership=at.partnership,
                trust=at.trust,
                name=typed["name"],
                parties=form.parties,
                source=typed["source"],
                by=request.user,
            )
        except Refused as why:
            messages.info(request, str(why))
            return redirect(at.url("compact"))
        messages.success(request, "The first draft is begun. Name next who agrees for each party.")
        return redirect(at.url("compact_members"))
    lede = "Two parties who promise each other something. You write it together, and all agree before it is published."
    return form_page(request, at, form, heading="Begin a compact", back=at.url("compact"), lede=lede)


@DRAFT
def next_version(request: HttpRequest, at: At) -> HttpResponse:
    """Begin the version after the one that is in force, and say why."""
    compact = at.there()
    if CompactVersion.objects.open().filter(compact=compact).exists():
        return redirect(at.url("compact_draft"))
    form = NextForm(posted(request), compact=compact)
    if request.method == "POST" and form.is_valid():
        why, party = form.cleaned_data["reason"], form.succeeded
        try:
            if party is None:
                beginning.renegotiate(compact=compact, reason=why, by=request.user)
            else:
                body = form.cleaned_data["body"]
                beginning.succeed(compact=compact, party=party, body=body, reason=why, by=request.user)
        except Refused as refused:
            messages.info(request, str(refused))
        return redirect(at.url("compact_draft"))
    lede = "Everything is carried over into a draft. What is in force stays so until the next version is published."
    return form_page(request, at, form, heading="Begin the next version", back=at.url("compact"), lede=lede)


@DRAFT
def members(request: HttpRequest, at: At) -> HttpResponse:
    """Who is named for each party, from when to when; and naming somebody."""
    compact = at.there()
    parties = list(compact.parties.all())  # type: ignore[attr-defined]
    people = people_of(compact, but=request.user.pk)
    form = NameMemberForm(posted(request), parties=parties, people=people)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            agreeing.name_member(
                party=form.parties[typed["party"]],
                user=User.objects.get(pk=typed["person"]),
                post=typed["post"],
                starts=typed["starts"],
                by=request.user,
            )
        except Refused as why:
            form.add_error("person", str(why))
        else:
            messages.success(request, f"{typed['post']} is named.")
            return redirect(at.url("compact_members"))
    named = PartyMember.objects.filter(party__compact=compact).select_related("party", "user")
    page = {"named": named, "people": people, "today": timezone.localdate()}
    return form_page(
        request, at, form, heading="Who agrees", back=at.url("compact"), template="compacts/members.html", **page
    )


@DRAFT
def member_end(request: HttpRequest, at: At, member_id: int) -> HttpResponse:
    found = PartyMember.objects.filter(party__compact=at.there()).select_related("party__compact")
    member = get_object_or_404(found, pk=member_id)
    form = EndMemberForm(posted(request), starts=member.starts)
    if request.method == "POST" and form.is_valid():
        agreeing.end_member(member=member, last_day=form.cleaned_data["last_day"], by=request.user)
        messages.success(request, f"{member.post} is no longer named after that day.")
        return redirect(at.url("compact_members"))
    heading = f"{member.post} agrees for {member.party.inside} no longer"
    return form_page(request, at, form, heading=heading, back=at.url("compact_members"))


@AGREE
def agree(request: HttpRequest, at: At) -> HttpResponse:
    """Read the whole, and agree to it for one's party; or take that back."""
    version, today = at.open_version(), timezone.localdate()
    mine = at.named(version, today)
    if "take_back" in request.POST:
        return _done(request, at, lambda: agreeing.take_agreement_back(version=version, by=request.user), _TAKEN_BACK)
    if not mine or not version.is_draft:
        messages.info(request, agreeing.NOT_OPEN if mine else agreeing.NOT_NAMED)
        return redirect(at.url("compact_draft"))
    form = AgreeForm(posted(request), initial={"version": version.edition})
    if request.method == "POST" and form.is_valid():
        try:
            for member in mine:
                day = form.cleaned_data["agreed_on"]
                version = agreeing.agree(
                    version=version, member=member, seen=form.version_seen, agreed_on=day, by=request.user
                )
        except ChangedMeanwhile:
            version.refresh_from_db()
            form = AgreeForm(initial={"version": version.edition})
            messages.error(request, _REWORDED)
        except Refused as why:
            form.add_error("agreed_on", str(why))
        else:
            messages.success(request, "You have agreed." + (" So has everybody." if version.is_agreed else ""))
            return redirect(at.url("compact_draft"))
    before = CompactVersion.objects.filter(compact=version.compact_id, number=version.number - 1).first()
    sheet = Sheet.compared(version, before) if before else Sheet.of(version)
    page = {"sheet": sheet, "compares": before is not None, "mine": mine}
    back = at.url("compact_draft")
    heading = f"Agree to version {version.number}"
    return form_page(
        request, at, form, heading=heading, back=back, version=version, template="compacts/agree.html", **page
    )


@DRAFT
def reopen(request: HttpRequest, at: At) -> HttpResponse:
    """Make an agreed version a draft again."""
    version = at.open_version()
    if not version.is_agreed:
        return redirect(at.url("compact_draft"))
    form = ReopenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        return _done(
            request,
            at,
            lambda: agreeing.reopen(version=version, reason=why, by=request.user),
            "It is a draft again.",
        )
    lede = "Everybody who agreed is asked anew, to whatever wording stands then."
    page = {"heading": f"Take version {version.number} back to a draft?", "lede": lede, "button": "Make it a draft"}
    return _confirm(request, at, version, form, page)


@PUBLISH
def publish(request: HttpRequest, at: At) -> HttpResponse:
    """For good."""
    version = at.open_version()
    if not version.is_agreed:
        messages.info(request, agreeing.NOT_AGREED)
        return redirect(at.url("compact_draft"))
    form = PublishForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            agreeing.publish(version=version, in_force_from=form.cleaned_data["in_force_from"], by=request.user)
        except Refused as why:
            form.add_error("in_force_from", str(why))
        else:
            messages.success(request, f"Version {version.number} is published.")
            return redirect(at.url("compact_version", version.number))
    lede = "From its day on it takes the place of the version before. Nobody can change it afterwards."
    page = {"heading": f"Publish version {version.number}?", "lede": lede, "button": "Publish it"}
    return _confirm(request, at, version, form, page)


@DRAFT
def discard(request: HttpRequest, at: At) -> HttpResponse:
    """Put a draft away that nobody goes on with."""
    version = at.open_version()
    if not version.is_draft:
        return redirect(at.url("compact_draft"))
    if request.method == "POST":
        try:
            beginning.discard_draft(version=version, by=request.user)
        except Refused as why:
            messages.error(request, str(why))
            return redirect(at.url("compact_draft"))
        messages.success(request, "The draft is put away.")
        return redirect(at.url("compact"))
    lede = "Its wording and the comments go with it. What is in force stays in force."
    page = {"heading": "Put this draft away?", "lede": lede, "button": "Put it away", "danger": True}
    return _confirm(request, at, version, None, page)


_TAKEN_BACK = "You no longer agree to this wording."


def _done(request: HttpRequest, at: At, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said)
    return redirect(at.url("compact_draft"))


def _confirm(
    request: HttpRequest, at: At, version: CompactVersion, form: PlainForm | None, page: dict[str, Any]
) -> HttpResponse:
    given = {"form": form, "back": at.url("compact_draft"), "nav": NAV, "crumbs_of": crumbs(at, version)}
    return render(request, "components/confirm.html", given | page)
