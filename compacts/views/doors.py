"""Every page is there twice: for the partnership's compact, and for the own one of a trust. One view answers for both.

Each address has a permission of its own; a page of another trust's compact is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from compacts.models import Compact, CompactVersion, PartyMember
from trusts.access import needs, reach
from trusts.models import Partnership, Trust
from trusts.scope import Scope


@dataclass(frozen=True)
class At:
    """Whose compact a page is about, what the person may do with it, and the addresses of its other pages."""

    partnership: Partnership
    trust: Trust | None
    scope: Scope

    @property
    def compact(self) -> Compact | None:
        return Compact.objects.filter(partnership=self.partnership, trust=self.trust).first()

    @property
    def whose(self) -> str:
        return self.trust.name if self.trust else "The partnership"

    def url(self, name: str, *args: Any) -> str:
        if self.trust:
            return reverse(f"trust_{name}", args=[self.trust.ods_code, *args])
        return reverse(name, args=args)

    def there(self) -> Compact:
        """The compact; 404 where there is none yet."""
        compact = self.compact
        if compact is None:
            raise Http404
        return compact

    def open_version(self) -> CompactVersion:
        """The version that is being worked on; 404 when there is none."""
        version = self.maybe_open()
        if version is None:
            raise Http404
        return version

    def maybe_open(self) -> CompactVersion | None:
        opened = CompactVersion.objects.open().filter(compact=self.compact)
        return opened.select_related("compact__trust").first()

    @property
    def may_discuss(self) -> bool:
        return self._may(Permission.DRAFT_COMPACT, Permission.DISCUSS_TRUST_COMPACT)

    @property
    def may_draft(self) -> bool:
        return self._may(Permission.DRAFT_COMPACT, Permission.DRAFT_TRUST_COMPACT)

    @property
    def may_publish(self) -> bool:
        return self._may(Permission.PUBLISH_COMPACT, Permission.DRAFT_TRUST_COMPACT)

    @property
    def may_agree(self) -> bool:
        return self._may(Permission.AGREE_COMPACT, Permission.AGREE_TRUST_COMPACT)

    def _may(self, ours: Permission, own: Permission) -> bool:
        if self.trust:
            return self.scope.may_at(own, self.trust)
        return self.partnership.pk in self.scope.partnerships_where(ours)

    def named(self, version: CompactVersion, day: Any) -> list[PartyMember]:
        """For whom of the version's parties the person is named on the day."""
        parties = version.sides.values("party")  # type: ignore[attr-defined]
        held = PartyMember.objects.held_on(day).filter(user_id=self.scope.user_id, party__in=parties)
        return list(held.select_related("party__compact"))

    def says_as(self, version: CompactVersion, user: Any, day: Any) -> str:
        """Under which name a person's comment stands: the post they are named with, or their role here."""
        if named := self.named(version, day):
            return named[0].post
        here = [held for held in self.scope.held if self.trust is None or held.trust_id == self.trust.pk]
        return here[0].words if here else str(user)


View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Door:
    """One view at both places."""

    ours: View
    own: View


def at_both(ours: Permission, own: Permission) -> Callable[[View], Door]:
    """The permissions that the view needs: for the partnership's compact, and for a trust's own."""

    def two(view: View) -> Door:
        @needs(ours)
        @wraps(view)
        def of_partnership(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            scope: Scope = request.scope  # type: ignore[attr-defined]
            partnership = Partnership.objects.in_partnerships(scope.partnerships_where(ours)).order_by("pk").first()
            assert partnership is not None
            return _or_gone(request, At(partnership, None, scope), view, kwargs)

        @needs(own)
        @wraps(view)
        def of_trust(request: HttpRequest, ods: str, **kwargs: Any) -> HttpResponse:
            trust = reach(request, Trust.objects.select_related("partnership"), ods_code=ods.upper())
            return _or_gone(request, At(trust.partnership, trust, request.scope), view, kwargs)  # type: ignore[attr-defined]

        return Door(of_partnership, of_trust)

    return two


TYPED = ("vision", "reason", "body", "title", "text", "comment")
"""The boxes in which somebody writes on a draft."""


def _or_gone(request: HttpRequest, at: At, view: View, kwargs: dict[str, Any]) -> HttpResponse:
    """What somebody typed stays in view when the draft, or its part, went away while they had it open."""
    try:
        return view(request, at, **kwargs)
    except Http404:
        typed = [text for name in TYPED if (text := request.POST.get(name, "").strip())]
        if not typed:
            raise
        given = {"at": at, "typed": typed, "draft": at.maybe_open(), "nav": "compact"}
        return render(request, "compacts/gone.html", given, status=404)


SEE = at_both(Permission.SEE_COMPACT, Permission.SEE_TRUST)
DISCUSS = at_both(Permission.DRAFT_COMPACT, Permission.DISCUSS_TRUST_COMPACT)
DRAFT = at_both(Permission.DRAFT_COMPACT, Permission.DRAFT_TRUST_COMPACT)
PUBLISH = at_both(Permission.PUBLISH_COMPACT, Permission.DRAFT_TRUST_COMPACT)
AGREE = at_both(Permission.AGREE_COMPACT, Permission.AGREE_TRUST_COMPACT)
