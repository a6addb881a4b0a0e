"""Checks of the tables and conditions under data/legal (docs/format/bundle-v1.md, section 6.4)."""

from collections.abc import Iterable, Mapping

from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import CONDITIONS, CONSENT_SUMMARY, INDEX, LEGAL_FILES, WITHHELD
from testimony.bundle.seal_check import Seal, Seen, is_whole
from testimony.bundle.tables import CONSENT_HEADER, index_table, table, withheld_table


def check_legal(
    files: Mapping[str, bytes], seal: Seal, seen: Seen, consent: Iterable[tuple[str, ...]], ledger: Ledger
) -> None:
    """Check that every legal file is there, and that the tables say what statement, records and files say."""
    for name in LEGAL_FILES:
        if name not in files:
            ledger.fail(Check.LEGAL, "absent", name)
    expected = {
        INDEX: index_table(seen),
        WITHHELD: withheld_table(seal.statement.withheld),
        CONSENT_SUMMARY: table(CONSENT_HEADER, consent),
    }
    for name, content in expected.items():
        if name in files and (name != INDEX or is_whole(seal, seen)):
            ledger.expect(files[name] == content, Check.LEGAL, "differs", name)
    if CONDITIONS in files:
        ledger.expect(_is_text(files[CONDITIONS]), Check.LEGAL, "not-text", CONDITIONS)


def _is_text(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8").strip())
    except UnicodeDecodeError:
        return False
