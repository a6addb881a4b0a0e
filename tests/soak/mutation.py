"""F21: how many small changes of the parts that prove something are noticed by their tests (mutmut).

    python tests/soak/mutation.py SAMPLE [PART...]

A sample, drawn by the digests of the mutants' names and so the same for the same code, of all mutants of each part; prints
killed, all, and the names of those that lived.  A mutant that no test reaches has lived.
"""

import fnmatch
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
COPIED = ("keys", "testimony", "vault", "tui", "tests", "docs", "bench", "pyproject.toml", "README.md", "Makefile")
# mutmut's numbers.  Whatever is none of these, a crash or an interruption among them, counts as a mutant that lived.
BY_TEST, BY_TIME = {1, 3}, {-24, 24, 36, 152, 255}
NOT_CHECKED = None
CHILDREN = os.environ.get("TESTIMONY_CHILDREN", "2")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Files that are changed, and the tests that have to notice."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]
    at_import: tuple[str, ...] = ()  # functions that have done their work before mutmut chooses a mutant


_BUNDLES = (
    "tests/testimony/test_sealing_bundles.py",
    "tests/testimony/test_malformed_bundles.py",
    "tests/testimony/test_canonical_tar.py",
    "tests/testimony/test_redaction_log.py",
    "tests/testimony/test_cards_and_trust.py",
)
PARTS = (
    Part(name="redaction", sources=("testimony/redaction/*.py",), tests=("tests/testimony/redaction", *_BUNDLES[:2])),
    Part(
        name="custody",
        sources=("testimony/custody/*.py", "testimony/merkle.py"),
        tests=("tests/testimony/custody", "tests/testimony/merkle"),
        at_import=tuple(f"testimony.custody.kinds.x__{name}__mutmut" for name in ("text", "kind", "one_of")),
    ),
    Part(
        name="consent",
        sources=("testimony/consent*.py", "testimony/profiles.py"),
        tests=("tests/testimony/record", *_BUNDLES[:2]),
    ),
    Part(
        name="bundle",
        sources=("testimony/bundle/*.py", "testimony/verify.py"),
        tests=(*_BUNDLES, "tests/testimony/test_earlier_bundle.py"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Score:
    """What became of the mutants of one part that were tried."""

    part: str
    killed: int
    by_time: int
    tried: int
    all: int
    lived: tuple[str, ...]


def score(part: Part, sample: int) -> Score:
    """The score of a part over so many of its mutants."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        _copy(folder, part)
        _mutmut(folder, "none-of-them")  # writes every mutant and finds which test reaches which function
        names = [name for name in _results(folder) if not name.startswith(part.at_import)]
        names.sort(key=lambda one: hashlib.sha256(one.encode()).digest())
        tried = names[:sample]
        _mutmut(folder, *tried)
        results = _results(folder)
    checked = [one for one in tried if results[one] is not NOT_CHECKED]
    ends = [results[one] for one in checked]
    lived = tuple(sorted(one for one in checked if results[one] not in BY_TEST | BY_TIME))
    return Score(
        part=part.name,
        killed=len(checked) - len(lived),
        by_time=sum(end in BY_TIME for end in ends),
        tried=len(checked),
        all=len(names),
        lived=lived,
    )


def _copy(folder: Path, part: Part) -> None:
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    mutated = [one for one in _files(folder) if any(fnmatch.fnmatch(one, pattern) for pattern in part.sources)]
    settings = {
        "source_paths": mutated,
        "also_copy": list(COPIED),
        "pytest_add_cli_args_test_selection": list(part.tests),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")


def _files(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder)) for path in (folder / "testimony").rglob("*.py") if path.name != "__init__.py"
    )


def _mutmut(folder: Path, *names: str) -> None:
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", CHILDREN, *names]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)


def _results(folder: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in (folder / "mutants").rglob("*.meta"):
        found.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where a part stays below 85 %."""
    wanted = [part for part in PARTS if not arguments[1:] or part.name in arguments[1:]]
    low = False
    for part in wanted:
        found = score(part, int(arguments[0]))
        share = found.killed / found.tried if found.tried else 0.0
        low = low or share < 0.85  # F21
        print(
            f"{found.part}: {found.killed} of {found.tried} killed ({share:.1%}), {found.by_time} of them by time,"
            f" of {found.all} mutants in all",
            flush=True,
        )
        if not found.tried:
            print("  mutmut tried none: run it by hand, a test fails where nothing was changed", flush=True)
        for one in found.lived:
            print(f"  lived: {one}", flush=True)
    return low


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
