"""Which functions of the product read what comes as bytes, text or JSON, and which of them a reader reaches."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from types import FrameType

from shared_data import REPOSITORY
from soak.spoiling import Reader

_NAMED = re.compile(r"(?:parse|decode)(?:_\w+)?|read_\w+|\w+_from|from_json|dearmor|elements|open_\w*stream")
_TAKES = frozenset({"bytes", "str", "JsonValue", "object", "Secret | str", "Source", "ByteSource", "ReadAhead"})


def parsers_in(source: str) -> Iterator[str]:
    """The qualified names of the functions in a module that are called like a reader and take what is to be read."""
    yield from _parsers(ast.parse(source), "")


def parsers_of(packages: Iterable[str]) -> frozenset[str]:
    """The same in whole packages, each as `path:name`."""
    return frozenset(
        f"{path.relative_to(REPOSITORY)}:{name}"
        for package in packages
        for path in (REPOSITORY / package).rglob("*.py")
        for name in parsers_in(path.read_text(encoding="utf-8"))
    )


def reached_by(readers: Iterable[Reader]) -> frozenset[str]:
    """Every function of the product that is called while each reader reads its good input."""
    reached: set[str] = set()
    root = f"{REPOSITORY}/"

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(root):
            reached.add(f"{frame.f_code.co_filename.removeprefix(root)}:{frame.f_code.co_qualname}")

    before = sys.getprofile()
    for reader in readers:
        good = reader.good()
        sys.setprofile(note)
        try:
            reader.read(good)
        finally:
            sys.setprofile(before)
    return frozenset(reached)


def _parsers(tree: ast.AST, prefix: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _parsers(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _reads(node):
            yield f"{prefix}{node.name}"


def _reads(function: ast.FunctionDef) -> bool:
    given = [one for one in function.args.posonlyargs + function.args.args if one.arg not in ("self", "cls")]
    first = given[0].annotation if given else None
    return _NAMED.fullmatch(function.name) is not None and first is not None and ast.unparse(first) in _TAKES
