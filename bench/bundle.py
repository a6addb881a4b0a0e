"""A bundle with an exhibit of 2 GiB end to end: peak memory; a bundle of 1,000 records: time to seal and to verify.

python bench/bundle.py            the whole figures
python bench/bundle.py --short    64 MiB and 100 records
"""

import hashlib
import io
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent.parent / "tests")]

from vectors.world import World  # noqa: E402

from testimony.bundle.findings import Verdict  # noqa: E402
from testimony.bundle.seal import seal_bundle  # noqa: E402
from testimony.bundle.unseal import BundleFile  # noqa: E402
from testimony.model import Exhibit, Record  # noqa: E402
from testimony.trust import Trust  # noqa: E402
from testimony.verify import examine_bundle  # noqa: E402

MIB = 1024 * 1024
PEAK_LIMIT_MIB = 256
SECONDS_FOR_RECORDS = 30


class Stream:
    """An exhibit that is made while it is read."""

    block = hashlib.shake_256(b"an invented recording").digest(MIB)

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        """At most one MiB of it."""
        piece = self.block[: min(size, self.left, MIB)]
        self.left -= len(piece)
        return piece


def digest_of(size: int) -> str:
    """SHA-256 of the exhibit in hex, as a vault knows it since capture."""
    digest, stream = hashlib.sha256(), Stream(size)
    while piece := stream.read(MIB):
        digest.update(piece)
    return digest.hexdigest()


class LargeWorld(World):
    """The invented world, with one exhibit of `large` bytes."""

    large = 0
    digest = ""

    def record(self, number: int) -> Record:
        """The record with the large exhibit."""
        record = super().record(number)
        exhibits: tuple[Exhibit, ...] = (replace(record.exhibits[0], sha256=self.digest, size=self.large),)
        return replace(record, exhibits=exhibits)


def peak_mib() -> float:
    """The most memory this process had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def large_exhibit(size: int) -> None:
    """Seal and verify a bundle with an exhibit of `size` bytes; the memory must stay small."""
    world = LargeWorld()
    world.large, world.digest = size, digest_of(size)
    parcel = world.parcel()
    record = parcel.records[0]
    exhibit = replace(record.exhibits[0], open=lambda: Stream(size))
    parcel = replace(parcel, records=(replace(record, exhibits=(exhibit,)),))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.age"
        start = time.perf_counter()
        with path.open("wb") as sink:
            card = world.card.to_text(world.device)
            seal_bundle(parcel, signer=world.device, signer_card=card, recipients=[world.body_card], sink=sink)
        sealed = time.perf_counter()
        verify(path, world)
        done = time.perf_counter()
    print(f"exhibit of {size // MIB} MiB: sealed in {sealed - start:.1f} s, verified in {done - sealed:.1f} s")
    peak = peak_mib()
    print(f"peak memory: {peak:.0f} MiB, ratio to the limit of {PEAK_LIMIT_MIB} MiB: {peak / PEAK_LIMIT_MIB:.2f}")
    assert peak <= PEAK_LIMIT_MIB


def many_records(count: int) -> None:
    """Seal and verify a bundle of so many records; the time must leave room for an import."""
    world = World(records=count)
    parcel = world.parcel()
    sink = io.BytesIO()
    start = time.perf_counter()
    card = world.card.to_text(world.device)
    seal_bundle(parcel, signer=world.device, signer_card=card, recipients=[world.body_card], sink=sink)
    sealed = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.age"
        path.write_bytes(sink.getvalue())
        verify(path, world)
    seconds = time.perf_counter() - sealed
    print(f"{count} records: sealed in {sealed - start:.1f} s, verified in {seconds:.1f} s", end="; ")
    print(f"ratio to the limit of {SECONDS_FOR_RECORDS} s for an import: {seconds / SECONDS_FOR_RECORDS:.2f}")
    assert seconds <= SECONDS_FOR_RECORDS


def verify(path: Path, world: World) -> None:
    """Examine the file; it must hold."""
    with path.open("rb", buffering=0) as stream:
        examination = examine_bundle(
            BundleFile(stream, [world.body.opener()]),
            trust=Trust.of([world.device.public.fingerprint]),
            recipient=world.body.public.recipient,
        )
    assert examination.verdict is Verdict.PINNED, examination.failures


if __name__ == "__main__":
    short = "--short" in sys.argv[1:]
    print(f"bundle, on {os.cpu_count()} cores")
    large_exhibit(64 * MIB if short else 2048 * MIB)
    many_records(100 if short else 1000)
