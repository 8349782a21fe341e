"""What every record of a board shares: whom it is seen by, and which trust and partnership it answers for."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission, Reach


class OfBoard(models.QuerySet):
    """Rows of boards. `way`: the lookup that leads to the board, empty for boards themselves."""

    way: ClassVar[str] = "board__"

    def seen_by(self, scope: Any) -> Any:
        """Those of the own trust's board, of boards on which the person sits, and of those that a role looks after."""
        partnerships = scope.partnerships_where(Permission.SEE_BOARD, Reach.BOARDS)
        return self.filter(self._at(scope.trust_ids, scope.boards_where(Permission.SEE_BOARD), partnerships))

    def at_boards_where(self, scope: Any, permission: Permission) -> Any:
        """Those of the boards at which the person holds the permission, by seat or by role."""
        partnerships = scope.partnerships_where(permission, Reach.BOARDS)
        return self.filter(self._at(scope.trusts_where(permission), scope.boards_where(permission), partnerships))

    def _at(self, trusts: frozenset[int], boards: frozenset[int], partnerships: frozenset[int]) -> Q:
        board = f"{self.way}id"
        of_partnership = Q(**{f"{self.way}trust__isnull": True, f"{self.way}partnership_id__in": partnerships})
        return Q(**{f"{self.way}trust_id__in": trusts}) | Q(**{f"{board}__in": boards}) | of_partnership


class BoardRecord(models.Model):
    """A record of a board answers for its trust, its partnership and its board as the board does."""

    class Meta:
        abstract = True

    @property
    def of_board(self) -> Any:
        return self.board  # type: ignore[attr-defined]

    @property
    def trust_id(self) -> int | None:
        return self.of_board.trust_id  # type: ignore[no-any-return]

    @property
    def partnership_id(self) -> int:
        return self.of_board.partnership_id  # type: ignore[no-any-return]
