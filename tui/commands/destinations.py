"""For whom, for what and under which profile something is to leave: the options of every command that prepares it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from testimony.consent import PROFILE_NAMES
from tui.commands.help import say

_F = TypeVar("_F", bound=Callable[..., Any])


def recipient_options(function: _F) -> _F:
    """Add `--to` and `--purpose`, without which nothing is prepared."""
    purpose = click.option("--purpose", metavar="WORDS", required=True, help=say("option.purpose"))
    return click.option("--to", metavar="BODY", required=True, help=say("option.to"))(purpose(function))


def profile_option(function: _F) -> _F:
    """Add `--profile`."""
    return click.option(
        "--profile",
        type=click.Choice(PROFILE_NAMES),
        default="pseudonymised",
        show_default=True,
        help=say("option.profile"),
    )(function)
