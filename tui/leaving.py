"""How the screens are left: to the shell, or to a fresh process that shows only the unlock screen."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from tui.strings.sentences import LANGUAGES, Language, language_from_environment

_VAULT: Final = "TESTIMONY_VAULT"
_LANGUAGE: Final = "TESTIMONY_LANGUAGE"
_LOCKED: Final = "TESTIMONY_LOCKED"


class Leave(Enum):
    """Why the screens ended."""

    QUIT = "quit"
    LOCK = "lock"


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the screens begin with."""

    vault_path: Path | None
    language: Language
    is_locked: bool = False


def start_from(environment: Mapping[str, str], vault_path: Path | None) -> Start:
    """The vault named on the command line or in TESTIMONY_VAULT, and the language."""
    named = environment.get(_VAULT)
    chosen = environment.get(_LANGUAGE, "")
    language = next((each for each in LANGUAGES if each == chosen), language_from_environment(environment))
    chosen_path = vault_path or (Path(named) if named else None)
    return Start(
        vault_path=chosen_path.absolute() if chosen_path else None,
        language=language,
        is_locked=_LOCKED in environment,
    )


def begin_again_locked(vault_path: Path, language: Language) -> None:
    """Replace this process by a new one: the only thing after which no key, passphrase or text is left in memory."""
    environment = {**os.environ, _VAULT: str(vault_path), _LANGUAGE: language, _LOCKED: "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606 - ourselves
