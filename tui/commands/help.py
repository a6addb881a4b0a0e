"""Help pages in the reader's language: click's own headings are replaced by our sentences."""

from typing import Final

import click

from tui.strings.sentences import Language, language_from_environment, sentence

LANGUAGE: Final[Language] = language_from_environment()


def say(key: str, **values: object) -> str:
    """The sentence `command.<key>` in the language of this terminal."""
    return sentence(f"command.{key}", LANGUAGE, **values)


class SentenceCommand(click.Command):
    """A command whose help page stands whole in one language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), say("heading.usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of options."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        with formatter.section(say("heading.options")):
            formatter.write_dl(rows)

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
