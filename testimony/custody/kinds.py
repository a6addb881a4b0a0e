"""The kinds of custody entries and their details (docs/format/custody-v1.md, sections 3 and 4).

A detail is a count, a digest, an id or one word of a closed list.  None of them can hold a sentence, and no
script but Latin fits, so that neither a name nor words of testimony slip into the log unnoticed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from testimony.canonical import MAX_INTEGER
from testimony.errors import CustodyError


@dataclass(frozen=True, kw_only=True)
class DetailType:
    """What one detail may be: a count, where there is no pattern, else text that matches it whole."""

    name: str
    pattern: re.Pattern[str] | None

    def allows(self, value: object) -> bool:
        """Whether the value is of this type."""
        if self.pattern is None:
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER
        return isinstance(value, str) and self.pattern.fullmatch(value) is not None


def _text(name: str, pattern: str) -> DetailType:
    return DetailType(name=name, pattern=re.compile(pattern))


def _one_of(*words: str) -> DetailType:
    return _text(" | ".join(words), "|".join(map(re.escape, words)))


CODE: Final = _text("code", r"[A-Za-z0-9._:@/+-]{1,64}")
COUNT: Final = DetailType(name="count", pattern=None)
DIGEST: Final = _text("digest", r"[0-9a-f]{64}")
HEX_ID: Final = _text("hex id", r"[0-9a-f]{32}")
_RECORD_ID: Final = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"
RECORD_ID: Final = _text("record id", _RECORD_ID)
CONTROL: Final = _text("control number", r"[A-Z0-9]{2,6}-[0-9]{7}")
FINGERPRINT: Final = _text("fingerprint", r"[0-9]{40}")
TIME: Final = _text("time", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
PROFILE: Final = _one_of("full", "pseudonymised", "lead", "statistics")
SLOT_KIND: Final = _one_of("passphrase", "passphrase-and-file", "recovery", "escrow")
WAY: Final = _one_of("typed", "file", "spoken", "recorded", "thumbprint", "signed")
VERDICT: Final = _one_of("self-consistent", "pinned", "incomplete", "invalid")
OUTCOME: Final = _one_of("imported", "already", "conflict", "quarantined")
RESULT: Final = _one_of("held", "failed")
ERASURE: Final = _one_of("stop-sharing", "remove-name", "erase")
REACH: Final = _one_of("everything", "one-body")
FORM_ORIGIN: Final = _one_of("own", "received")
ANSWER: Final = _one_of("yes", "no", "part")
OVERRULED: Final = _one_of("expired", "not-yet-valid")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of act: the details an entry must have and those it may have.

    `about` is the shape of its object, where that must be one of its own and never a record.
    """

    name: str
    required: Mapping[str, DetailType]
    optional: Mapping[str, DetailType]
    about: re.Pattern[str] | None = None


def _kind(
    name: str,
    required: Mapping[str, DetailType] | None = None,
    optional: Mapping[str, DetailType] | None = None,
    *,
    about: re.Pattern[str] | None = None,
) -> Kind:
    return Kind(name=name, required=required or {}, optional=optional or {}, about=about)


_SLOT: Final = {"slot": COUNT}
_SLOT_MORE: Final = {"slot_kind": SLOT_KIND}
_EVENT: Final = {"event": DIGEST}
_EVENT_MORE: Final = {"number": COUNT, "statement": DIGEST}
_RECORD: Final = {"version": COUNT, "root": DIGEST}
_REASON: Final = {"reason": CODE}
_BUNDLE: Final = {"recipient": FINGERPRINT, "profile": PROFILE, "records": COUNT}
_BUNDLE_MORE: Final = {"withheld": COUNT, "purpose": CODE, "manifest": DIGEST, "previous": HEX_ID, "conditions": DIGEST}
_RECEIVED: Final = {"signer": FINGERPRINT, "bundle_sha256": DIGEST}
_STAFF: Final = {"fingerprint": FINGERPRINT}
# A line that travels gives the hash of the one before it, which must not be found by trying what may stand there.
_SALT: Final = {"salt": HEX_ID}

# Section 4: what one body must not learn of another, or why, stands on no record's own chain.
_WALK: Final = re.compile(r"(?:walk|marks)/[0-9a-f]{32}")
_APPROVAL: Final = re.compile(r"approval/[0-9a-f]{32}")
_HOLD: Final = re.compile(f"hold/{_RECORD_ID}")
_ERASURE: Final = re.compile(f"erase/{_RECORD_ID}")
_TOMBSTONE: Final = re.compile(f"tombstone/{_RECORD_ID}")

_TABLE: Final = (
    _kind("vault.create", {"profile": CODE}, {"format": COUNT, "role": CODE, "prefix": CODE}),
    _kind("vault.unlock", _SLOT, {"failed": COUNT, "kept": DIGEST}),
    _kind("vault.lock"),
    _kind("vault.failed", {"attempts": COUNT}),
    _kind("vault.settings", {"digest": DIGEST}, {"setting": CODE}),
    _kind("slot.add", _SLOT, _SLOT_MORE),
    _kind("slot.remove", _SLOT, {**_SLOT_MORE, **_REASON}),
    _kind("slot.used", _SLOT, _SLOT_MORE),
    _kind("session.open", None, {"case": CODE}),
    _kind("session.close", None, {"case": CODE}),
    _kind("session.abort", None, {"case": CODE, **_REASON}),
    _kind("consent.grant", _EVENT, _EVENT_MORE),
    _kind("consent.change", _EVENT, _EVENT_MORE),
    _kind("consent.withdraw", {**_EVENT, "reach": REACH}, _EVENT_MORE),
    _kind("consent.confirm", _EVENT, _EVENT_MORE),
    _kind("consent.refuse", None, {**_EVENT, **_EVENT_MORE}),
    _kind("script.add", {"script": CODE, "digest": DIGEST, "language": CODE}),
    _kind("form.add", {"digest": DIGEST, "form": CODE}, {"origin": FORM_ORIGIN}),
    _kind("gazetteer.import", {"digest": DIGEST, "country": CODE, "places": COUNT}),
    _kind("record.create", None, {"form": CODE, "source": WAY, "digest": DIGEST}),
    _kind("record.save", {"number": COUNT}, {"digest": DIGEST}),
    _kind("record.discard", None, _REASON),
    _kind("record.finish", {**_RECORD, "head": DIGEST}, {"control": CONTROL, "content": DIGEST, "leaves": COUNT}),
    _kind(
        "record.correct",
        {**_RECORD, "head": DIGEST, "previous_root": DIGEST},
        {"control": CONTROL, "leaves": COUNT, **_REASON},
    ),
    _kind("correction.begin", {"version": COUNT}, _REASON),
    _kind("record.refuse", None, _REASON),
    _kind("record.view", None, {"version": COUNT}),
    _kind("record.print", {"version": COUNT}, {"profile": PROFILE, "digest": DIGEST}),
    _kind("readback", {"answer": ANSWER}, {"corrections": COUNT, "language": CODE}),
    _kind("exhibit.import", {"exhibit": HEX_ID, "sha256": DIGEST, "size": COUNT}, {"control": CONTROL, "source": CODE}),
    _kind("exhibit.derive", {"exhibit": HEX_ID, "sha256": DIGEST, "size": COUNT, "from": DIGEST}, {"method": CODE}),
    _kind("exhibit.remove", {"exhibit": HEX_ID}, {"sha256": DIGEST, **_REASON}),
    _kind("translation.add", {"digest": DIGEST, "language": CODE}, {"method": CODE}),
    _kind("transcript.add", {"digest": DIGEST, "language": CODE}, {"method": CODE}),
    _kind("observation.add", {"digest": DIGEST}),
    _kind("identity.open", None, {"version": COUNT, **_REASON}),
    _kind("redaction.apply", {"profile": PROFILE, "digest": DIGEST}, {"version": COUNT}, about=_WALK),
    _kind("redaction.lift", {"digest": DIGEST}, {**_REASON, "version": COUNT}, about=_WALK),
    _kind("redaction.restrict", {"digest": DIGEST}, {**_REASON, "version": COUNT}),
    _kind("redaction.unrestrict", {"digest": DIGEST}, {**_REASON, "version": COUNT}),
    _kind("redaction.approve", {"digest": DIGEST}, {"profile": PROFILE, "version": COUNT}, about=_APPROVAL),
    _kind("bundle.seal", _BUNDLE, _BUNDLE_MORE),
    _kind("bundle.abandon", None, _REASON),
    _kind("bundle.handover", {"bundle_sha256": DIGEST}, {"size": COUNT, "recipient": FINGERPRINT}),
    _kind("bundle.receive", _RECEIVED, {"size": COUNT}),
    _kind("conditions.accept", {"conditions": DIGEST, "signer": FINGERPRINT}),
    _kind("bundle.verify", {"verdict": VERDICT, "bundle_sha256": DIGEST}, {"failed": COUNT}),
    _kind(
        "bundle.import",
        {**_RECEIVED, "verdict": VERDICT},
        {"imported": COUNT, "already": COUNT, "conflict": COUNT, "quarantined": COUNT, "conditions": DIGEST},
    ),
    _kind(
        "record.import",
        {**_RECORD, "bundle": HEX_ID, "outcome": OUTCOME},
        {"control": CONTROL, "disclosure": DIGEST, "signer": FINGERPRINT},
    ),
    _kind("request.issue", {"request": DIGEST, "places": COUNT}, {"recipient": FINGERPRINT}),
    _kind("request.import", {"request": DIGEST, "places": COUNT}, {"signer": FINGERPRINT}),
    _kind("receipt.issue", {"receipt": DIGEST}, {"recipient": FINGERPRINT}),
    _kind("receipt.import", {"receipt": DIGEST, "verdict": VERDICT}, {"signer": FINGERPRINT, "bundle_sha256": DIGEST}),
    _kind("cosignature.issue", {"cosignature": DIGEST}, {"size": COUNT, "recipient": FINGERPRINT}),
    _kind("cosignature.import", {"cosignature": DIGEST, "size": COUNT}, {"signer": FINGERPRINT}),
    _kind("contact.add", {**_STAFF, "card": DIGEST}, {"contact": CODE, "vouched": CODE, **_SALT}),
    _kind("contact.remove", _STAFF, {"contact": CODE, **_REASON, **_SALT}),
    _kind("withdrawal.issue", {"notice": DIGEST}, {"recipient": FINGERPRINT}),
    _kind("withdrawal.import", {"notice": DIGEST, "asks": ERASURE}, {"signer": FINGERPRINT}),
    _kind("fixity.check", {"result": RESULT}, {"checked": COUNT, "damaged": COUNT}),
    _kind("key.export"),
    _kind("backup", {"digest": DIGEST}, {"size": COUNT}),
    _kind("restore", {"digest": DIGEST}, {"size": COUNT}),
    _kind("hold.set", {"authority": CODE}, {**_REASON, **_SALT}, about=_HOLD),
    _kind("hold.clear", {"authority": CODE}, {**_REASON, **_SALT}, about=_HOLD),
    _kind("erase.request", {"scope": ERASURE}, {**_REASON, **_SALT}, about=_ERASURE),
    _kind("erase.approve", {"scope": ERASURE}, {**_REASON, **_SALT, "approval": DIGEST}, about=_ERASURE),
    _kind("erase.done", {"scope": ERASURE}, {"root": DIGEST}, about=_TOMBSTONE),
    _kind("staff.add", _STAFF, {"role": CODE, "staff": CODE}),
    _kind("staff.disable", _STAFF, {"staff": CODE, **_REASON}),
    _kind("roster.accept", {"number": COUNT, "digest": DIGEST}),
    _kind("roster.overrule", {"number": COUNT, "rule": OVERRULED}, _REASON),
    _kind("clock.change", {"before": TIME, "after": TIME}, _REASON),
    _kind("checkpoint", {"size": COUNT, "root": DIGEST}, {"kept": CODE}),
    _kind("token.request", {"imprint": DIGEST}, {"size": COUNT}),
    _kind("token.import", {"imprint": DIGEST, "token": DIGEST}, {"authority": DIGEST, "size": COUNT}),
)

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _TABLE}


def check_details(seq: int | None, kind: str, details: Mapping[str, object]) -> None:
    """Nothing, when the details are those of the kind, each of its type.

    Raises:
        CustodyError: The kind is unknown, or a detail is missing, unknown or of another type.
    """
    rule = KINDS.get(kind)
    if rule is None:
        raise CustodyError(seq, "unknown-kind")
    if not rule.required.keys() <= details.keys():
        raise CustodyError(seq, "details")
    for name, value in details.items():
        allowed = rule.required.get(name) or rule.optional.get(name)
        if allowed is None or not allowed.allows(value):
            raise CustodyError(seq, "details")


def check_object(seq: int | None, kind: str, object_id: str) -> None:
    """Nothing, when an act of this kind may be about this object.

    Raises:
        CustodyError: The kind is unknown, or it has objects of its own and this is none of them.
    """
    rule = KINDS.get(kind)
    if rule is None:
        raise CustodyError(seq, "unknown-kind")
    if rule.about is not None and rule.about.fullmatch(object_id) is None:
        raise CustodyError(seq, "object")
