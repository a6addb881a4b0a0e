"""Where a person is on a screen, so that a change of the language leads back there."""

from dataclasses import dataclass
from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from tui.widgets.choice import Choice
from tui.widgets.editors import AccountEditor
from tui.widgets.rows import RowList


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One widget of a screen: the n-th of its kind and id, in whatever order its neighbours stand."""

    kind: type[Widget]
    id: str | None
    index: int


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """The focus, the cursor or the pointed answer in it, and the row pointed at in every list."""

    focus: Spot | None
    cursor: tuple[int, int]
    at: int
    rows: tuple[tuple[Spot, str], ...]


def whereabouts_on(screen: Screen[Any]) -> Whereabouts:
    """Where a person is now."""
    focused = screen.focused
    pointed = [(_spot(screen, rows), rows.pointed) for rows in screen.query(RowList)]
    return Whereabouts(
        focus=None if focused is None else _spot(screen, focused),
        cursor=focused.cursor_location if isinstance(focused, AccountEditor) else (0, 0),
        at=focused.at if isinstance(focused, Choice) else 0,
        rows=tuple((spot, row.id) for spot, row in pointed if row is not None),
    )


def lead_back(screen: Screen[Any], before: Whereabouts) -> None:
    """Focus the same widget again, where it is still there, and point at the same rows once they are in hand."""
    for spot, row_id in before.rows:
        rows = _widget_at(screen, spot)
        if isinstance(rows, RowList):
            rows.point_at(row_id)
    focused = None if before.focus is None else _widget_at(screen, before.focus)
    if focused not in screen.focus_chain:
        return
    screen.set_focus(focused)
    if isinstance(focused, AccountEditor):
        focused.move_cursor(before.cursor)
    elif isinstance(focused, Choice):
        focused.at = before.at


def _spot(screen: Screen[Any], widget: Widget) -> Spot:
    kind = type(widget)
    return Spot(kind=kind, id=widget.id, index=_alike(screen, kind, widget.id).index(widget))


def _widget_at(screen: Screen[Any], spot: Spot) -> Widget | None:
    alike = _alike(screen, spot.kind, spot.id)
    return alike[spot.index] if spot.index < len(alike) else None


def _alike(screen: Screen[Any], kind: type[Widget], widget_id: str | None) -> list[Widget]:
    return [widget for widget in screen.query(kind) if type(widget) is kind and widget.id == widget_id]
