"""A version as it is laid out: the parties' promises side by side, by theme, and compared with the version before.

Rooms above show it too: `Sheet.of(version)`, drawn by the macros of templates/jinja2/compacts/parts/sheet.html.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from compacts.models import CompactVersion, Party, Promise
from compacts.wording import Piece, differences

SAME, CHANGED, NEW, GONE = "same", "changed", "new", "gone"


@dataclass(frozen=True)
class Head:
    """A party above its column."""

    party: Party
    body: str
    body_before: str = ""

    @property
    def promises_to(self) -> str:
        return f"{self.party.name} {self.party.promise} to"

    @property
    def inside(self) -> str:
        """Within a sentence: NHS England, the five trusts."""
        if not self.body:
            return self.party.inside
        return f"the {self.body[4:]}" if self.body.startswith("The ") else self.body

    @property
    def is_succeeded(self) -> bool:
        return bool(self.body_before) and self.body_before != self.body


@dataclass(frozen=True)
class Cell:
    """One party's promise in a row, or the place for it. `pieces` and `before` only where it is compared."""

    head: Head
    promise: Promise | None = None
    state: str = SAME
    pieces: tuple[Piece, ...] = ()
    comments: int = 0

    @property
    def text(self) -> str:
        return self.promise.text if self.promise else ""


@dataclass(frozen=True)
class Row:
    position: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ThemeShown:
    title: str
    rows: tuple[Row, ...]
    pk: int | None = None
    state: str = SAME
    title_before: str = ""

    @property
    def next_row(self) -> int:
        return max((row.position for row in self.rows), default=0) + 1


@dataclass(frozen=True)
class Sheet:
    """Everything that one version says."""

    version: CompactVersion
    heads: tuple[Head, ...]
    themes: tuple[ThemeShown, ...]
    vision: tuple[Piece, ...] = ()
    compared_with: CompactVersion | None = None

    @classmethod
    def of(cls, version: CompactVersion, *, comments: Mapping[int, int] | None = None) -> "Sheet":
        """In three queries. `comments`: how many are open, by promise."""
        said = _Said.of(version)
        heads = tuple(Head(side.party, side.body) for side in said.sides)
        themes = tuple(
            ThemeShown(theme.title, _rows(heads, said.promises_of(theme.pk), None, comments or {}), pk=theme.pk)
            for theme in said.themes
        )
        return cls(version, heads, themes)

    @classmethod
    def compared(
        cls, version: CompactVersion, before: CompactVersion, *, comments: Mapping[int, int] | None = None
    ) -> "Sheet":
        """Beside the version before, promise by promise along their lineage, in six queries."""
        now, then = _Said.of(version), _Said.of(before)
        bodies = {side.party_id: side.body for side in then.sides}
        heads = tuple(Head(side.party, side.body, bodies.get(side.party_id, "")) for side in now.sides)
        old = {promise.lineage: promise for promise in then.promises}
        stays = {promise.lineage for promise in now.promises}
        old_themes = {theme.lineage: theme for theme in then.themes}
        themes = []
        for theme in now.themes:
            was = old_themes.pop(theme.lineage, None)
            gone = [promise for promise in then.promises_of(was.pk) if promise.lineage not in stays] if was else []
            rows = _rows(heads, now.promises_of(theme.pk), old, comments or {}, gone)
            state = NEW if was is None else SAME if was.title == theme.title else CHANGED
            themes.append(ThemeShown(theme.title, rows, theme.pk, state, was.title if was else ""))
        for theme in old_themes.values():
            gone = [promise for promise in then.promises_of(theme.pk) if promise.lineage not in stays]
            themes.append(ThemeShown(theme.title, _rows(heads, [], old, {}, gone), state=GONE))
        vision = tuple(differences(before.vision, version.vision))
        return cls(version, heads, tuple(themes), vision, before)

    @property
    def cells(self) -> list[Cell]:
        return [cell for theme in self.themes for row in theme.rows for cell in row.cells if cell.promise]

    @property
    def is_long(self) -> bool:
        """Set smaller in print, so that it stays on one sheet."""
        return sum(len(cell.text) for cell in self.cells) + len(self.version.vision) + 60 * len(self.cells) > 3600

    def count(self, *states: str) -> int:
        return sum(cell.state in states for cell in self.cells)


@dataclass
class _Said:
    """A version's rows, fetched in bulk."""

    sides: list[Any]
    themes: list[Any]
    promises: list[Promise]
    _by_theme: dict[int, list[Promise]] = field(default_factory=dict)

    @classmethod
    def of(cls, version: CompactVersion) -> "_Said":
        said = cls(
            list(version.sides.select_related("party__compact")),  # type: ignore[attr-defined]
            list(version.themes.all()),  # type: ignore[attr-defined]
            list(version.promises),
        )
        by_theme: dict[int, list[Promise]] = defaultdict(list)
        for promise in said.promises:
            by_theme[promise.theme_id].append(promise)
        said._by_theme = by_theme
        return said

    def promises_of(self, theme_id: int) -> list[Promise]:
        return self._by_theme.get(theme_id, [])


def _rows(
    heads: tuple[Head, ...],
    promises: Iterable[Promise],
    old: Mapping[UUID, Promise] | None,
    comments: Mapping[int, int],
    gone: Iterable[Promise] = (),
) -> tuple[Row, ...]:
    """The promises row by row, and where they are compared those that were taken out, below."""
    placed = {(promise.position, promise.party_id): promise for promise in promises}
    rows = [
        Row(
            position,
            tuple(_cell(head, placed.get((position, head.party.pk)), old, comments) for head in heads),
        )
        for position in sorted({position for position, _ in placed})
    ]
    taken = {(promise.position, promise.party_id): promise for promise in gone}
    for position in sorted({position for position, _ in taken}):
        cells = []
        for head in heads:
            out = taken.get((position, head.party.pk))
            cells.append(Cell(head, out, GONE, (Piece("out", out.text, space=False),)) if out else Cell(head))
        rows.append(Row(position, tuple(cells)))
    return tuple(rows)


def _cell(head: Head, promise: Promise | None, old: Mapping[UUID, Promise] | None, comments: Mapping[int, int]) -> Cell:
    if promise is None:
        return Cell(head)
    talked = comments.get(promise.pk, 0)
    if old is None:
        return Cell(head, promise, comments=talked)
    was = old.get(promise.lineage)
    if was is None:
        return Cell(head, promise, NEW, (Piece("in", promise.text, space=False),), talked)
    pieces = tuple(differences(was.text, promise.text))
    state = SAME if all(piece.kind == "kept" for piece in pieces) else CHANGED
    return Cell(head, promise, state, pieces, talked)
