"""Every reader of what comes from outside or from the disk, with good input for each."""

from collections.abc import Callable

from invented_interview import english, record_of
from soak.good_bundles import (
    checkpoint_text,
    classic_key,
    companion_file,
    consent_event,
    consent_statement,
    foreign_age_file,
    log_line,
    member,
    overlay,
    read_bundle_log,
    read_bundle_proofs,
    read_foreign_age_file,
    read_overlay_json,
    read_record_disclosure,
    read_sealed_words,
    read_tar_members,
    report_of,
    sealed_tar,
    sealed_words,
    tar,
    text_armor,
    whole_log,
)
from soak.good_forms import gazetteer, read_sheets, read_workbook_file, sheets, workbook_file
from soak.good_letters import (
    approval,
    approval_request,
    colleagues_head,
    cosignature,
    disclosure_request,
    erasure_approval,
    erasure_request,
    growth,
    notice,
    read_head_file,
    read_time_answer,
    receipt,
    roster,
    roster_source,
    time_answer,
)
from soak.good_vault_files import (
    bindings,
    decisions,
    hand_marks,
    read_slot_list,
    read_translation,
    read_walk,
    redactor_marks,
    selection,
    slots,
    translation,
    vault_header,
    walk,
)
from soak.spoiling import LIMIT, Reader
from vectors.generate import HEAD, HEAD_SIG, RECORD_FILE, stranger, world

from keys.age_classic import X25519Identity, dearmor
from keys.digits import parse_forty_digits
from keys.passphrase import decode_passphrase
from keys.recipients import HybridIdentity, HybridRecipient
from keys.signature import parse_allowed_signers
from keys.sshsig import parse_armored, parse_public_line
from testimony.approval import parse_approval, parse_request
from testimony.bundle import names
from testimony.bundle.companion_file import parse_companion_file
from testimony.bundle.manifest import parse_manifest
from testimony.bundle.statement import parse_statement
from testimony.canonical import decode, encode, parse_lenient
from testimony.card import parse_card
from testimony.consent_events import parse_event
from testimony.consent_statement import parse_statement as parse_consent_statement
from testimony.cosignature import parse_cosignature
from testimony.custody.checkpoint import parse_checkpoint, parse_text
from testimony.custody.entries import parse_entry
from testimony.custody.growth import parse_growth
from testimony.custody.log import check_log
from testimony.disclosure_request import parse_request as parse_disclosure_request
from testimony.erasure_approval import parse_any_request, parse_erasure_approval
from testimony.forms.reading import parse_form
from testimony.gazetteer import read_gazetteer
from testimony.interview import parse_interview
from testimony.model import parse_record
from testimony.profile_tables.reading import parse_profile, profile_bytes
from testimony.receipts import parse_receipt
from testimony.redaction.decisions import parse_decisions
from testimony.redaction.head import parse_head
from testimony.redaction.redactor_marks import parse_marks
from testimony.redaction.selection_text import selection_from
from testimony.roster import parse_roster
from testimony.roster_source import roster_from
from testimony.scripts import own_scripts, read_script
from testimony.trust import format_trust, parse_trust
from testimony.withdrawal import parse_notice
from vault.bindings import decode_bindings
from vault.header import parse_header
from vault.marking import read_marks


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


READERS = (
    # What other people send.
    Reader("card", member(names.SIGNER_CARD), parse_card),
    Reader("trust", lambda: format_trust([world().card, world().body_card]), parse_trust),
    Reader("receipt", receipt, lambda data: parse_receipt(data).check(world().body.public)),
    Reader("request", disclosure_request, lambda data: parse_disclosure_request(data).check(world().body.public)),
    Reader("notice", notice, lambda data: parse_notice(data).check(world().device.public)),
    Reader("approval", approval, lambda data: parse_approval(data).check(world().body.public)),
    Reader("approval request", approval_request, parse_request),
    Reader("erasure approval", erasure_approval, lambda data: parse_erasure_approval(data).check(world().body.public)),
    Reader("erasure request", erasure_request, parse_any_request),
    Reader("cosignature", cosignature, lambda data: parse_cosignature(data).check(stranger().public)),
    Reader("head for a colleague", colleagues_head, read_head_file),
    Reader("time answer", time_answer, read_time_answer),
    Reader("roster", roster, lambda data: parse_roster(data).check(world().body.public)),
    Reader("roster source", roster_source, lambda data: roster_from(data, world().body_card), json=True),
    Reader("gazetteer", gazetteer, lambda data: list(read_gazetteer(data, "XA"))),
    Reader("workbook", workbook_file, read_workbook_file),
    Reader("sheets", sheets, read_sheets, json=True),
    Reader("form", member(names.form_member("core-1")), parse_form.__wrapped__, json=True),
    Reader("script", own_scripts()[0].text.encode, lambda data: read_script("own-1", "ara", data)),
    # A bundle, as a whole and by its files.
    Reader("sealed file", sealed_tar, report_of),
    Reader("tar", tar, report_of),
    Reader("tar members", tar, read_tar_members),
    Reader("sealed words", sealed_words, read_sealed_words),
    Reader("age file", foreign_age_file, read_foreign_age_file),
    Reader("text armor", text_armor, dearmor),
    Reader("statement", member(names.STATEMENT), parse_statement),
    Reader("manifest", member(names.MANIFEST), lambda data: parse_manifest(data, "manifest")),
    Reader("allowed signers", member(names.ALLOWED_SIGNERS), parse_allowed_signers),
    Reader("signature", member(HEAD_SIG), parse_armored),
    Reader("head", member(HEAD), parse_head),
    Reader("disclosure", member(RECORD_FILE), read_record_disclosure, json=True),
    Reader("overlay", overlay, read_overlay_json, json=True),
    Reader("companion file", companion_file, lambda data: parse_companion_file(data, "companion"), json=True),
    Reader("consent event", consent_event, parse_event, json=True),
    Reader("consent statement", consent_statement, parse_consent_statement),
    Reader("checkpoint", member(names.CUSTODY_CHECKPOINT), lambda data: parse_checkpoint(data, world().device.public)),
    Reader("log", member(names.CUSTODY_LOG), read_bundle_log),
    Reader("proofs", member(names.CUSTODY_PROOFS), read_bundle_proofs, json=True),
    # Keys and what a person types.
    Reader("public key", lambda: world().device.public.ssh_hybrid_line().encode(), _text(parse_public_line)),
    Reader("recipient", lambda: bytes(world().body.public.recipient, "ascii"), _text(HybridRecipient.parse)),
    Reader("secret key", lambda: world().body.age_secret().reveal(), _text(HybridIdentity.parse)),
    Reader("classic key", classic_key, _text(X25519Identity.parse)),
    Reader("digits", lambda: bytes(world().body.public.fingerprint, "ascii"), _text(parse_forty_digits)),
    Reader("passphrase", lambda: bytes("practice كلمات", "utf-8"), decode_passphrase),
    # What is typed or written by hand into a vault.
    Reader(
        "interview",
        lambda: encode(english()),
        lambda data: parse_interview(parse_lenient(data, limit=LIMIT, where="interview")),
        json=True,
    ),
    Reader("translation", translation, read_translation, json=True),
    Reader("walk", walk, read_walk, json=True),
    Reader("hand marks", hand_marks, read_marks, json=True),
    # What a vault keeps.
    Reader("vault header", vault_header, lambda data: parse_header(data, "header"), json=True),
    Reader("slots", slots, read_slot_list, json=True),
    Reader("bindings", bindings, lambda data: decode_bindings(data, "bindings"), json=True),
    Reader("record", lambda: record_of(english()).to_bytes(), parse_record, json=True),
    Reader("entry", log_line, parse_entry, json=True),
    Reader("lines of a log", whole_log, lambda data: check_log(data.splitlines(keepends=True))),
    Reader("lines of a checkpoint", checkpoint_text, parse_text),
    Reader("growth", growth, lambda data: parse_growth(data, size=5), json=True),
    Reader("selection", selection, selection_from, json=True),
    Reader("decisions", decisions, parse_decisions, json=True),
    Reader("redactor marks", redactor_marks, parse_marks, json=True),
    Reader("profile", lambda: profile_bytes("pseudonymised"), parse_profile, json=True),
)
WHOLE_BUNDLES = ("sealed file", "tar")
SLOW = (*WHOLE_BUNDLES, "form", "translation", "disclosure", "recipient", "sheets")


def _fragile(data: bytes) -> object:
    return decode(data, limit=LIMIT, where="record")["consent"]  # type: ignore[index,call-overload]


# The control of whoever drives these readers: it must be caught.
FRAGILE = Reader("fragile", member(RECORD_FILE), _fragile, json=True)
