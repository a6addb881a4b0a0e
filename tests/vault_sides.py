"""A team that records, a body that receives, and another body: practice vaults that know each other."""

from dataclasses import dataclass
from pathlib import Path

from practice_vaults import BODY, PURPOSE, receive, recorded, walk_through_all

from vault.handover import prepare, seal
from vault.intake import Intake
from vault.store import Vault


@dataclass
class Sides:
    """A team, the body it hands records to, and another body."""

    folder: Path
    team: Vault
    body: Vault
    other: Vault
    record_id: str = ""

    def recorded(self, **changes: object) -> str:
        return recorded(self.team, **changes)

    def rule(self, body: str = BODY) -> str:
        return prepare(self.team, to=body, purpose=PURPOSE).rows[0].decision.rule

    def handed(self, to: Vault, name: str) -> Intake:
        code = to.settings.code
        walk_through_all(self.team, to=code)
        sealed = seal(self.team, prepare(self.team, to=code, purpose=PURPOSE), self.folder / name)
        return receive(to, sealed.path)
