"""Arabic: what went wrong, where, and the next step."""

from typing import Final

FAILURES: Final[dict[str, str]] = {}
