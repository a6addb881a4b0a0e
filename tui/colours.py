"""The colours: few, calm, and never the only bearer of a meaning."""

from typing import Final

from textual.theme import Theme

THEME: Final = Theme(
    name="testimony",
    primary="#7aa2c8",
    secondary="#9db4c8",
    accent="#d8b46a",
    foreground="#e6e6e0",
    background="#14171a",
    surface="#1b1f23",
    panel="#262c32",
    success="#8fbf8f",
    warning="#d8b46a",
    error="#e08a7d",
    dark=True,
)
