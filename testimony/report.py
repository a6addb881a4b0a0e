"""The verification report: one text for people, one canonical JSON for machines (docs/format/report-v1.md).

The same examination always gives the same bytes: no clock, no machine, no path stands in it.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from testimony.bundle.findings import NOT_OPENED, Check, Finding, Status, Verdict
from testimony.bundle.statement import Statement
from testimony.bundle.verified_record import VerifiedRecord
from testimony.canonical import JsonValue, encode
from testimony.custody.anchors import Anchor, Interval
from testimony.report_codes import NEXT_STEPS, meaning_of
from testimony.report_words import CHECK_NAMES, CONTINUATIONS, LIMITS, TITLES, VERDICTS, Language
from testimony.text_lines import moment_text
from testimony.verifier_digest import digest_of_verifier
from testimony.verify import Examination

HOLDS: Final = 0
CHECK_FAILED: Final = 1
MALFORMED: Final = 2
NOT_FOR_YOU: Final = 4

_FORMAT: Final = "testimony-vault report v1"
_WIDTH: Final = 100
_FOR_OTHERS: Final = frozenset({"not-for-you", "addressed-to-another"})
# Controls, formats (bidirectional ones among them), surrogates, private use and line separators do things to a screen.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def exit_code(examination: Examination) -> int:
    """0 holds, 1 a check failed or could not be made, 2 no bundle, 4 for somebody else (security.md, section 6)."""
    failures = examination.failures
    if any(finding.code in NOT_OPENED for finding in failures):
        return MALFORMED
    if failures and all(finding.code in _FOR_OTHERS for finding in failures):
        return NOT_FOR_YOU
    return CHECK_FAILED if failures or examination.verdict is Verdict.INCOMPLETE else HOLDS


def report_text(examination: Examination, language: Language) -> str:
    """The report for people, in one language, every datum made safe for a terminal."""
    words = TITLES[language]
    if is_unexamined(examination):
        return _short_text(examination, language)
    sections = (
        [words["title"]],
        _opening(examination, language),
        _claims(examination, language),
        _checks(examination, language),
        _trusted(examination, language),
        _records(examination, language),
        _not_carried(examination, language),
        _erased(examination, language),
        [words["limits"], *_wrapped(LIMITS[language])],
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def is_unexamined(examination: Examination) -> bool:
    """Whether nothing of a bundle was judged: no bundle, another version, no key or not the key that opens it."""
    failures = examination.failures
    return bool(failures) and all(finding.code in NEXT_STEPS for finding in failures)


def headline(examination: Examination, language: Language) -> str:
    """The verdict in words for people; it says so where nothing was examined, or where another key sealed it."""
    words, failures = TITLES[language], examination.failures
    if is_unexamined(examination):
        return f"{words['not-examined']}: {meaning_of(failures[0].code, language)} ({failures[0].code})."
    verdict = VERDICTS[language][examination.verdict]
    if all(finding.name != Check.TRUSTED for finding in failures):
        return verdict
    # "Self-consistent" reads like success to somebody who named a signer and got another.
    if examination.verdict is Verdict.SELF_CONSISTENT:
        return words["other-key"]
    return f"{verdict} {words['other-key-too']}"


def report_json(examination: Examination) -> bytes:
    """The report for machines: canonical JSON and a line feed."""
    return (
        encode(
            {
                "bundle_sha256": examination.sha256,
                "checks": [_row(finding) for finding in examination.findings],
                "erased": _erased_rows(examination),
                "exit": exit_code(examination),
                "format": _FORMAT,
                "layers": list(examination.layers),
                "not_carried": list(_gone(examination)) if examination.continuations else None,
                "records": [] if examination.contents is None else _record_rows(examination),
                "statement": None if examination.statement is None else _statement_value(examination.statement),
                "trusted": sorted(examination.trust.fingerprints),
                "verdict": str(examination.verdict),
                "verifier_sha256": digest_of_verifier(),
            }
        )
        + b"\n"
    )


def terminal_safe(text: str) -> str:
    """The text with every character that could act on a terminal as a visible mark such as <U+202E>."""
    return "".join(f"<U+{ord(char):04X}>" if unicodedata.category(char) in _UNSEEN else char for char in text)


def _short_text(examination: Examination, language: Language) -> str:
    """Where nothing was examined: why, and what to do; checks that were never begun are no news."""
    words = TITLES[language]
    code = examination.failures[0].code
    step = [words["next"], *_wrapped(NEXT_STEPS[code][language])]
    return "\n\n".join("\n".join(part) for part in ([words["title"]], _opening(examination, language), step)) + "\n"


def _opening(examination: Examination, language: Language) -> list[str]:
    words = TITLES[language]
    statement = examination.statement
    return [
        *([words["practice"]] if statement is not None and statement.practice else []),
        f"{words['given']}: {words[_given(examination)]}",
        f"{words['bundle-digest']}: {examination.sha256 or words['no-digest']}",
        f"{words['verifier-digest']}: {digest_of_verifier()}",
        "",
        f"{words['verdict']}: {headline(examination, language)}",
    ]


def _given(examination: Examination) -> str:
    if any(finding.code == "not-a-bundle" for finding in examination.failures):
        return "nothing"
    if any(finding.where == "age" for finding in examination.failures):
        return "age-layer"
    return examination.layers[0] if examination.layers else "folder"


def _claims(examination: Examination, language: Language) -> list[str]:
    words = TITLES[language]
    statement = examination.statement
    if statement is None:
        return [words["claims"], f"  {words['unproved']}"]
    lines = [f"{words[key]}: {value}" for key, value in _claimed(statement, words["none"])]
    lines += [f"{words['withheld']}: {one.record_id} {one.reason}" for one in statement.withheld]
    return [words["claims"], *(f"  {terminal_safe(line)}" for line in lines)]


def _claimed(statement: Statement, none: str) -> Iterator[tuple[str, str]]:
    held, withheld = len(statement.records), len(statement.withheld)
    yield "bundle", statement.bundle_id
    yield "previous", statement.previous or none
    yield "purpose", statement.purpose
    yield "profile", statement.profile
    yield "signer", f"{statement.signer.code} {statement.signer.fingerprint}"
    for one in statement.recipients:
        yield "recipient", f"{one.code} {one.fingerprint}"
    yield "time", moment_text(statement.claimed_time)
    yield "not-before", none if statement.not_before is None else moment_text(statement.not_before)
    yield "not-after", none if statement.not_after is None else moment_text(statement.not_after)
    yield "count", f"{held} / {held + withheld}"
    yield "custody", f"{statement.custody.size} {statement.custody.root}"


def _checks(examination: Examination, language: Language) -> list[str]:
    words, names = TITLES[language], CHECK_NAMES[language]
    lines = [words["checks"]]
    for finding in examination.findings:
        lines.append(f"  [{words[finding.status]}] {names[finding.name]} ({finding.name})")
        if finding.status is Status.FAIL:
            where = f"; {words['where']}: {terminal_safe(finding.where)}" if finding.where else ""
            lines.append(f"      {meaning_of(finding.code, language)} ({terminal_safe(finding.code)}){where}")
    return lines


def _trusted(examination: Examination, language: Language) -> list[str]:
    words = TITLES[language]
    named = [f"  {fingerprint}" for fingerprint in sorted(examination.trust.fingerprints)]
    return [words["trusted"], *(named or [f"  {words['nobody']}"])]


def _records(examination: Examination, language: Language) -> list[str]:
    if examination.contents is None:
        return []
    words = TITLES[language]
    shown, hidden = words["shown"], words["hidden"]
    custody = examination.contents.custody
    lines = []
    for one in examination.contents.records:
        lines.append(
            f"  {one.control_number} {one.record_id} v{one.version}: {shown} {one.shown}, {hidden} {one.hidden}"
        )
        if one.put:
            lines.append(f"      {words['put']}: {one.put}")
        lines += [f"      {line}" for line in _revision_lines(examination, one, language)]
        interval = custody.interval_of_version(one.record_id, one.version)
        lines += [f"      {terminal_safe(line)}" for line in _interval_lines(interval, one.head.claimed_time, words)]
    return [words["records"], *lines]


def _not_carried(examination: Examination, language: Language) -> list[str]:
    gone = _gone(examination)
    return [TITLES[language]["not-carried"], *(f"  {record_id}" for record_id in gone)] if gone else []


def _gone(examination: Examination) -> tuple[str, ...]:
    """The records of the earlier bundle that this one does not hold."""
    found = examination.continuations.items()
    return tuple(sorted(record_id for record_id, how in found if how.step == "not-carried"))


def _erased(examination: Examination, language: Language) -> list[str]:
    """Each record that the sender had given to this body once and says it has erased."""
    words = TITLES[language]
    stones = () if examination.contents is None else examination.contents.custody.tombstones
    lines = [
        words["erased-one"].format(record=one.record_id, root=one.root or words["none"], at=moment_text(one.at))
        for one in stones
    ]
    return [words["erased"], *(f"  {terminal_safe(line)}" for line in lines)] if lines else []


def _revision_lines(examination: Examination, record: VerifiedRecord, language: Language) -> Iterator[str]:
    """Number and history of the revision, and how it stands to the earlier bundle where one was given."""
    words, revision = TITLES[language], record.revision
    yield f"{words['revision']}: {revision.label}"
    if revision.since is not None:
        yield f"{words['since']}: {revision.since}"
    if revision.request is not None:
        yield f"{words['request']}: {revision.request}"
    yield from (f"{words['lift']}: {path}" for path in revision.lifts)
    found = examination.continuations.get(record.record_id)
    if found is not None:
        yield f"{words['earlier']}: {CONTINUATIONS[language][found.step]}"
        yield from (f"{words['hidden-again']}: {path}" for path in found.hidden)
        yield from (f"{words['recoded']}: {path}" for path in found.recoded)


def _interval_lines(interval: Interval, claimed: datetime, words: Mapping[str, str]) -> Iterator[str]:
    before, after = (_outside(anchor, words) for anchor in (interval.not_before, interval.not_after))
    yield words["interval"].format(before=before, after=after, claimed=moment_text(claimed))
    if interval.contradicts:
        yield words["contradiction"]


def _outside(anchor: Anchor | None, words: Mapping[str, str]) -> str:
    if anchor is None:
        return f"({words['unbounded']})"
    return f"{moment_text(anchor.at)} ({words[anchor.kind].format(by=anchor.by)})"


def _row(finding: Finding) -> JsonValue:
    row: dict[str, JsonValue] = {"name": finding.name, "status": str(finding.status)}
    if finding.status is Status.FAIL:
        row |= {"code": finding.code, "where": finding.where}
    return row


def _record_rows(examination: Examination) -> list[JsonValue]:
    if examination.contents is None:
        return []
    custody = examination.contents.custody
    return [
        {
            "claimed_time": moment_text(one.head.claimed_time),
            "control_number": one.control_number,
            "hidden": one.hidden,
            "not_after": _anchor_value(custody.interval_of_version(one.record_id, one.version).not_after),
            "not_before": _anchor_value(custody.interval_of_version(one.record_id, one.version).not_before),
            "record_id": one.record_id,
            "revision": one.revision.to_json() | {"earlier": _earlier_value(examination, one)},
            "root": one.root,
            "shown": one.shown,
            "version": one.version,
        }
        for one in examination.contents.records
    ]


def _erased_rows(examination: Examination) -> list[JsonValue]:
    stones = () if examination.contents is None else examination.contents.custody.tombstones
    return [{"claimed_time": moment_text(one.at), "record_id": one.record_id, "root": one.root} for one in stones]


def _earlier_value(examination: Examination, record: VerifiedRecord) -> JsonValue:
    found = examination.continuations.get(record.record_id)
    if found is None:
        return None
    return {
        "hidden": list(found.hidden),
        "lifted": list(found.lifted),
        "recoded": list(found.recoded),
        "step": found.step,
    }


def _anchor_value(anchor: Anchor | None) -> JsonValue:
    return None if anchor is None else {"at": moment_text(anchor.at), "by": anchor.by, "kind": str(anchor.kind)}


def _statement_value(statement: Statement) -> JsonValue:
    return {
        "bundle_id": statement.bundle_id,
        "claimed_time": moment_text(statement.claimed_time),
        "custody_origin": statement.custody.origin,
        "custody_root": statement.custody.root,
        "custody_size": statement.custody.size,
        "practice": statement.practice,
        "previous": statement.previous,
        "profile": statement.profile,
        "purpose": statement.purpose,
        "recipients": [{"code": one.code, "fingerprint": one.fingerprint} for one in statement.recipients],
        "records": len(statement.records),
        "signer": {"code": statement.signer.code, "fingerprint": statement.signer.fingerprint},
        "withheld": [{"reason": one.reason, "record_id": one.record_id} for one in statement.withheld],
    }


def _wrapped(text: str) -> Iterator[str]:
    line = " "
    for word in text.split(" "):
        if len(line) + len(word) > _WIDTH:
            yield line
            line = " "
        line += f" {word}"
    yield line
