"""The variables and the text encoding that the program starts with (security.md, section 4)."""

import os
import sys
from collections.abc import Mapping
from typing import Final

# Each of these makes Python, the linker, SQLite or Textual read code, write copies or show internals.
_DROPPED_NAMES: Final = frozenset({"LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "SQLITE_TMPDIR", "TMPDIR"})
_DROPPED_PREFIXES: Final = ("TEXTUAL", "PYTHON")
_LAST_STREAM: Final = 2  # the number of standard error


def cleaned(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the variables that change what runs or what is written."""
    return {
        name: value
        for name, value in environment.items()
        if name not in _DROPPED_NAMES and not name.startswith(_DROPPED_PREFIXES)
    }


def start_clean() -> None:
    """Start the same program again in UTF-8 mode with a cleaned environment, unless that is how it runs already."""
    environment = cleaned(os.environ)
    closed = _fill_closed_streams()
    if sys.flags.utf8_mode and len(environment) == len(os.environ) and not closed:
        return
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], environment)  # noqa: S606 - ourselves


def _fill_closed_streams() -> bool:
    """Put the null device where a standard stream is closed, so that no file of a vault gets its number."""
    number = os.open(os.devnull, os.O_RDWR)
    closed = number <= _LAST_STREAM
    while number <= _LAST_STREAM:
        os.set_inheritable(number, True)  # noqa: FBT003 - the standard library's signature
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)
    return closed
