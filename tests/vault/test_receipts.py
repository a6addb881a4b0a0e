"""Receipts that come back: checked against the bundle they are about, stored once, logged."""

from dataclasses import replace
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    details_of,
    kinds_of,
    receive,
    recorded,
    walk_through,
)

from keys.identity import Identity
from testimony.bundle.findings import Verdict
from testimony.errors import ReceiptError
from testimony.receipts import Receipt, parse_receipt
from vault.errors import AlreadyImportedError, LimitError, NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.receipts import import_receipt
from vault.store import Vault


@pytest.fixture
def handed(vaults: tuple[Vault, Vault], tmp_path: Path) -> tuple[Vault, Vault, Path]:
    """Both vaults, and the receipt of the body for a bundle of the other."""
    field, body = vaults
    walk_through(field, recorded(field))
    sealed = seal(field, prepare(field, to=BODY, purpose=PURPOSE), tmp_path / "out")
    path = receive(body, sealed.path, receipt_folder=sealed.path.parent).receipt_path
    assert path is not None
    return field, body, path


def changed(body: Vault, path: Path, **changes: object) -> Path:
    receipt = parse_receipt(path.read_bytes()).check(body.identity.public)
    other = path.with_name("changed.receipt")
    made: Receipt = replace(receipt, **changes)  # type: ignore[arg-type]
    other.write_bytes(made.to_text(body.identity))
    return other


def test_a_receipt_is_stored_and_logged(handed: tuple[Vault, Vault, Path]) -> None:
    field, _, path = handed
    imported = import_receipt(field, path)
    assert imported.receiver == BODY
    assert imported.verdict is Verdict.PINNED
    assert [one.outcome for one in imported.outcomes] == ["imported"]
    assert kinds_of(field)[-1] == "receipt.import"
    assert details_of(field, "receipt.import")[0]["verdict"] == "pinned"


def test_a_receipt_is_taken_once(handed: tuple[Vault, Vault, Path]) -> None:
    field, _, path = handed
    import_receipt(field, path)
    size = field.log_state.size
    with pytest.raises(AlreadyImportedError):
        import_receipt(field, path)
    assert field.log_state.size == size


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"bundle_sha256": "0" * 64}, "receipt-bundle"), ({"outcomes": ()}, "receipt-records")],
)
def test_a_receipt_about_another_file_or_other_records_is_refused(
    handed: tuple[Vault, Vault, Path], changes: dict[str, object], code: str
) -> None:
    field, body, path = handed
    with pytest.raises(ReceiptError) as caught:
        import_receipt(field, changed(body, path, **changes))
    assert caught.value.code == code
    assert field.read("SELECT count(*) FROM receipts") == [(0,)]


def test_a_receipt_that_saw_another_log_is_refused(handed: tuple[Vault, Vault, Path]) -> None:
    field, body, path = handed
    receipt = parse_receipt(path.read_bytes()).check(body.identity.public)
    with pytest.raises(ReceiptError) as caught:
        import_receipt(field, changed(body, path, custody=replace(receipt.custody, root="0" * 64)))
    assert caught.value.code == "receipt-custody"


def test_a_receipt_for_a_bundle_that_was_never_sealed_here_is_not_found(handed: tuple[Vault, Vault, Path]) -> None:
    field, body, path = handed
    with pytest.raises(NotFoundError):
        import_receipt(field, changed(body, path, bundle_id="0" * 32))


def test_a_receipt_of_somebody_unknown_is_refused(handed: tuple[Vault, Vault, Path]) -> None:
    field, body, path = handed
    stranger = Identity.generate()
    receipt = parse_receipt(path.read_bytes()).check(body.identity.public)
    path.write_bytes(replace(receipt, fingerprint=stranger.public.fingerprint).to_text(stranger))
    with pytest.raises(PolicyError) as caught:
        import_receipt(field, path)
    assert caught.value.reason == "unknown-signer"


def test_a_changed_byte_of_a_receipt_is_noticed(handed: tuple[Vault, Vault, Path]) -> None:
    field, _, path = handed
    data = path.read_bytes()
    for place in range(0, len(data), 97):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises((ReceiptError, PolicyError)):
            import_receipt(field, path)


def test_a_file_that_is_too_long_is_not_read(handed: tuple[Vault, Vault, Path]) -> None:
    field, _, path = handed
    path.write_bytes(bytes(5 << 20))
    with pytest.raises(LimitError):
        import_receipt(field, path)
