"""The whole job on invented interviews: two vaults, one bundle, everything verified, two forgeries refused."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Final

from keys.kdf_cost import PRACTICE_COST
from keys.passphrase import generate_words, normalise
from testimony.trust import Trust
from tui.practice.errors import PracticeError
from tui.practice.expert import examined, write_reports, write_trust
from tui.practice.folder import PracticeFolder
from tui.practice.stock_tools import ToolRun, open_again
from vault.answers import answer_request, take_request
from vault.attachments import attach
from vault.contacts import add_contact
from vault.disclosure_requests import make_request, received_newest
from vault.handover import Sealed, prepare, seal
from vault.intake import receive
from vault.notices import import_notice
from vault.receipts import import_receipt
from vault.record_list import list_records
from vault.records import finish, new_from_interview
from vault.review import save_walk, walk_of
from vault.settings import Role, VaultSettings
from vault.store import Vault
from vault.withdrawal import Wish, withdraw

INTERVIEWS: Final = ("interview-ar.json", "interview-en.json")
TEAM: Final = "practice-team"
BODY: Final = "practice-body"
PURPOSE: Final = "criminal investigation"


@dataclass(frozen=True, kw_only=True)
class Made:
    """What came of one step: values for its sentence, the tools that were run, what was refused and why."""

    values: dict[str, str] = field(default_factory=dict)
    tools: tuple[ToolRun, ...] = ()
    refusals: tuple[Exception, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One part of the job, and how many seconds it took."""

    name: str
    seconds: float
    made: Made


class Demonstration:
    """One run of the whole job in one folder."""

    def __init__(self, folder: PracticeFolder) -> None:
        self.folder = folder
        self._passphrase = generate_words()
        self._open = ExitStack()
        self._records: list[str] = []

    def steps(self, announce: Callable[[str], None]) -> Iterator[Step]:
        """Every step of the job as it is done; `announce` hears the name of each before it begins.

        Raises:
            PracticeError: A forgery was accepted, or a stock tool refused the bundle.
            VaultError: The folder or the disk does not allow it.
        """
        self.folder.prepare()
        with self._open:
            for name, act in self._parts():
                announce(name)
                started = time.monotonic()
                made = act()
                yield Step(name=name, seconds=time.monotonic() - started, made=made)

    def _parts(self) -> tuple[tuple[str, Callable[[], Made]], ...]:
        return (
            ("vaults", self._make_vaults),
            ("cards", self._exchange_cards),
            ("interviews", self._record_interviews),
            ("finish", self._finish_records),
            ("seal", self._seal_bundle),
            ("receive", self._receive_bundle),
            ("verify", self._verify_without_vault),
            ("tools", self._open_with_stock_tools),
            ("ask", self._answer_a_request),
            ("withdraw", self._withdraw),
            ("forge", self._offer_forgeries),
        )

    def _make_vaults(self) -> Made:
        self.folder.put("passphrase", self._passphrase.encode("utf-8") + b"\n")
        self._field = self._new_vault(self.folder.field_vault, TEAM, "field")
        self._legal = self._new_vault(self.folder.legal_vault, BODY, "legal")
        self.folder.put(self.folder.identity.name, self._legal.identity.age_secret().reveal() + b"\n")
        return Made(values={"field": self.folder.field_vault.name, "legal": self.folder.legal_vault.name})

    def _exchange_cards(self) -> Made:
        field_digits, legal_digits = self._field.identity.public.fingerprint, self._legal.identity.public.fingerprint
        add_contact(self._field, self._legal.card(), legal_digits)
        add_contact(self._legal, self._field.card(), field_digits)
        return Made(values={"field": field_digits, "legal": legal_digits})

    def _record_interviews(self) -> Made:
        self._records = [self._record(self._field, name) for name in INTERVIEWS]
        return Made(values={"records": ", ".join(self._records)})

    def _finish_records(self) -> Made:
        finished = [finish(self._field, record_id) for record_id in self._records]
        return Made(values={"digits": finished[-1].head_digits})

    def _seal_bundle(self) -> Made:
        self._sealed = self._seal(self._field, self.folder.bundles)
        return Made(values={"path": self._sealed.path.name, "size": f"{self._sealed.size / 2**20:.1f} MiB"})

    def _receive_bundle(self) -> Made:
        intake = receive(self._legal, self._sealed.path, _accept, receipt_folder=self.folder.path)
        intake.raise_failure()
        receipt = import_receipt(self._field, self.folder.path / f"{self._sealed.path.stem}.receipt")
        return Made(values={"count": str(len(intake.outcomes)), "receipt": f"{receipt.receiver} {receipt.verdict}"})

    def _verify_without_vault(self) -> Made:
        signer = write_trust(self.folder, self._field.card())
        trust = Trust.of([signer.public.fingerprint])
        examination = examined(self._sealed.path, self._legal.identity.opener(), trust)
        write_reports(self.folder, examination)
        return Made(values={"verdict": str(examination.verdict), "checks": str(len(examination.findings))})

    def _open_with_stock_tools(self) -> Made:
        runs = tuple(open_again(self._sealed.path, self.folder, f"{TEAM}-D1"))
        if any(run.outcome == "failed" for run in runs):
            raise PracticeError("tool-failed")
        return Made(tools=runs)

    def _answer_a_request(self) -> Made:
        """The legal team asks who stands behind one code; the answer leads to the root of the bundle it has."""
        record_id = self._records[-1]
        hidden = received_newest(self._legal, record_id).hidden
        wanted = next(one for one in hidden if one.kind == "name")
        asked = make_request(self._legal, record_id, [wanted.path], ground="IDENTIFY", words="practice")
        path = self.folder.put("later/request", asked)
        answer = answer_request(self._field, take_request(self._field, path), [wanted.path], self.folder.later)
        intake = receive(self._legal, answer.path, _accept, receipt_folder=self.folder.later)
        intake.raise_failure()
        return Made(values={"place": wanted.name, "path": answer.path.name, "verdict": str(intake.verdict)})

    def _withdraw(self) -> Made:
        """The witness of the other record takes her yes back; the copy of the legal team says so from then on."""
        record_id = self._records[0]
        withdrawn = withdraw(self._field, record_id, Wish(asks="stop-sharing", to=BODY), self.folder.later)
        held = [import_notice(self._legal, notice) for notice in withdrawn.notices]
        ready = prepare(self._field, to=BODY, purpose=PURPOSE, profile="pseudonymised", record_ids=[record_id])
        if ready.count or not held:
            raise PracticeError("not-refused")
        return Made(values={"record": record_id, "rule": ready.rows[0].decision.rule})

    def _offer_forgeries(self) -> Made:
        changed = self.folder.put_changed("changed.age", self._sealed.path)
        other = self._new_vault(self.folder.other_vault, TEAM, "field")
        add_contact(other, self._legal.card(), self._legal.identity.public.fingerprint)
        finish(other, self._record(other, INTERVIEWS[-1]))
        forged = self._seal(other, self.folder.forgeries)
        return Made(refusals=(self._refused(changed), self._refused(forged.path)))

    def _refused(self, path: Path) -> Exception:
        """Why the legal team's vault refuses the file."""
        intake = receive(self._legal, path, _accept, receipt_folder=self.folder.forgeries)
        if intake.failure is None:
            raise PracticeError("not-refused")
        return intake.failure

    def _new_vault(self, path: Path, code: str, role: Role) -> Vault:
        settings = VaultSettings(profile="practice", code=code, role=role, cost=PRACTICE_COST)
        return self._open.enter_context(Vault.create(path, normalise(self._passphrase), settings))

    def _record(self, vault: Vault, name: str) -> str:
        """Record one practice interview with its exhibit; the id of the record."""
        text = resources.files("tui.practice").joinpath(name).read_bytes()
        record_id = new_from_interview(vault, text)
        exhibit = self.folder.exhibit_for(name)
        attach(vault, record_id, exhibit, kind="document", title=exhibit.stem)
        return record_id

    def _seal(self, vault: Vault, out: Path) -> Sealed:
        """Seal every finished record with codes instead of names, each span kept as somebody would who reads it."""
        for row in list_records(vault):
            walk = walk_of(vault, row.record_id, to=BODY, purpose=PURPOSE)
            for span in walk.spans:
                walk = walk.keeping(span.path)
            save_walk(vault, walk)
        ready = prepare(vault, to=BODY, purpose=PURPOSE, profile="pseudonymised")
        return seal(vault, ready, out)


def _accept(_conditions: str) -> bool:
    """The invented legal team accepts the conditions of the invented bundle."""
    return True
