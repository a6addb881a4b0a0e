"""The Arabic sentences, gathered."""

from typing import Final

from tui.strings.ar.commands import COMMANDS
from tui.strings.ar.demo import DEMO
from tui.strings.ar.failures import FAILURES
from tui.strings.ar.terms import TERMS

SENTENCES: Final[dict[str, str]] = {**FAILURES, **TERMS, **COMMANDS, **DEMO}
