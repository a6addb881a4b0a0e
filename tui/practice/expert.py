"""What the body's expert does with a bundle: no vault, only the sealed file, the age identity and the trust file."""

from pathlib import Path
from typing import Final

from keys.sealing import HybridIdentity, open_stream
from keys.secret import Secret
from keys.signature import NAMESPACES, format_allowed_signers
from testimony.bundle.unseal import BundleFile
from testimony.card import Card, parse_card
from testimony.report import report_json, report_text
from testimony.trust import Trust, format_trust
from testimony.verify import Examination, examine_bundle
from tui.practice.folder import PracticeFolder
from vault.files import create_exclusive, open_regular, read_bounded

_MAX_IDENTITY: Final = 4096  # bytes


def write_trust(folder: PracticeFolder, card: bytes) -> Card:
    """Write whose seal is expected, in our own form and in that of ssh-keygen; the card they come from."""
    signer = parse_card(card)
    folder.put("trust", format_trust([signer]))
    lines = format_allowed_signers(signer.code, signer.public, sorted(NAMESPACES))
    folder.put(folder.allowed_signers.name, lines.ed25519.encode("ascii"))
    return signer


def open_ourselves(sealed: Path, folder: PracticeFolder, name: str) -> None:
    """Open a sealed file into a new file of the folder, with the body's age identity."""
    identity = HybridIdentity.parse(Secret(read_bounded(folder.identity, _MAX_IDENTITY).strip()))
    with open_regular(sealed) as source, create_exclusive(folder.path / name) as target:
        open_stream(source, target, [identity])


def examined(sealed: Path, identity: HybridIdentity, trust: Trust) -> Examination:
    """Every check of a sealed file, as `testimony-verify` makes it."""
    with open_regular(sealed) as stream:
        return examine_bundle(BundleFile(stream, [identity]), trust=trust, recipient=identity.recipient())


def write_reports(folder: PracticeFolder, examination: Examination) -> None:
    """Write the report as JSON and as English text."""
    folder.put("report.json", report_json(examination))
    folder.put("report.txt", report_text(examination, "en").encode("utf-8"))
