"""Handing over: consent decides, the preview is what leaves, and nothing looks finished that is not."""

import base64
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    MENTIONED,
    NAME,
    OTHER_BODY,
    PHONE,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    kinds_of,
    make_vault,
    walk_through,
)

from keys.digests import sha256
from keys.identity import Identity
from keys.sealing import open_stream
from testimony.card import Card
from testimony.consent_events import ConsentEvent
from testimony.errors import ConsentError
from vault import sealed_files
from vault.attachments import attach
from vault.contacts import add_contact
from vault.custody import append
from vault.errors import NotFoundError, PolicyError, StorageError, StorageFullError
from vault.handover import prepare, seal
from vault.records import events_of, finish, new_from_interview
from vault.review import save_walk, walk_of
from vault.sealed_files import SealedSink
from vault.store import Vault

NAMES = ("quillfeather", "zaynab", "thistlewood", "barnaby", PHONE)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(made, body)
        other = Identity.generate()
        card = Card(kind="body", code=OTHER_BODY, practice=True, public=other.public)
        add_contact(made, card.to_text(other), other.public.fingerprint)
        made.body = body  # type: ignore[attr-defined]
        yield made


def finished(vault: Vault, files: dict[str, bytes] | None = None, **changes: object) -> str:
    record_id = new_from_interview(vault, interview_bytes(**changes))
    for name, content in (files or {}).items():
        path = vault.path.parent / name
        path.write_bytes(content)
        attach(vault, record_id, path, kind="document", title="paper")
    finish(vault, record_id)
    with suppress(ConsentError):  # nobody walks through what may not leave
        walk_through(vault, record_id)
    return record_id


def reopened(vault: Vault, record_id: str, path: str) -> None:
    """Take back what was decided about one span."""
    save_walk(vault, walk_of(vault, record_id, to=BODY, purpose=PURPOSE).undoing(path))


def withdraw(vault: Vault, record_id: str) -> None:
    event = ConsentEvent(
        seq=len(events_of(vault, record_id)) + 1, at=vault.clock.now().wall, kind="withdraw", answer="no"
    )
    with vault.transaction() as tx:
        tx.execute(
            "INSERT INTO consent_events (record_id, seq, at, kind, recipient, purpose, content)"
            " VALUES (?, ?, ?, 'withdraw', '', '', ?)",
            (record_id, event.seq, event.at.isoformat(), event.to_bytes()),
        )
        append(tx, vault, "consent.withdraw", record_id, {"event": "0" * 64, "reach": "everything"})


def opened(vault: Vault, path: Path) -> bytes:
    """The tar inside a sealed file."""
    sink = io.BytesIO()
    with path.open("rb") as source:
        open_stream(source, sink, [vault.body.identity.opener()])  # type: ignore[attr-defined]
    return sink.getvalue()


def test_a_record_with_consent_is_sealed_and_the_log_says_so(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    before = vault.log_state.size
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    assert vault.log_state.size == before
    sealed = seal(vault, handover, tmp_path / "out")
    assert kinds_of(vault, before) == ["bundle.seal", "bundle.handover"]
    assert details_of(vault, "bundle.seal")[0]["records"] == 1
    assert vault.read("SELECT state, sha256, size FROM bundles") == [("sealed", sealed.sha256, sealed.size)]
    assert sealed.path.stat().st_size == sealed.size
    assert sealed.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.case("BU-30")
def test_the_file_name_says_nothing_about_the_case(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    assert sealed.path.name == f"{sealed.bundle_id[:16]}.age"


def test_without_a_folder_the_bundle_waits_in_the_outbox(vault: Vault) -> None:
    finished(vault)
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE))
    assert sealed.path.parent == vault.layout.outbox


@pytest.mark.parametrize(
    ("to", "purpose", "refusal"),
    [(OTHER_BODY, PURPOSE, ("C3", "ask-first")), (BODY, "advocacy", ("C2", "never-asked"))],
)
def test_without_consent_for_this_body_and_purpose_nothing_leaves(
    vault: Vault, tmp_path: Path, to: str, purpose: str, refusal: tuple[str, str]
) -> None:
    record_id = finished(vault)
    before = vault.log_state.size
    handover = prepare(vault, to=to, purpose=purpose, profile="full")
    (row,) = handover.rows
    assert (row.allowed, row.rendition, row.decision.rule, row.decision.reason) == (False, None, *refusal)
    with pytest.raises(ConsentError) as caught:
        seal(vault, handover, tmp_path / "out")
    assert (caught.value.rule, caught.value.record_id) == (refusal[0], record_id)
    assert vault.log_state.size == before
    assert not (tmp_path / "out").exists()


def test_a_refusal_cannot_leave(vault: Vault, tmp_path: Path) -> None:
    refusal = finished(vault, consent__interview={"answer": "no", "how": "spoken"})
    handover = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[refusal])
    assert handover.rows[0].decision.rule == "C1"
    with pytest.raises(ConsentError):
        seal(vault, handover, tmp_path / "out")


def test_records_that_consent_keeps_here_are_counted_by_id_and_reason(vault: Vault, tmp_path: Path) -> None:
    going = finished(vault)
    staying = finished(vault, consent__share=[{"recipient": BODY, "purpose": PURPOSE, "answer": "no"}])
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    assert (sealed.count, sealed.withheld) == (1, 1)
    tar = opened(vault, sealed.path)
    assert f"count: 1 of 2; 1 withheld\nrecord: TST-0000001 {going}".encode() in tar
    assert f'"{staying}","CONSENT"'.encode() in tar
    # Why is the witness's own affair: the body must not learn who refused it, or who is a child.
    assert b"refused" not in tar
    assert b"TST-0000002" not in tar


def test_consent_withdrawn_after_the_preview_stops_the_seal(vault: Vault, tmp_path: Path) -> None:
    record_id = finished(vault)
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    withdraw(vault, record_id)
    before = vault.log_state.size
    with pytest.raises(ConsentError) as caught:
        seal(vault, handover, tmp_path / "out")
    assert caught.value.code == "consent-changed"
    assert vault.log_state.size == before
    assert prepare(vault, to=BODY, purpose=PURPOSE).rows[0].decision.rule == "C10"


def test_a_preview_is_byte_for_byte_what_leaves(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    assert handover.rows[0].rendition is not None
    text = handover.rows[0].rendition.text
    sealed = seal(vault, handover, tmp_path / "out")
    assert text.encode() in opened(vault, sealed.path)
    assert "V-" in text
    assert not any(name in text.lower() for name in NAMES)


@pytest.mark.case("RF-18", "RF-19")
@pytest.mark.parametrize("profile", ["pseudonymised", "lead"])
def test_no_name_leaves_under_a_profile_that_hides_names(vault: Vault, tmp_path: Path, profile: str) -> None:
    record_id = finished(
        vault,
        session__prior_statements=[
            {"to": f"a journalist, with {MENTIONED}", "when": "2025", "copy_held": "no", "reason": "new"}
        ],
        account__readback={"answer": "no", "language": "eng", "reason": f"{NAME} was tired"},
    )
    walk_through(vault, record_id, profile=profile)
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE, profile=profile), tmp_path)
    tar = opened(vault, sealed.path).lower()
    assert not [name for name in NAMES if name.encode() in tar]


def test_the_harness_above_finds_names_in_a_full_bundle(vault: Vault, tmp_path: Path) -> None:
    finished(vault, consent__identity=[{"recipient": BODY, "answer": "yes"}])
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE, profile="full"), tmp_path)
    tar = opened(vault, sealed.path).lower()
    assert [name for name in NAMES if name.encode() in tar] == list(NAMES)


def test_a_paragraph_that_nobody_walked_through_is_withheld_and_stops_the_seal(vault: Vault, tmp_path: Path) -> None:
    record_id = finished(vault)
    reopened(vault, record_id, "account.text/2")
    before = vault.log_state.size
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    rendition = handover.rows[0].rendition
    assert rendition is not None
    assert (rendition.open, rendition.paragraphs_shown) == (("account.text/2",), 2)
    assert "quarry" not in rendition.text
    with pytest.raises(PolicyError) as caught:
        seal(vault, handover, tmp_path / "out")
    assert (caught.value.reason, caught.value.where) == ("review-open", f"{record_id} account.text/2")
    assert (vault.log_state.size, (tmp_path / "out").exists()) == (before, False)


@pytest.mark.case("AT-13")
def test_a_file_in_which_a_hidden_name_stands_is_held_back(vault: Vault, tmp_path: Path) -> None:
    finished(vault, files={"clean.txt": b"a drawing", "naming.txt": f"by {NAME}".encode()})
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    rendition = handover.rows[0].rendition
    assert rendition is not None
    assert rendition.exhibits == 1
    assert ("exhibits/1/file", "THIRD") in [(one.path, one.code) for one in rendition.withheld]
    tar = opened(vault, seal(vault, handover, tmp_path / "out").path)
    assert b"a drawing" in tar
    assert b"Quillfeather" not in tar


@pytest.mark.case("RF-20")
def test_neither_digest_nor_number_of_withheld_files_is_in_the_bundle(vault: Vault, tmp_path: Path) -> None:
    content = b"a short list that could be guessed"
    record_id = finished(vault, files={"list.txt": content})
    digest = sha256(content).hex().encode()
    walk = walk_of(vault, record_id, to=BODY, purpose=PURPOSE)
    save_walk(vault, walk.hiding("exhibits/0/file", "SOURCE"))
    hidden = opened(vault, seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").path)
    assert digest not in hidden
    assert b"exhibit." not in hidden.partition(b"data/custody/log.jsonl")[2].partition(b"data/custody/proofs.json")[0]
    save_walk(vault, walk)
    shown = prepare(vault, to=BODY, purpose=PURPOSE)
    assert digest in opened(vault, seal(vault, shown, tmp_path / "out").path)


def test_a_paragraph_that_names_what_another_record_of_the_case_hides_is_withheld(vault: Vault) -> None:
    finished(vault)
    told = "Later I heard that Ottoline Marsh was there too."
    paragraphs = ["We waited at the mill.", told]
    two = finished(
        vault,
        witness__name={"given": "Ottoline", "family": "Marsh"},
        mentions=[],
        account__paragraphs=paragraphs,
        account__source_of_knowledge=["saw", "heard"],
    )
    three = finished(vault, account__paragraphs=paragraphs, account__source_of_knowledge=["saw", "heard"], mentions=[])
    alone = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[three])
    together = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[two, three])
    texts = [handover.rows[-1].rendition for handover in (alone, together)]
    assert texts[0] is not None
    assert texts[1] is not None
    assert "Ottoline" in texts[0].text
    assert "Ottoline" not in texts[1].text
    assert "We waited at the mill." in texts[1].text


def test_a_hidden_word_in_a_file_about_all_records_stops_the_seal(vault: Vault, tmp_path: Path) -> None:
    mentions = [{"who": "Wimplestone", "role": "victim"}]
    record_id = finished(vault, {"paper.wimplestone": b"a list of carts"}, mentions=mentions)
    walk_through(vault, record_id)
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    with pytest.raises(PolicyError) as caught:
        seal(vault, handover, tmp_path / "out")
    assert caught.value.reason == "leak"
    assert caught.value.where == "data/legal/index.csv"
    assert kinds_of(vault)[-2:] == ["bundle.seal", "bundle.abandon"]
    assert not list(tmp_path.glob("out/*"))


def test_a_hidden_word_in_the_signed_head_stops_the_seal(vault: Vault, tmp_path: Path) -> None:
    finished(vault, mentions=[{"who": "Field-1", "role": "victim"}])
    with pytest.raises(PolicyError) as caught:
        seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    assert (caught.value.reason, caught.value.where) == ("leak", "TST-0000001.head")


@pytest.mark.parametrize("name", ["Grant", "Mark Value", "index.csv", "Record", "شخص آخر"])
def test_a_name_that_is_a_word_of_every_bundle_does_not_stop_one(vault: Vault, tmp_path: Path, name: str) -> None:
    text = [f"I saw {name} there.", "And then we left."]
    finished(
        vault,
        mentions=[{"who": name, "role": "victim"}],
        account__paragraphs=text,
        account__source_of_knowledge=["saw", "saw"],
    )
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    assert handover.rows[0].rendition is not None
    assert name not in handover.rows[0].rendition.text
    assert "I saw V-" in handover.rows[0].rendition.text
    assert seal(vault, handover, tmp_path / "out").count == 1


def test_a_real_contact_cannot_be_sealed_to_from_a_practice_vault(vault: Vault) -> None:
    finished(vault)
    real = Identity.generate()
    card = Card(kind="body", code="real-body", practice=False, public=real.public).to_text(real)
    with vault.transaction() as tx:
        tx.execute(
            "INSERT INTO contacts (code, kind, fingerprint, practice, compared_at, vouched_by, card)"
            " VALUES (?, 'body', ?, 0, ?, '', ?)",
            ("real-body", real.public.fingerprint.replace(" ", ""), "2026-01-01T00:00:00+00:00", card),
        )
        append(tx, vault, "record.view", "test")
    with pytest.raises(PolicyError) as caught:
        prepare(vault, to="real-body", purpose=PURPOSE)
    assert caught.value.reason == "real-contact"


def test_unknown_bodies_records_and_profiles_are_refused(vault: Vault) -> None:
    finished(vault)
    with pytest.raises(NotFoundError):
        prepare(vault, to="nobody", purpose=PURPOSE)
    with pytest.raises(NotFoundError):
        prepare(vault, to=BODY, purpose=PURPOSE, record_ids=["AAAA-AAAA"])
    with pytest.raises(PolicyError):
        prepare(vault, to=BODY, purpose=PURPOSE, profile="nearly-full")


def test_nothing_to_hand_over_is_said(vault: Vault) -> None:
    with pytest.raises(PolicyError) as caught:
        seal(vault, prepare(vault, to=BODY, purpose=PURPOSE))
    assert caught.value.reason == "no-records"


@pytest.mark.case("BU-27", "FS-04")
@pytest.mark.parametrize("error", [StorageFullError(where="test"), StorageError("EIO", "test"), KeyboardInterrupt()])
def test_a_disk_that_refuses_leaves_no_finished_looking_file_and_the_log_says_abandoned(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    finished(vault)
    written = 0

    def refuse(self: SealedSink, data: memoryview) -> int:
        nonlocal written
        written += len(data)
        if written > 300_000:
            raise error
        self.stream.write(data)
        return len(data)

    monkeypatch.setattr(SealedSink, "write", refuse)
    with pytest.raises(type(error)):
        seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    monkeypatch.undo()
    assert list((tmp_path / "out").iterdir()) == []
    assert vault.read("SELECT state FROM bundles") == [("abandoned",)]
    assert kinds_of(vault)[-2:] == ["bundle.seal", "bundle.abandon"]
    assert seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").count == 1


def test_a_seal_that_a_crash_cut_off_is_abandoned_by_the_next_one(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    first = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    with vault.transaction() as tx:
        tx.execute("UPDATE bundles SET state = 'building'")
        append(tx, vault, "record.view", "test")
    second = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    states = dict(vault.read("SELECT bundle_id, state FROM bundles"))
    assert states == {first.bundle_id: "abandoned", second.bundle_id: "sealed"}


def test_the_next_bundle_to_the_same_body_names_the_one_before(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    first = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    second = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    assert f"previous: {first.bundle_id}\n".encode() in opened(vault, second.path)


@pytest.mark.case("BU-29")
def test_bundles_that_differ_only_in_a_hidden_name_have_equal_sizes(vault: Vault, tmp_path: Path) -> None:
    sizes = set()
    for name in ("Bo", "Wilhelmina Throckmorton-Featherstonehaugh the Younger"):
        text = [f"I saw {name} there.", "And then we left."]
        record_id = finished(
            vault,
            mentions=[{"who": name, "role": "victim"}],
            account__paragraphs=text,
            account__source_of_knowledge=["saw", "saw"],
        )
        handover = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[record_id])
        sizes.add(seal(vault, handover, tmp_path / "out").size)
    assert len(sizes) == 1


@pytest.mark.case("RF-13")
def test_a_formula_in_an_answer_stays_text_in_every_table(vault: Vault, tmp_path: Path) -> None:
    finished(vault, session__place={"verbatim": "=HYPERLINK(1)"}, mentions=[{"who": "+Barnaby", "role": "victim"}])
    tar = opened(vault, seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").path)
    tables = [line for line in tar.split(b"\n") if line.startswith(b'"')]
    assert tables
    assert not [line for line in tables for cell in line.split(b'","') if cell.lstrip(b'"')[:1] in (b"=", b"+", b"@")]


def encodings(text: str) -> dict[str, bytes]:
    """A text in twelve encodings, as a leak could hide it."""
    raw = text.encode()
    return {
        "utf-8": raw,
        "upper": text.upper().encode(),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-32-le": text.encode("utf-32-le"),
        "latin-1": text.encode("latin-1"),
        "hex": raw.hex().encode(),
        "hex-upper": raw.hex().upper().encode(),
        "base64": base64.b64encode(raw)[:-4],
        "base64-1": base64.b64encode(b"x" + raw)[4:-4],
        "base64-2": base64.b64encode(b"xx" + raw)[4:-4],
        "reversed": text[::-1].encode(),
        "sha256": sha256(raw),
        "sha256-hex": sha256(raw).hex().encode(),
    }


def canaries(count: int) -> list[str]:
    """Invented names of letters alone: with digits each would be several words, and they would share one."""
    return [sha256(bytes([number])).hex()[:14].translate(LETTERS).capitalize() for number in range(count)]


LETTERS = str.maketrans("0123456789", "ghijklmnop")


@pytest.mark.parametrize("profile", ["pseudonymised", "full"])
def test_no_canary_of_a_withheld_field_is_in_the_bundle_in_any_encoding(
    vault: Vault, tmp_path: Path, profile: str
) -> None:
    words = canaries(40)
    who, told, others = words[:14], words[14:20], words[20:34]
    record_id = finished(
        vault,
        session__place={"verbatim": words[34]},
        session__others_present=[{"role": words[35], "code": "S-02", "reason": words[36]}],
        consent__contact={"answer": "only through", "through": words[37]},
        witness__contact=[{"channel": "mail", "value": words[38], "safe_times": words[39]}],
        witness__name=dict(zip(("given", "father", "family", "mother", "kunya"), told, strict=False)),
        mentions=[{"who": name, "role": "victim", "relation": more} for name, more in zip(who, others, strict=True)],
        account__paragraphs=[f"I saw {name} there." for name in (*who, *told[:5])],
        account__source_of_knowledge=["saw"] * 19,
    )
    walk_through(vault, record_id, profile=profile)
    handover = prepare(vault, to=BODY, purpose=PURPOSE, profile=profile)
    tar = opened(vault, seal(vault, handover, tmp_path / "out").path)
    found = {(word, name) for word in words for name, form in encodings(word).items() if form in tar}
    seen = {word for word, _ in found}
    if profile == "pseudonymised":
        assert found == set()
    else:
        # The control: who is not the witness leaves under a full profile, and the harness sees it.
        assert set(who) | set(others) <= seen
        assert not seen & {*told, *words[37:]}


def test_a_preview_for_one_card_is_never_sealed_to_another_under_the_same_code(vault: Vault, tmp_path: Path) -> None:
    finished(vault)
    handover = prepare(vault, to=BODY, purpose=PURPOSE)
    other = Identity.generate()
    card = Card(kind="body", code=BODY, practice=True, public=other.public)
    changed = replace(handover, to=replace(handover.to, card=card))
    with pytest.raises(ConsentError) as caught:
        seal(vault, changed, tmp_path / "out")
    assert caught.value.code == "consent-changed"
    assert "bundle.seal" not in kinds_of(vault)


def test_the_log_knows_a_bundle_before_the_file_has_its_name(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    finished(vault)
    known: list[list[object]] = []
    real = sealed_files.move

    def watched(source: Path, target: Path) -> None:
        known.extend(vault.read("SELECT state, sha256 FROM bundles"))
        assert not target.exists()
        real(source, target)

    monkeypatch.setattr(sealed_files, "move", watched)
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    assert [tuple(row) for row in known] == [("sealed", sealed.sha256)]
