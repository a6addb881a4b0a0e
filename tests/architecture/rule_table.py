"""The table of our own style rules: each with a snippet that breaks it alone and one that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

from architecture.source_rules import (
    MAX_FILE_LINES,
    MAX_FUNCTION_LINES,
    Found,
    Source,
    confidential_repr,
    errors_in_their_room,
    frozen_values,
    imports_names,
    init_is_a_docstring,
    named_by_a_noun,
    no_assert,
    no_blanket_except,
    no_open_parser,
    one_clock,
    one_file_door,
    prints_at_the_edge,
    short_files,
    short_functions,
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A sentence, the check, and a snippet that breaks it alone with the path it would stand at."""

    sentence: str
    check: Callable[[Source], Found]
    bad: str
    good: str
    at: str = "vault/example.py"


RULES = (
    Rule(
        sentence="no assert",
        check=no_assert,
        bad="def f(x):\n    assert x\n",
        good="def f(x):\n    if not x:\n        raise ValueError\n",
    ),
    Rule(
        sentence="no except Exception",
        check=no_blanket_except,
        bad="try:\n    f()\nexcept (KeyError, Exception):\n    pass\n",
        good="try:\n    f()\nexcept KeyError:\n    pass\nexcept BaseException as error:\n    outcome.put(error)\n",
    ),
    Rule(
        sentence="no swallowing of every exception",
        check=no_blanket_except,
        bad="with contextlib.suppress(Exception):\n    f()\n",
        good="with contextlib.suppress(KeyError):\n    f()\n",
    ),
    Rule(
        sentence="printing lives at the edge",
        check=prints_at_the_edge,
        bad="print('x')\n",
        good="def printed(x):\n    return x\n",
    ),
    Rule(
        sentence="a file has at most 350 lines",
        check=short_files,
        bad="x = 1\n" * (MAX_FILE_LINES + 1),
        good="x = 1\n" * MAX_FILE_LINES,
    ),
    Rule(
        sentence="a function has at most 50 lines",
        check=short_functions,
        bad="def f():\n" + "    x = 1\n" * MAX_FUNCTION_LINES,
        good="def f():\n" + "    x = 1\n" * (MAX_FUNCTION_LINES - 1),
    ),
    Rule(
        sentence="values are frozen and keyword-only",
        check=frozen_values,
        bad="@dataclass(frozen=True)\nclass A:\n    x: int\n    y: int\n",
        good="@dataclass(frozen=True, kw_only=True, slots=True)\nclass A:\n    x: int\n",
    ),
    Rule(
        sentence="a repr shows no words, names or secrets",
        check=confidential_repr,
        bad="@dataclass(frozen=True, kw_only=True)\nclass A:\n    verbatim: str\n",
        good="@dataclass(frozen=True, kw_only=True)\nclass A:\n    verbatim: str = field(repr=False)\n    secret: Secret\n",
    ),
    Rule(
        sentence="the clock has one door",
        check=one_clock,
        bad="at = datetime.now(UTC)\n",
        good="at = clock.now()\n",
    ),
    Rule(
        sentence="the disk has one door",
        check=one_file_door,
        bad="text = path.read_text()\n",
        good="from importlib.resources import files\ntext = files('vault').joinpath('x.sql').read_text()\n",
    ),
    Rule(
        sentence="nobody calls open but the file door",
        check=one_file_door,
        bad="with open(path) as file:\n    pass\n",
        good="with attachment.open() as stream:\n    pass\n",
    ),
    Rule(
        sentence="JSON from outside is read by the strict reader",
        check=no_open_parser,
        bad="value = json.loads(data)\n",
        good="value = decode(data, limit=10, where='x')\n",
    ),
    Rule(
        sentence="a package is a docstring",
        check=init_is_a_docstring,
        bad='"""A room."""\nfrom vault.store import Vault\n',
        good='"""A room."""\n',
        at="vault/__init__.py",
    ),
    Rule(
        sentence="files are named by nouns of the field",
        check=named_by_a_noun,
        bad="x = 1\n",
        good="",
        at="vault/utils.py",
    ),
    Rule(
        sentence="a function never has its module's name",
        check=named_by_a_noun,
        bad="def redact(): ...\n",
        good="",
        at="vault/redact.py",
    ),
    Rule(
        sentence="names are imported, not packages",
        check=imports_names,
        bad="import vault.store\n",
        good="from vault.store import Vault\n",
    ),
    Rule(
        sentence="nothing is imported from a bare package",
        check=imports_names,
        bad="from vault import store\n",
        good="from vault.store import Vault\n",
    ),
    Rule(
        sentence="errors stand in errors.py and say Error",
        check=errors_in_their_room,
        bad="class TooLate(VaultError): ...\n",
        good="class Late: ...\n",
    ),
)
