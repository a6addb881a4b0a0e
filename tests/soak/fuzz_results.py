"""docs/results/fuzz.csv: for each reader how often it was executed, from which seed and commit, and what came of it."""

import csv
import subprocess
from dataclasses import astuple, dataclass, fields

from shared_data import REPOSITORY

FUZZED = REPOSITORY / "docs" / "results" / "fuzz.csv"
HELD = "held"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One reader under atheris; the outcome is `held` or the exception that nobody declared."""

    reader: str
    executions: int
    seconds: int
    seed: int
    commit: str
    outcome: str

    @property
    def held(self) -> bool:
        return self.outcome == HELD

    def line(self) -> str:
        """What the page of figures says of it."""
        end = "no undeclared exception" if self.held else f"**{self.outcome}**"
        return f"{self.reader}: {self.executions:,} executions in {self.seconds} s at {self.commit}, {end}"


def kept() -> dict[str, Run]:
    """The last run of each reader."""
    if not FUZZED.exists():
        return {}
    with FUZZED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("executions", "seconds", "seed")
    return {row["reader"]: Run(**row | {name: int(row[name]) for name in numbers}) for row in rows}  # type: ignore[arg-type]


def keep(run: Run) -> None:
    """Put a run in the place of the one before it."""
    runs = kept() | {run.reader: run}
    with FUZZED.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(field.name for field in fields(Run))
        rows.writerows(astuple(runs[name]) for name in sorted(runs))


def commit() -> str:
    """The commit that is run, with a + where anything but these results was changed since."""
    changed = _git("status", "--porcelain", "--", ".", ":!docs/results")
    return (_git("rev-parse", "--short=7", "HEAD") or "unknown") + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return done.stdout.strip()
