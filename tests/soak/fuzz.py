"""F7: one reader under atheris; branches that the input reaches lead to the next input.

    python tests/soak/fuzz.py READER EXECUTIONS

Ends with exit code 0 when no input ended in anything but a value or an error of our own within two seconds.  The reader
`fragile` is the control: it must be caught.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

with atheris.instrument_imports(include=["keys", "testimony"], enable_loader_override=False):
    from soak.readers import FRAGILE, LIMIT, READERS, Reader, exchanged, spoiled

    from keys.errors import KeysError
    from testimony.canonical import decode, encode
    from testimony.errors import TestimonyError


def target(reader: Reader) -> Callable[[bytes], None]:
    """What atheris calls: an exception that is not declared ends the run."""

    def read(data: bytes) -> None:
        try:
            reader.read(data)
        except (TestimonyError, KeysError):
            return

    return read


def mutator(reader: Reader) -> Callable[[bytes, int, int], bytes]:
    """Half of the changes are atheris's own, the others know what the format is made of."""

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # which input comes next is no secret
        if chance.random() < 0.5:
            return atheris.Mutate(data, len(data) + 64)[:max_size]
        if reader.json and chance.random() < 0.5:
            try:
                value = decode(data.removesuffix(b"\n"), limit=LIMIT, where="fuzz")
            except TestimonyError:
                return spoiled(reader.good(), chance)[:max_size]
            return encode(exchanged(value, chance))[:max_size]
        return spoiled(data or reader.good(), chance)[:max_size]

    return mutate


def main(name: str, executions: int) -> None:
    """Fuzz one reader; atheris ends the process itself."""
    reader = next(one for one in (*READERS, FRAGILE) if one.name == name)
    good = reader.good()
    reader.read(good)
    with tempfile.TemporaryDirectory(prefix="corpus-") as corpus:
        (Path(corpus) / "good").write_bytes(good)
        limits = [f"-runs={executions}", f"-max_len={2 * len(good) + 4096}", "-timeout=2", "-rss_limit_mb=1024"]
        quiet = ["-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={corpus}/"]
        atheris.Setup([sys.argv[0], *limits, *quiet, corpus], target(reader), custom_mutator=mutator(reader))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
