"""The conditions of a bundle are shown first, and nothing enters unless the body accepts them (C16)."""

from collections.abc import Callable

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.verify import VerifiedBundle
from vault.custody import append
from vault.errors import PolicyError
from vault.store import Transaction, Vault

Acceptance = Callable[[str], bool]  # shown the conditions, whether the body accepts them


def require_accepted(vault: Vault, bundle: VerifiedBundle, accept: Acceptance) -> None:
    """Nothing, when the conditions are accepted, or were when this bundle first came in.

    Raises:
        PolicyError: The body does not accept them.
    """
    bundle_id = bundle.statement.bundle_id
    here = vault.read_one("SELECT 1 FROM received_bundles WHERE bundle_id = ?", (bundle_id,))
    if here is None and not accept(bundle.conditions):
        raise PolicyError("conditions-not-accepted", bundle_id)


def log_acceptance(tx: Transaction, vault: Vault, bundle: VerifiedBundle) -> None:
    """Log whose conditions were accepted, by their digest, in the transaction that lets the bundle in."""
    statement = bundle.statement
    details: dict[str, str | int] = {
        "conditions": conditions_digest(bundle),
        "signer": ungrouped(statement.signer.fingerprint),
    }
    append(tx, vault, "conditions.accept", statement.bundle_id, details)


def conditions_digest(bundle: VerifiedBundle) -> str:
    """The digest of the conditions, byte for byte as they came."""
    return sha256(bundle.conditions.encode("utf-8")).hex()
