"""Stands in for `age` 1.3, which Debian does not have yet: `open_sealed.py -d -i IDENTITY < FILE`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from keys.errors import KeysError, NoMatchError
from keys.sealing import HybridIdentity, SealedReader


def main(identity: Path) -> int:
    """Open standard input to standard output; what was given out before an error is not to be believed, as with age."""
    key = next(line for line in identity.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-PQ-1"))
    try:
        with SealedReader(sys.stdin.buffer, [HybridIdentity.parse(key)]) as opened:
            while piece := opened.read(1 << 20):
                sys.stdout.buffer.write(piece)
    except NoMatchError:
        sys.stderr.write("age: error: no identity matched any of the recipients\n")
        return 1
    except KeysError as error:
        sys.stderr.write(f"age: error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[3])))
