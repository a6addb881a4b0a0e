"""`testimony <verb>`: finds the command, runs it, and turns every way to fail into a sentence and an exit code."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import TracebackType
from typing import Final, NoReturn

import click

from keys.errors import KeysError
from testimony.errors import TestimonyError
from tui.commands.help import LANGUAGE, SentenceGroup, say
from tui.commands.refusal import MACHINE, USAGE, Refusal
from tui.failures import exit_code, failure_message
from tui.text_filter import display_line
from vault.errors import VaultError

_CANCELLED: Final = 130  # the shells' number for an interrupted command

# verb → the module that holds it; a module is loaded when its verb is run, so that `--help` stays quick.
_ROOMS: Final = {
    "init": "vaults",
    "card": "cards",
    "contact": "contacts",
    "new": "records",
    "attach": "records",
    "finish": "records",
    "list": "records",
    "show": "showing",
    "seal": "bundles",
    "receive": "bundles",
    "receipt": "bundles",
    "search": "search",
    "custody": "custody",
    "check": "checks",
    "demo": "demo",
}


class Verbs(SentenceGroup):
    """The verbs of `testimony`, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order of a day's work."""
        return list(_ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that verb, or None."""
        room = _ROOMS.get(cmd_name)
        if room is None:
            return None
        command = getattr(import_module(f"tui.commands.{room}"), f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None

    def line_of(self, name: str) -> str:
        """The sentence that says in one line what the verb does."""
        return say(f"{name}.line")


def run(arguments: Sequence[str]) -> int:
    """Run the verb, or open the screens where none is named; the exit code of security.md, section 6."""
    sys.excepthook = _last_words
    verbs = Verbs("testimony", help=say("testimony.help"), context_settings={"help_option_names": ["--help", "-h"]})
    try:
        outcome = verbs.main(list(arguments), "testimony", standalone_mode=False) if arguments else _screens()
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _spoken(error)
    except (KeysError, TestimonyError, VaultError, OSError) as error:
        return _failed(error)
    return outcome if isinstance(outcome, int) else 0


def _spoken(error: BaseException) -> int:
    """A command that was stopped, by its reader or by itself, or that was not written as it should be."""
    match error:
        case Refusal():
            return _refused(error.message, error.code)
        case click.UsageError():
            return _usage(error)
        case click.Abort() | KeyboardInterrupt():
            return _refused(say("cancelled"), _CANCELLED)
        case _:
            return _refused(say("usage.other"), USAGE)


def _failed(error: KeysError | TestimonyError | VaultError | OSError) -> int:
    """A refusal of the rooms below, or of this computer."""
    match error:
        case BrokenPipeError():
            return _closed_output()
        case OSError():
            return _refused(say("machine", reason=error.strerror or type(error).__name__), MACHINE)
        case _:
            return _refused(failure_message(error, LANGUAGE), exit_code(error))


def _screens() -> int:
    from tui.app import run as open_screens  # noqa: PLC0415 - Textual is loaded only for the screens

    return open_screens(None)


def _refused(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code


def _usage(error: click.UsageError) -> int:
    """One sentence about the command line: the option or argument is named, its value never is."""
    match error:
        case click.NoSuchOption():
            words = say("usage.no-such-option", option=error.option_name)
        case click.NoSuchCommand():
            words = say("usage.no-such-command")
        case click.MissingParameter() | click.BadParameter():
            words = say(_parameter_key(error), parameter=_parameter_name(error))
        case click.BadOptionUsage():
            words = say("usage.bad-option", option=error.option_name)
        case _:
            words = say("usage.other")
    path = "testimony" if error.ctx is None else error.ctx.command_path
    return _refused(words + "\n" + say("usage.next", command=path), USAGE)


def _parameter_key(error: click.BadParameter) -> str:
    return "usage.missing" if isinstance(error, click.MissingParameter) else "usage.bad-value"


def _parameter_name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return error.param.opts[-1] if isinstance(error.param, click.Option) else error.param.make_metavar(_context(error))


def _context(error: click.UsageError) -> click.Context:
    return error.ctx if error.ctx is not None else click.Context(click.Command("testimony"))


def _closed_output() -> int:
    """The reader of our output went away: nothing more is written, also not at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return MACHINE


def _last_words(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> NoReturn:
    """Name an error nobody expected by kind and place; its text and its variables may hold testimony."""
    place = "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    print(display_line(say("crash", kind=kind.__name__, place=place)), file=sys.stderr, flush=True)
    os._exit(MACHINE)
