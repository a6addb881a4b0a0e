"""Heads of logs in other hands: those of others that were seen here, and those of ours that a body can have seen."""

from collections.abc import Collection, Iterable

from keys.public_identity import PublicIdentity
from testimony.custody.checkpoint import origin_of
from testimony.custody.growth import MAX_GROWTH, Growth, SeenHead, parse_growth
from testimony.errors import CustodyError
from vault.errors import VaultDamagedError
from vault.store import Transaction, Vault


def heads_seen_of(vault: Vault, signer: PublicIdentity) -> tuple[SeenHead, ...]:
    """Every head of the log of this device that came with a bundle taken in here.

    Raises:
        VaultDamagedError: What was kept beside one cannot be read.
    """
    rows = vault.read(
        "SELECT custody_size, custody_root, custody_growth FROM received_bundles WHERE custody_origin = ?",
        (origin_of(signer),),
    )
    return tuple(_seen(size, root, growth) for size, root, growth in rows)


def unseen(tx: Transaction, origin: str, growth: Iterable[Growth]) -> tuple[Growth, ...]:
    """Of these proofs those from sizes that never came here: only they can still prove a late one to be a beginning."""
    rows = tx.all("SELECT custody_size FROM received_bundles WHERE custody_origin = ?", (origin,))
    known = {size for (size,) in rows}
    return tuple(one for one in growth if one.since not in known)


def grown_from(tx: Transaction, fingerprint: str, anchored: Collection[int]) -> tuple[int, ...]:
    """The sizes of this log from which growth is proved to a body: those of its anchors, and those it can have seen.

    It can have seen that of each bundle sealed to it, and each that it acknowledged.
    """
    rows = tx.all(
        "SELECT custody_size FROM bundles WHERE fingerprint = ? AND state = 'sealed'"
        " UNION SELECT custody_size FROM receipts WHERE receiver = ?",
        (fingerprint, fingerprint),
    )
    seen = sorted({size for (size,) in rows} - set(anchored), reverse=True)
    # Without its proof of growth an anchor would be refused; of the rest the newest decide.
    return (*anchored, *seen[: MAX_GROWTH - len(anchored)])


def _seen(size: int, root: bytes, growth: bytes) -> SeenHead:
    try:
        return SeenHead(size=size, root=root, growth=parse_growth(growth, size=size))
    except CustodyError as error:
        raise VaultDamagedError("content", "received growth") from error
