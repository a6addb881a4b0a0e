"""The English sentences, gathered."""

from typing import Final

from tui.strings.en.commands import COMMANDS
from tui.strings.en.demo import DEMO
from tui.strings.en.failures import FAILURES
from tui.strings.en.terms import TERMS

SENTENCES: Final[dict[str, str]] = {**FAILURES, **TERMS, **COMMANDS, **DEMO}
