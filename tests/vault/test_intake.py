"""Taking in: nothing before the last check, each record whole, the second time nothing new, and an answer."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from shutil import copytree

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    kinds_of,
    make_vault,
    passphrase,
    receive,
    recorded,
    unlocked_copy,
    walk_through,
)

from keys.identity import Identity
from keys.sealing import open_stream, seal_stream
from testimony.bundle.findings import Verdict
from testimony.card import Card, parse_card
from testimony.custody.growth import Standing
from testimony.errors import RedactionError, TestimonyError
from testimony.receipts import parse_receipt
from vault import intake
from vault.attachments import attach, list_for, open_attachment
from vault.contacts import add_contact
from vault.custody import append
from vault.errors import NotFoundError, PolicyError, SourceFileError, StorageFullError
from vault.handover import prepare, seal
from vault.received import get_received, received_exhibits
from vault.records import finish, list_records, new_from_interview
from vault.search import find_words
from vault.store import Vault


@dataclass
class World:
    """A field vault, a body's vault, and one sealed bundle of two records, one of them with a file."""

    field: Vault
    body: Vault
    ids: list[str]
    path: Path

    def reseal(self, to: Identity, change: Callable[[bytes], bytes] = lambda tar: tar) -> Path:
        """The same bundle opened by the body and sealed anew for somebody, as an attacker could."""
        tar = io.BytesIO()
        with self.path.open("rb") as source:
            open_stream(source, tar, [self.body.identity.opener()])
        target = self.path.with_name("resealed.age")
        with target.open("wb") as sink:
            seal_stream(io.BytesIO(change(tar.getvalue())), sink, [to.public.recipient])
        return target


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], str]:
    """Both vaults locked and the bundle: the folder, the records, the bundle's name; copied for every test."""
    folder = tmp_path_factory.mktemp("begun")
    with make_vault(folder, "field-1", prefix="TST") as field, make_vault(folder, BODY, "legal") as body:
        acquaint(field, body)
        (folder / "paper.txt").write_bytes(b"a drawing of the yard " * 1000)
        ids = [new_from_interview(field, interview_bytes()) for _ in range(2)]
        attach(field, ids[0], folder / "paper.txt", kind="document", title="paper")
        for record_id in ids:
            finish(field, record_id)
        walk_through(field, *ids)
        handover = prepare(field, to=BODY, purpose=PURPOSE)
        return folder, ids, seal(field, handover, folder / "out").path.name


@pytest.fixture
def world(begun: tuple[Path, list[str], str], tmp_path: Path) -> Iterator[World]:
    folder, ids, name = begun
    with unlocked_copy(folder, tmp_path, "field-1", BODY) as (field, body):
        yield World(field=field, body=body, ids=list(ids), path=tmp_path / "out" / name)


def nothing_was_stored(vault: Vault) -> bool:
    tables = ("received_bundles", "received_records", "exhibits", "attachments", "search_paragraphs")
    empty = all(vault.read(f"SELECT count(*) FROM {table}") == [(0,)] for table in tables)  # noqa: S608
    files = [
        path for name in ("attachments", "quarantine") for path in (vault.path / name).rglob("*") if path.is_file()
    ]
    return empty and not files


def test_a_bundle_of_a_contact_is_taken_in_record_by_record(world: World) -> None:
    before = world.body.log_state.size
    result = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert result.failure is None
    assert result.verdict is Verdict.PINNED
    assert [(one.record_id, one.outcome) for one in result.outcomes] == [(one, "imported") for one in world.ids]
    assert "Conditions of this bundle" in result.conditions
    assert kinds_of(world.body, before) == [
        "bundle.receive",
        "bundle.verify",
        "conditions.accept",
        "exhibit.import",
        "record.import",
        "record.import",
        "bundle.import",
        "receipt.issue",
    ]
    assert not list((world.body.path / "quarantine").iterdir())


def test_what_was_taken_in_is_what_was_shown(world: World) -> None:
    receive(world.body, world.path, receipt_folder=world.path.parent)
    (received,) = get_received(world.body, world.ids[0])
    assert received.sender == "field-1-D1"
    assert received.answers["session.language"] == "eng"
    assert "witness.name" in received.hidden
    assert received.paragraphs[0][1].startswith("I walked up to the mill with V-")
    (exhibit,) = received_exhibits(world.body, received)
    assert exhibit.exhibit.size == 22_000
    rows = list_records(world.body)
    assert [(row.stage, row.date, row.place, row.sender) for row in rows] == [
        ("received", "2025-04-12", "XX0602", "field-1-D1")
    ] * 2


def test_received_words_are_found_and_hidden_ones_are_not(world: World) -> None:
    receive(world.body, world.path, receipt_folder=world.path.parent)
    assert {hit.record_id for hit in find_words(world.body, "quarry")} == set(world.ids)
    assert find_words(world.body, "thistlewood") == find_words(world.body, "quillfeather") == []
    assert {hit.record_id for hit in find_words(world.body, "TST-0000001")} == {world.ids[0]}


def test_the_receipt_is_signed_and_names_bundle_file_and_outcomes(world: World, tmp_path: Path) -> None:
    result = receive(world.body, world.path, receipt_folder=tmp_path / "receipts")
    assert result.receipt_path is not None
    assert result.receipt_path.parent == tmp_path / "receipts"
    receipt = parse_receipt(result.receipt_path.read_bytes()).check(world.body.identity.public)
    (bundle_id, digest, size) = world.field.read("SELECT bundle_id, sha256, custody_size FROM bundles")[0]
    assert (receipt.bundle_id, receipt.bundle_sha256, receipt.custody.size) == (bundle_id, digest, size)
    assert receipt.outcomes == result.outcomes
    assert receipt.receiver == parse_card(world.body.card()).code == BODY


@pytest.mark.case("BU-12")
def test_the_second_time_everything_is_there_already_and_the_receipt_is_the_same(world: World) -> None:
    first = receive(world.body, world.path, receipt_folder=world.path.parent)
    rows = world.body.read("SELECT * FROM received_records")
    assert first.receipt_path is not None
    receipt = first.receipt_path.read_bytes()
    second = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert {one.outcome for one in second.outcomes} == {"already"}
    assert world.body.read("SELECT * FROM received_records") == rows
    assert second.receipt_path is not None
    assert second.receipt_path.read_bytes() == receipt
    assert len(world.body.read("SELECT * FROM attachments")) == 1


@pytest.mark.case("BU-12")
def test_a_later_bundle_of_the_same_records_adds_what_it_shows_and_an_older_one_still_comes_in(world: World) -> None:
    later = seal(world.field, prepare(world.field, to=BODY, purpose=PURPOSE, profile="full"), world.path.parent).path
    assert {one.outcome for one in receive(world.body, later).outcomes} == {"imported"}
    older = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert {one.outcome for one in older.outcomes} == {"imported"}
    assert older.standing is Standing.OLDER
    assert len(get_received(world.body, world.ids[0])) == 2
    assert len(world.body.read("SELECT * FROM attachments")) == 1


@pytest.mark.case("BU-12")
def test_the_same_id_and_version_with_another_root_is_a_conflict_and_nothing_is_replaced(world: World) -> None:
    receive(world.body, world.path, receipt_folder=world.path.parent)
    with world.body.transaction() as tx:
        tx.execute("UPDATE received_records SET root = ? WHERE record_id = ?", (bytes(32), world.ids[0]))
        append(tx, world.body, "record.view", world.ids[0])
    again = seal(world.field, prepare(world.field, to=BODY, purpose=PURPOSE, profile="lead"), world.path.parent).path
    result = receive(world.body, again)
    assert [one.outcome for one in result.outcomes] == ["conflict", "imported"]
    assert len(get_received(world.body, world.ids[0])) == 1
    assert details_of(world.body, "record.import")[-2]["outcome"] == "conflict"


@pytest.mark.case("BU-12")
def test_another_bundle_under_a_known_number_is_an_alarm(world: World) -> None:
    receive(world.body, world.path, receipt_folder=world.path.parent)
    with world.body.transaction() as tx:
        tx.execute("UPDATE received_bundles SET statement = ?, sha256 = ?", (b"another", "0" * 64))
        append(tx, world.body, "record.view", "test")
    result = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert isinstance(result.failure, PolicyError)
    assert result.failure.reason == "bundle-conflict"
    assert result.failure.where.split(" ") == [
        result.examination.statement.bundle_id,
        "0" * 64,
        result.examination.sha256,
    ]


@pytest.mark.case("BU-10")
def test_a_bundle_of_an_unknown_signer_is_refused_with_its_report(world: World, tmp_path: Path) -> None:
    with make_vault(tmp_path, "stranger") as stranger:
        add_contact(stranger, world.body.card(), world.body.identity.public.fingerprint)
        record_id = recorded(stranger)
        walk_through(stranger, record_id)
        path = seal(stranger, prepare(stranger, to=BODY, purpose=PURPOSE), tmp_path / "strange").path
    result = receive(world.body, path)
    assert isinstance(result.failure, PolicyError)
    assert result.failure.reason == "unknown-signer"
    assert result.examination.statement is not None
    assert result.receipt_path is None
    assert nothing_was_stored(world.body)


@pytest.mark.case("BU-11")
def test_a_bundle_passed_on_to_somebody_else_is_refused(world: World, tmp_path: Path) -> None:
    with make_vault(tmp_path, "third-body", "legal") as third:
        add_contact(third, world.field.card(), world.field.identity.public.fingerprint)
        result = receive(third, world.reseal(third.identity))
        assert isinstance(result.failure, PolicyError)
        assert result.failure.reason == "addressed-to-another"
        assert nothing_was_stored(third)


@pytest.mark.case("BU-25")
def test_a_bundle_sealed_to_this_vault_under_another_bodys_name_is_refused(world: World, tmp_path: Path) -> None:
    with (
        make_vault(tmp_path, "field-2", prefix="TSU") as sender,
        make_vault(tmp_path, "other-body", "legal") as other,
    ):
        add_contact(other, sender.card(), sender.identity.public.fingerprint)
        public = other.identity.public
        # Consent was given to BODY; the sender calls this key by that name.
        card = Card(kind="body", code=BODY, practice=True, public=public).to_text(other.identity)
        add_contact(sender, card, public.fingerprint)
        record_id = recorded(sender)
        walk_through(sender, record_id)
        path = seal(sender, prepare(sender, to=BODY, purpose=PURPOSE), tmp_path / "out-2").path
        result = receive(other, path)
        assert result.examination.failures == ()
        assert isinstance(result.failure, PolicyError)
        assert result.failure.reason == "addressed-to-another"
        assert nothing_was_stored(other)


def test_the_vaults_own_bundle_sent_back_is_called_its_own(world: World) -> None:
    before = world.field.log_state.size
    result = receive(world.field, world.reseal(world.field.identity))
    assert result.own
    assert result.failure is None
    assert result.outcomes == ()
    assert nothing_was_stored_but_own(world.field)
    assert world.field.log_state.size == before


def nothing_was_stored_but_own(vault: Vault) -> bool:
    return vault.read("SELECT count(*) FROM received_bundles") == vault.read("SELECT 0")


def test_a_bundle_for_another_is_not_opened(world: World, tmp_path: Path) -> None:
    with make_vault(tmp_path, "third-body", "legal") as third:
        result = receive(third, world.path)
        assert isinstance(result.failure, PolicyError)
        assert result.failure.reason == "not-for-you"
        assert nothing_was_stored(third)


@pytest.mark.case("BU-01", "BU-02", "BU-04")
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:200_000],
        lambda data: data[:3000],
        lambda data: data + b"\0",
        lambda data: data + data,
        lambda data: data[:700_000] + bytes([data[700_000] ^ 1]) + data[700_001:],
        lambda data: data[:900] + bytes([data[900] ^ 1]) + data[901:],
    ],
)
def test_a_damaged_bundle_stores_nothing_and_leaves_an_entry(world: World, damage: Callable[[bytes], bytes]) -> None:
    path = world.path.with_name("damaged.age")
    path.write_bytes(damage(world.path.read_bytes()))
    before = world.body.log_state.size
    result = receive(world.body, path)
    assert isinstance(result.failure, TestimonyError | PolicyError)
    with pytest.raises(type(result.failure)):
        result.raise_failure()
    assert nothing_was_stored(world.body)
    assert kinds_of(world.body, before) == ["bundle.verify"]


@pytest.mark.case("BU-05")
@pytest.mark.parametrize(
    "data", [b"", b"x", b"<html>", b"PK\x03\x04" * 100, b"\x7fELF", "age-".encode("utf-16"), bytes(1 << 20)]
)
def test_what_is_no_bundle_is_said_so_and_never_copied(world: World, data: bytes) -> None:
    path = world.path.with_name("other.age")
    path.write_bytes(data)
    before = world.body.log_state.size
    result = receive(world.body, path)
    assert isinstance(result.failure, TestimonyError)
    assert result.failure.code == "not-a-bundle"
    assert nothing_was_stored(world.body)
    assert world.body.log_state.size == before


def test_an_opened_bundle_is_for_the_verifier_only(world: World) -> None:
    tar = io.BytesIO()
    with world.path.open("rb") as source:
        open_stream(source, tar, [world.body.identity.opener()])
    path = world.path.with_name("opened.tar")
    path.write_bytes(tar.getvalue())
    failure = receive(world.body, path).failure
    assert isinstance(failure, PolicyError)
    assert failure.reason == "not-sealed"
    assert nothing_was_stored(world.body)


@pytest.mark.case("BU-26")
def test_links_folders_and_absent_files_are_refused(world: World) -> None:
    link = world.path.with_name("link.age")
    link.symlink_to(world.path)
    pipe = world.path.with_name("pipe.age")
    os.mkfifo(pipe)
    for path in (link, world.path.parent, pipe, Path("/dev/zero")):
        with pytest.raises(SourceFileError):
            receive(world.body, path)
    with pytest.raises(NotFoundError):
        receive(world.body, world.path.with_name("absent.age"))


@pytest.mark.case("BU-26")
@pytest.mark.parametrize("when", ["while it is read", "after it was read"])
def test_what_is_verified_is_what_was_read_whatever_becomes_of_the_file(world: World, when: str) -> None:
    with world.path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()

    def meddle(done: int, whole: int) -> None:
        if done == whole or when == "while it is read":
            world.path.write_bytes(b"another file")

    result = receive(world.body, world.path, meddle)
    assert world.path.read_bytes() == b"another file"
    if when == "after it was read":
        assert world.body.read("SELECT sha256 FROM received_bundles") == [(digest,)]
    else:
        assert result.failure is not None
        assert result.failure.code == "sealed-payload"
        assert nothing_was_stored(world.body)


@pytest.mark.case("BU-27")
@pytest.mark.parametrize("step", ["_begin", "_unpack", "_import", "_drop_unused", "_conclude", "write_receipt"])
def test_an_import_that_breaks_off_shows_whole_records_only_and_succeeds_the_second_time(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real, calls = getattr(intake, step), []

    def break_off(*arguments: object) -> object:
        calls.append(step)
        if len(calls) == (2 if step == "_import" else 1):
            raise StorageFullError(where="test")
        return real(*arguments)

    monkeypatch.setattr(intake, step, break_off)
    with pytest.raises(StorageFullError):
        receive(world.body, world.path, receipt_folder=world.path.parent)
    monkeypatch.undo()
    for (record_id,) in world.body.read("SELECT record_id FROM received_records"):
        (received,) = get_received(world.body, record_id)
        assert len(received.paragraphs) == 3
    result = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert result.failure is None
    assert len(world.body.read("SELECT * FROM received_records")) == 2
    assert result.receipt_path is not None
    receipt = parse_receipt(result.receipt_path.read_bytes()).check(world.body.identity.public)
    assert {one.outcome for one in receipt.outcomes} == {"imported"}


def test_a_record_that_cannot_be_stored_is_named_and_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, bad = intake.store_record, world.ids[0]

    def refuse(tx: object, vault: object, record: object, *rest: object) -> None:
        if getattr(record, "record_id", None) == bad:
            raise RedactionError("account.text", "test")
        real(tx, vault, record, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "store_record", refuse)
    result = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert [one.outcome for one in result.outcomes] == ["quarantined", "imported"]
    assert result.receipt_path is not None
    with pytest.raises(NotFoundError):
        get_received(world.body, bad)
    assert not orphans(world.body)


def orphans(vault: Vault) -> list[str]:
    kept = {row[0] for row in vault.read("SELECT attachment_id FROM attachments")}
    return [path.name for path in (vault.path / "attachments").rglob("*") if path.is_file() and path.name not in kept]


def test_a_log_that_contradicts_what_was_seen_before_is_refused(world: World) -> None:
    receive(world.body, world.path, receipt_folder=world.path.parent)
    with world.body.transaction() as tx:
        tx.execute("UPDATE received_bundles SET custody_root = ?", (bytes(32),))
        append(tx, world.body, "record.view", "test")
    records = world.body.read("SELECT * FROM received_records")
    result = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert result.failure is not None
    assert (result.failure.code, result.verdict) == ("fork", Verdict.INVALID)
    assert world.body.read("SELECT * FROM received_records") == records


def test_a_log_is_proved_to_grow_although_no_receipt_came_back(world: World) -> None:
    first = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert first.standing is Standing.FIRST
    later = [
        seal(world.field, prepare(world.field, to=BODY, purpose=PURPOSE, profile=profile), world.path.parent).path
        for profile in ("lead", "full", "pseudonymised")
    ]
    assert receive(world.body, later[2]).standing is Standing.CONTINUES
    assert receive(world.body, later[0]).standing is Standing.OLDER
    assert receive(world.body, later[0]).standing is Standing.AGAIN
    assert receive(world.body, later[1]).standing is Standing.OLDER
    assert receive(world.body, world.path).standing is Standing.AGAIN


@pytest.mark.case("BU-23")
def test_a_vault_that_was_put_back_and_went_another_way_is_refused_and_nothing_is_stored(
    world: World, tmp_path: Path
) -> None:
    """Its head after the last common bundle is unknown to it: the proof starts too early, and the log is another."""
    assert receive(world.body, world.path).standing is Standing.FIRST
    path = world.field.path
    world.field.lock()
    copytree(path, tmp_path / "older.vault")
    with Vault.unlock(path, passphrase()) as field:
        seen = seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="lead"), tmp_path).path
    assert receive(world.body, seen).standing is Standing.CONTINUES
    with Vault.unlock(tmp_path / "older.vault", passphrase()) as field:
        forged = [
            seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="full"), tmp_path).path for _ in range(2)
        ]
    records = world.body.read("SELECT * FROM received_records")
    for bundle in forged:
        result = receive(world.body, bundle)
        assert result.failure is not None
        assert result.failure.code in {"fork", "unproved-growth", "unproved-prefix"}
        assert result.verdict is Verdict.INVALID
    assert world.body.read("SELECT * FROM received_records") == records


HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x9b31m \x90 \x7f \x00 \x08 \r",
    "[@click=app.quit]x[/] [link=x] [[ ]",
    "\u202e gpj.exe \u2066 VERIFIED",
    "e" + "\u0301" * 500,
    "👩‍👩‍👧‍👦 🇸🇾 ﷽ ـــ 漢字",
    "'); DROP TABLE records; -- %_",
    "=HYPERLINK(1) +1 -1 @x \t",
    "<script>alert(1)</script> onerror=",
    '{"a": "\\\\u0000"} \\ud800',
)


@pytest.mark.case("BU-16")
def test_files_whose_names_differ_by_case_or_unicode_form_alone_are_all_kept(tmp_path: Path) -> None:
    twins = ["A.TXT", "a.txt", "\u00e1.txt", "a\u0301.txt"]
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = new_from_interview(field, interview_bytes())
        for number, name in enumerate(twins):
            (tmp_path / name).write_bytes(b"file %d" % number)
            attach(field, record_id, tmp_path / name, kind="document")
        finish(field, record_id)
        bundle = seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="full"), tmp_path / "out").path
        assert receive(body, bundle).failure is None
        (received,) = get_received(body, record_id)
        exhibits = received_exhibits(body, received)
        assert [one.exhibit.original_name for one in list_for(field, record_id, 1)] == twins
        stored = [open_attachment(body, one.attachment_id).read() for one in exhibits]
        assert stored == [b"file %d" % number for number in range(len(twins))]


@pytest.mark.case("BU-24", "RF-02", "RF-03", "RF-04", "RF-05", "RF-06", "RF-07", "RF-12", "RF-13", "RF-14")
def test_hostile_words_travel_exactly_as_they_were_said(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        paragraphs = [f"{number} {text}" for number, text in enumerate(HOSTILE)]
        record_id = new_from_interview(
            field,
            interview_bytes(
                account__paragraphs=paragraphs,
                account__source_of_knowledge=["saw"] * len(paragraphs),
                session__place={"verbatim": HOSTILE[0]},
                mentions=[{"who": "Barnaby\x1b[2J", "role": "victim", "relation": HOSTILE[3]}],
            ),
        )
        (tmp_path / "a\x1b]0;x\x07.txt").write_bytes(b"x")
        attach(field, record_id, tmp_path / "a\x1b]0;x\x07.txt", kind="document", title=HOSTILE[1])
        finish(field, record_id)
        handover = prepare(field, to=BODY, purpose=PURPOSE, profile="full")
        assert handover.rows[0].rendition is not None
        assert "\x1b" not in handover.rows[0].rendition.text
        result = receive(body, seal(field, handover, tmp_path / "out").path)
        assert result.failure is None
        (received,) = get_received(body, record_id)
        assert [text for _, text in received.paragraphs] == paragraphs
        assert received.answers["session.place"] == {"verbatim": HOSTILE[0]}
        (exhibit,) = received_exhibits(body, received)
        assert exhibit.exhibit.title == HOSTILE[1]


def test_without_a_folder_the_receipt_stays_encrypted_in_the_vault(world: World) -> None:
    result = receive(world.body, world.path)
    assert result.failure is None
    assert result.receipt_path is None
    assert [path for path in world.body.path.rglob("*") if path.suffix == ".receipt"] == []
    again = receive(world.body, world.path, receipt_folder=world.path.parent)
    assert again.receipt_path is not None
    assert parse_receipt(again.receipt_path.read_bytes()).check(world.body.identity.public).outcomes


def test_a_folder_that_cannot_be_written_costs_the_receipt_file_and_nothing_else(world: World, tmp_path: Path) -> None:
    (tmp_path / "a file").write_bytes(b"")
    result = receive(world.body, world.path, receipt_folder=tmp_path / "a file" / "inside")
    assert result.failure is None
    assert result.receipt_path is None
    assert {one.outcome for one in result.outcomes} == {"imported"}
