"""`testimony`: the screens, and one command for each use case."""

import sys

from tui.environment import start_clean


def main() -> int:
    """The exit code of the command named on the command line, or of the screens where none is named."""
    start_clean()
    from tui.commands.group import run  # noqa: PLC0415 - nothing is loaded before the environment is clean

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
