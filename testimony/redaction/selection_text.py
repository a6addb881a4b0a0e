"""A selection in one spelling, to be kept and disclosed again: places only (docs/format/vault-v1.md, section 6)."""

from typing import Final

from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.errors import CanonicalError
from testimony.redaction.selection import ParagraphView, Selection

MAX_SELECTION: Final = 16 * 1024 * 1024  # bytes
_MOST: Final = 1 << 20
_PAIR: Final = 2


def selection_bytes(selection: Selection) -> bytes:
    """The one spelling of a selection."""
    paragraphs: dict[str, JsonValue] = {
        path: {
            "hidden": [[start, end] for start, end in view.hidden],
            "named": sorted(view.named),
            "told": sorted(view.told),
        }
        for path, view in selection.paragraphs.items()
    }
    return encode({"paragraphs": paragraphs, "shown": sorted(selection.shown)})


def selection_from(data: bytes) -> Selection:
    """The selection in these bytes.

    Raises:
        CanonicalError: Any spelling but the one that `selection_bytes` gives.
    """
    where = "selection"
    members = as_object(decode(data, limit=MAX_SELECTION, where=where), where, required=("paragraphs", "shown"))
    listed = members["paragraphs"]
    if not isinstance(listed, dict):
        raise CanonicalError(where, "not-an-object")
    made = Selection(
        shown=frozenset(as_text(one, where) for one in as_list(members["shown"], where, limit=_MOST)),
        paragraphs={path: _view(view, where) for path, view in listed.items()},
    )
    if selection_bytes(made) != data:
        raise CanonicalError(where, "not-canonical")
    return made


def _view(value: JsonValue, where: str) -> ParagraphView:
    members = as_object(value, where, required=("hidden", "named", "told"))
    hidden = []
    for pair in as_list(members["hidden"], where, limit=_MOST):
        ends = [as_integer(one, where) for one in as_list(pair, where, limit=_PAIR)]
        if len(ends) != _PAIR:
            raise CanonicalError(where, "not-canonical")
        hidden.append((ends[0], ends[1]))
    return ParagraphView(
        hidden=tuple(hidden), named=_places(members["named"], where), told=_places(members["told"], where)
    )


def _places(value: JsonValue, where: str) -> frozenset[int]:
    return frozenset(as_integer(one, where) for one in as_list(value, where, limit=_MOST))
