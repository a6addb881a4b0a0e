"""The whole story of one record, told by commands alone: what the program promises, in the order in which people meet it.

A field team and two bodies.  Everything that leaves is examined twice more by people who have no vault: by our verifier,
and by the one file that was written from the pages alone.
"""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
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
        return self("receive", body, bundle, "--receipt", self.folder, "--accept-conditions", "--json")


@pytest.fixture
def world(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[World]:
    made = {TEAM: make_vault(tmp_path, TEAM, prefix="TST")}
    made |= {code: make_vault(tmp_path, code, "legal") for code in (COURT, ARCHIVE)}
    acquaint(*made.values())
    for vault in made.values():
        vault.lock()
    (tmp_path / "stick").mkdir()
    paths = {code: tmp_path / f"{code}.vault" for code in made}
    yield World(command=Commands(capsys=capsys), folder=tmp_path / "stick", vaults=paths)


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
            [sys.executable, *command, str(bundle), *common], cwd=REPOSITORY, capture_output=True, check=False, timeout=120
        )
        said.append(json.loads(done.stdout)["verdict"])
    return said[0], said[1]


def test_a_record_goes_to_two_bodies_one_asks_for_a_name_and_the_witness_takes_back_her_yes(world: World) -> None:
    # Recorded, with a mention that no list of names would have found.
    (world.folder / "interview.json").write_bytes(interview())
    record_id = ID.findall(world.did("new", TEAM, "--from", world.folder / "interview.json").out)[0]
    mark = {"paragraph": 2, "words": VISITOR, "occurrence": 1, "who": VISITOR, "role": "perpetrator as stated"}
    (world.folder / "marks.json").write_text(json.dumps([mark]))
    world.did("mark", TEAM, record_id, "--from", world.folder / "marks.json")
    world.did("finish", TEAM, record_id)

    # Nothing leaves under codes before a person walked through every span.
    asked = ("--to", COURT, "--purpose", PURPOSE, "--profile", "pseudonymised")
    assert world("seal", TEAM, *asked, "--out", world.folder).code == 4
    spans = world.did("redact", TEAM, record_id, *asked, "--list").json["spans"]
    decisions = [{"path": span["path"], "decision": "keep"} for span in spans]
    (world.folder / "decisions.json").write_text(json.dumps({"spans": decisions}))
    world.did("redact", TEAM, record_id, *asked, "--decisions", world.folder / "decisions.json")

    coded, whole = world.sealed(COURT, "pseudonymised"), world.sealed(ARCHIVE, "full")
    for body, bundle in ((COURT, coded), (ARCHIVE, whole)):
        taken = world.received(body, bundle)
        assert (taken.code, taken.json["verdict"]) == (0, "pinned")
        world.did("receipt", TEAM, taken.json["receipt"])
        assert verdicts(world, bundle, body) == ("pinned", "pinned")
    read = {body: world.did("show", body, record_id).out for body in (COURT, ARCHIVE)}
    for name in (*MENTIONED.split(), *NAME.split(), VISITOR):
        assert name not in read[COURT]
    assert MENTIONED in read[ARCHIVE]
    assert VISITOR in read[ARCHIVE]
    codes = re.findall(r"\bP-[0-9A-Z]{4}\b", read[COURT])
    assert codes
