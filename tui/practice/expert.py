"""What the body's expert does with a bundle: no vault, only the sealed file, the age identity and the trust file."""

from pathlib import Path

from keys.sealing import HybridIdentity
from keys.signature import NAMESPACES, format_allowed_signers
from testimony.bundle.unseal import BundleFile
from testimony.card import Card, parse_card
from testimony.report import report_json, report_text
from testimony.trust import Trust, format_trust
from testimony.verify import Examination, examine_bundle
from tui.practice.folder import PracticeFolder
from vault.files import open_regular


def write_trust(folder: PracticeFolder, card: bytes) -> Card:
    """Write whose seal is expected, in our own form and in that of ssh-keygen; the card they come from."""
    signer = parse_card(card)
    folder.put("trust", format_trust([signer]))
    lines = format_allowed_signers(signer.code, signer.public, sorted(NAMESPACES))
    folder.put(folder.allowed_signers.name, lines.ed25519.encode("ascii"))
    return signer


def examined(sealed: Path, identity: HybridIdentity, trust: Trust) -> Examination:
    """Every check of a sealed file, as `testimony-verify` makes it."""
    with open_regular(sealed) as stream:
        return examine_bundle(BundleFile(stream, [identity]), trust=trust, recipient=identity.recipient())


def write_reports(folder: PracticeFolder, examination: Examination) -> None:
    """Write the report as JSON and as English text."""
    folder.put("report.json", report_json(examination))
    folder.put("report.txt", report_text(examination, "en").encode("utf-8"))
