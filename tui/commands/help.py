"""Help pages in the reader's language: click's own headings and remarks are replaced by our sentences."""

from collections import Counter
from typing import Final

import click

from tui.commands.errors import USAGE, RefusalError
from tui.strings.sentences import Language, language_from_environment, sentence

LANGUAGE: Final[Language] = language_from_environment()


def say(key: str, **values: object) -> str:
    """The sentence `command.<key>` in the language of this terminal."""
    return sentence(f"command.{key}", LANGUAGE, **values)


class SentenceCommand(click.Command):
    """A command whose help page stands whole in one language, and which takes each option once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the command line apart.

        Raises:
            RefusalError: An option stands there twice, so that one of its values would be lost.
        """
        for option, times in _counted(self, ctx, args).items():
            if times > 1 and not option.multiple:
                words = say("usage.twice", option=option.opts[0]) + "\n" + say("usage.next", command=ctx.command_path)
                raise RefusalError(words, USAGE)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), say("heading.usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of options."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        with formatter.section(say("heading.options")):
            formatter.write_dl([_described(option, ctx) for option in options])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The `--help` option, described in one language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("option.help")
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line, with the heading for options in one language."""
        pieces = super().collect_usage_pieces(ctx)
        return [say("heading.any-options") if piece == self.options_metavar else piece for piece in pieces]


class SentenceGroup(SentenceCommand, click.Group):
    """A group of commands whose help page stands whole in one language."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line, with the heading for commands in one language."""
        pieces = super().collect_usage_pieces(ctx)
        return [say("heading.any-command") if piece == self.subcommand_metavar else piece for piece in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of options, then the table of commands."""
        SentenceCommand.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one line a command, without loading the command."""
        rows = [(name, self.line_of(name)) for name in self.list_commands(ctx)]
        with formatter.section(say("heading.commands")):
            formatter.write_dl(rows)

    def line_of(self, name: str) -> str:
        """The sentence that says in one line what the command does."""
        command = self.commands.get(name)
        return "" if command is None else command.short_help or command.help or ""


def _counted(command: click.Command, ctx: click.Context, args: list[str]) -> Counter[click.Option]:
    """How often each option stands on the command line."""
    if not args:
        return Counter()
    _, _, order = command.make_parser(ctx).parse_args(list(args))
    return Counter(parameter for parameter in order if isinstance(parameter, click.Option))


def _described(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    """How an option is written, and its sentence with what is taken where it is left out."""
    extra = option.get_help_extra(ctx)
    written, _ = option.get_help_record(ctx) or ("", "")
    remarks = [option.help or ""]
    if "default" in extra:
        remarks.append(say("option.default", value=extra["default"]))
    if "required" in extra:
        remarks.append(say("option.required"))
    return written, " ".join(remarks)
