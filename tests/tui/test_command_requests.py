"""`request` and `answer` by command: what they refuse, and forged answers of whoever is not the sender."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from command_line import Commands, Pair, Said, is_in, make_pair
from conformance.test_conformance import OPENER, answered, independent
from invented_interview import english
from practice_vaults import BODY, MENTIONED, PURPOSE, acquaint, kinds_of, make_vault, passphrase, receive
from vectors.malformed_revisions import Reviser, all_of_it
from vectors.world import AT

from keys.identity import Identity
from testimony.__main__ import main as ours
from testimony.bundle.revision import Revision
from testimony.canonical import decode
from testimony.card import Card
from testimony.consent import Release, Request, facts_of, release_for
from testimony.disclosure_request import DisclosureRequest, parse_request
from testimony.model import Record
from testimony.redaction.head import RecordHead
from tui.strings.sentences import sentence
from vault.disclosure_requests import received_newest
from vault.handover import prepare, seal
from vault.store import Vault

CHECK_FAILED, USAGE, POLICY = 1, 2, 4
PLACE = "session.place"
GROUND = ("--ground", "IDENTIFY")


@dataclass(frozen=True, kw_only=True)
class Asked(Pair):
    """The pair when the body has the record under codes; a third vault is a contact of the body."""

    other: Path
    sealed: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    folder = tmp_path_factory.mktemp("asked")
    pair = make_pair(folder)
    (folder / "out").mkdir()
    with (
        Vault.unlock(pair.field, passphrase()) as field,
        Vault.unlock(pair.legal, passphrase()) as legal,
        make_vault(folder, "other-team", prefix="OTH") as other,
    ):
        acquaint(legal, other)
        path = seal(field, prepare(field, to=BODY, purpose=PURPOSE), folder / "out").path
        assert receive(legal, path).failure is None
        return Asked(
            folder=folder, field=field.path, legal=legal.path, record_id=pair.record_id, other=other.path, sealed=path
        )


@pytest.fixture
def asked(made: Asked, tmp_path: Path) -> Asked:
    folder = copytree(made.folder, tmp_path / "asked")
    there = {name: folder / getattr(made, name).relative_to(made.folder) for name in ("field", "legal", "other")}
    return replace(made, folder=folder, sealed=folder / "out" / made.sealed.name, **there)


def acts(path: Path) -> Sequence[str]:
    """The kinds of the entries in the log of a vault, but for its opening and closing."""
    with Vault.unlock(path, passphrase()) as vault:
        return [kind for kind in kinds_of(vault) if not kind.startswith("vault.")]


def requested(command: Commands, asked: Asked, *places: str) -> Path:
    path = asked.folder / f"{len(list(asked.folder.iterdir()))}.request"
    hidden = [word for place in places or (PLACE,) for word in ("--hidden", place)]
    assert command("request", asked.legal, asked.record_id, *hidden, *GROUND, "--out", path).code == 0
    return path


@pytest.mark.parametrize(
    "acting", [("compare",), ("consent", "--list"), ("restrict", "--paragraph", "1", "--reason", "asked")]
)
def test_a_body_that_would_act_on_what_it_received_is_told_whose_it_is(
    command: Commands, asked: Asked, language: str, acting: tuple[str, ...]
) -> None:
    verb, *options = acting
    said = command(verb, asked.legal, asked.record_id, *options)
    assert sentence("failure.not-found.received", language) in said.err
    assert acts(asked.legal)[-1] == "receipt.issue"


def name_in(command: Commands, asked: Asked) -> str:
    """The path of the name behind a code in the first paragraph."""
    hidden = command("request", asked.legal, asked.record_id, "--list", "--json").json["hidden"]
    return next(one["path"] for one in hidden if one["kind"] == "name" and one["path"].startswith("account.text/0/"))


def answer(command: Commands, asked: Asked, path: Path, *lifts: str, out: Path | None = None) -> Said:
    words = [word for place in lifts for word in ("--lift", place)]
    return command("answer", asked.field, path, *words, "--out", out or asked.folder / "out", "--json")


# What a body may ask


NO_REQUESTS: tuple[tuple[str, ...], ...] = (
    (),
    ("--hidden", PLACE),
    ("--hidden", PLACE, *GROUND),
    (*GROUND, "--out", "new"),
    ("--hidden", PLACE, "--ground", "CURIOUS", "--out", "new"),
    ("--hidden", "session.language", *GROUND, "--out", "new"),
    ("--hidden", "account.text/0/0-0", *GROUND, "--out", "new"),
    ("--hidden", "no/such/place", *GROUND, "--out", "new"),
    ("--hidden", PLACE, *GROUND, "--words", "two\nlines", "--out", "new"),
    ("--hidden", PLACE, *GROUND, "--words", "x" * 201, "--out", "new"),
    ("--hidden", PLACE, *GROUND, "--out", "there"),
    ("--hidden", PLACE, *GROUND, "--out", "no-such-folder/new"),
)


def test_a_request_that_is_none_is_not_written_and_not_logged(command: Commands, asked: Asked) -> None:
    (asked.folder / "there").write_text("kept")
    before = acts(asked.legal)
    for words in NO_REQUESTS:
        told = [str(asked.folder / word) if word.endswith(("new", "there")) else word for word in words]
        assert command("request", asked.legal, asked.record_id, *told).code == USAGE, words
    assert not (asked.folder / "new").exists()
    assert (asked.folder / "there").read_text() == "kept"
    assert acts(asked.legal) == before


def test_hidden_places_are_named_in_words_when_they_are_asked_for_and_when_they_are_weighed(
    command: Commands, asked: Asked, language: Any
) -> None:
    path = name_in(command, asked)
    listed = command("request", asked.legal, asked.record_id, "--list").out.splitlines()
    row = next(line for line in listed if line.endswith(path))
    words = sentence("hidden.name", language, number=1, code="|").partition("|")[0]
    assert row.startswith(words)
    weighed = command("answer", asked.field, requested(command, asked, path)).out.splitlines()
    assert weighed[weighed.index(path) - 1] == sentence("hidden.some-words", language, number=1)


def test_nobody_asks_for_a_record_that_did_not_come(command: Commands, asked: Asked, language: str) -> None:
    words = ("--hidden", PLACE, *GROUND, "--out", asked.folder / "new")
    for vault, record_id in ((asked.legal, "K7F3-9QZD"), (asked.field, asked.record_id)):
        said = command("request", vault, record_id, *words)
        assert said.code == USAGE
        assert is_in(language, said.err.replace("K7F3-9QZD", "").replace(asked.record_id, ""))
    assert not (asked.folder / "new").exists()


# What a sender answers


def test_one_name_is_asked_for_and_answered_and_both_verifiers_find_what_was_lifted(
    command: Commands, asked: Asked
) -> None:
    name = name_in(command, asked)
    path = requested(command, asked, name)
    looked = command("answer", asked.field, path, "--json").json
    assert [one["path"] for one in looked["lifts"]] == [name]
    assert looked["lifts"][0]["text"] in MENTIONED
    sealed = Path(answer(command, asked, path, name).json["path"])
    for code, said in verified(command, asked, sealed):
        assert code == 0
        assert said["records"][0]["revision"]["earlier"] == {
            "hidden": [],
            "lifted": [name],
            "recoded": [],
            "step": "lifts",
        }
        assert said["records"][0]["revision"]["request"] == looked["request"]
    taken = command("receive", "--accept-conditions", asked.legal, sealed, "--json")
    assert (taken.code, taken.json["outcomes"][0]["revision"]) == (0, "lifts")


def verified(command: Commands, asked: Asked, bundle: Path) -> list[tuple[int, Any]]:
    """What both verifiers say of a bundle beside the one that the body had first; neither opens a vault."""
    identity = asked.folder / "identity.txt"
    if not identity.exists():
        assert command("identity", asked.legal, "--out", identity).code == 0
    words = [str(bundle), "--earlier", str(asked.sealed), "--identity", str(identity), "--json"]
    both: list[tuple[Callable[..., int], list[str]]] = [
        (ours, words),
        (independent.main, [*words, "--age-command", OPENER]),
    ]
    found = [answered(verify, told) for verify, told in both]
    return [(code, decode(output.rstrip(b"\n"), limit=1 << 22, where="report")) for code, output in found]


def test_what_is_no_request_of_a_known_body_is_refused_and_nothing_is_sealed(command: Commands, asked: Asked) -> None:
    path = requested(command, asked)
    data = path.read_bytes()
    before = acts(asked.field)
    stranger = Identity.generate()
    with Vault.unlock(asked.legal, passphrase()) as legal:
        request = parse_request(data).check(legal.identity.public)
        elsewhere = replace(request, root="0b" * 32).to_text(legal.identity)
        shown = replace(request, hidden=("session.language",)).to_text(legal.identity)
    by_a_stranger = replace(request, fingerprint=stranger.public.fingerprint).to_text(stranger)
    refused = {
        b"Dear Sir or Madam,\n": USAGE,
        b"": USAGE,
        data + b"\n": USAGE,
        data[: data.index(b"-----BEGIN")]: USAGE,
        data.replace(b"ground: IDENTIFY", b"ground: DEFENCE"): CHECK_FAILED,
        by_a_stranger: POLICY,
        elsewhere: POLICY,
        shown: POLICY,
    }
    for content, code in refused.items():
        path.write_bytes(content)
        assert answer(command, asked, path, PLACE).code == code, content[:40]
    assert answer(command, asked, asked.folder / "nowhere", PLACE).code == USAGE
    # A vault that sealed nothing for this body has nothing to answer, whoever asks.
    path.write_bytes(data)
    assert command("answer", asked.other, path, "--lift", PLACE, "--out", asked.folder / "out").code == POLICY
    assert acts(asked.field) == before
    assert list((asked.folder / "out").iterdir()) == [asked.sealed]


def test_what_may_not_be_lifted_or_was_not_asked_for_is_refused(command: Commands, asked: Asked, language: str) -> None:
    never = ("witness.name", "witness.safeguards")
    path = requested(command, asked, PLACE, *never)
    for place in (*never, "account.text/1", "session.language"):
        said = answer(command, asked, path, place)
        assert said.code == POLICY, place
        assert is_in(language, said.err.replace(place, ""))
    assert answer(command, asked, path, PLACE, out=asked.folder / "no-such-folder").code == USAGE
    assert list((asked.folder / "out").iterdir()) == [asked.sealed]
    assert "redaction.lift" not in acts(asked.field)
    # Without a place named, and nobody at a terminal, nothing is granted.
    looked = command("answer", asked.field, path, "--out", asked.folder / "out")
    assert looked.code == 0
    assert list((asked.folder / "out").iterdir()) == [asked.sealed]


def test_a_request_is_answered_once_and_not_after_a_no(command: Commands, asked: Asked) -> None:
    path, other = requested(command, asked), requested(command, asked, "session.interviewer_code")
    assert answer(command, asked, path, PLACE).code == 0
    said = answer(command, asked, path, PLACE)
    assert said.code == POLICY
    assert answer(command, asked, other, "session.interviewer_code").code == POLICY  # about the revision before
    there = sorted((asked.folder / "out").glob("*.age"))
    answered_one = next(one for one in there if one != asked.sealed)
    assert command("receive", "--accept-conditions", asked.legal, answered_one).code == 0
    again = requested(command, asked, "session.interviewer_code")
    no = ("--to", BODY, "--purpose", PURPOSE, "--answer", "no")
    assert command("consent", asked.field, asked.record_id, *no).code == 0
    assert answer(command, asked, again, "session.interviewer_code").code == POLICY
    assert sorted((asked.folder / "out").glob("*.age")) == there


# Answers that are forged


@dataclass
class Forger(Reviser):
    """Whoever makes an answer to a true request about a record of somebody else."""

    record_id: str = ""

    def record(self, number: int) -> Record:
        return replace(super().record(number), record_id=self.record_id)

    def release(self, record: Record, head: RecordHead) -> Release:
        asked = Request(recipient=BODY, purpose=PURPOSE, profile=self.profile, at=AT)
        return release_for(facts_of(record, bytes.fromhex(head.root)), self.events(record), asked)

    @property
    def body_card(self) -> Card:
        return Card(kind="body", code=BODY, practice=True, public=self.body.public)


def of_another_witness() -> dict[str, Any]:
    value = english()
    value["consent"]["share"] = [{"recipient": BODY, "purpose": PURPOSE, "answer": "yes"}]
    return value


def forged(asked: Asked, path: Path, device: Identity) -> Path:
    """A bundle that names the true request and the true record file, and holds by itself."""
    with Vault.unlock(asked.legal, passphrase()) as legal:
        request: DisclosureRequest = parse_request(path.read_bytes()).check(legal.identity.public)
        since = received_newest(legal, asked.record_id).file_sha256
        revision = Revision(number=2, since=since, lifts=("account.mode",), request=request.request_id)
        maker = Forger(
            device=device,
            body=legal.identity,
            sees=all_of_it,
            interview=of_another_witness,
            shown_bodies=(BODY,),
            revision=revision,
            record_id=asked.record_id,
        )
        target = asked.folder / "forged.age"
        target.write_bytes(maker.sealed()[1])
    return target


@pytest.mark.case("BU-22", "BU-10")
@pytest.mark.parametrize("by", ["a stranger", "another contact"])
def test_an_answer_that_somebody_else_forged_changes_nothing(command: Commands, asked: Asked, by: str) -> None:
    path = requested(command, asked)
    with Vault.unlock(asked.other, passphrase()) as other:
        device = Identity.generate() if by == "a stranger" else other.identity
        bundle = forged(asked, path, device)
    before = command("show", asked.legal, asked.record_id).out
    for code, said in verified(command, asked, bundle):
        assert (code, said["verdict"]) == (1, "incomplete")
        assert [row["code"] for row in said["checks"] if row["status"] == "fail"] == ["earlier-signer"]
    taken = command("receive", "--accept-conditions", asked.legal, bundle, "--json")
    if by == "a stranger":
        assert (taken.code, taken.json["outcomes"]) == (POLICY, [])
    else:
        assert [one["outcome"] for one in taken.json["outcomes"]] == ["conflict"]
    assert command("show", asked.legal, asked.record_id).out == before
    # The true answer is still taken in: nothing forged stands in its way.
    true = Path(answer(command, asked, path, PLACE).json["path"])
    taken = command("receive", "--accept-conditions", asked.legal, true, "--json")
    assert (taken.code, taken.json["outcomes"][0]["revision"]) == (0, "lifts")


@pytest.mark.case("BU-22")
def test_an_answer_that_its_own_sender_gives_unasked_is_kept_out(command: Commands, asked: Asked) -> None:
    """The request is taken from a copy of the body's vault: the body itself never made it."""
    copy = copytree(asked.legal, asked.folder / "copy.vault")
    path = requested(command, replace(asked, legal=copy))
    sealed = Path(answer(command, asked, path, PLACE).json["path"])
    before = command("show", asked.legal, asked.record_id).out
    taken = command("receive", "--accept-conditions", asked.legal, sealed, "--json")
    assert [one["outcome"] for one in taken.json["outcomes"]] == ["quarantined"]
    assert command("show", asked.legal, asked.record_id).out == before
    # Whoever has no vault cannot know who asked: the answer itself is whole.
    assert [code for code, _ in verified(command, asked, sealed)] == [0, 0]
