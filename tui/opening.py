"""Creating and unlocking a vault from what was typed; runs in the vault's own thread."""

from pathlib import Path
from typing import TYPE_CHECKING

from keys.passphrase import check_policy, normalise
from vault.clock import Clock
from vault.opening import Note
from vault.settings import VaultSettings
from vault.store import Vault

if TYPE_CHECKING:
    from tui.app import TestimonyApp


def unlock_vault(path: Path, typed: str, clock: Clock) -> Vault:
    """The open vault.

    Raises:
        KeysError: The passphrase is refused or opens no slot.
        VaultError: The vault cannot be opened as it is.
    """
    return Vault.unlock(path, normalise(typed), clock=clock)


def create_vault(path: Path, typed: str, settings: VaultSettings, clock: Clock) -> None:
    """Make a vault and lock it again, so that its first use proves the passphrase.

    Raises:
        KeysError: The passphrase is refused.
        VaultError: The vault cannot be made there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    Vault.create(path, normalise(typed), settings, clock=clock).lock()


def refuse_weak(typed: str, path: Path, code: str) -> None:
    """Nothing, when a new vault may have this passphrase.

    Raises:
        PassphrasePolicyError: By the first rule it breaks.
    """
    check_policy(typed, [path.stem, code])


def show_records(program: "TestimonyApp", path: Path) -> None:
    """Go to the list of records of the vault that is open now; screens before it are gone."""
    from tui.screens.records import RecordsScreen  # noqa: PLC0415 - loaded when it is needed

    facts = program.session.ask(_facts)
    program.vault_path = path
    program.vault_label = facts[0]
    program.is_practice = facts[1]
    program.session_opened(facts[2])
    while len(program.screen_stack) > 1:
        program.pop_screen()
    program.push_screen(RecordsScreen())


def _facts(vault: Vault) -> tuple[str, bool, tuple[Note, ...]]:
    settings = vault.settings
    return f"{vault.path.stem} · {settings.code}", settings.practice, vault.notes
