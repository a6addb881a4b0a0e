"""Every kind of custody entry has its act, and the act leaves exactly one of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import pytest
from own_forms import own_form_bytes
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    interview_bytes,
    kinds_of,
    make_vault,
    passphrase,
    receive,
    recorded,
    walk_through,
)
from roster_world import digits, revoked, window, written

from keys.errors import WrongPassphraseError
from keys.passphrase import normalise
from testimony.custody.kinds import KINDS
from testimony.erasure_approval import parse_any_request
from testimony.forms.form import FormKind
from vault.approvals import request_approval, take_approval
from vault.attachments import Derivation, attach, remove_exhibit
from vault.check import check_vault
from vault.clock_claims import claim_time
from vault.companions import add_companion
from vault.consent import Answer, record_answer
from vault.consent_log import set_review_months
from vault.contacts import remove_contact
from vault.corrections import correct
from vault.cosignatures import cosign, import_cosignature, write_head
from vault.custody import note_kept
from vault.drafts import discard_draft, load_draft, new_draft, save_draft
from vault.entitlement import overrule
from vault.erasure import approve_erasure, erase, request_erasure
from vault.errors import StorageFullError
from vault.forms import import_form
from vault.gazetteer import import_gazetteer
from vault.handover import prepare, seal
from vault.holds import clear_hold, set_hold
from vault.identity_export import export_identity
from vault.marking import read_marks
from vault.notices import import_notice
from vault.printing import printed_copy
from vault.receipts import import_receipt
from vault.records import finish, new_from_interview
from vault.redactor_marks import mark_after_signing, remove_redactor_mark
from vault.restrictions import lift_restriction, restrict
from vault.rosters import accept_roster
from vault.scripts import add_script
from vault.second_person import give_approval
from vault.sittings import close_session
from vault.store import Vault
from vault.time_stamps import write_request
from vault.viewing import open_identity, take_in_hand, view
from vault.withdrawal import Wish, withdraw

RECOVERY = "further key slots and backups come with recovery"
# Kinds whose act is not here, and why.  A kind with an act may not stand here.
NO_ACT = dict.fromkeys(("slot.add", "slot.remove", "slot.used", "backup", "restore"), RECOVERY)
# These take more than one act: an authority that OpenSSL makes, a bundle that went and came.  Their tests name them.
ELSEWHERE = {
    "token.import": "tests/vault/test_time_stamps.py",
    "request.issue": "tests/vault/test_answers.py",
    "request.import": "tests/vault/test_answers.py",
}


PLACES = b"pcode,level,name_en,name_ar\nXA01,1,Upper Mills,\xd8\xa7\n"


class World:
    """Vaults that are made when an act asks for them, and closed at the end."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack

    def made(self, code: str, role: str = "field", **more: str) -> Vault:
        return self._stack.enter_context(make_vault(self.folder, code, role, **more))  # type: ignore[arg-type]

    @cached_property
    def field(self) -> Vault:
        return self.made("field-1", prefix="TST")

    @cached_property
    def body(self) -> Vault:
        made = self.made(BODY, "legal")
        acquaint(self.field, made)
        return made

    @cached_property
    def desk(self) -> Vault:
        made = self.made("desk")
        acquaint(self.field, made)
        return made

    @cached_property
    def second(self) -> Vault:
        made = self.made("second")
        acquaint(self.field, self.desk, made)
        return made

    def file(self, name: str, content: bytes = b"invented bytes") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def draft(self) -> str:
        return new_from_interview(self.field, interview_bytes())

    def record(self) -> str:
        record_id = self.draft()
        finish(self.field, record_id)
        return record_id

    def reviewed(self) -> str:
        """A record that somebody walked through for the body."""
        assert self.body
        record_id = self.record()
        walk_through(self.field, record_id)
        return record_id

    def sealed(self) -> Path:
        self.reviewed()
        return seal(self.field, prepare(self.field, to=BODY, purpose=PURPOSE), self.folder / "out").path

    def received(self) -> Path:
        receipt = receive(self.body, self.sealed(), receipt_folder=self.folder).receipt_path
        assert receipt is not None
        return receipt

    def opened_again(self) -> Vault:
        path = self.field.path
        self.field.lock()
        return self._stack.enter_context(Vault.unlock(path, passphrase()))

    def roster(self, number: int = 1, **more: object) -> None:
        staff = {"I-04": (("interviewer",), (self.field,))}
        accept_roster(self.field, written(self.desk, number, staff, **more))


def unlocked(w: World) -> Vault:
    return w.opened_again()


def failed(w: World) -> Vault:
    path = w.field.path
    w.field.lock()
    with pytest.raises(WrongPassphraseError):
        Vault.unlock(path, normalise("seven other invented words for tests only"))
    return w.opened_again()


def saved(w: World) -> Vault:
    draft = w.draft()
    save_draft(w.field, draft, load_draft(w.field, draft))
    return w.opened_again()


def sitting(w: World) -> Vault:
    draft = w.draft()
    take_in_hand(w.field, draft)
    close_session(w.field, draft)
    close_session(w.field, draft)
    return w.field


def broken_sitting(w: World) -> Vault:
    draft = w.draft()
    take_in_hand(w.field, draft)
    take_in_hand(w.field, draft)
    return w.field


def discarded(w: World) -> Vault:
    discard_draft(w.field, w.draft())
    return w.field


def finished(w: World) -> Vault:
    w.record()
    return w.field


def refused_interview(w: World) -> Vault:
    recorded(w.field, consent__interview={"answer": "no", "how": "spoken"})
    return w.field


def answered(w: World) -> Vault:
    record_answer(w.field, w.record(), Answer(recipient=BODY, purpose=PURPOSE, answer="yes", identity="yes"))
    return w.field


def withdrawn(w: World) -> Vault:
    withdraw(w.field, w.record(), Wish(asks="erase"), w.folder)
    return w.field


def notified(w: World) -> Path:
    w.received()
    ((record_id,),) = w.field.read("SELECT record_id FROM records")
    (notice,) = withdraw(w.field, record_id, Wish(asks="stop-sharing"), w.folder).notices
    return notice


def notice_issued(w: World) -> Vault:
    notified(w)
    return w.field


def notice_imported(w: World) -> Vault:
    import_notice(w.body, notified(w))
    return w.body


def corrected(w: World) -> Vault:
    correct(w.field, w.record(), interview_bytes(account__mode="verbatim"), "error")
    return w.field


def viewed(w: World) -> Vault:
    view(w.field, w.record())
    return w.field


def printed(w: World) -> Vault:
    record_id = w.reviewed()
    ready = prepare(w.field, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    assert "Conditions" in printed_copy(w.field, ready)
    return w.field


def attached(w: World) -> Vault:
    attach(w.field, w.draft(), w.file("a.bin"), kind="document")
    return w.field


def derived(w: World) -> Vault:
    draft = w.draft()
    attach(w.field, draft, w.file("a.bin"), kind="photo")
    attach(w.field, draft, w.file("b.bin", b"x"), kind="photo", derivation=Derivation(number=1, method="blurred"))
    return w.field


def removed(w: World) -> Vault:
    draft = w.draft()
    attach(w.field, draft, w.file("a.bin"), kind="document")
    remove_exhibit(w.field, draft, 0)
    return w.field


def identity_opened(w: World) -> Vault:
    open_identity(w.field, w.record())
    return w.field


def approved(w: World) -> Vault:
    record_id = w.reviewed()
    staff = {"I-04": (("interviewer",), (w.field,)), "A-02": (("approver",), (w.second,))}
    roster = written(w.desk, 1, staff)
    accept_roster(w.field, roster)
    accept_roster(w.second, roster)
    ready = prepare(w.field, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    subject = parse_any_request(request_approval(w.field, ready))
    take_approval(w.field, give_approval(w.second, subject, subject.digits))
    assert kinds_of(w.second).count("redaction.approve") == 1
    return w.field


def sealed(w: World) -> Vault:
    w.sealed()
    return w.field


def abandoned(w: World) -> Vault:
    w.reviewed()

    def full(_done: int, _total: int) -> None:
        raise StorageFullError

    with pytest.raises(StorageFullError):
        seal(w.field, prepare(w.field, to=BODY, purpose=PURPOSE), w.folder / "out", full)
    return w.field


def taken_in(w: World) -> Vault:
    w.received()
    return w.body


def receipt_imported(w: World) -> Vault:
    import_receipt(w.field, w.received())
    return w.field


def cosigned(w: World) -> Path:
    assert w.desk
    write_head(w.field, w.folder / "head")
    cosign(w.desk, w.folder / "head", w.folder / "cosignature")
    return w.folder / "cosignature"


def cosignature_issued(w: World) -> Vault:
    cosigned(w)
    return w.desk


def cosignature_imported(w: World) -> Vault:
    import_cosignature(w.field, cosigned(w))
    return w.field


def contact_added(w: World) -> Vault:
    assert w.body
    return w.field


def contact_removed(w: World) -> Vault:
    assert w.body
    remove_contact(w.field, BODY, "left")
    return w.field


def rostered(w: World) -> Vault:
    w.roster()
    return w.field


def disabled(w: World) -> Vault:
    w.roster()
    w.roster(2, revoked=[revoked(w.field)])
    return w.field


def overruled(w: World) -> Vault:
    w.roster(dates=window(-9, -1))
    overrule(w.field, "no-courier")
    return w.field


def walked(w: World) -> Vault:
    w.reviewed()
    return w.field


def lifted(w: World) -> Vault:
    """What a redactor marked is unmarked again."""
    record_id = w.record()
    mark_after_signing(w.field, record_id, read_marks(b'[{"paragraph":1,"words":"Two cars","who":"U","role":"unit"}]'))
    remove_redactor_mark(w.field, record_id, 1)
    return w.field


def companion(kind: FormKind) -> Callable[[World], Vault]:
    """A translation, a transcript of the one exhibit, or an observation of a record."""

    def added(w: World) -> Vault:
        draft = w.draft()
        attach(w.field, draft, w.file("tape.bin"), kind="document")
        finish(w.field, draft)
        made_by = {"by": "I-04"} if kind == "observation" else {"by": "T-02", "method": "human"}
        value = {"practice": True, "language": "eng", "companion": made_by, "account": {"paragraphs": ["a", "b", "c"]}}
        if kind == "transcript":
            value |= {"source": {"exhibit": "TST-0000002"}, "account": {"paragraphs": ["A gate is shut."]}}
        add_companion(w.field, draft, kind, json.dumps(value).encode())
        return w.field

    return added


def restricted(w: World) -> Vault:
    restrict(w.field, w.record(), 1, "asked")
    return w.field


def freed(w: World) -> Vault:
    record_id = w.record()
    restrict(w.field, record_id, 1, "asked")
    lift_restriction(w.field, record_id, 1, "asked")
    return w.field


def held(w: World) -> Vault:
    record_id = w.record()
    set_hold(w.field, record_id, "court-a", "proceedings")
    clear_hold(w.field, record_id, "court-a", "ended")
    return w.field


def erased(w: World) -> Vault:
    record_id = w.record()
    request_erasure(w.field, record_id, "mistake")
    approve_erasure(w.field, record_id, "A-02")
    erase(w.field, record_id)
    return w.field


def stamped(w: World) -> Vault:
    write_request(w.field, w.folder / "head.tsq")
    return w.field


def after(act: Callable[[Vault], object]) -> Callable[[World], Vault]:
    """One act of one vault."""

    def done(w: World) -> Vault:
        act(w.field)
        return w.field

    return done


ACTS: dict[str, Callable[[World], Vault]] = {
    "vault.create": lambda w: w.field,
    "vault.unlock": unlocked,
    "vault.lock": unlocked,
    "vault.failed": failed,
    "vault.settings": after(lambda vault: set_review_months(vault, 12)),
    "session.open": sitting,
    "session.close": sitting,
    "session.abort": broken_sitting,
    "consent.grant": finished,
    "consent.refuse": finished,
    "consent.confirm": finished,
    "consent.change": answered,
    "consent.withdraw": withdrawn,
    "form.add": after(lambda vault: import_form(vault, own_form_bytes())),
    "script.add": after(lambda vault: add_script(vault, "own-1", "kmr", b"Beri ku em dest pe bikin.\n")),
    "record.create": after(new_draft),
    "record.save": saved,
    "record.discard": discarded,
    "record.finish": finished,
    "record.correct": corrected,
    "correction.begin": corrected,
    "record.refuse": refused_interview,
    "record.view": viewed,
    "record.print": printed,
    "readback": finished,
    "exhibit.import": attached,
    "exhibit.derive": derived,
    "exhibit.remove": removed,
    "identity.open": identity_opened,
    "redaction.approve": approved,
    "bundle.seal": sealed,
    "bundle.handover": sealed,
    "bundle.abandon": abandoned,
    "bundle.receive": taken_in,
    "bundle.verify": taken_in,
    "conditions.accept": taken_in,
    "bundle.import": taken_in,
    "record.import": taken_in,
    "receipt.issue": taken_in,
    "receipt.import": receipt_imported,
    "cosignature.issue": cosignature_issued,
    "cosignature.import": cosignature_imported,
    "contact.add": contact_added,
    "contact.remove": contact_removed,
    "withdrawal.issue": notice_issued,
    "withdrawal.import": notice_imported,
    "fixity.check": after(check_vault),
    "key.export": after(lambda vault: export_identity(vault, vault.path.parent / "identity.txt")),
    "erase.request": withdrawn,
    "staff.add": rostered,
    "staff.disable": disabled,
    "roster.accept": rostered,
    "roster.overrule": overruled,
    "redaction.apply": walked,
    "redaction.lift": lifted,
    "translation.add": companion("translation"),
    "transcript.add": companion("transcript"),
    "observation.add": companion("observation"),
    "redaction.restrict": restricted,
    "redaction.unrestrict": freed,
    "hold.set": held,
    "hold.clear": held,
    "erase.approve": erased,
    "erase.done": erased,
    "clock.change": after(lambda vault: claim_time(vault, "2031-03-30T15:01:00+03:00", "radio")),
    "gazetteer.import": after(lambda vault: import_gazetteer(vault, PLACES, "XA")),
    "token.request": stamped,
    "checkpoint": after(lambda vault: note_kept(vault, "paper")),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def test_every_kind_has_an_act_or_a_reason_why_not() -> None:
    assert set(KINDS) == {*ACTS, *NO_ACT, *ELSEWHERE}
    assert not set(ACTS) & {*NO_ACT, *ELSEWHERE}


@pytest.mark.parametrize(("kind", "path"), ELSEWHERE.items())
def test_an_act_that_is_tested_elsewhere_is_counted_there(repository: Path, kind: str, path: str) -> None:
    assert f'"{kind}"' in (repository / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_leaves_exactly_one_entry_of_its_kind(world: World, kind: str) -> None:
    vault = ACTS[kind](world)
    assert kinds_of(vault).count(kind) == 1
    assert check_vault(vault).holds


def test_the_count_sees_a_missing_and_a_second_entry(world: World) -> None:
    kinds = kinds_of(world.field)
    assert kinds.count("checkpoint") == 0
    for _ in range(2):
        note_kept(world.field, "paper")
    assert kinds_of(world.field).count("checkpoint") == 2
    assert digits(world.field)
