"""How long a bundle of 1,000 records takes from finishing to a receipt; the import must end within 30 seconds.

Run: python bench/intake.py [records].  Everything in it is invented.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from practice_vaults import BODY, PURPOSE, acquaint, interview_bytes, make_vault, receive, walk_through  # noqa: E402

from vault.handover import prepare, seal  # noqa: E402
from vault.record_list import list_records  # noqa: E402
from vault.records import finish, new_from_interview  # noqa: E402
from vault.search import find_words  # noqa: E402

LIMIT = 30.0
_Result = TypeVar("_Result")


def timed(what: str, act: Callable[[], _Result]) -> tuple[_Result, float]:
    """The result of an act and its seconds of CPU, which are printed with those on the clock."""
    start, began = time.perf_counter(), time.process_time()
    result = act()
    seconds, busy = time.perf_counter() - start, time.process_time() - began
    print(f"{what:<42} {seconds:8.3f} s, {busy:8.3f} s of CPU")
    return result, busy


def main() -> None:
    """Finish, preview, seal, take in, list and search."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with (
        tempfile.TemporaryDirectory() as name,
        make_vault(Path(name), "field-1") as field,
        make_vault(Path(name), BODY, "legal") as body,
    ):
        acquaint(field, body)

        def record() -> list[str]:
            drafts = [new_from_interview(field, interview_bytes(record=None)) for _ in range(count)]
            return [finish(field, one).record_id for one in drafts]

        ids, _ = timed(f"record and finish {count}", record)
        timed("walk through all", lambda: walk_through(field, *ids))
        chosen, _ = timed("preview, pseudonymised", lambda: prepare(field, to=BODY, purpose=PURPOSE))
        sealed, _ = timed("seal", lambda: seal(field, chosen, Path(name) / "out"))
        taken, seconds = timed("take in", lambda: receive(body, sealed.path))
        assert len(taken.outcomes) == count
        assert {one.outcome for one in taken.outcomes} == {"imported"}
        timed("take in again", lambda: receive(body, sealed.path))
        timed("list, first page of 100", lambda: list_records(body))
        timed("search for two words", lambda: find_words(body, "mill quarry"))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"bundle {sealed.size / 2**20:.1f} MiB, peak memory {peak:.0f} MiB")
        print(f"import / limit of {LIMIT:.0f} s for 1,000 records: {seconds / LIMIT * 1000 / count:.2f}")
        assert count != 1000 or seconds <= LIMIT


if __name__ == "__main__":
    main()
