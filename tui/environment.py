"""The variables and the text encoding that the program starts with (security.md, section 4)."""

import os
import sys
from collections.abc import Mapping
from typing import Final

# Each of these makes Python, the linker, SQLite or Textual read code, write copies or show internals.
_DROPPED_NAMES: Final = frozenset({"LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "SQLITE_TMPDIR"})
_DROPPED_PREFIXES: Final = ("TEXTUAL", "PYTHON")


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
    if sys.flags.utf8_mode and len(environment) == len(os.environ):
        return
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], environment)  # noqa: S606 - ourselves
