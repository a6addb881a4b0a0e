"""The whole job by the use cases alone: two vaults, both practice interviews, there and back again."""

import io
import tarfile
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    interview_bytes,
    make_vault,
    passphrase,
    receive,
    recorded,
    walk_through,
)
from shared_data import REPOSITORY

from keys.sealing import open_stream
from testimony.bundle.findings import Check, Status, Verdict
from testimony.bundle.unseal import BundleFile
from testimony.custody.growth import Standing
from testimony.trust import Trust
from testimony.verify import examine_bundle
from vault.attachments import attach, open_attachment
from vault.check import check_vault
from vault.contacts import list_contacts
from vault.custody import head
from vault.errors import PolicyError
from vault.handover import prepare, seal
from vault.receipts import import_receipt
from vault.received import get_received, received_exhibits
from vault.records import finish, get_record, list_records, new_from_interview
from vault.search import find_words
from vault.store import Vault

SKETCH = bytes(range(256)) * 12_000
HIDDEN = (
    "Karim",
    "Adnan",
    "Saleh",
    "Majd",
    "Samir",
    "0900 000 557",
    "ريم",
    "سليمان",
    "الخطيب",
    "يوسف",
    "هالة",
    "أبو حسان",
)


def practice_interview(name: str) -> bytes:
    return (REPOSITORY / "tui" / "practice" / name).read_bytes()


def test_a_testimony_goes_from_the_field_to_a_body_and_its_receipt_comes_back(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1", prefix="FLD") as field, make_vault(tmp_path, BODY, "legal") as body:
        # Cards are exchanged and the digits compared.
        acquaint(field, body)
        assert [one.code for one in list_contacts(field)] == [BODY]

        # Both practice interviews are recorded, one with a drawing, and finished.
        (tmp_path / "sketch.bin").write_bytes(SKETCH)
        arabic = new_from_interview(field, practice_interview("interview-ar.json"))
        english = new_from_interview(field, practice_interview("interview-en.json"))
        attach(field, arabic, tmp_path / "sketch.bin", kind="sketch", title="رسم للحوش بيد الشاهدة")
        assert finish(field, arabic).control_number == "FLD-0000001"
        assert finish(field, english).control_number == "FLD-0000003"
        digits = head(field)

        # The preview shows codes instead of names, and the seal makes exactly that.
        walk_through(field, arabic, english)
        handover = prepare(field, to=BODY, purpose=PURPOSE)
        texts = {row.record_id: row.rendition.text for row in handover.rows if row.rendition is not None}
        assert not [word for word in HIDDEN for text in texts.values() if word in text]
        sealed = seal(field, handover, tmp_path / "stick")
        assert head(field) != digits

        # The body takes it in; everything holds and the signer is known.
        taken = receive(body, sealed.path, receipt_folder=tmp_path / "stick")
        assert taken.failure is None
        assert taken.verdict is Verdict.PINNED
        assert [one.outcome for one in taken.outcomes] == ["imported", "imported"]
        (received,) = get_received(body, arabic)
        (drawing,) = received_exhibits(body, received)
        with open_attachment(body, drawing.attachment_id) as stream:
            assert stream.read() == SKETCH

        # Words are found in both languages, with and without their clitics; hidden names are not.
        assert {hit.record_id for hit in find_words(body, "السيارة")} == {arabic}
        assert {hit.record_id for hit in find_words(body, "quarry")} == {english}
        assert [word for word in HIDDEN if find_words(body, word)] == []
        assert {hit.record_id for hit in find_words(field, "يوسف")} == {arabic}

        # The receipt comes back and is an anchor of the sender's log from now on.
        assert taken.receipt_path is not None
        assert import_receipt(field, taken.receipt_path).receiver == BODY

        # A second bundle shows more and is proved to continue the log that the body saw.
        fuller = seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="full"), tmp_path / "stick")
        again = receive(body, fuller.path)
        assert again.standing is Standing.CONTINUES
        newest, older = get_received(body, english)
        assert "Majd" in newest.paragraphs[0][1]
        assert "Majd" not in older.paragraphs[0][1]
        assert newest.head == older.head

    # Both vaults are whole afterwards.
    for name in ("field-1", BODY):
        with Vault.unlock(tmp_path / f"{name}.vault", passphrase()) as vault:
            assert vault.notes == ()
            assert all(str(finding.status) == "pass" for finding in check_vault(vault).findings)


def test_the_sealed_file_verifies_without_any_vault(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = recorded(field)
        walk_through(field, record_id)
        path = seal(field, prepare(field, to=BODY, purpose=PURPOSE), tmp_path / "out").path
        trust = Trust.of([field.identity.public.fingerprint])
        with path.open("rb") as source:
            found = examine_bundle(
                BundleFile(source, [body.identity.opener()]), trust=trust, recipient=body.identity.public.recipient
            )
        assert found.verdict is Verdict.PINNED
        others = [finding.name for finding in found.findings if finding.status is not Status.PASS]
        assert others == [Check.GROWTH, Check.REVISIONS], "nothing was seen before"


def test_an_exhibit_leaves_only_where_the_profile_allows(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = new_from_interview(field, interview_bytes(consent__identity=[{"recipient": BODY, "answer": "yes"}]))
        for kind in ("photo", "document"):
            (tmp_path / f"{kind}.bin").write_bytes(f"{kind} ".encode() * 50)
            attach(field, record_id, tmp_path / f"{kind}.bin", kind=kind, title=kind)
        finish(field, record_id)

        def kinds(profile: str) -> list[str]:
            walk_through(field, record_id, profile=profile)
            handover = prepare(field, to=BODY, purpose=PURPOSE, profile=profile)
            sink = io.BytesIO()
            with seal(field, handover, tmp_path / "out").path.open("rb") as source:
                open_stream(source, sink, [body.identity.opener()])
            sink.seek(0)
            with tarfile.open(fileobj=sink) as tar:
                files = [member for member in tar.getmembers() if member.name.startswith("data/exhibits/")]
                return [tar.extractfile(member).read().split()[0].decode() for member in files]  # type: ignore[union-attr]

        assert kinds("full") == ["photo", "document"]
        assert kinds("pseudonymised") == ["document"]
        assert kinds("lead") == []


def test_a_record_without_consent_for_a_body_leaves_by_no_use_case(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = new_from_interview(
            field, interview_bytes(consent__share=[{"recipient": BODY, "purpose": PURPOSE, "answer": "ask me first"}])
        )
        finish(field, record_id)
        for profile in ("full", "pseudonymised", "lead"):
            for ids in (None, [record_id]):
                handover = prepare(field, to=BODY, purpose=PURPOSE, profile=profile, record_ids=ids)
                assert handover.count == 0
                with pytest.raises(Exception, match="ask-first"):
                    seal(field, handover, tmp_path / "out")
        assert not (tmp_path / "out").exists()
        assert [row.stage for row in list_records(field)] == ["finished"]
        assert get_record(field, record_id).record is not None


def test_a_forged_bundle_is_refused_and_the_vault_stays_as_it_was(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = recorded(field)
        walk_through(field, record_id)
        path = seal(field, prepare(field, to=BODY, purpose=PURPOSE), tmp_path / "out").path
        forged = bytearray(path.read_bytes())
        forged[len(forged) // 2] ^= 1
        path.write_bytes(forged)
        result = receive(body, path)
        assert result.verdict is not Verdict.PINNED
        assert result.failure is not None
        assert not isinstance(result.failure, PolicyError)
        assert list_records(body) == []
