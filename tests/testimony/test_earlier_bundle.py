"""A bundle held against an earlier one, by both verifiers (docs/format/bundle-v1.md, section 6.8)."""

import io
import tarfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conformance.test_conformance import OPENER, answered, independent
from invented_interview import english, record_of
from vectors.generate import resealed, stranger, world
from vectors.good_bundles import GOOD, of
from vectors.malformed_revisions import LAST, LITTLE, MODE, REQUEST, after, first, second, second_by_itself, sender

from testimony.__main__ import main as ours
from testimony.bundle.continuity import Rendition, continuity_between
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.unseal import BundleFile
from testimony.canonical import decode, encode
from testimony.earlier_bundle import held_against
from testimony.trust import Trust
from testimony.verify import Examination, examine_bundle

Verifier = Callable[[Sequence[str]], int]
VERIFIERS = [pytest.param(ours, id="ours"), pytest.param(independent.main, id="independent")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("earlier")
    for name, bag in (("old", first().bag()), ("new", second_by_itself().bag())):
        (folder / f"{name}.tar").write_bytes(bag.tar())
        with tarfile.open(folder / f"{name}.tar") as archive:
            archive.extractall(folder / name, filter="data")
    (folder / "answer.tar").write_bytes(second(MODE, LAST, request=REQUEST).tar())
    (folder / "old.age").write_bytes(resealed((folder / "old.tar").read_bytes()))
    (folder / "theirs.age").write_bytes(resealed((folder / "old.tar").read_bytes(), stranger()))
    (folder / "letter").write_bytes(b"Dear Sir or Madam,\n")
    (folder / "identity.txt").write_bytes(world().body.age_secret().reveal() + b"\n")
    return folder


def report(verify: Verifier, *words: object) -> tuple[int, Any]:
    more = ["--age-command", OPENER] if verify is not ours else []
    code, output = answered(verify, [*map(str, words), "--json", *more])
    return code, decode(output.rstrip(b"\n"), limit=1 << 22, where="report") if output else None


@pytest.mark.parametrize("verify", VERIFIERS)
@pytest.mark.parametrize("given", ["old.tar", "old", "old.age"])
def test_the_earlier_bundle_is_taken_in_each_of_its_forms(folder: Path, verify: Verifier, given: str) -> None:
    identity = folder / "identity.txt"
    code, said = report(verify, folder / "new.tar", "--earlier", folder / given, "--identity", identity)
    assert (code, said["verdict"]) == (0, "self-consistent")
    assert {"name": "revisions", "status": "pass"} in said["checks"]
    assert {"name": "custody-growth", "status": "pass"} in said["checks"]
    assert said["records"][0]["revision"] == {
        "earlier": {"hidden": [], "lifted": [MODE, LAST], "recoded": [], "step": "lifts"},
        "lifts": [MODE, LAST],
        "number": 2,
        "request": None,
        "since": first().file_sha256,
    }


@pytest.mark.parametrize("verify", VERIFIERS)
def test_without_an_earlier_bundle_nothing_is_said_of_one(folder: Path, verify: Verifier) -> None:
    code, said = report(verify, folder / "new.tar")
    assert code == 0
    assert {"name": "revisions", "status": "not-made"} in said["checks"]
    assert said["records"][0]["revision"]["earlier"] is None


@pytest.mark.parametrize("verify", VERIFIERS)
@pytest.mark.parametrize(
    ("given", "expected"),
    [("letter", (2, "not-a-bundle")), ("old.age", (2, "give --identity FILE")), ("nowhere", (3, "read"))],
)
def test_an_earlier_file_that_cannot_be_used_ends_with_one_line_and_no_report(
    folder: Path, verify: Verifier, given: str, expected: tuple[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    ended, said = report(verify, folder / "new.tar", "--earlier", folder / given)
    (line,) = capsys.readouterr().err.splitlines()
    assert (ended, said) == (expected[0], None)
    assert expected[1] in line


@pytest.mark.parametrize("verify", VERIFIERS)
def test_an_earlier_file_sealed_for_somebody_else_says_nothing_against_the_later(
    folder: Path, verify: Verifier, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = folder / "identity.txt"
    words = (folder / "new.tar", "--earlier", folder / "theirs.age", "--identity", identity)
    assert report(verify, *words) == (2, None)
    assert "not-for-you" in capsys.readouterr().err


@pytest.mark.parametrize("verify", VERIFIERS)
def test_a_record_of_the_earlier_bundle_alone_is_named_and_is_no_failure(folder: Path, verify: Verifier) -> None:
    both = sender(knows=(0, 1), packs=(0, 1), records=2, sees=LITTLE)
    (folder / "both.tar").write_bytes(both.bag().tar())
    (folder / "one.tar").write_bytes(after(both, knows=(0, 1), packs=(1,), records=1, sees=LITTLE).bag().tar())
    code, said = report(verify, folder / "one.tar", "--earlier", folder / "both.tar")
    gone = {row["record_id"] for row in report(verify, folder / "both.tar")[1]["records"]}
    gone -= {row["record_id"] for row in said["records"]}
    assert (code, len(gone), said["not_carried"]) == (0, 1, [*gone])
    people = answered(verify, [str(folder / "one.tar"), "--earlier", str(folder / "both.tar")])[1].decode()
    assert said["not_carried"][0] in people
    assert report(verify, folder / "one.tar")[1]["not_carried"] is None
    assert report(verify, folder / "new.tar", "--earlier", folder / "old.tar")[1]["not_carried"] == []


@pytest.mark.parametrize("verify", VERIFIERS)
def test_what_the_sender_has_erased_since_is_named(folder: Path, verify: Verifier) -> None:
    (bundle,) = (one.make() for one in GOOD if one.name == "good-with-its-own-walk-and-a-tombstone")
    (folder / "erased.tar").write_bytes(bundle)
    code, said = report(verify, folder / "erased.tar")
    (stone,) = said["erased"]
    assert (code, stone["record_id"], stone["root"]) == (0, "K7F3-9QZX", "0c" * 32)
    assert "K7F3-9QZX" in answered(verify, [str(folder / "erased.tar")])[1].decode()
    assert report(verify, folder / "old.tar")[1]["erased"] == []


@pytest.mark.parametrize("verify", VERIFIERS)
def test_an_act_of_another_kind_beside_a_tombstone_erases_nothing(folder: Path, verify: Verifier) -> None:
    bundle = of(besides=[("record.view", "tombstone/K7F3-9QZX", {})])
    (folder / "viewed.tar").write_bytes(bundle.tar())
    code, said = report(verify, folder / "viewed.tar")
    assert (code, said["erased"]) == (0, [])


@pytest.fixture(scope="module")
def good_pairs(folder: Path) -> dict[str, tuple[Path, Path]]:
    pairs = {}
    for one in GOOD:
        if one.earlier is not None:
            pairs[one.name.removeprefix("good-")] = folder / f"{one.name}.new", folder / f"{one.name}.old"
            (folder / f"{one.name}.new").write_bytes(one.make())
            (folder / f"{one.name}.old").write_bytes(one.earlier().tar())
    return pairs


@pytest.mark.parametrize("verify", VERIFIERS)
def test_both_verifiers_say_the_same_of_every_good_pair(good_pairs: Any, verify: Verifier) -> None:
    steps = {}
    for name, (new, old) in good_pairs.items():
        code, said = report(verify, new, "--earlier", old)
        assert code == 0, name
        told = [row["revision"]["earlier"] for row in said["records"]]
        steps[name] = [(row["step"], *row["lifted"], *row["hidden"], *row["recoded"]) for row in told]
    assert steps == {
        "revision-that-lifts-what-it-says": [("lifts", "account.mode", "account.text/2")],
        "same-bundle-twice": [("same",)],
        "first-revision-sealed-again": [("same",)],
        "revision-that-lifts-one-gap-and-half-of-another": [("lifts", "account.text/2/0-3", "account.text/2/5-7")],
        "revision-that-hides-again-and-is-no-answer": [
            ("narrower", "account.mode", "account.text/2", "session.language")
        ],
        "answer-that-lifts-a-place-beyond-the-profile": [("lifts", "session.place/verbatim")],
        "answer-that-shows-a-name-beside-its-code": [("lifts", "account.text/0/10-10")],
        "answer-that-lifts-a-paragraph-with-a-name-in-it": [("lifts", "account.text/0")],
        "answer-that-names-the-witness-with-a-yes-to-it": [("lifts", "witness.name/family")],
        "second-answer-that-carries-on-the-lifts-of-the-first": [("lifts", "account.text/2")],
        "correction-beside-the-version-that-it-corrects": [("corrected",)],
        "first-revision-with-other-codes-by-the-redactor": [("same", "account.text/0")],
        "record-that-the-earlier-bundle-had-not-beside-one-that-it-had": [("not-there",), ("same",)],
    }


@pytest.mark.parametrize(
    ("language", "sentence", "request_line"),
    [
        ("en", "it shows all that was shown, and besides exactly", "Answers the disclosure request: "),
        ("ar", "يُظهر كل ما كان ظاهراً، ويزيد عليه", "يجيب طلب الكشف: "),
    ],
)
def test_the_report_for_people_tells_of_the_revision(
    folder: Path, language: str, sentence: str, request_line: str
) -> None:
    words = [folder / "answer.tar", "--earlier", folder / "old.tar", "--lang", language]
    text = answered(ours, [*map(str, words)])[1].decode()
    assert sentence in text
    assert f"{request_line}{REQUEST}" in text
    assert ": R02\n" in text
    assert text.count(": account.mode\n") == text.count(": account.text/2\n") == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The redactor's codes in the gaps are others than there"),
        ("ar", "الرموز التي وضعها الحاجب في المواضع المحجوبة غير ما كانت هناك"),
    ],
)
def test_the_report_tells_that_the_redactor_names_somebody_else(
    good_pairs: dict[str, tuple[Path, Path]], language: str, sentence: str
) -> None:
    new, old = good_pairs["first-revision-with-other-codes-by-the-redactor"]
    text = answered(ours, [str(new), "--earlier", str(old), "--lang", language])[1].decode()
    assert f"{sentence}: account.text/0\n" in text


def examined(bag: Any) -> Examination:
    return examine_bundle(BundleFile(io.BytesIO(bag.tar())), trust=Trust.nobody(), recipient=None)


@pytest.fixture(scope="module")
def pair() -> tuple[Examination, Examination]:
    return examined(first().bag()), examined(second_by_itself().bag())


def codes(examination: Examination) -> list[str]:
    return [one.code for one in examination.failures]


def test_a_bundle_to_another_body_is_not_the_one_to_compare_with(pair: Any) -> None:
    old, new = pair
    (recipient,) = old.statement.recipients
    other = replace(old, statement=replace(old.statement, recipients=(replace(recipient, code="body-b"),)))
    assert codes(held_against(new, other)) == ["earlier-unrelated"]


def test_a_version_that_the_log_does_not_name_is_told(pair: Any) -> None:
    """No two logs of which one continues the other can say so: the heads of the logs would differ before that."""
    old, new = pair
    (record,) = new.contents.records
    later = replace(record, head=replace(record.head, version=3))
    changed = replace(new, contents=replace(new.contents, records=(later,)))
    assert codes(held_against(changed, old)) == []
    (before,) = old.contents.records
    for strange in (
        replace(before, head_text=before.head_text + b"\n"),
        replace(before, head=replace(before.head, root="0b" * 32)),
        replace(before, head=replace(before.head, version=2)),
    ):
        other = replace(old, contents=replace(old.contents, records=(strange,)))
        failed = held_against(changed, other)
        assert codes(failed) == ["other-version"]
        assert (failed.contents, failed.continuations, str(failed.verdict)) == (None, {}, "invalid")


def renditions() -> tuple[Rendition, Rendition]:
    form = record_of(english()).form
    found = []
    for examination in (examined(first().bag()), examined(second_by_itself().bag())):
        assert examination.contents is not None
        (one,) = examination.contents.records
        found.append(Rendition(head=one.head, head_text=one.head_text, file=one.file, form=form))
    return found[0], found[1]


def test_two_heads_of_one_version_are_no_revisions_of_each_other() -> None:
    old, new = renditions()
    assert continuity_between(old, new).faults == ()
    (fault,) = continuity_between(replace(old, head_text=old.head_text + b"\n"), new).faults
    assert (fault.code, fault.path) == ("other-head", "")


def test_an_earlier_file_that_leads_to_another_root_is_told_by_its_code() -> None:
    old, new = renditions()
    file: Any = decode(old.file, limit=1 << 22, where="record")
    hidden = next(run for run in file["disclosure"]["runs"] if run[0] == "hide")
    hidden[2] = b64encode(bytes(len(b64decode(hidden[2])))).decode()
    broken = replace(old, file=encode(file))
    revision = parse_record_file(new.file, "record").revision
    renamed: Any = decode(new.file, limit=1 << 22, where="record")
    renamed["revision"] = replace(revision, since=broken.file_sha256).to_json()
    found = continuity_between(broken, replace(new, file=encode(renamed)))
    assert [one.code for one in found.faults] == ["root"]
    assert (found.lifted, found.hidden) == ((), ())
