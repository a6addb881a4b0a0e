"""One exhibit through two vaults, end to end: attached, finished, sealed, received; seconds of each part, peak memory.

python bench/exhibit.py [MEBIBYTES]     2048 without an argument; the cost of passphrases is that of tests
"""

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TypeVar

from keys.kdf_cost import TEST_COST
from keys.passphrase import normalise
from vault.attachments import attach
from vault.contacts import add_contact
from vault.handover import prepare, seal
from vault.intake import receive
from vault.records import finish, new_from_interview
from vault.review import save_walk, walk_of
from vault.settings import Role, VaultSettings
from vault.store import Vault

T = TypeVar("T")
LIMIT = 256  # MiB of memory at the peak
PURPOSE = "criminal investigation"


def made(folder: Path, code: str, role: Role) -> Vault:
    """A new practice vault of the cheap cost."""
    settings = VaultSettings(profile="practice", code=code, role=role, cost=TEST_COST)
    return Vault.create(folder / f"{code}.vault", normalise("seven invented words of nobody at all"), settings)


def timed(name: str, act: Callable[[], T]) -> T:
    """What the act gives; its name and seconds are printed."""
    started = time.monotonic()
    result = act()
    print(f"{name:10}{time.monotonic() - started:8.1f} s")
    return result


def main() -> None:
    """Print how long each part takes and how much memory the whole needs at its peak."""
    mebibytes = int(sys.argv[1]) if len(sys.argv) > 1 else 2048
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        exhibit = folder / "exhibit.bin"
        with exhibit.open("wb") as stream:
            for number in range(mebibytes):
                stream.write(hashlib.shake_128(str(number).encode()).digest(1 << 20))
        field, legal = made(folder, "practice-team", "field"), made(folder, "practice-body", "legal")
        add_contact(field, legal.card(), legal.identity.public.fingerprint)
        add_contact(legal, field.card(), field.identity.public.fingerprint)
        interview = resources.files("tui.practice").joinpath("interview-en.json").read_bytes()
        record_id = new_from_interview(field, interview)
        timed("attach", lambda: attach(field, record_id, exhibit, kind="document"))
        timed("finish", lambda: finish(field, record_id))
        chosen = {"to": "practice-body", "purpose": PURPOSE, "profile": "pseudonymised"}
        walk = walk_of(field, record_id, to="practice-body", purpose=PURPOSE)
        for span in walk.spans:
            walk = walk.keeping(span.path)
        save_walk(field, walk)
        ready = timed("preview", lambda: prepare(field, **chosen))
        sealed = timed("seal", lambda: seal(field, ready, folder / "out"))
        intake = timed("receive", lambda: receive(legal, sealed.path, lambda _conditions: True))
        intake.raise_failure()
        field.lock()
        legal.lock()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{mebibytes} MiB end to end: peak {peak:.0f} MiB of memory (limit {LIMIT})")
    sys.exit(peak > LIMIT)


if __name__ == "__main__":
    main()
