"""Key bindings: each has an id, a name and a tooltip in both languages, and can be remapped by its id."""

from collections.abc import Iterable
from typing import Final

from textual.binding import Binding

# The Arabic letter on the same key of the Arabic (101) layout, so that a shortcut works on both layouts.
ARABIC_TWINS: Final = {
    "a": "ش", "b": "لا", "c": "ؤ", "d": "ي", "e": "ث", "f": "ب", "g": "ل", "h": "ا", "i": "ه", "j": "ت", "k": "ن",
    "l": "م", "m": "ة", "n": "ى", "o": "خ", "p": "ح", "q": "ض", "r": "ق", "s": "س", "t": "ف", "u": "ع", "v": "ر",
    "w": "ص", "x": "ء", "y": "غ", "z": "ئ",
}  # fmt: skip


def key(keys: str, action: str, name: str, *, show: bool = True) -> Binding:
    """A binding of a screen or widget, named by the sentences `key.<name>` and `key.<name>.tip`."""
    return Binding(_with_twins(keys), action, f"key.{name}", show=show, tooltip=f"key.{name}.tip", id=name)


def key_everywhere(keys: str, action: str, name: str, *, show: bool = False) -> Binding:
    """A binding that no focused widget can take."""
    return Binding(keys, action, f"key.{name}", show=show, tooltip=f"key.{name}.tip", id=name, priority=True)


def _with_twins(keys: str) -> str:
    return ",".join(_each(keys.split(",")))


def _each(keys: Iterable[str]) -> Iterable[str]:
    for each in keys:
        yield each
        twin = ARABIC_TWINS.get(each, "")
        if len(twin) == 1:
            yield twin
