"""A bundle held against an earlier one of the same sender to the same body (docs/format/bundle-v1.md, section 6.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from keys.digests import sha256
from keys.public_identity import PublicIdentity
from testimony.bundle.continuity import Continuation, Rendition, continuity_between
from testimony.bundle.custody_check import FINISHING
from testimony.bundle.findings import Check, Finding, Status, verdict_of
from testimony.bundle.verified_record import VerifiedRecord
from testimony.custody.growth import SeenHead
from testimony.verify import Contents, Examination


def heads_of(earlier: Examination, signer: PublicIdentity) -> tuple[SeenHead, ...]:
    """The head of an earlier bundle's log as one that was seen; none where another device signed it, or it fails."""
    contents = earlier.contents
    if contents is None or earlier.signer is None or earlier.signer.public != signer:
        return ()
    head = contents.custody.checkpoint
    return (SeenHead(size=head.size, root=head.root, growth=contents.custody.growth),)


def held_against(examination: Examination, earlier: Examination) -> Examination:
    """The examination with the check of revisions made, and how each record stands to the earlier bundle.

    It is made only where every other check has passed; where it fails, nothing of the bundle is given out.
    """
    if examination.contents is None:
        return examination
    continuations: dict[str, Continuation] = {}
    failures = tuple(_failures(examination, earlier, continuations))
    made = failures or (Finding(name=Check.REVISIONS, status=Status.PASS),)
    findings = (*(one for one in examination.findings if one.name != Check.REVISIONS), *made)
    return replace(
        examination,
        findings=findings,
        verdict=verdict_of(findings),
        contents=None if failures else examination.contents,
        continuations={} if failures else continuations,
    )


def _failures(
    examination: Examination, earlier: Examination, continuations: dict[str, Continuation]
) -> Iterator[Finding]:
    """Everything that fails; `continuations` takes how each record stands."""
    before, after = earlier.contents, examination.contents
    old, new = earlier.statement, examination.statement
    if before is None or after is None or old is None or new is None:
        yield _failed("earlier-refused", next((str(one.name) for one in earlier.failures), ""))
        return
    known = {record.record_id: record for record in before.records}
    in_both = known.keys() & {record.record_id for record in after.records}
    if not in_both or old.recipients[0].code != new.recipients[0].code:
        yield _failed("earlier-unrelated", old.bundle_id)
    elif old.signer.fingerprint != new.signer.fingerprint:
        yield _failed("earlier-signer", new.signer.code)
    elif old.custody.size > new.custody.size:
        yield _failed("earlier-newer", old.bundle_id)
    else:
        yield from _of_records(known, after, continuations)


def _of_records(
    known: Mapping[str, VerifiedRecord], after: Contents, continuations: dict[str, Continuation]
) -> Iterator[Finding]:
    for record in after.records:
        before = known.get(record.record_id)
        if before is None:
            continuations[record.record_id] = Continuation(step="not-there")
        elif before.version != record.version:
            if code := _fault_of_versions(before, record, after):
                yield _failed(code, record.control_number)
            continuations[record.record_id] = Continuation(step="corrected")
        else:
            found = continuity_between(_rendition(before), _rendition(record))
            yield from (_failed(one.code, f"{record.control_number} {one.path}".strip()) for one in found.faults)
            continuations[record.record_id] = Continuation(
                step=found.step, lifted=found.lifted, hidden=found.hidden, recoded=found.recoded
            )
    gone = known.keys() - {record.record_id for record in after.records}
    continuations.update((record_id, Continuation(step="not-carried")) for record_id in sorted(gone))


def _fault_of_versions(before: VerifiedRecord, record: VerifiedRecord, after: Contents) -> str:
    """Another version: the log that came with the later bundle names the one before, with its root and its head."""
    if before.version > record.version:
        return "earlier-newer"
    wanted = (before.version, before.root, sha256(before.head_text).hex())
    chain = after.custody.carried.objects.get(record.record_id, ())
    finished = (entry.details for entry in chain if entry.kind in FINISHING)
    named = any(tuple(map(said.get, ("version", "root", "head"))) == wanted for said in finished)
    return "" if named else "other-version"


def _rendition(record: VerifiedRecord) -> Rendition:
    return Rendition(head=record.head, head_text=record.head_text, file=record.file, form=record.disclosed.form)


def _failed(code: str, where: str) -> Finding:
    return Finding(name=Check.REVISIONS, status=Status.FAIL, code=code, where=where)
