"""Receipts and cosignatures bound the times of a log, and travel only to whom they may be shown."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from practice_vaults import (
    BODY,
    OTHER_BODY,
    PURPOSE,
    acquaint,
    details_of,
    make_vault,
    passphrase,
    receive,
    recorded,
)
from vectors.generate import members_of

from testimony.bundle.findings import Verdict
from testimony.bundle.unseal import BundleFile
from testimony.cosignature import head_file, parse_cosignature, parse_head_file
from testimony.custody.anchors import AnchorKind, Interval
from testimony.custody.growth import Standing, parse_growth
from testimony.errors import AnchorError, CustodyError
from testimony.redaction.head import parse_head
from testimony.report import report_json, report_text
from testimony.trust import Trust
from testimony.verify import Examination, examine_bundle
from vault.anchors import anchors_of, finished_between
from vault.check import check_vault
from vault.clock import Reading
from vault.cosignatures import cosign, import_cosignature, write_head
from vault.custody import append, head
from vault.errors import AlreadyExistsError, AlreadyImportedError, NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.receipts import import_receipt
from vault.records import get_record
from vault.store import Vault


@dataclass
class Hands:
    """A clock that is moved by hand."""

    at: datetime = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
    steps: int = field(default=0)

    def now(self) -> Reading:
        self.steps += 1
        return Reading(wall=self.at, monotonic_ns=self.steps * 10**9, boot_id="boot-1")

    def pass_days(self, days: int) -> None:
        self.at += timedelta(days=days)


@dataclass
class World:
    """A field vault, a colleague's, and two bodies, with one clock for all that is outside."""

    folder: Path
    field: Vault
    colleague: Vault
    body: Vault
    other: Vault
    clock: Hands

    def record(self) -> str:
        return recorded(self.field, **SHARED)

    def sealed(self, to: str) -> Path:
        return seal(self.field, prepare(self.field, to=to, purpose=PURPOSE, profile="lead"), self.folder).path

    def answered(self, by: Vault, bundle: Path) -> None:
        receipt = receive(by, bundle, receipt_folder=self.folder).receipt_path
        assert receipt is not None
        import_receipt(self.field, receipt)

    def cosigned(self, by: Vault) -> None:
        name = f"{len(list(self.folder.iterdir()))}"
        write_head(self.field, self.folder / f"{name}.head")
        cosign(by, self.folder / f"{name}.head", self.folder / f"{name}.cosignature")
        import_cosignature(self.field, self.folder / f"{name}.cosignature")


SHARED = {"consent__share": [{"recipient": body, "purpose": PURPOSE, "answer": "yes"} for body in (BODY, OTHER_BODY)]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Hands()
    with (
        make_vault(tmp_path, "field-1", prefix="TST") as field_vault,
        make_vault(tmp_path, "field-2", prefix="TSU") as colleague,
        make_vault(tmp_path, BODY, "legal") as body,
        make_vault(tmp_path, OTHER_BODY, "legal") as other,
    ):
        acquaint(field_vault, colleague, body, other)
        for vault in (field_vault, colleague, body, other):
            vault.clock = clock
        yield World(folder=tmp_path, field=field_vault, colleague=colleague, body=body, other=other, clock=clock)


def examined(world: World, bundle: Path, reader: Vault) -> Examination:
    trust = Trust.of([world.field.identity.public.fingerprint])
    with bundle.open("rb") as source:
        opened = BundleFile(source, [reader.identity.opener()])
        return examine_bundle(opened, trust=trust, recipient=reader.identity.public.recipient)


def shown(world: World, bundle: Path, reader: Vault, record_id: str) -> Interval:
    """The interval that a bundle proves of a record."""
    found = examined(world, bundle, reader)
    assert found.verdict is Verdict.PINNED, list(found.failures)
    assert found.contents is not None
    return found.contents.custody.interval_of_version(record_id, 1)


def test_a_receipt_bounds_what_came_before_it_and_what_comes_after(world: World) -> None:
    early = world.record()
    bundle = world.sealed(BODY)
    assert finished_between(world.field, early, 1) == Interval(not_before=None, not_after=None)
    world.clock.pass_days(2)
    world.answered(world.body, bundle)
    world.clock.pass_days(2)
    late = world.record()
    (receipt,) = anchors_of(world.field)
    assert (receipt.kind, receipt.at.day) == (AnchorKind.RECEIPT, 6)
    assert finished_between(world.field, early, 1) == Interval(not_before=None, not_after=receipt)
    assert finished_between(world.field, late, 1) == Interval(not_before=receipt, not_after=None)
    assert check_vault(world.field).holds


def test_a_head_names_the_day_of_the_newest_thing_from_outside(world: World) -> None:
    record = get_record(world.field, world.record())
    assert record.head is not None
    assert record.head.not_before is None
    world.answered(world.body, world.sealed(BODY))
    world.clock.pass_days(1)
    record = get_record(world.field, world.record())
    assert record.head is not None
    assert record.head.not_before == datetime(2031, 5, 4, tzinfo=UTC)


def test_the_bundle_proves_the_interval_and_the_report_says_it(world: World) -> None:
    early = world.record()
    world.answered(world.body, world.sealed(BODY))
    world.clock.pass_days(3)
    late = world.record()
    second = world.sealed(BODY)
    world.clock.pass_days(1)
    world.answered(world.body, second)
    bundle = world.sealed(BODY)
    first, last = anchors_of(world.field)
    assert shown(world, bundle, world.body, early) == Interval(not_before=None, not_after=first)
    assert shown(world, bundle, world.body, late) == Interval(not_before=first, not_after=last)
    found = examined(world, bundle, world.body)
    assert found.statement is not None
    assert (found.statement.not_before, found.statement.not_after) == (last.at, None)
    text = report_text(found, "en")
    receipts = f"(receipt of {world.body.identity.public.fingerprint})"
    assert f"not before {first.at.isoformat()} {receipts}, not after {last.at.isoformat()} {receipts}" in text
    assert "the laptop's clock claims 2031-05-07T12:00:00+00:00" in text
    assert b'"not_after":{"at":"2031-05-08T12:00:00+00:00"' in report_json(found)
    assert "وتدّعي ساعة الحاسوب" in report_text(found, "ar")


def test_a_body_never_sees_that_another_one_answered(world: World) -> None:
    record_id = world.record()
    world.answered(world.other, world.sealed(OTHER_BODY))
    world.cosigned(world.other)
    world.clock.pass_days(1)
    bundle = world.sealed(BODY)
    assert shown(world, bundle, world.body, record_id) == Interval(not_before=None, not_after=None)
    members = members_of(bundle.read_bytes(), world.body.identity)
    assert not [name for name, _ in members if "anchors/" in name]
    everything = b"".join(data for _, data in members)
    for told in (world.other.identity.public.fingerprint, OTHER_BODY, "receipt.import", "cosignature."):
        assert told.encode() not in everything
        assert told.replace(" ", "").encode() not in everything
    after = get_record(world.field, world.record())
    assert after.head is not None
    assert after.head.not_before == datetime(2031, 5, 4, tzinfo=UTC), "the day alone, in UTC"


def test_a_colleagues_cosignature_travels_to_every_body(world: World) -> None:
    record_id = world.record()
    world.clock.pass_days(1)
    world.cosigned(world.colleague)
    (anchor,) = anchors_of(world.field)
    assert anchor.kind is AnchorKind.COSIGNATURE
    for body, vault in ((BODY, world.body), (OTHER_BODY, world.other)):
        bundle = world.sealed(body)
        assert shown(world, bundle, vault, record_id) == Interval(not_before=None, not_after=anchor)
        assert receive(vault, bundle).failure is None


@pytest.mark.case("CK-03", "CK-04")
def test_a_laptop_whose_clock_is_years_off_is_bounded_by_those_outside(world: World) -> None:
    world.answered(world.body, world.sealed(BODY)) if world.record() else None
    wrong = Hands(at=datetime(2019, 1, 1, tzinfo=UTC))
    world.field.clock = wrong
    record_id = world.record()
    bundle = world.sealed(BODY)
    world.answered(world.body, bundle)
    first, last = anchors_of(world.field)
    assert finished_between(world.field, record_id, 1) == Interval(not_before=first, not_after=last)
    stored = get_record(world.field, record_id)
    assert stored.head is not None
    assert stored.head.clock_note == "implausible"
    assert shown(world, world.sealed(BODY), world.body, record_id).not_before == first


def test_a_cosignature_says_whose_log_how_long_and_when(world: World) -> None:
    world.record()
    written = write_head(world.field, world.folder / "head")
    signed = cosign(world.colleague, world.folder / "head", world.folder / "cosignature")
    assert (signed.code, signed.size) == ("field-1-D1", written.size)
    said = parse_cosignature((world.folder / "cosignature").read_bytes()).check(world.colleague.identity.public)
    assert (said.checkpoint, said.at, said.cosigner) == (written, world.clock.at, "field-2-D1")
    taken = import_cosignature(world.field, world.folder / "cosignature")
    assert (taken.code, taken.digits) == ("field-2-D1", signed.digits)
    assert details_of(world.colleague, "cosignature.issue")[0]["size"] == written.size
    assert details_of(world.field, "cosignature.import")[0]["size"] == written.size
    with pytest.raises(AlreadyImportedError):
        import_cosignature(world.field, world.folder / "cosignature")
    assert check_vault(world.field).holds
    assert check_vault(world.colleague).holds


def test_the_same_head_again_gets_the_same_cosignature(world: World) -> None:
    write_head(world.field, world.folder / "head")
    cosign(world.colleague, world.folder / "head", world.folder / "one")
    world.clock.pass_days(1)
    cosign(world.colleague, world.folder / "head", world.folder / "two")
    assert (world.folder / "one").read_bytes() == (world.folder / "two").read_bytes()
    with pytest.raises(AlreadyExistsError):
        cosign(world.colleague, world.folder / "head", world.folder / "two")


def test_a_colleague_signs_a_head_that_grew_and_none_that_is_older(world: World) -> None:
    for name in ("first", "second"):
        world.record()
        write_head(world.field, world.folder / name)
    cosign(world.colleague, world.folder / "second", world.folder / "signed")
    with pytest.raises(CustodyError) as caught:
        cosign(world.colleague, world.folder / "first", world.folder / "other")
    assert caught.value.code == "unproved-prefix"
    assert not (world.folder / "other").exists()
    world.record()
    write_head(world.field, world.folder / "third")
    assert cosign(world.colleague, world.folder / "third", world.folder / "other").size > 0


@pytest.mark.case("BU-23")
def test_a_colleague_refuses_a_log_that_was_put_back_and_went_another_way(world: World, tmp_path: Path) -> None:
    path = world.field.path
    world.field.lock()
    copytree(path, tmp_path / "older.vault")
    heads = []
    for place, folder in enumerate((path, tmp_path / "older.vault")):
        with Vault.unlock(folder, passphrase()) as vault:
            recorded(vault)
            heads += [tmp_path / f"head-{place}", tmp_path / f"longer-{place}"]
            write_head(vault, heads[-2])
            recorded(vault)
            write_head(vault, heads[-1])
    cosign(world.colleague, heads[0], tmp_path / "signed")
    for forked in heads[2:]:
        with pytest.raises(CustodyError) as caught:
            cosign(world.colleague, forked, tmp_path / "no")
        assert caught.value.code == "fork"
    cut = head_file(parse_head_file(heads[1].read_bytes())[0], ())
    (tmp_path / "cut").write_bytes(cut)
    with pytest.raises(CustodyError) as caught:
        cosign(world.colleague, tmp_path / "cut", tmp_path / "no")
    assert caught.value.code == "unproved-growth"


def test_a_head_of_a_stranger_or_of_ones_own_is_not_signed(world: World, tmp_path: Path) -> None:
    write_head(world.field, world.folder / "head")
    with pytest.raises(PolicyError) as own:
        cosign(world.field, world.folder / "head", world.folder / "no")
    assert own.value.reason == "own-head"
    with make_vault(tmp_path, "stranger") as stranger, pytest.raises(PolicyError) as unknown:
        cosign(stranger, world.folder / "head", world.folder / "no")
    assert unknown.value.reason == "unknown-signer"


def test_a_cosignature_of_another_log_or_root_is_not_taken_in(world: World) -> None:
    write_head(world.colleague, world.folder / "theirs")
    cosign(world.body, world.folder / "theirs", world.folder / "signed")
    with pytest.raises(AnchorError) as other:
        import_cosignature(world.field, world.folder / "signed")
    assert other.value.code == "other-log"
    write_head(world.field, world.folder / "head")
    cosign(world.body, world.folder / "head", world.folder / "ours")
    with world.field.transaction() as tx:
        tx.execute("UPDATE checkpoints SET root = ?", (bytes(32),))
        append(tx, world.field, "record.view", "test")
    with pytest.raises(AnchorError):
        import_cosignature(world.field, world.folder / "ours")
    with world.field.transaction() as tx:
        tx.execute("DELETE FROM checkpoints")
        append(tx, world.field, "record.view", "test")
    with pytest.raises(NotFoundError):
        import_cosignature(world.field, world.folder / "ours")
    assert anchors_of(world.field) == ()


def test_the_head_of_a_record_in_a_bundle_has_the_day_that_was_signed(world: World) -> None:
    world.record()
    world.answered(world.body, world.sealed(BODY))
    world.record()
    members = dict(members_of(world.sealed(BODY).read_bytes(), world.body.identity))
    heads = [parse_head(data) for name, data in members.items() if name.endswith(".head") and "records/" in name]
    assert [one.not_before for one in heads] == [None, datetime(2031, 5, 4, tzinfo=UTC)]
    assert head(world.field)
    assert io.BytesIO(members["data/custody/checkpoint.txt"]).readline().startswith(b"testimony-vault.invalid/")


def test_of_the_proofs_of_growth_only_those_from_sizes_that_never_came_are_kept(world: World) -> None:
    world.record()
    bundles = [world.sealed(BODY) for _ in range(4)]
    for bundle in (bundles[0], bundles[1], bundles[3]):
        assert receive(world.body, bundle).failure is None
    rows = world.body.read("SELECT custody_size, custody_growth FROM received_bundles ORDER BY custody_size")
    kept = [len(parse_growth(growth, size=size)) for size, growth in rows]
    assert kept == [0, 0, 1]
    assert receive(world.body, bundles[2]).standing is Standing.OLDER
