"""The whole job by commands: two people, two vaults, there and back again."""

import json
import os
import re
from pathlib import Path

import pytest
from command_line import Commands, checked, make_pair, program
from practice_vaults import BODY, PHONE, PURPOSE, interview_bytes, interview_json, make_vault
from shared_data import REPOSITORY

from vault.contacts import add_contact

ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")

DIGITS = re.compile(r"(?:\d{4} ){9}\d{4}")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys=capsys)


def test_a_testimony_goes_from_the_field_to_a_body_and_its_receipt_comes_back(
    command: Commands, tmp_path: Path
) -> None:
    field, legal = (make_vault(tmp_path, code, role) for code, role in (("practice-team", "field"), (BODY, "legal")))
    for vault in (field, legal):
        vault.lock()

    # Cards go over as files; the digits are heard.
    digits = {}
    for vault in (field, legal):
        card = vault.path.with_suffix(".card")
        assert command("card", vault.path, "--out", card).code == 0
        digits[vault] = command("card", vault.path, "--json").json["fingerprint"]
    for vault, other in ((field, legal), (legal, field)):
        said = command("contact", "add", vault.path, other.path.with_suffix(".card"), "--digits", digits[other])
        assert said.code == 0
        assert digits[other] in said.out
    assert [one["code"] for one in command("contact", "list", field.path, "--json").json["contacts"]] == [BODY]

    # An interview is recorded, a file attached, all of it finished.
    (tmp_path / "interview.json").write_bytes(interview_bytes())
    (tmp_path / "yard.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    record_id = ID.findall(command("new", field.path, "--from", tmp_path / "interview.json").out)[0]
    attached = command("attach", field.path, record_id, tmp_path / "yard.png", "--kind", "photo", "--title", "the yard")
    assert attached.code == 0
    assert [row["stage"] for row in command("list", field.path, "--json").json["records"]] == ["draft"]
    assert "not finished" in command("show", field.path, record_id).out
    finished = command("finish", field.path, record_id)
    head = DIGITS.findall(finished.out)
    assert len(head) == 1

    # What would leave is walked through span by span, then sealed; before that nothing is.
    asked = ("--to", BODY, "--purpose", PURPOSE)
    preview = command("show", field.path, record_id, "--as", "pseudonymised", *asked)
    assert preview.code == 0
    assert "Thistlewood" not in preview.out
    nowhere = command("seal", field.path, *asked, "--out", tmp_path / "stick", "--json")
    assert (nowhere.code, nowhere.out) == (2, "")
    assert "There is no folder" in nowhere.err
    assert not (tmp_path / "stick").exists()
    (tmp_path / "stick").mkdir()
    unread = command("seal", field.path, *asked, "--out", tmp_path / "stick", "--json")
    assert (unread.code, list((tmp_path / "stick").iterdir())) == (4, [])
    assert "testimony redact" in unread.err
    spans = command("redact", field.path, record_id, *asked, "--list").json["spans"]
    assert {span["state"] for span in spans} == {"open"}
    decisions = {"spans": [{"path": span["path"], "decision": "keep"} for span in spans]}
    (tmp_path / "decisions.json").write_text(json.dumps(decisions))
    walked = command("redact", field.path, record_id, *asked, "--decisions", tmp_path / "decisions.json", "--json")
    assert (walked.code, walked.json["open"]) == (0, 0)
    sealed = command("seal", field.path, *asked, "--out", tmp_path / "stick", "--json")
    assert sealed.code == 0
    assert sealed.json["count"] == 1
    assert sealed.json["held"] == []
    bundle = Path(sealed.json["path"])
    assert bundle.stat().st_size == sealed.json["size"]

    # The body takes it in, reads it, and answers.
    unasked = command("receive", legal.path, bundle)
    assert unasked.code == 4
    assert "--accept-conditions" in unasked.err
    assert unasked.out.startswith("Conditions of this bundle")
    assert command("list", legal.path, "--json").json["records"] == []
    taken = command("receive", "--accept-conditions", legal.path, bundle, "--receipt", tmp_path / "stick", "--json")
    assert taken.code == 0
    assert taken.json["verdict"] == "pinned"
    assert [one["outcome"] for one in taken.json["outcomes"]] == ["imported"]
    assert taken.json["report"]["exit"] == 0
    shown = command("show", legal.path, record_id)
    assert shown.code == 0
    assert "Two cars stood across the road." in shown.out
    assert "Thistlewood" not in shown.out
    assert [hit["record"] for hit in command("search", legal.path, "cars", "--json").json["hits"]] == [record_id]
    assert command("receipt", field.path, taken.json["receipt"]).code == 0

    # Both logs name every step, and both vaults are whole.
    log = command("custody", field.path, "--json").json
    kinds = [entry["kind"] for entry in log["entries"]]
    for kind in ("contact.add", "exhibit.import", "record.finish", "record.view", "bundle.seal", "bundle.handover"):
        assert kind in kinds
    assert kinds[-2:] == ["vault.lock", "vault.unlock"] or kinds[-1] == "vault.unlock"
    assert log["size"] == len(log["entries"])
    for vault in (field, legal):
        assert command("check", vault.path).code == 0
        assert command("check", vault.path, "--json").json["holds"] is True


def test_every_read_as_json_is_canonical_and_names_no_identity_unless_asked(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    (tmp_path / "draft.json").write_bytes(interview_bytes())
    draft = ID.findall(command("new", pair.field, "--from", tmp_path / "draft.json").out)[0]
    asked = ("--to", BODY, "--purpose", PURPOSE)
    (tmp_path / "out").mkdir()
    sealed = command("seal", pair.field, *asked, "--out", tmp_path / "out", "--json").json["path"]
    reads = (
        ("card", pair.field),
        ("contact", "list", pair.field),
        ("list", pair.field),
        ("show", pair.field, draft),
        ("show", pair.field, pair.record_id),
        ("show", pair.field, pair.record_id, "--as", "full", *asked),
        ("search", pair.field, "Quillfeather"),
        ("custody", pair.field),
        ("check", pair.field),
        ("receive", "--accept-conditions", pair.legal, sealed),
        ("list", pair.legal),
        ("show", pair.legal, pair.record_id),
        ("search", pair.legal, "mill"),
        ("custody", pair.legal),
    )
    for read in reads:
        said = command(*read, "--json")
        assert said.code == 0, read
        assert isinstance(said.json, dict), read
        for secret in ("Quillfeather", PHONE, '"1991"'):
            assert secret not in said.out, read
    for record_id in (draft, pair.record_id):
        opened = command("show", pair.field, record_id, "--json", "--identity")
        assert opened.json["interview"]["witness"] == interview_json()["witness"] | {"capacity": "adult"}
    kinds = [entry["kind"] for entry in command("custody", pair.field, "--json").json["entries"]]
    assert kinds.count("identity.open") == 2


def test_the_identity_is_masked_on_the_terminal_until_it_is_asked_for(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    masked, opened = (command("show", pair.field, pair.record_id, *more).out for more in ((), ("--identity",)))
    assert "Quillfeather" not in masked
    assert PHONE not in masked
    assert "--identity shows it" in masked
    assert "Quillfeather" in opened
    assert PHONE in opened
    # A list never names anybody, whatever is in the vault.
    assert "Quillfeather" not in command("list", pair.field).out


@pytest.mark.case("BU-12")
def test_a_bundle_or_receipt_given_twice_changes_nothing_the_second_time(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    asked = ("--to", BODY, "--purpose", PURPOSE, "--profile", "full")
    bundle = command("seal", pair.field, *asked, "--out", tmp_path, "--json").json["path"]
    first, second = (command("receive", "--accept-conditions", pair.legal, bundle, "--json").json for _ in range(2))
    assert [one["outcome"] for one in first["outcomes"]] == ["imported"]
    assert [one["outcome"] for one in second["outcomes"]] == ["already"]
    assert "was here already" in command("receive", "--accept-conditions", pair.legal, bundle).out
    assert len(command("list", pair.legal, "--json").json["records"]) == 1
    assert command("receipt", pair.field, first["receipt"]).code == 0
    again = command("receipt", pair.field, first["receipt"])
    assert again.code == 4
    assert "taken in before" in again.err
    # A later bundle is proved to follow what the receipt acknowledged; no word of doubt is said.
    later = command("seal", pair.field, *asked, "--out", tmp_path, "--json").json["path"]
    assert "Send the receipt" not in command("receive", "--accept-conditions", pair.legal, later).out


def test_a_vault_made_by_the_real_program_does_the_same_job(tmp_path: Path) -> None:
    field = tmp_path / "field.vault"
    made = program("init", field, "--practice", "--code", "practice-team", "--prefix", "TST")
    assert made.code == 0
    assert str(field) in made.out
    (digits,) = DIGITS.findall(made.out)
    assert program("card", field, "--out", tmp_path / "field.card").code == 0
    with make_vault(tmp_path, BODY, "legal") as vault:
        legal = vault.path
        (tmp_path / "legal.card").write_bytes(vault.card())
        legal_digits = vault.identity.public.fingerprint
        add_contact(vault, (tmp_path / "field.card").read_bytes(), digits)
    assert program("contact", "add", field, tmp_path / "legal.card", "--digits", legal_digits).code == 0
    source = REPOSITORY / "tui" / "practice" / "interview-ar.json"
    record_id = ID.findall(program("new", field, "--from", source).out)[0]
    assert program("finish", field, record_id).code == 0
    (tmp_path / "out").mkdir()
    asked = ("--to", BODY, "--purpose", PURPOSE)
    spans = program("redact", field, record_id, *asked, "--list").json["spans"]
    decisions = {"spans": [{"path": span["path"], "decision": "keep"} for span in spans]}
    (tmp_path / "decisions.json").write_text(json.dumps(decisions))
    assert program("redact", field, record_id, *asked, "--decisions", tmp_path / "decisions.json").code == 0
    sealed = program("seal", field, *asked, "--out", tmp_path / "out", "--json")
    assert sealed.code == 0
    assert "PRACTICE" in sealed.err
    taken = program("receive", "--accept-conditions", legal, sealed.json["path"], "--json")
    assert taken.json["verdict"] == "pinned"
    assert program("check", legal).code == 0
    wrong = program("list", legal, passphrase="seven other words that open nothing here")
    assert (wrong.code, wrong.out) == (4, "")


@pytest.mark.case("CL-09", "CL-10")
def test_stored_bytes_are_the_same_under_every_locale(tmp_path: Path) -> None:
    with make_vault(tmp_path, "practice-team") as vault:
        path = vault.path
    source = tmp_path / "interview.json"
    source.write_text(
        (REPOSITORY / "tui" / "practice" / "interview-ar.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    record_id = ID.findall(program("new", path, "--from", source).out)[0]
    path_only = {"PATH": os.environ["PATH"]}
    plain = program("show", path, record_id, "--json").out
    assert "كنت أخبز" in plain
    for locale in (
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
        {"LANG": "tr_TR.UTF-8"},
        {"LANG": "ar_SY.UTF-8", "LANGUAGE": "ar"},
    ):
        said = program("show", path, record_id, "--json", environment=path_only | locale)
        assert said.code == 0
        assert said.out == plain
    arabic = program("show", path, record_id, environment=path_only | {"LC_ALL": "ar_SY.UTF-8"})
    assert "لم تُنهَ بعد" in checked(arabic).out


def test_the_account_in_json_is_exactly_what_was_recorded(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    shown = command("show", pair.field, pair.record_id, "--json").json["interview"]
    recorded = json.loads(interview_bytes())
    assert shown["account"] == recorded["account"]
    assert shown["session"]["place"] == recorded["session"]["place"]
