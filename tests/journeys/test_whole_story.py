"""The whole story of one record, told by commands alone: what the program promises, in the order in which people meet it.

A field team and two bodies.  Everything that leaves is examined twice more by people who have no vault: by our verifier,
and by the one file that was written from the pages alone.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from command_line import Commands, Said
from practice_vaults import MENTIONED, NAME, PURPOSE, acquaint, interview_bytes, make_vault
from shared_data import REPOSITORY

TEAM, COURT, ARCHIVE = "practice-team", "court-a", "archive-b"
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
INDEPENDENT = REPOSITORY / "docs" / "format" / "independent" / "verify.py"
OPENER = REPOSITORY / "tests" / "conformance" / "open_sealed.py"
VISITOR = "the man with the grey scarf"
CODED = ("--to", COURT, "--purpose", PURPOSE, "--profile", "pseudonymised")


@dataclass(frozen=True)
class World:
    """Three closed vaults that know each other, and a folder that travels between them."""

    command: Commands
    folder: Path
    vaults: dict[str, Path] = field(default_factory=dict)

    def __call__(self, verb: str, whose: str, *arguments: object) -> Said:
        return self.command(*verb.split(), self.vaults[whose], *arguments)

    def did(self, verb: str, whose: str, *arguments: object) -> Said:
        said = self(verb, whose, *arguments)
        assert said.code == 0, (verb, said.err)
        return said

    def sealed(self, body: str, profile: str) -> Path:
        asked = ("--to", body, "--purpose", PURPOSE, "--profile", profile)
        return Path(self.did("seal", TEAM, *asked, "--out", self.folder, "--json").json["path"])

    def received(self, body: str, bundle: Path) -> Said:
        return self("receive", body, "--accept-conditions", bundle, "--receipt", self.folder, "--json")


@pytest.fixture
def world(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> World:
    made = {TEAM: make_vault(tmp_path, TEAM, prefix="TST")}
    made |= {code: make_vault(tmp_path, code, "legal") for code in (COURT, ARCHIVE)}
    acquaint(*made.values())
    for vault in made.values():
        vault.lock()
    (tmp_path / "stick").mkdir()
    paths = {code: tmp_path / f"{code}.vault" for code in made}
    return World(command=Commands(capsys=capsys), folder=tmp_path / "stick", vaults=paths)


def interview() -> bytes:
    share = [{"recipient": body, "purpose": PURPOSE, "answer": "yes"} for body in (COURT, ARCHIVE)]
    identity = [{"recipient": COURT, "answer": "no"}, {"recipient": ARCHIVE, "answer": "yes"}]
    paragraphs = [
        f"I walked up to the mill with {MENTIONED} before noon. Two cars stood across the road.",
        f"They asked for his card. I saw {VISITOR} write it down.",
        "We found Thistlewood two days later below the quarry.",
    ]
    return interview_bytes(consent__share=share, consent__identity=identity, account__paragraphs=paragraphs)


def verdicts(world: World, bundle: Path, body: str, *more: object) -> tuple[str, str]:
    """What our verifier and the independent one say of a sealed file; neither has a vault."""
    identity, trust = world.folder / f"{body}.identity", world.folder / "trust"
    if not identity.exists():
        world.did("identity", body, "--out", identity)
        digits = world.did("card", TEAM, "--json").json["fingerprint"]
        trust.write_text(f"{digits} {TEAM}\n")
    common = ["--identity", str(identity), "--trust", str(trust), "--json", *map(str, more)]
    opener = shlex.join([sys.executable, str(OPENER)])
    said = []
    for command in (["-m", "testimony"], [str(INDEPENDENT), "--age-command", opener]):
        done = subprocess.run(
            [sys.executable, *command, str(bundle), *common],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
            timeout=120,
        )
        said.append(json.loads(done.stdout)["verdict"])
    return said[0], said[1]


def recorded(world: World) -> str:
    """An interview with a mention that no list of names would have found, marked by hand and finished; its id."""
    (world.folder / "interview.json").write_bytes(interview())
    record_id = ID.findall(world.did("new", TEAM, "--from", world.folder / "interview.json").out)[0]
    mark = {"paragraph": 2, "words": VISITOR, "occurrence": 1, "who": VISITOR, "role": "perpetrator as stated"}
    (world.folder / "marks.json").write_text(json.dumps([mark]))
    world.did("mark", TEAM, record_id, "--from", world.folder / "marks.json")
    world.did("finish", TEAM, record_id)
    return record_id


def walked(world: World, record_id: str) -> None:
    """Every span of the record is read as the court would see it, and kept."""
    spans = world.did("redact", TEAM, record_id, *CODED, "--list").json["spans"]
    assert spans
    decisions = [{"path": span["path"], "decision": "keep"} for span in spans]
    (world.folder / "decisions.json").write_text(json.dumps({"spans": decisions}))
    world.did("redact", TEAM, record_id, *CODED, "--decisions", world.folder / "decisions.json")


def taken_in(world: World, body: str, bundle: Path) -> None:
    """The body receives the bundle, its receipt goes back, and both verifiers say the same of it."""
    taken = world.received(body, bundle)
    assert (taken.code, taken.json["verdict"]) == (0, "pinned"), taken.err
    world.did("receipt", TEAM, taken.json["receipt"])
    assert verdicts(world, bundle, body) == ("pinned", "pinned")


def test_a_record_goes_to_two_bodies_one_asks_for_a_name_and_the_witness_takes_back_her_yes(world: World) -> None:
    record_id = recorded(world)
    # Nothing leaves under codes before a person walked through every span.
    assert world("seal", TEAM, *CODED, "--out", world.folder).code == 4
    walked(world, record_id)
    older = world.sealed(COURT, "pseudonymised")
    taken_in(world, COURT, older)
    taken_in(world, ARCHIVE, world.sealed(ARCHIVE, "full"))
    read = {body: world.did("show", body, record_id).out for body in (COURT, ARCHIVE)}
    assert [name for name in (*MENTIONED.split(), *NAME.split(), VISITOR) if name in read[COURT]] == []
    assert re.findall(r"\bP-[0-9A-Z]{4}\b", read[COURT])
    assert MENTIONED in read[ARCHIVE]
    assert VISITOR in read[ARCHIVE]
    shutil.copytree(world.vaults[TEAM], world.folder / "copy.vault")

    # The court asks for one name; the answer shows that one, and leads to the root of the older bundle.
    hidden = world.did("request", COURT, record_id, "--list", "--json").json["hidden"]
    wanted = next(
        place["path"] for place in hidden if place["path"].startswith("account.text/0") and "V-" in place["name"]
    )
    asking = ("--hidden", wanted, "--ground", "COURT-ORDER", "--out", world.folder / "request")
    world.did("request", COURT, record_id, *asking)
    answer = Path(
        world.did("answer", TEAM, world.folder / "request", "--lift", wanted, "--out", world.folder, "--json").json[
            "path"
        ]
    )
    taken_in(world, COURT, answer)
    assert verdicts(world, answer, COURT, "--earlier", older) == ("pinned", "pinned")
    assert verdicts(world, older, COURT, "--earlier", answer) == ("incomplete", "incomplete")
    answered = world.did("show", COURT, record_id).out
    assert MENTIONED in answered
    assert VISITOR not in answered

    # The witness withdraws for the court: nothing more leaves for it, and its copy says so first.
    withdrawn = ("--outcome", "stop-sharing", "--to", COURT, "--confirm", "--out", world.folder, "--json")
    (notice,) = world.did("withdraw", TEAM, record_id, *withdrawn).json["notices"]
    assert world("seal", TEAM, *CODED, "--out", world.folder).code == 4
    world.did("notice", COURT, notice)
    assert world("notice", ARCHIVE, notice).code == 4
    first = world.did("show", COURT, record_id).out.split("We found")[0]
    assert "withdr" in first
    assert world("request", COURT, record_id, *asking[:-1], world.folder / "another").code == 4
    # The archive's yes stands, and nothing tells it of the court.
    later = world.sealed(ARCHIVE, "full")
    taken_in(world, ARCHIVE, later)
    assert COURT not in world.did("show", ARCHIVE, record_id).out

    # Whoever goes on from an older state of the log has another one, and is found out.
    world.vaults["forger"] = world.folder / "copy.vault"
    forged = Path(world.did("seal", "forger", *CODED, "--out", world.folder, "--json").json["path"])
    refused = world.received(COURT, forged)
    assert (refused.code, refused.json["verdict"], refused.json["outcomes"]) == (1, "invalid", [])
    for vault in (TEAM, COURT, ARCHIVE):
        assert world.did("check", vault, "--json").json["holds"] is True


def test_the_bundle_of_the_story_holds_for_the_tools_of_any_machine(world: World) -> None:
    if shutil.which("ssh-keygen") is None or shutil.which("sha256sum") is None:
        pytest.skip("no ssh-keygen or sha256sum here")
    walked(world, recorded(world))
    bundle, opened = world.sealed(COURT, "pseudonymised"), world.folder / "opened"
    world.did("identity", COURT, "--out", world.folder / "identity")
    tar = subprocess.run(
        [sys.executable, str(OPENER), "-d", "-i", str(world.folder / "identity")],
        input=bundle.read_bytes(),
        capture_output=True,
        check=True,
        cwd=REPOSITORY,
        timeout=60,
    ).stdout
    opened.mkdir()
    subprocess.run(["tar", "-xf", "-", "-C", str(opened)], input=tar, check=True, timeout=60)
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        subprocess.run(["sha256sum", "--quiet", "-c", manifest], cwd=opened, check=True, timeout=60)
    signer = (opened / "allowed_signers").read_text().split(" ", 1)[0]
    signed = ["-f", "allowed_signers", "-I", signer]
    for name, namespace, signature in (
        ("bundle.txt", "bundle@testimony-vault", "bundle.txt.sig"),
        *(
            (str(head), "record@testimony-vault", f"{head}.sig")
            for head in (opened / "data" / "records").glob("*.head")
        ),
    ):
        verify = ["ssh-keygen", "-Y", "verify", *signed, "-n", namespace, "-s", signature]
        subprocess.run(verify, input=(opened / name).read_bytes(), cwd=opened, check=True, timeout=60)
