"""English: the words for stages, verdicts, profiles, reasons and checks."""

from typing import Final

TERMS: Final[dict[str, str]] = {}
