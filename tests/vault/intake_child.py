"""Takes in one bundle and is killed meanwhile: VAULT BUNDLE.  Prints a line when it begins."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from practice_vaults import passphrase, receive

from vault.store import Vault

with Vault.unlock(Path(sys.argv[1]), passphrase()) as vault:
    print("begun", flush=True)
    receive(vault, Path(sys.argv[2]))
    print("done", flush=True)
