"""Every place in a demonstration's folder where it may have written something: nothing else there is ever removed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vault.files import is_folder, names_in

_VAULT: Final = (
    r"lock|reserve|outbox",
    r"header\.[AB](?:\.[0-9a-f]{8}\.part)?",
    r"vault-[0-9]{4}\.db(?:-wal|-shm|-journal)?",
    r"attachments(?:/[0-9a-f]{2}(?:/[0-9a-f]{32}(?:\.part)?)?)?",
    r"quarantine(?:/[0-9a-f]{32}(?:\.part|\.age)?)?",
)
_BAG: Final = (
    r"bagit\.txt|bag-info\.txt|(?:tag)?manifest-sha256\.txt|padding|signer\.card",
    r"bundle\.txt(?:\.pq)?(?:\.sig)?|allowed_signers(?:\.pq)?|HOW-TO-VERIFY(?:\.ar)?\.txt",
    r"data(?:/custody|/exhibits|/forms|/legal|/records|/text)?",
    r"data/custody/(?:checkpoint\.txt|log\.jsonl|proofs\.json)",
    r"data/legal/(?:conditions\.txt|consent-summary\.csv|index\.csv|redaction-log\.csv|withheld\.csv)",
    r"data/forms/core-1\.json",
    r"data/records/[A-Z]{2,6}-[0-9]{7}\.(?:json|head(?:\.pq)?(?:\.sig)?)",
    r"data/(?:text|exhibits)/[A-Z]{2,6}-[0-9]{7}\.(?:txt|bin)",
)
_TOP: Final = (
    r"demonstration|passphrase|legal-identity\.txt|allowed_signers|trust|report\.(?:json|txt)|opened\.tar",
    r"exhibit-interview-(?:ar|en)\.bin|[0-9a-f]{16}\.receipt(?:\.[0-9a-f]{8}\.part)?",
    r"(?:bundles|forgeries)(?:/[0-9a-f]{16}\.age(?:\.part)?)?|forgeries/changed\.age",
    r"later(?:/(?:request|[0-9a-f]{16}\.(?:age(?:\.part)?|(?:receipt|withdrawal)(?:\.[0-9a-f]{8}\.part)?)))?",
)
_VAULT_FOLDERS: Final = r"(?:field\.vault|legal\.vault|forgeries/other\.vault|(?:forgeries/)?\.[0-9a-f]{16}\.part)"
_OWN: Final = re.compile(
    rf"{'|'.join(_TOP)}|{_VAULT_FOLDERS}(?:/(?:{'|'.join(_VAULT)}))?|unpacked(?:/(?:{'|'.join(_BAG)}))?"
)


def foreign_in(folder: Path) -> bool:
    """Whether anything lies in the folder, at any depth, that no demonstration puts there; links are not followed."""
    return any(path.is_symlink() or _OWN.fullmatch(name) is None for name, path in _walk(folder, ""))


def _walk(folder: Path, above: str) -> Iterator[tuple[str, Path]]:
    for name in names_in(folder):
        path = folder / name
        yield f"{above}{name}", path
        if is_folder(path):
            yield from _walk(path, f"{above}{name}/")
