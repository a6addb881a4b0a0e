"""Small acts on the open vault that a screen asks for in one step."""

from typing import TYPE_CHECKING

from vault.custody import append

if TYPE_CHECKING:
    from vault.store import Vault


def log_identity_opened(vault: "Vault", record_id: str) -> None:
    """Write to the custody log that the identity of a record was shown."""
    with vault.transaction() as tx:
        append(tx, vault, "identity.open", record_id, {})
