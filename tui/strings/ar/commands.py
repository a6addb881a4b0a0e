"""Arabic: the `testimony` command, its help and what it prints."""

from typing import Final

COMMANDS: Final[dict[str, str]] = {}
