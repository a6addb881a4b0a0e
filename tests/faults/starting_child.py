"""Many starts at one moment: `VAULT…` on the command line, one process each, all let go by one line on stdin.

Each says `open`, `busy` or the code of another refusal, and holds what it opened until all have spoken.
"""

import os
import sys
from pathlib import Path

from practice_vaults import make_vault, passphrase

from vault.errors import VaultBusyError, VaultError
from vault.store import Vault


def start(path: Path) -> Vault | None:
    try:
        vault = Vault.unlock(path, passphrase()) if path.exists() else make_vault(path.parent, path.stem)
    except VaultBusyError:
        os.writev(1, [b"busy\n"])
    except VaultError as error:
        os.writev(1, [f"{error.code}\n".encode()])
    else:
        os.writev(1, [b"open\n"])
        return vault
    return None


def main() -> None:
    gate, opener = os.pipe()
    hold, holder = os.pipe()
    children = []
    for place in sys.argv[1:]:
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.close(holder)
            os.read(gate, 1)
            kept = start(Path(place))
            os.read(hold, 1)
            os._exit(0 if kept is None or kept.path else 1)
        children.append(child)
    os.close(opener)
    sys.stdin.readline()
    os.close(holder)
    for child in children:
        os.waitpid(child, 0)


main()
