"""Practice vaults for tests: cheap to open, filled with invented interviews only."""

import csv
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

from keys.kdf_cost import TEST_COST
from keys.passphrase import normalise
from keys.sealing import open_stream
from keys.secret import Secret
from testimony.scripts import own_scripts
from vault.contacts import add_contact
from vault.intake import Intake
from vault.intake import receive as take_in
from vault.preview import prepare
from vault.records import finish, new_from_interview
from vault.review import save_walk, walk_of
from vault.sealed_files import Progress
from vault.settings import Role, VaultSettings
from vault.store import Vault

PASSPHRASE = "seven invented words for tests only here"
BODY = "practice-body"
OTHER_BODY = "other-body"
PURPOSE = "criminal investigation"
NAME = "Zaynab Quillfeather"
MENTIONED = "Barnaby Thistlewood"
PHONE = "0900 000 741"

TEXT_READ_OUT = next(one.sha256 for one in own_scripts() if one.code == "consent-en-1")

_INTERVIEW: dict[str, Any] = {
    "practice": True,
    "note": "Invented for tests. No real person, place or event is described.",
    "language": "eng",
    "record": {"case_code": "K7F3-9QZD"},
    "session": {
        "started_at": "2025-04-12T15:05:00+03:00",
        "place": {"verbatim": "the reading room of the upper mill", "pcode": "XX0602"},
        "interviewer_code": "I-04",
        "interpreter_code": "T-01",
        "others_present": [],
        "prior_statements": "none",
    },
    "consent": {
        "interview": {"answer": "yes", "how": "spoken"},
        "limits_explained": {"points": [True] * 7, "script": "consent-en-1", "script_sha256": TEXT_READ_OUT},
        "recording": {"audio": "no", "video": "no", "photo": "yes"},
        "share": [
            {"recipient": BODY, "purpose": PURPOSE, "answer": "yes"},
            {"recipient": OTHER_BODY, "purpose": PURPOSE, "answer": "ask me first"},
        ],
        "identity": [{"recipient": BODY, "answer": "no"}],
        "contact": {"answer": "no"},
        "confirm_end": "confirmed",
    },
    "witness": {
        "capacity": "adult",
        "name": {"given": "Zaynab", "family": "Quillfeather"},
        "contact": [{"channel": "phone", "value": PHONE}],
        "birth": {"verbatim": "1991", "edtf": "1991", "basis": "stated"},
    },
    "account": {
        "mode": "summary",
        "paragraphs": [
            "I walked up to the mill with Barnaby Thistlewood before noon. Two cars stood across the road.",
            "They asked Barnaby for his card. I, Zaynab, was told to go home and wait there.",
            "We found Thistlewood two days later below the quarry.",
        ],
        "source_of_knowledge": ["experienced", "saw", "saw"],
        "readback": {"answer": "yes", "language": "eng", "corrections": 0},
    },
    "mentions": [{"who": MENTIONED, "role": "victim", "relation": "cousin"}],
    "exhibits": [],
}


def interview_json(**changes: Any) -> dict[str, Any]:
    """The invented interview, with `group__member` changed; None takes a member out."""
    value = deepcopy(_INTERVIEW)
    for place, new in changes.items():
        *groups, name = place.split("__")
        inside = value
        for group in groups:
            inside = inside.setdefault(group, {})
        if new is None:
            inside.pop(name, None)
        else:
            inside[name] = new
    return value


def interview_bytes(**changes: Any) -> bytes:
    """The same as a file."""
    return json.dumps(interview_json(**changes), ensure_ascii=False).encode("utf-8")


def passphrase() -> Secret:
    """The passphrase of every vault made here."""
    return normalise(PASSPHRASE)


def make_vault(folder: Path, code: str, role: Role = "field", **more: Any) -> Vault:
    """A new practice vault `<code>.vault` in a folder, open."""
    settings = VaultSettings(profile="practice", code=code, role=role, cost=TEST_COST, **more)
    return Vault.create(folder / f"{code}.vault", passphrase(), settings)


@contextmanager
def unlocked_copy(begun: Path, folder: Path, *codes: str) -> Iterator[tuple[Vault, ...]]:
    """A folder of locked vaults copied into another, and the vaults of these codes in it, open."""
    copytree(begun, folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        yield tuple(stack.enter_context(Vault.unlock(folder / f"{code}.vault", passphrase())) for code in codes)


def recorded(vault: Vault, **changes: Any) -> str:
    """The id of the invented interview, with changes as `interview_json` takes them, recorded and finished."""
    record_id = new_from_interview(vault, interview_bytes(**changes))
    finish(vault, record_id)
    return record_id


def acquaint(*vaults: Vault) -> None:
    """Every vault gets the cards of all others, digits compared."""
    for vault in vaults:
        for other in vaults:
            if other is not vault:
                add_contact(vault, other.card(), other.identity.public.fingerprint)


def walk_through(
    vault: Vault, *record_ids: str, to: str = BODY, purpose: str = PURPOSE, profile: str = "pseudonymised"
) -> None:
    """Keep every span of these records for a body, as somebody would who finds nothing to leave out."""
    for record_id in record_ids:
        walk = walk_of(vault, record_id, to=to, purpose=purpose, profile=profile)
        for span in walk.spans:
            walk = walk.keeping(span.path)
        save_walk(vault, walk)


def walk_through_all(vault: Vault, to: str = BODY, profile: str = "pseudonymised") -> None:
    """The same for every record that consent lets go to the body."""
    for row in prepare(vault, to=to, purpose=PURPOSE, profile=profile).rows:
        if row.allowed:
            walk_through(vault, row.record_id, to=to, profile=profile)


def receive(
    vault: Vault, path: Path, progress: Progress | None = None, *, receipt_folder: Path | None = None
) -> Intake:
    """What comes of a sealed file in a vault whose people accept every condition."""
    return take_in(vault, path, lambda _conditions: True, progress, receipt_folder=receipt_folder)


def kinds_of(vault: Vault, since: int = 0) -> list[str]:
    """The kinds of the custody entries from `since` on."""
    return [kind for (kind,) in vault.read("SELECT kind FROM custody WHERE seq >= ? ORDER BY seq", (since,))]


def details_of(vault: Vault, kind: str) -> Sequence[Mapping[str, Any]]:
    """The details of each custody entry of one kind."""
    rows = vault.read("SELECT line FROM custody WHERE kind = ? ORDER BY seq", (kind,))
    return [json.loads(line)["details"] for (line,) in rows]


def redaction_log(path: Path, body: Vault) -> list[dict[str, str]]:
    """The rows of the redaction log in a bundle that was sealed for the body of this vault."""
    sink = io.BytesIO()
    with path.open("rb") as source:
        open_stream(source, sink, [body.identity.opener()])
    with tarfile.open(fileobj=io.BytesIO(sink.getvalue())) as tar:
        member = tar.extractfile("data/legal/redaction-log.csv")
        assert member is not None
        return list(csv.DictReader(io.StringIO(member.read().decode("utf-8"))))
