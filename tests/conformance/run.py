"""Drives any verifier by docs/format/verifier-cli-v1.md over all vectors and compares what it answers.

    python tests/conformance/run.py --verifier "testimony-verify" [--vectors DIR] [--exit-only] [--without-age]

Without --vectors the vectors are made first, which needs this repository and its environment; with it nothing but
Python.  It ends with 0 only if the verifier agrees about every vector.
"""

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
AGE = b"age-encryption.org/"
Verifier = Callable[[Sequence[str]], tuple[int, bytes]]


@dataclass(frozen=True)
class Expected:
    """One vector: its file, and what its head says a verifier must answer."""

    name: str
    bundle: Path
    trust: Path
    verdict: str
    exits: int
    names: frozenset[str]
    released: bool
    seen: tuple[Path, ...]
    earlier: Path | None

    @property
    def is_sealed(self) -> bool:
        """Whether it takes `age` to look into it."""
        with self.bundle.open("rb") as stream:
            return stream.read(len(AGE)) == AGE


def expectations(folder: Path) -> Iterator[Expected]:
    """Every vector of a folder, by name."""
    for head in sorted(folder.glob("*.head")):
        lines = dict(line.split(": ", 1) for line in head.read_text("utf-8").splitlines())
        yield Expected(
            name=head.stem,
            bundle=head.with_suffix(".bundle"),
            trust=folder / lines["trust"],
            verdict=lines["expect"],
            exits=int(lines["exit"]),
            names=frozenset(lines["names"].split()) - {"none"},
            released=lines["released"] == "everything",
            seen=tuple(folder / name for name in lines["seen"].split() if name != "none"),
            earlier=None if lines["earlier"] == "none" else folder / lines["earlier"],
        )


def arguments_for(one: Expected) -> list[str]:
    """The command line of one vector."""
    identity = one.bundle.parent / "identity.txt"
    seen = [word for note in one.seen for word in ("--seen", str(note))]
    earlier = [] if one.earlier is None else ["--earlier", str(one.earlier)]
    return [str(one.bundle), "--identity", str(identity), "--trust", str(one.trust), *seen, *earlier, "--json"]


def disagreement(one: Expected, exits: int, output: bytes, *, exit_only: bool = False) -> str:
    """How the answer differs from what the head says; empty where it agrees."""
    if exits != one.exits:
        return f"exit {exits}, expected {one.exits}"
    if exit_only:
        return ""
    try:
        report = json.loads(output)
        failed = {row["name"] for row in report["checks"] if row["status"] == "fail"}
        verdict, released, said = report["verdict"], bool(report["records"]), report["exit"]
    except (ValueError, KeyError, TypeError):
        return "no report in JSON"
    if said != exits:
        return f"the report says exit {said}"
    if failed != one.names:
        return (
            f"failed: {', '.join(sorted(failed)) or 'nothing'}; expected: {', '.join(sorted(one.names)) or 'nothing'}"
        )
    if verdict != one.verdict:
        return f"verdict {verdict}, expected {one.verdict}"
    return "" if released == one.released else "what it gives out differs"


def called(command: str) -> Verifier:
    """A verifier that is a program."""

    def call(arguments: Sequence[str]) -> tuple[int, bytes]:
        done = subprocess.run([*shlex.split(command), *arguments], capture_output=True, check=False, timeout=300)
        return done.returncode, done.stdout

    return call


def make_vectors(folder: Path) -> None:
    """All vectors, written by the hostile writer of this repository."""
    script = REPOSITORY / "tests" / "vectors" / "catalogue.py"
    path = f"{REPOSITORY}:{REPOSITORY / 'tests'}"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, env={"PYTHONPATH": path})


def conform(verifier: Verifier, folder: Path, options: argparse.Namespace) -> int:
    """Print the table; 0 when the verifier agrees about every vector that was put to it."""
    agreed = differing = left_out = 0
    for one in expectations(folder):
        if options.without_age and one.is_sealed:
            left_out += 1
            continue
        problem = disagreement(one, *verifier(arguments_for(one)), exit_only=options.exit_only)
        agreed, differing = agreed + (not problem), differing + bool(problem)
        print(f"{'DIFFERS' if problem else 'agrees ':8}{one.verdict:16}{one.exits}  {one.name}  {problem}".rstrip())
    more = f", {left_out} sealed files left out" if left_out else ""
    print(f"{agreed} agree, {differing} differ{more}")
    return 1 if differing or not agreed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Drive a verifier over all vectors.")
    parser.add_argument("--verifier", required=True, metavar="CMD", help="the command, without FILE and options")
    parser.add_argument("--vectors", metavar="DIR", type=Path, help="written by `make vectors DIR=...`")
    parser.add_argument("--exit-only", action="store_true", help="compare exit codes, for a verifier without --json")
    parser.add_argument("--without-age", action="store_true", help="leave the sealed files out and say how many")
    options = parser.parse_args(arguments)
    verifier = called(options.verifier)
    if options.vectors is not None:
        return conform(verifier, options.vectors, options)
    with tempfile.TemporaryDirectory() as folder:
        make_vectors(Path(folder))
        return conform(verifier, Path(folder), options)


if __name__ == "__main__":
    sys.exit(main())
