"""Consent by every way out (C3): no command makes bytes of a record leave without a live grant for body and purpose."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import click
import pytest
from command_line import Commands, Pair, Said, make_pair, speak_arabic
from practice_vaults import (
    BODY,
    OTHER_BODY,
    PURPOSE,
    acquaint,
    make_vault,
    passphrase,
    recorded,
    walk_through,
)

from testimony.consent import Decision, Release, Request
from tui.commands.group import Verbs
from vault import handover, preview, review
from vault.records import StoredRecord, get_record
from vault.store import Vault

Gate = Callable[[StoredRecord, Request], tuple[Decision, Release | None]]

# What each verb does with the words of a record.  A new verb has to be put in its place here.
WAYS_OUT = {"print", "redact", "seal", "show"}
STAYS = {
    "gazetteer": "takes in names of places, never answers",
    "request": "asks for what others hide",
    "answer": "seals by the same gate; its own tests ask it without a grant",
    "init": "makes an empty vault",
    "card": "writes public keys alone",
    "identity": "writes a key for what came in, and the log says so",
    "contact": "reads and lists public keys",
    "form": "lists, writes and takes in questions, never answers",
    "script": "takes in and shows texts that are read out to every witness, never answers",
    "discard": "erases",
    "roster": "shows codes and digits",
    "approval": "writes codes and digests of what the gate lets go",
    "new": "takes in",
    "attach": "takes in",
    "mark": "takes in",
    "suggest": "shows words of a draft to whoever has the passphrase",
    "finish": "prints a number and digits",
    "correct": "takes in, and prints a number and digits",
    "translate": "takes in",
    "transcribe": "takes in",
    "observe": "takes in",
    "compare": "shows the vault's own records to whoever has the passphrase",
    "consent": "shows codes and answers about sharing",
    "withdraw": "writes a record's id, bundle ids and what is asked, for a body that has the record",
    "erase": "takes words away",
    "hold": "writes codes",
    "restrict": "takes paragraphs away, and lists numbers",
    "notice": "takes in",
    "settings": "shows what the organisation decided",
    "list": "shows codes, dates and places to whoever has the passphrase",
    "receive": "takes in; what it shows is what another vault let go",
    "receipt": "takes in",
    "search": "shows the vault's own records to whoever has the passphrase",
    "custody": "shows codes and digests",
    "anchor": "takes in, and lists codes and digests",
    "cosign": "signs and writes the head of a log",
    "checkpoint": "writes the signed head of the log",
    "time": "writes a digest of the head and takes in an answer",
    "clock": "writes two times",
    "check": "shows codes and digests",
    "demo": "works on invented interviews in vaults of its own",
}
PROFILES = ("full", "pseudonymised", "lead")
SHARE = "consent__share"
NO_GRANT = {
    "never asked": {SHARE: []},
    "no": {SHARE: [{"recipient": BODY, "purpose": PURPOSE, "answer": "no"}]},
    "ask first": {SHARE: [{"recipient": BODY, "purpose": PURPOSE, "answer": "ask me first"}]},
    "another purpose": {SHARE: [{"recipient": BODY, "purpose": "advocacy", "answer": "yes"}]},
    "another body": {SHARE: [{"recipient": OTHER_BODY, "purpose": PURPOSE, "answer": "yes"}]},
    "withdrawn at the end": {"consent__confirm_end": "withdrew"},
}


@pytest.fixture(scope="module", params=NO_GRANT)
def ungranted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A finished record whose person did not agree to this body and this purpose."""
    return make_pair(tmp_path_factory.mktemp("ungranted"), **NO_GRANT[request.param])


def attempts(pair: Pair, out: Path) -> Iterator[tuple[str, ...]]:
    """Every command line by which words of the record could go to the body."""
    asked = ("--to", BODY, "--purpose", PURPOSE)
    for profile in PROFILES:
        yield ("show", str(pair.field), pair.record_id, "--as", profile, *asked)
        yield ("show", str(pair.field), pair.record_id, "--as", profile, *asked, "--json")
        yield ("redact", str(pair.field), pair.record_id, *asked, "--profile", profile, "--list")
        printing = ("print", str(pair.field), pair.record_id, "--as", profile, *asked)
        yield (*printing, "--out", str(out / f"copy-{profile}.txt"))
        sealing = ("seal", str(pair.field), *asked, "--profile", profile, "--out", str(out))
        yield sealing
        yield (*sealing, "--json")
        yield (*sealing, "--", pair.record_id)


def left_nothing(said: Said, out: Path) -> bool:
    """Whether the command was refused by policy and nothing of the record came out."""
    return said.code == 4 and said.out == "" and not (out.exists() and any(out.iterdir()))


def test_every_verb_is_a_way_out_or_is_said_not_to_be_one() -> None:
    verbs = Verbs("testimony")
    assert set(verbs.list_commands(click.Context(verbs))) == WAYS_OUT | set(STAYS)
    assert not WAYS_OUT & set(STAYS)


def test_no_way_out_opens_without_a_grant(command: Commands, ungranted: Pair, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for words in attempts(ungranted, out):
        said = command(*words)
        assert left_nothing(said, out), words
    tried = command("custody", ungranted.field, "--json").json
    assert not [entry for entry in tried["entries"] if entry["kind"].startswith("bundle.")]


def test_with_a_grant_every_way_out_opens(command: Commands, tmp_path: Path) -> None:
    pair, out = make_pair(tmp_path), tmp_path / "out"
    out.mkdir()
    for words in attempts(pair, out):
        assert command(*words).code == 0, words
    assert len(list(out.iterdir())) == 3 * 4


def test_a_gate_that_lets_everything_through_would_be_seen(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ungranted, out = make_pair(tmp_path, **NO_GRANT["no"]), tmp_path / "out"
    out.mkdir()
    always = gate_with_the_consent_of(granted(tmp_path))
    for module in (preview, handover, review):
        monkeypatch.setattr(module, "gate", always)
    assert not [words for words in attempts(ungranted, out) if left_nothing(command(*words), out)]


def test_the_gate_is_asked_again_when_the_seal_is_written(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ungranted, out = make_pair(tmp_path, **NO_GRANT["no"]), tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(preview, "gate", gate_with_the_consent_of(granted(tmp_path)))
    said = command("seal", ungranted.field, "--to", BODY, "--purpose", PURPOSE, "--out", out)
    assert left_nothing(said, out)


def granted(folder: Path) -> Pair:
    (folder / "granted").mkdir()
    return make_pair(folder / "granted")


def gate_with_the_consent_of(pair: Pair) -> Gate:
    """The gate, deceived: it reads another record's consent, as a bug or a thief could make it."""
    real = preview.gate
    with Vault.unlock(pair.field, passphrase()) as vault:
        events = get_record(vault, pair.record_id).events
    return lambda stored, request: real(replace(stored, events=events), request)


def test_a_held_record_is_named_with_its_rule_and_holds_no_other(command: Commands, tmp_path: Path) -> None:
    pair, out = make_pair(tmp_path), tmp_path / "out"
    out.mkdir()
    with make_vault(tmp_path, OTHER_BODY, "legal") as third, Vault.unlock(pair.field, passphrase()) as field:
        acquaint(field, third)
        yes = [{"recipient": OTHER_BODY, "purpose": PURPOSE, "answer": "yes"}]
        other = recorded(field, **{SHARE: yes, "consent__identity": []})
        walk_through(field, other, to=OTHER_BODY)
    asked = ("--to", OTHER_BODY, "--purpose", PURPOSE, "--out", out, "--json")
    assert left_nothing(command("seal", pair.field, *asked, "--", pair.record_id), out)
    said = command("seal", pair.field, *asked)
    assert said.code == 0
    assert said.json["held"] == [{"record": pair.record_id, "rule": "C3"}]
    assert (said.json["count"], said.json["withheld"]) == (1, 1)
    assert f"Held back: {pair.record_id}" in said.err
    assert "wants to be asked again first" in said.err


def test_consent_is_refused_in_arabic_too(
    command: Commands, ungranted: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_arabic(monkeypatch)
    said = command("seal", ungranted.field, "--to", BODY, "--purpose", PURPOSE, "--out", tmp_path / "out")
    assert said.code == 4
    assert not [line for line in said.err.splitlines() if line and not any("\u0600" <= c <= "\u06ff" for c in line)]


def test_copies_of_a_vault_ask_the_same_gate(command: Commands, ungranted: Pair, tmp_path: Path) -> None:
    copytree(ungranted.field, tmp_path / "copy.vault")
    copy = Pair(folder=tmp_path, field=tmp_path / "copy.vault", legal=ungranted.legal, record_id=ungranted.record_id)
    words = next(iter(attempts(copy, tmp_path / "out")))
    assert left_nothing(command(*words), tmp_path / "out")
