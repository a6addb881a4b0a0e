"""Rules of STYLE.md that no bought tool checks, each as one function over one parsed file."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeGuard

from shared_data import REPOSITORY

PACKAGES = ("keys", "testimony", "vault", "tui")
MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 50

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of the four packages, by its path in the repository."""

    path: PurePosixPath
    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)

    @property
    def package(self) -> str:
        return self.path.parts[0]

    def is_one_of(self, *patterns: str) -> bool:
        return any(self.path.match(pattern) for pattern in patterns)


Found = Iterator[tuple[int, str]]


def parse(path: str, text: str) -> Source:
    return Source(path=PurePosixPath(path), text=text, tree=ast.parse(text))


def product_files(root: Path = REPOSITORY) -> list[Path]:
    return sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))


def product_sources(root: Path = REPOSITORY) -> list[Source]:
    return [parse(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in product_files(root)]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, with `?` where the chain begins in a call or subscript."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def no_assert(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, "assert is left out by python -O"


def _caught(handler: ast.ExceptHandler) -> list[str]:
    if handler.type is None:
        return ["everything"]
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [dotted(kind) for kind in types]


def no_blanket_except(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            for kind in _caught(node):
                # BaseException is for handing a worker's end to another thread: it hides nothing.
                if kind in ("Exception", "everything") or (kind == "BaseException" and not _hands_on(node)):
                    yield node.lineno, f"catches {kind}"
    for call in _calls(source):
        if dotted(call.func) in ("suppress", "contextlib.suppress"):
            names = {dotted(argument) for argument in call.args}
            if names & {"Exception", "BaseException"}:
                yield call.lineno, "suppresses everything"


def _hands_on(handler: ast.ExceptHandler) -> bool:
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    uses = any(isinstance(node, ast.Name) and node.id == handler.name for node in ast.walk(handler))
    return raises or (handler.name is not None and uses)


def prints_at_the_edge(source: Source) -> Found:
    if source.is_one_of("*/__main__.py", "tui/commands/*.py", "tui/practice/*.py"):
        return
    for call in _calls(source):
        if dotted(call.func) in ("print", "sys.stdout.write", "sys.stderr.write", "click.echo", "sys.exit"):
            yield call.lineno, f"{dotted(call.func)} outside __main__ and commands"


def short_files(source: Source) -> Found:
    lines = source.text.count("\n")
    if lines > MAX_FILE_LINES:
        yield lines, f"{lines} lines"


def short_functions(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, _FUNCTIONS):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines"


def _dataclass_options(decorator: ast.expr) -> dict[str, object] | None:
    """The options of a `@dataclass` decorator, or None for another decorator."""
    call = decorator if isinstance(decorator, ast.Call) else None
    if dotted(call.func if call else decorator).rpartition(".")[2] != "dataclass":
        return None
    keywords = call.keywords if call else []
    return {word.arg: word.value.value for word in keywords if word.arg and isinstance(word.value, ast.Constant)}


def _dataclasses(source: Source) -> Iterator[tuple[ast.ClassDef, dict[str, object]]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                options = _dataclass_options(decorator)
                if options is not None:
                    yield node, options


def frozen_values(source: Source) -> Found:
    for node, options in _dataclasses(source):
        fields = sum(isinstance(part, ast.AnnAssign) for part in node.body)
        # One field needs no name: Given(value).
        if options.get("frozen") is not True or (fields > 1 and options.get("kw_only") is not True):
            yield node.lineno, f"{node.name} is not frozen and keyword-only"


# Nouns that always hold a person's words, a person's name or a secret.
_CONFIDENTIAL = frozenset(
    {
        "passphrase",
        "secret",
        "answer",
        "answers",
        "verbatim",
        "given",
        "family",
        "kunya",
        "paragraphs",
        "seed",
        "identity_secret",
    }
)


def confidential_repr(source: Source) -> Found:
    for node, options in _dataclasses(source):
        if options.get("repr") is False or any(
            isinstance(part, _FUNCTIONS) and part.name == "__repr__" for part in node.body
        ):
            continue
        for part in node.body:
            if _holds_confidence(part):
                yield part.lineno, f"{node.name}.{dotted(part.target)} would be shown by repr"


_WORDS = re.compile(r"\b(str|bytes|JsonValue|Answer|Value)\b")


def _holds_confidence(part: ast.stmt) -> TypeGuard[ast.AnnAssign]:
    if not (isinstance(part, ast.AnnAssign) and dotted(part.target) in _CONFIDENTIAL):
        return False
    # Words, bytes or an open answer; a Secret guards itself, and an index or a yes tells nothing.
    annotation = ast.unparse(part.annotation).replace("Mapping[str, ", "Mapping[")
    return bool(_WORDS.search(annotation)) and not _hides_repr(part.value)


def _hides_repr(value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Call):
        return False
    return any(
        word.arg == "repr" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in value.keywords
    )


_CLOCK = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|monotonic_ns))$")


def one_clock(source: Source) -> Found:
    if source.is_one_of("vault/clock.py"):
        return
    for node in ast.walk(source.tree):
        # A screen may count seconds; what is written down is dated by the clock door.
        counts = source.package == "tui" and isinstance(node, ast.Attribute) and "monotonic" in node.attr
        if isinstance(node, ast.Attribute) and not counts and _CLOCK.search(dotted(node)):
            yield node.lineno, f"{dotted(node)}: the clock is vault.clock"


_DISK_METHODS = frozenset(
    {"read_bytes", "write_bytes", "read_text", "write_text", "mkdir", "rmdir", "unlink", "iterdir", "rglob", "touch",
     "symlink_to", "hardlink_to", "lstat", "is_file", "is_dir", "is_symlink"}
)  # fmt: skip


def one_file_door(source: Source) -> Found:
    # A file of the package itself, read through importlib.resources, is no file of this machine.
    if (
        source.package == "tui"
        or source.is_one_of("vault/files.py", "testimony/__main__.py")
        or _reads_resources(source)
    ):
        return
    for call in _calls(source):
        name = dotted(call.func)
        if name == "open" or ("." in name and name.rpartition(".")[2] in _DISK_METHODS):
            yield call.lineno, f"{name}: the disk is vault.files"


def _reads_resources(source: Source) -> bool:
    nodes = [node for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
    return any(name.startswith("importlib.resources") for name in names) and not names & {"pathlib.Path"}


def no_open_parser(source: Source) -> Found:
    # A custody line is short, is encoded again and compared, and 100,000 of them are read at once.
    if source.is_one_of("testimony/canonical.py", "testimony/custody/entries.py"):
        return
    for call in _calls(source):
        if dotted(call.func) in ("json.loads", "json.load", "loads", "JSONDecoder", "json.JSONDecoder"):
            yield call.lineno, "json accepts duplicate keys, NaN and any depth: read with testimony.canonical"


def init_is_a_docstring(source: Source) -> Found:
    if source.path.name == "__init__.py" and (len(source.tree.body) != 1 or ast.get_docstring(source.tree) is None):
        yield 1, "an __init__.py holds a docstring and nothing else"


_ROOMS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "service", "services", "misc"}
)


def named_by_a_noun(source: Source) -> Found:
    for part in (*source.path.parts[:-1], source.path.stem):
        if part.lower() in _ROOMS:
            yield 1, f"{part} names no subject"
    for node in source.tree.body:
        if isinstance(node, _FUNCTIONS) and node.name == source.path.stem:
            yield node.lineno, "a function never has its module's name"


def imports_names(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in PACKAGES:
                    yield node.lineno, f"import {alias.name}: import the names"
        elif isinstance(node, ast.ImportFrom) and _is_our_package(node.module):
            yield node.lineno, f"from {node.module}: a package holds no names"


def _is_our_package(module: str | None) -> bool:
    if module is None or module.partition(".")[0] not in PACKAGES:
        return False
    return (REPOSITORY.joinpath(*module.split(".")) / "__init__.py").exists()


def errors_in_their_room(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            bases = [dotted(one).rpartition(".")[2] for one in node.bases]
            # A private one is a signal inside its module.
            raised = any(one.endswith(("Error", "Exception")) for one in bases) and not node.name.startswith("_")
            if raised and not node.name.endswith("Error"):
                yield node.lineno, f"{node.name} is an error and does not end in Error"
            if raised and source.package != "tui" and source.path.name != "errors.py":
                yield node.lineno, f"{node.name} belongs in errors.py"
