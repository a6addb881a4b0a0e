"""Malformed in the data: records, consent, exhibits, tables, custody; everything around them is consistent."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vectors.generate import (
    CONTROL,
    EXHIBIT,
    FORM,
    HEAD,
    HEAD_PQ,
    HEAD_SIG,
    RECORD_FILE,
    TEXT,
    VECTORS,
    Bag,
    Vector,
    members_of,
    stranger,
    vector,
    world,
)
from vectors.world import BODY

from keys.signature import RECEIPT, RECORD
from testimony.bundle import names
from testimony.canonical import decode, encode
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.redaction.head import parse_head


def of_world(**changes: Any) -> Bag:
    """The bag of a world that differs in one thing, with the same device, body and bundle id."""
    other = replace(world(), **changes)
    return Bag(files=dict(members_of(other.sealed()[1], other.body)) | {names.PADDING: bytes(64)})


# Counts and forms


@vector("counts", "absent", "BU-13")
def record_that_the_statement_names_and_nobody_finds() -> Bag:
    bag = Bag()
    del bag.files[RECORD_FILE]
    return bag.anew()


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"counts", "exhibits", "legal-files"}))


@vector("counts", "unlisted")
def record_that_the_statement_does_not_name() -> Bag:
    bag = Bag()
    for part in names.RECORD_PARTS:
        bag.files[names.record_member("TST-0000005", part)] = bag.files[names.record_member(CONTROL, part)]
    return bag.anew()


@vector("counts", "unlisted")
def reading_copy_that_no_record_has() -> Bag:
    """Listed, sealed, and proved by nothing: words that somebody else wrote, among those of the witness."""
    bag = Bag()
    bag.files[names.text_member("TST-0000009")] = b"TST-0000009\n\n1. Something that nobody ever said.\n"
    return bag.anew()


@vector("counts reading-copies", "absent", verdict="incomplete")
def reading_copy_missing() -> Bag:
    bag = Bag()
    del bag.files[TEXT]
    return bag.anew()


@vector("forms disclosures exhibits legal-files", "other-form")
def form_other_than_the_signed_one() -> Bag:
    return Bag().edit(FORM, b"Case code", b"Case name").anew()


@vector("forms disclosures exhibits legal-files", "absent")
def form_missing() -> Bag:
    bag = Bag()
    del bag.files[FORM]
    return bag.anew()


# Heads


@vector("record-heads record-signatures exhibits legal-files", "differs")
def head_changed() -> Bag:
    return Bag().edit(HEAD, b"recorder: I-09", b"recorder: I-08").anew()


@vector("record-heads", "differs")
def head_of_another_record() -> Bag:
    bag = Bag()
    text = replace(parse_head(bag.files[HEAD]), record_id="K7F3-9QZX").to_text()
    return bag.rehead(text).anew()


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"record-heads", "reading-copies", "custody-records"}))


@vector("record-signatures", "signature", "BU-10")
def head_signed_by_another_key() -> Bag:
    bag = Bag()
    both = stranger().sign(bag.files[HEAD], RECORD)
    bag.files |= {HEAD_SIG: both.ed25519, HEAD_PQ: both.hybrid}
    return bag.anew()


@vector("record-signatures", "signature", "BU-10")
def head_signed_for_another_purpose() -> Bag:
    bag = Bag()
    both = bag.signer.sign(bag.files[HEAD], RECEIPT)
    bag.files |= {HEAD_SIG: both.ed25519, HEAD_PQ: both.hybrid}
    return bag.anew()


@vector("record-signatures", "signature", "BU-10")
def head_without_its_hybrid_signature() -> Bag:
    bag = Bag()
    bag.files[HEAD_PQ] = b""
    return bag.anew()


# Disclosures: the record file holds one JSON value; each of these breaks it in one way


RECORD_FAILS = frozenset({"disclosures", "exhibits", "legal-files"})


def raw(name: str, code: str, old: bytes, new: bytes, *cases: str) -> None:
    """The record file with other bytes, everything around it made to fit."""

    def make() -> bytes:
        return Bag().edit(RECORD_FILE, old, new).anew().tar()

    VECTORS.append(Vector(f"record-file-{name}", make, RECORD_FAILS, code, 1, cases))


raw("with-a-duplicate-key", "duplicate-key", b'{"consent":', b'{"consent":1,"consent":', "BU-20")
raw("with-nan", "float", b'{"consent":', b'{"a":NaN,"consent":', "BU-20")
raw("with-infinity", "float", b'{"consent":', b'{"a":Infinity,"consent":', "BU-20")
raw("with-a-float", "float", b'{"consent":', b'{"a":1.5,"consent":', "BU-20")
raw("with-1e400", "float", b'{"consent":', b'{"a":1e400,"consent":', "BU-20")
raw("with-5000-digits", "number-range", b'{"consent":', b'{"a":' + b"9" * 5000 + b',"consent":', "BU-20")
raw(
    "nested-100000-deep",
    "too-deep",
    b'{"consent":',
    b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b',"consent":',
    "BU-20",
)
raw("with-a-lone-surrogate", "lone-surrogate", b'{"consent":', b'{"a":"\\ud800","consent":', "BU-20")
raw("with-a-byte-order-mark", "byte-order-mark", b'{"consent":', b'\xef\xbb\xbf{"consent":', "BU-20")
raw("with-white-space", "not-canonical", b'{"consent":', b'{ "consent":', "BU-20")
raw("with-an-unknown-member", "unknown-member", b'{"consent":', b'{"a":1,"consent":', "BU-20")
raw("of-another-format", "record-format", b"record file v1", b"record file v2", "BU-06")
raw("not-utf-8", "not-utf-8", b'{"consent":', b'\xff{"consent":', "BU-20")


def reworked(
    name: str, code: str, change: Callable[[dict[str, Any]], None], *cases: str, expect: frozenset[str] = RECORD_FAILS
) -> None:
    """The record file with another value, everything around it made to fit."""

    def make() -> bytes:
        bag = Bag()
        value: Any = decode(bag.files[RECORD_FILE], limit=names.MAX_RECORD, where="record")
        change(value)
        bag.files[RECORD_FILE] = encode(value)
        return bag.anew().tar()

    VECTORS.append(Vector(name, make, expect, code, 1, cases))


def shown_leaves(disclosure: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for run in disclosure["runs"] if run[0] == "show" for leaf in run[2:]]


def leaf_at(value: dict[str, Any], path: str) -> dict[str, Any]:
    return next(leaf for leaf in shown_leaves(value["disclosure"]) if leaf.get("path") == path)


def paragraph(value: dict[str, Any], place: int) -> dict[str, Any]:
    return shown_leaves(leaf_at(value, "account.text"))[place]


def change_a_value(value: dict[str, Any]) -> None:
    leaf_at(value, "account.mode")["value"] = "verbatim"


def change_a_word(value: dict[str, Any]) -> None:
    run = next(run for run in paragraph(value, 0)["runs"] if run[0] == "show")
    atom = next(atom for atom in run[2:] if len(atom) > 1)
    atom[1] = "nobody "


def turn_a_word_into_a_void(value: dict[str, Any]) -> None:
    run = next(run for run in paragraph(value, 0)["runs"] if run[0] == "show")
    place = next(place for place, atom in enumerate(run[2:], start=2) if len(atom) > 1)
    run[place] = ["v"]


def move_a_value(value: dict[str, Any]) -> None:
    leaf_at(value, "session.language")["path"] = "session.place"


def exchange_two_values(value: dict[str, Any]) -> None:
    first, second = leaf_at(value, "session.interviewer_code"), leaf_at(value, "session.interpreter_code")
    first["value"], second["value"] = second["value"], first["value"]


def drop_a_run(value: dict[str, Any]) -> None:
    value["disclosure"]["runs"].pop(1)


def repeat_a_leaf(value: dict[str, Any]) -> None:
    run = next(run for run in value["disclosure"]["runs"] if run[0] == "show")
    run.append(run[-1])


def change_the_count(value: dict[str, Any]) -> None:
    value["disclosure"]["n"] *= 2


def change_a_hidden_hash(value: dict[str, Any]) -> None:
    run = next(run for run in value["disclosure"]["runs"] if run[0] == "hide")
    data = bytearray(b64decode(run[2]))
    data[0] ^= 1
    run[2] = b64encode(bytes(data)).decode()


def hide_what_was_shown(value: dict[str, Any]) -> None:
    runs = value["disclosure"]["runs"]
    place = next(place for place, run in enumerate(runs) if run[0] == "show")
    runs[place] = ["hide", len(runs[place]) - 2, b64encode(bytes(32)).decode()]


def spell_a_hash_in_another_way(value: dict[str, Any]) -> None:
    run = next(run for run in value["disclosure"]["runs"] if run[0] == "hide")
    run[2] = run[2].rstrip("=")


def name_another_head(value: dict[str, Any]) -> None:
    value["head"] = "0" * 64


def forget_the_consent(value: dict[str, Any]) -> None:
    consent = value["consent"]
    consent["runs"] = [["hide", consent["n"], b64encode(bytes(32)).decode()]]


def change_the_consent(value: dict[str, Any]) -> None:
    leaf = shown_leaves(value["consent"])[0]
    leaf["value"] = leaf["value"].replace('"identity":"no"', '"identity":"yes"')


reworked("value-changed", "root", change_a_value, "BU-22")
reworked("word-changed", "root", change_a_word, "BU-22")
reworked("word-turned-into-a-void", "root", turn_a_word_into_a_void, "BU-22")
reworked("value-moved-to-another-field", "path", move_a_value, "BU-22")
reworked("values-exchanged", "root", exchange_two_values, "BU-22")
reworked("run-dropped", "malformed", drop_a_run, "BU-22")
reworked("leaf-repeated", "cover", repeat_a_leaf, "BU-22")
reworked("count-doubled", "count", change_the_count, "BU-22")
reworked("hidden-hash-changed", "root", change_a_hidden_hash, "BU-22")
reworked("shown-value-hidden", "malformed", hide_what_was_shown, "BU-22")
reworked("hash-in-another-spelling", "malformed", spell_a_hash_in_another_way, "BU-22")
reworked("record-file-of-another-head", "other-head", name_another_head, expect=frozenset({"disclosures"}))
reworked(
    "consent-hidden-by-invented-hashes",
    "root",
    forget_the_consent,
    "BU-22",
    expect=frozenset({"consent", "exhibits", "legal-files"}),
)
reworked(
    "consent-changed", "root", change_the_consent, "BU-22", expect=frozenset({"consent", "exhibits", "legal-files"})
)


# Consent and identity


@vector("consent", "no-live-consent")
def purpose_that_nobody_agreed_to() -> Bag:
    return Bag().anew((b"purpose: criminal investigation", b"purpose: advocacy"))


@vector("consent", "review-due")
def consent_past_its_review_date() -> Bag:
    return Bag().anew((b"claimed-time: 2031", b"claimed-time: 2034"))


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"consent", "custody-seal"}))


@vector("consent", "no-live-consent")
def body_that_nobody_agreed_to() -> Bag:
    return Bag().anew((b"recipient: court-a ", b"recipient: court-z "))


# What the record itself says about the first body was not for the second one either.
VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"consent", "identity"}))


@vector("consent", "about-another-body")
def consent_of_other_bodies_told_to_this_one() -> Bag:
    return of_world(shown_bodies=(BODY, "body-b"))


@vector("identity", "identity-shown")
def identity_shown_without_a_yes_to_it() -> Bag:
    """Sealed by a device that passed over its own plan: the record was finished with a no."""
    return of_world(hides_identity=False)


@vector("identity", "beyond-profile")
def profile_that_promises_less_than_it_shows() -> Bag:
    return Bag().anew((b"profile: full", b"profile: lead"))


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"identity", "custody-seal"}))


@vector("identity", "unknown-profile")
def profile_that_nobody_knows() -> Bag:
    return Bag().anew((b"profile: full", b"profile: fuller"))


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"identity", "custody-seal"}))


# Copies, exhibits, tables


@vector("reading-copies", "differs")
def reading_copy_that_says_something_else() -> Bag:
    return Bag().edit(TEXT, b"two strangers", b"two soldiers").anew()


@vector("exhibits", "differs", "BU-01")
def exhibit_other_than_the_signed_one() -> Bag:
    return Bag().edit(EXHIBIT, b"sketch", b"Sketch").anew()


@vector("exhibits", "absent", verdict="incomplete")
def exhibit_missing() -> Bag:
    bag = Bag()
    del bag.files[EXHIBIT]
    return bag.anew()


@vector("exhibits", "unlisted")
def exhibit_that_no_record_shows() -> Bag:
    bag = Bag()
    bag.files[names.exhibit_member("TST-0000007", "png")] = b"smuggled"
    return bag.anew()


@vector("exhibits", "same-number")
def exhibit_twice_under_two_extensions() -> Bag:
    bag = Bag()
    bag.files[names.exhibit_member("TST-0000002", "jpg")] = b"smuggled"
    return bag.anew()


@vector("legal-files", "absent", verdict="incomplete")
def conditions_missing() -> Bag:
    bag = Bag()
    del bag.files[names.CONDITIONS]
    return bag.anew()


@vector("legal-files", "not-text")
def conditions_empty() -> Bag:
    bag = Bag()
    bag.files[names.CONDITIONS] = b" \n"
    return bag.anew()


@vector("legal-files", "differs")
def withheld_table_that_hides_one() -> Bag:
    bag = Bag()
    bag.files[names.WITHHELD] = b'"record_id","reason"\n'
    return bag.anew()


@vector("legal-files", "differs")
def consent_table_that_says_more() -> Bag:
    return Bag().edit(names.CONSENT_SUMMARY, b'"no"', b'"yes"').anew()


@vector("legal-files", "differs")
def index_that_leaves_a_file_out() -> Bag:
    bag = Bag()
    lines = bag.files[names.INDEX].split(b"\n")
    bag.files[names.INDEX] = b"\n".join(line for line in lines if b"exhibit" not in line)
    return bag.remanifest().restate().retag()


# Custody


@vector("custody-checkpoint custody-entries custody-records custody-seal", "checkpoint-signature", "BU-23")
def checkpoint_signed_by_another_key() -> Bag:
    bag = Bag()
    note = bag.files[names.CUSTODY_CHECKPOINT]
    place = note.rindex(b" ") + 20
    bag.files[names.CUSTODY_CHECKPOINT] = (
        note[:place] + (b"A" if note[place : place + 1] != b"A" else b"B") + note[place + 1 :]
    )
    return bag.anew()


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"custody-checkpoint"}))


@vector("custody-checkpoint", "other-checkpoint", "BU-23")
def checkpoint_other_than_the_signed_one() -> Bag:
    return Bag().anew((b"custody-size: 5", b"custody-size: 6"))


@vector("custody-entries", "size", "BU-23")
def log_cut_at_its_end() -> Bag:
    """The last entries dropped, and a checkpoint signed over what is left."""
    bag = Bag()
    origin = origin_of(world().device.public)
    old = bag.files[names.CUSTODY_CHECKPOINT].split(b"\n")
    root = b64decode(old[2])
    bag.files[names.CUSTODY_CHECKPOINT] = Checkpoint(origin=origin, size=4, root=root).signed(world().device)
    return bag.anew((b"custody-size: 5", b"custody-size: 4"))


def custody_lines(name: str, code: str, change: Callable[[list[bytes], dict[str, Any]], None], *cases: str) -> None:
    def make() -> bytes:
        bag = Bag()
        lines = bag.files[names.CUSTODY_LOG].splitlines(keepends=True)
        proofs: Any = decode(bag.files[names.CUSTODY_PROOFS], limit=1 << 20, where="proofs")
        change(lines, proofs)
        bag.files[names.CUSTODY_LOG] = b"".join(lines)
        bag.files[names.CUSTODY_PROOFS] = encode(proofs)
        return bag.anew().tar()

    VECTORS.append(Vector(name, make, frozenset({"custody-entries"}), code, 1, cases))


def edit_an_entry(lines: list[bytes], _: dict[str, Any]) -> None:
    lines[1] = lines[1].replace(b"I-09", b"I-08")


def drop_the_first_entry(lines: list[bytes], proofs: dict[str, Any]) -> None:
    del lines[0], proofs["paths"][0]


def exchange_entries(lines: list[bytes], proofs: dict[str, Any]) -> None:
    lines.reverse()
    proofs["paths"].reverse()


def repeat_an_entry(lines: list[bytes], proofs: dict[str, Any]) -> None:
    lines.insert(0, lines[0])
    proofs["paths"].insert(0, proofs["paths"][0])


def invent_a_kind(lines: list[bytes], _: dict[str, Any]) -> None:
    lines[0] = lines[0].replace(b"record.create", b"record.invent")


def forget_a_path(_: list[bytes], proofs: dict[str, Any]) -> None:
    proofs["paths"].pop()


def spoil_a_path(_: list[bytes], proofs: dict[str, Any]) -> None:
    step = proofs["paths"][0][0]
    proofs["paths"][0][0] = ("0" if step[0] != "0" else "1") + step[1:]


custody_lines("custody-entry-changed", "inclusion", edit_an_entry, "BU-23")
custody_lines("custody-entry-dropped-at-the-start", "object-prev", drop_the_first_entry, "BU-23")
custody_lines("custody-entries-exchanged", "seq", exchange_entries, "BU-23")
custody_lines("custody-entry-repeated", "seq", repeat_an_entry, "BU-23")
custody_lines("custody-entry-of-an-unknown-kind", "unknown-kind", invent_a_kind, "BU-23")
custody_lines("custody-path-missing", "malformed", forget_a_path, "BU-23")
custody_lines("custody-path-changed", "inclusion", spoil_a_path, "BU-23")


def drop_the_seal(lines: list[bytes], proofs: dict[str, Any]) -> None:
    del lines[-1], proofs["paths"][-1]


def drop_the_finishing(lines: list[bytes], proofs: dict[str, Any]) -> None:
    del lines[1], proofs["paths"][1]


custody_lines("custody-without-the-seal", "no-seal-entry", drop_the_seal, "BU-23")
VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"custody-seal"}))
custody_lines("custody-without-the-finishing", "no-finish-entry", drop_the_finishing, "BU-23")
VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"custody-records"}))


@vector("members", "absent", "BU-23", verdict="incomplete")
def custody_log_missing() -> Bag:
    bag = Bag()
    del bag.files[names.CUSTODY_LOG]
    return bag.anew()
