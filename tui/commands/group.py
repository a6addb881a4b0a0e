"""`testimony <verb>`: finds the command, runs it, and turns every way to fail into a sentence and an exit code."""

import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from types import FrameType, TracebackType
from typing import Final, NoReturn

import click

from keys.errors import KeysError
from testimony.errors import TestimonyError
from tui.commands.errors import MACHINE, USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceGroup, say
from tui.failures import exit_code, failure_message
from tui.text_filter import display_line
from vault.errors import VaultError

_CANCELLED: Final = 130  # the shells' number for an interrupted command

# verb → the module that holds it; a module is loaded when its verb is run, so that `--help` stays quick.
_ROOMS: Final = {
    "init": "vaults",
    "card": "cards",
    "identity": "cards",
    "contact": "contacts",
    "roster": "rosters",
    "new": "records",
    "form": "forms",
    "script": "scripts",
    "gazetteer": "gazetteer",
    "attach": "records",
    "mark": "marks",
    "suggest": "marks",
    "discard": "records",
    "finish": "records",
    "correct": "corrections",
    "compare": "corrections",
    "translate": "companions",
    "transcribe": "companions",
    "observe": "companions",
    "list": "records",
    "show": "showing",
    "consent": "consent",
    "withdraw": "withdrawal",
    "erase": "erasure",
    "hold": "erasure",
    "settings": "consent",
    "print": "printing",
    "approval": "approvals",
    "restrict": "restrictions",
    "redact": "redaction",
    "seal": "bundles",
    "receive": "bundles",
    "receipt": "bundles",
    "request": "requests",
    "answer": "requests",
    "notice": "withdrawal",
    "checkpoint": "anchors",
    "cosign": "anchors",
    "anchor": "anchors",
    "time": "time_stamps",
    "clock": "clock",
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
    if not all(map(_is_text, arguments)):
        return _refused(say("usage.not-text"), USAGE)
    try:
        outcome = _command(arguments) if arguments else _screens()
        sys.stdout.flush()
    except SystemExit:
        return _closed_output()  # click leaves so where nobody reads its output any more
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _spoken(error)
    except (KeysError, TestimonyError, VaultError, OSError) as error:
        return _failed(error)
    return outcome if isinstance(outcome, int) else 0


def _is_text(argument: str) -> bool:
    """Whether the argument was UTF-8: other bytes arrive as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in argument)


def _command(arguments: Sequence[str]) -> object:
    """What the command gives back; a signal to end ends it as Ctrl-C does, so that terminal and vault are closed."""
    verbs = Verbs("testimony", help=say("testimony.help"), context_settings={"help_option_names": ["--help", "-h"]})
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        return verbs.main(list(arguments), "testimony", standalone_mode=False)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _spoken(error: BaseException) -> int:
    """A command that was stopped, by its reader or by itself, or that was not written as it should be."""
    match error:
        case RefusalError():
            return _refused(error.message, error.code)
        case click.exceptions.NoArgsIsHelpError():
            return _refused(error.message, USAGE)
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
    """Say why on standard error, below whatever was printed before."""
    try:
        sys.stdout.flush()
    except OSError:
        _leave_output()
    print(words, file=sys.stderr)
    return code


def _usage(error: click.UsageError) -> int:
    """One sentence about the command line: the option or argument is named, its value never is."""
    match error:
        case click.NoSuchOption():
            words = _nearest("option", error.possibilities, say("usage.no-such-option", option=error.option_name))
        case click.NoSuchCommand():
            words = _nearest("command", _similar(error), say("usage.no-such-command"))
        case click.MissingParameter() | click.BadParameter():
            words = say(_parameter_key(error), parameter=_parameter_name(error), choices=", ".join(_choices(error)))
        case click.BadOptionUsage():
            words = say("usage.bad-option", option=error.option_name)
        case _:
            words = say("usage.other")
    path = "testimony" if error.ctx is None else error.ctx.command_path
    return _refused(words + "\n" + say("usage.next", command=path), USAGE)


def _similar(error: click.NoSuchCommand) -> Sequence[str]:
    group = None if error.ctx is None else error.ctx.command
    known = group.list_commands(_context(error)) if isinstance(group, click.Group) else ()
    return get_close_matches(error.command_name, known, n=1, cutoff=0.5)


def _nearest(what: str, similar: Sequence[str] | None, words: str) -> str:
    """The refusal, and the nearest word there is: what was typed is not repeated."""
    return words + "\n" + say(f"usage.nearest-{what}", word=similar[0]) if similar else words


def _parameter_key(error: click.BadParameter) -> str:
    if isinstance(error, click.MissingParameter):
        return "usage.missing"
    return "usage.bad-choice" if _choices(error) else "usage.bad-value"


def _choices(error: click.BadParameter) -> Sequence[str]:
    """Every value there is, where the values are counted."""
    kind = None if error.param is None else error.param.type
    return tuple(map(str, kind.choices)) if isinstance(kind, click.Choice) else ()


def _parameter_name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return error.param.opts[-1] if isinstance(error.param, click.Option) else error.param.make_metavar(_context(error))


def _context(error: click.UsageError) -> click.Context:
    return error.ctx if error.ctx is not None else click.Context(click.Command("testimony"))


def _closed_output() -> int:
    """The reader of our output went away."""
    _leave_output()
    return MACHINE


def _leave_output() -> None:
    """Write nothing more to standard output, also not at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _last_words(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> NoReturn:
    """Name an error nobody expected by kind and place; its text and its variables may hold testimony."""
    place = "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    print(display_line(say("crash", kind=kind.__name__, place=place)), file=sys.stderr, flush=True)
    os._exit(MACHINE)
