"""Every vector, and how all are written as files for others: `make vectors DIR=…`.

Each vector is `<id>.bundle` and `<id>.head`, whose lines say what a verifier must answer.  Keys are made anew each time.
"""

import sys
from importlib import import_module
from pathlib import Path

from vectors.generate import VECTORS, Vector, stranger, world
from vectors.good_bundles import GOOD

# Whoever adds a file of vectors beside this one has put them into the catalogue.
MODULES = tuple(
    import_module(f"vectors.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.stem.startswith(("contradictions", "corrected_", "malformed_"))
)
ALL: tuple[Vector, ...] = (*GOOD, *VECTORS)


def head_of(one: Vector) -> str:
    """The lines of a head file: what is expected, the exit code, the checks that fail, what may be given out."""
    lines = {
        "expect": one.verdict,
        "exit": str(one.exits),
        "names": " ".join(sorted(one.expect)) or "none",
        "released": "everything" if one.verdict in ("pinned", "self-consistent") else "nothing",
        "trust": f"{one.trust}.trust",
        "seen": " ".join(f"{one.name}.{place}.seen" for place in range(len(one.seen()))) or "none",
        "earlier": "none" if one.earlier is None else f"{one.name}.earlier",
        "comment": one.name.replace("-", " "),
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


def write_keys(folder: Path) -> None:
    """The identity that opens every vector, and the trust files that their heads name."""
    (folder / "identity.txt").write_bytes(b"# invented\n" + world().body.age_secret().reveal() + b"\n")
    (folder / "sender.trust").write_text(f"{world().device.public.fingerprint} field-07\n")
    (folder / "stranger.trust").write_text(f"{stranger().public.fingerprint} somebody\n")


def write_vector(folder: Path, one: Vector) -> None:
    """One vector as two files."""
    (folder / f"{one.name}.bundle").write_bytes(one.make())
    (folder / f"{one.name}.head").write_text(head_of(one))
    for place, note in enumerate(one.seen()):
        (folder / f"{one.name}.{place}.seen").write_bytes(note)
    if one.earlier is not None:
        (folder / f"{one.name}.earlier").write_bytes(one.earlier().tar())


def main(folder: Path) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    write_keys(folder)
    for one in ALL:
        write_vector(folder, one)
    print(f"{len(ALL)} vectors in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
