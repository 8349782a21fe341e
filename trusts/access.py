"""The door of every view: it names its permission, and reaches records through the person's scope alone.

    @needs(Permission.LOG_READINGS)
    def grid(request, rpiw_id):
        rpiw = reach(request, Rpiw.objects.all(), pk=rpiw_id)

A record of another trust answers 404; one of the own trust without the permission answers 403. So does a record of a
board: of a partnership's board, for who neither sits on it nor prepares it, there is nothing. A view that names a
trust's permission and answers without having reached a record, or without asking `may_anywhere`, is a mistake that
stops it (docs/adr/0004).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.permissions import EVERY_GRANT, Permission, Reach
from trusts.scope import Scope, scope_of

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponse]

_PARTNERSHIP_WIDE = frozenset(
    permission for grants in EVERY_GRANT for permission, how_far in grants.items() if how_far is Reach.PARTNERSHIP
)


def needs(permission: Permission) -> Callable[[View], View]:
    """Name the permission that a view needs. Signed-in people only; deny by default."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.scope = scope_of(request.user)  # type: ignore[attr-defined]
            request.permission = permission  # type: ignore[attr-defined]
            request.reached = False  # type: ignore[attr-defined]
            # Where the address names a trust, it is not there before it is refused: the view finds it.
            if permission in _PARTNERSHIP_WIDE and "ods_code" not in kwargs:
                may_anywhere(request)
            response = view(request, *args, **kwargs)
            if not request.reached and response.status_code < 400:  # type: ignore[attr-defined]
                raise ImproperlyConfigured(f"{view.__name__} answered without checking {permission}.")
            return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def reach(request: HttpRequest, records: QuerySet[M], **lookup: Any) -> M:
    """One record that the person may see (404 otherwise) and for which they hold the view's permission (403)."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    record = get_object_or_404(_seen(records, scope), **lookup)
    request.reached = True  # type: ignore[attr-defined]
    if not scope.may_at(request.permission, record):  # type: ignore[attr-defined]
        raise PermissionDenied
    return record


def reach_all(request: HttpRequest, records: QuerySet[M]) -> QuerySet[M]:
    """The records of the trusts or boards in which the person holds the view's permission for every record; 403 when
    none."""
    may_anywhere(request)
    scope, permission = request.scope, request.permission  # type: ignore[attr-defined]
    if hasattr(records, "at_boards_where"):
        return records.at_boards_where(scope, permission)  # type: ignore[no-any-return]
    return records.in_trusts(scope.trusts_where(permission))  # type: ignore[attr-defined]


def _seen(records: Any, scope: Scope) -> Any:
    """What the person has to do with at all. Records of boards know it themselves: of a seat, or a role."""
    return records.seen_by(scope) if hasattr(records, "seen_by") else records.in_trusts(scope.trust_ids)


def reach_in_partnership(request: HttpRequest, records: QuerySet[M], **lookup: Any) -> M:
    """One record of a partnership in which the person holds the view's permission; 404 otherwise, 403 without any."""
    may_anywhere(request)
    partnerships = request.scope.partnerships_where(request.permission)  # type: ignore[attr-defined]
    return get_object_or_404(records.in_partnerships(partnerships), **lookup)  # type: ignore[attr-defined]


def may_anywhere(request: HttpRequest) -> None:
    """Deny unless the person holds the view's permission somewhere: for pages that list what is theirs."""
    if not request.scope.may(request.permission):  # type: ignore[attr-defined]
        raise PermissionDenied
    request.reached = True  # type: ignore[attr-defined]


def may_on_page(request: HttpRequest) -> dict[str, Any]:
    """For templates: `may("edit_trust", trust)`, or `may("manage_memberships")` for anywhere."""

    def may(permission: str, record: Any = None) -> bool:
        scope = scope_of(request.user)
        named = Permission(permission)
        return scope.may(named) if record is None else scope.may_at(named, record)

    return {"may": may}
