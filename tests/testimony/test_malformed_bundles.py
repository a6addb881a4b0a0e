"""Every malformed vector is refused by the check that it breaks, with its code and its exit code."""

import io
from pathlib import Path

import pytest
import vectors.contradictions
import vectors.malformed_anchors
import vectors.malformed_bags
import vectors.malformed_companions
import vectors.malformed_consent
import vectors.malformed_layers
import vectors.malformed_logs
import vectors.malformed_overlays
import vectors.malformed_public
import vectors.malformed_records
import vectors.malformed_revisions
import vectors.malformed_texts
import vectors.malformed_trees
from conformance.run import disagreement, expectations
from invented_interview import told_words
from vectors.catalogue import head_of
from vectors.corrected_records import FIRST_ROOT, corrected
from vectors.generate import VECTORS, Bag, Vector, resealed, sealed, stranger, world
from vectors.malformed_companions import translated

from testimony.bundle import names
from testimony.bundle.findings import Status, Verdict
from testimony.bundle.unseal import BundleFile
from testimony.custody.checkpoint import parse_checkpoint
from testimony.custody.growth import SeenHead
from testimony.earlier_bundle import heads_of, held_against
from testimony.errors import VerificationError
from testimony.report import exit_code, report_json, report_text
from testimony.report_codes import CODE_WORDS
from testimony.trust import Trust
from testimony.verify import Examination, examine_bundle, verified

MODULES = (
    vectors.contradictions,
    vectors.malformed_anchors,
    vectors.malformed_bags,
    vectors.malformed_companions,
    vectors.malformed_consent,
    vectors.malformed_layers,
    vectors.malformed_logs,
    vectors.malformed_overlays,
    vectors.malformed_public,
    vectors.malformed_records,
    vectors.malformed_revisions,
    vectors.malformed_texts,
    vectors.malformed_trees,
)


def examined(
    data: bytes, trusted: str = "sender", notes: tuple[bytes, ...] = (), before: Bag | None = None
) -> Examination:
    public = (world().device if trusted == "sender" else stranger()).public
    source = BundleFile(io.BytesIO(data), [world().body.opener()])
    heads = [parse_checkpoint(note, world().device.public) for note in notes]
    seen = tuple(SeenHead(size=head.size, root=head.root) for head in heads)
    trust = Trust.of([public.fingerprint])
    earlier = None if before is None else examined_earlier(before)
    found = examine_bundle(
        source,
        trust=trust,
        recipient=world().body.public.recipient,
        seen=lambda signer: (*seen, *(heads_of(earlier, signer) if earlier else ())),
    )
    return held_against(found, earlier) if earlier else found


def examined_earlier(bag: Bag) -> Examination:
    return examine_bundle(BundleFile(io.BytesIO(bag.tar())), trust=Trust.nobody(), recipient=None)


def written(folder: Path, one: Vector) -> Path:
    """The head of a vector, as others get it."""
    (folder / f"{one.name}.head").write_text(head_of(one))
    return folder


def test_the_bundle_that_every_vector_is_made_from_holds():
    for data in (sealed(), Bag().tar(), resealed(Bag().tar()), Bag().anew().tar()):
        examination = examined(data)
        assert not examination.failures
        assert examination.verdict is Verdict.PINNED
        assert exit_code(examination) == 0
        assert verified(examination).records


@pytest.mark.parametrize("late", [False, True])
def test_a_bundle_with_anchors_holds_and_bounds_its_record(late: bool):
    made = vectors.malformed_anchors.late_and_right() if late else vectors.malformed_anchors.anchored()
    examination = examined(made.anew().tar())
    assert examination.failures == ()
    interval = verified(examination).custody.interval_of_version("K7F3-9Q00", 1)
    if late:
        assert interval.not_before is not None
        assert (interval.not_before.at, interval.not_after) == (vectors.malformed_anchors.STAMPED, None)
    else:
        assert interval.not_after is not None
        assert (interval.not_before, interval.not_after.at) == (None, vectors.malformed_anchors.RECEIVED)


@pytest.mark.parametrize("said", ["of this body", "of another body"])
def test_a_bundle_with_words_after_the_finish_holds(said: str):
    words = vectors.malformed_consent.CONFIRMED if said == "of this body" else vectors.malformed_consent.PART
    examination = examined(vectors.malformed_consent.later(later=words).anew().tar())
    assert examination.failures == ()
    (record,) = verified(examination).records
    assert record.statement is not None
    assert record.statement.events == words[-1].seq
    assert len(record.consent) == (4 if said == "of this body" else 2)


@pytest.mark.parametrize("kind", ["translation", "transcript"])
def test_a_companion_that_is_as_it_should_be_holds(kind: str):
    examination = examined(translated(kind=kind).tar())
    assert not examination.failures
    (record,) = verified(examination).records
    assert [one.kind for one in record.companions] == [kind]


def test_a_corrected_record_that_is_as_it_should_be_holds():
    examination = examined(corrected().tar())
    assert not examination.failures
    (record,) = verified(examination).records
    assert (record.version, record.head.previous_root) == (2, FIRST_ROOT)


@pytest.mark.parametrize(
    "malformed",
    [pytest.param(one, id=one.name, marks=[pytest.mark.case(*one.cases)] if one.cases else []) for one in VECTORS],
)
def test_a_malformed_bundle_is_refused_by_the_check_it_breaks(malformed: Vector, tmp_path: Path):
    before = malformed.earlier() if malformed.earlier else None
    examination = examined(malformed.make(), malformed.trust, malformed.seen(), before)
    failed = {(finding.name, finding.code) for finding in examination.failures}
    assert {name for name, _ in failed} == malformed.expect
    assert malformed.code in {code for _, code in failed}
    assert {type(part) for one in examination.failures for part in (one.code, one.where)} == {str}
    assert exit_code(examination) == malformed.exits
    assert examination.verdict == malformed.verdict
    assert examination.contents is None or malformed.trust != "sender"
    with pytest.raises(VerificationError):
        verified(examination)
    told = [report_text(examination, language) for language in ("en", "ar")]
    told += [report_json(examination).decode(), *(str(finding) for finding in examination.failures)]
    assert all(told)
    assert [word for word in told_words() for text in told if word in text] == []
    expected = next(expectations(written(tmp_path, malformed)))
    assert disagreement(expected, exit_code(examination), report_json(examination)) == ""


@pytest.mark.parametrize(
    ("name", "check", "code", "where"),
    [
        ("file-listed-twice", "manifests", "listed-twice", names.MANIFEST),
        ("manifest-in-another-order", "manifests", "manifest-order", names.MANIFEST),
        ("listed-file-that-is-not-there", "manifests", "absent", "data/text/TST-0000009.txt"),
        ("signature-missing", "members", "absent", names.STATEMENT_HYBRID),
        ("member-unknown", "members", "unknown-member", "data/evil.txt"),
        ("member-twice", "members", "order", "data/text/TST-0000001.txt"),
        ("form-other-than-the-signed-one", "forms", "other-form", "data/forms/core-1.json"),
        ("exhibit-that-no-record-shows", "exhibits", "unlisted", "data/exhibits/TST-0000007.png"),
        ("answer-at-the-end-held-back", "consent", "no-end-question", "TST-0000001"),
        ("consent-past-its-review-date", "consent", "review-due", "TST-0000001"),
        ("revision-with-number-zero", "disclosures", "revision", "data/records/TST-0000001.json"),
    ],
)
def test_a_failure_names_the_file_or_the_record_where_it_is(name: str, check: str, code: str, where: str):
    one = next(one for one in VECTORS if one.name == name)
    found = {(str(finding.name), finding.code, finding.where) for finding in examined(one.make()).failures}
    assert (check, code, where) in found


def test_an_anchor_beyond_what_a_bundle_may_have_is_named_and_not_taken(monkeypatch: pytest.MonkeyPatch):
    made = vectors.malformed_anchors.anchored()
    anchors = sorted(name for name in made.files if name.startswith("data/custody/anchors/"))
    monkeypatch.setattr("testimony.verify.MAX_ANCHORS", len(anchors))
    assert examined(made.anew().tar()).failures == ()
    monkeypatch.setattr("testimony.verify.MAX_ANCHORS", len(anchors) - 1)
    failures = examined(made.anew().tar()).failures
    assert ("members", "limit", anchors[-1]) in {(str(one.name), one.code, one.where) for one in failures}


def test_a_bundle_for_two_bodies_is_refused_as_such():
    lines = Bag().files[names.STATEMENT].split(b"\n")
    line = next(one for one in lines if one.startswith(b"recipient: "))
    two = line + b"\nrecipient: court-b " + b" ".join([b"9999"] * 10) + b" " + b"a" * 64
    failures = examined(Bag().anew((line, two)).tar()).failures
    assert ("consent", "more-than-one-body", "TST-0000001") in {
        (str(one.name), one.code, one.where) for one in failures
    }


def test_there_are_many_vectors_and_each_has_its_own_name():
    assert len(VECTORS) >= 400
    assert len({one.name for one in VECTORS}) == len(VECTORS)


def test_every_check_of_the_table_is_broken_by_some_vector():
    broken = set().union(*(one.expect for one in VECTORS))
    notes = (Bag().files[names.CUSTODY_CHECKPOINT],)  # the head of this very bundle, seen before
    findings = examined(sealed(), notes=notes, before=Bag()).findings
    assert broken == {finding.name for finding in findings if finding.status is Status.PASS}


def test_the_report_says_in_both_languages_what_a_failure_means():
    examination = examined(Bag().edit("data/legal/conditions.txt", b"not", b"now").tar())
    assert "it was changed (changed); where: data/legal/conditions.txt" in report_text(examination, "en")
    assert "تغيّر (changed); الموضع: data/legal/conditions.txt" in report_text(examination, "ar")
    assert all(words.keys() == {"en", "ar"} for words in CODE_WORDS.values())
    assert len({one.code for one in VECTORS} - CODE_WORDS.keys()) < 25
