"""The one thread that owns the open vault, and the way to ask it for something."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from vault.errors import VaultLockedError

if TYPE_CHECKING:
    from vault.store import Vault  # loaded by the screen that opens a vault, so that the first paint is quick

T = TypeVar("T")
CLOSING_SECONDS: Final = 5.0


class Session:
    """Holds the vault in a worker thread; every act on it runs there, one after another."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        self._vault: Vault | None = None

    @property
    def is_open(self) -> bool:
        """Whether a vault is unlocked."""
        return self._vault is not None

    def open(self, opening: Callable[[], "Vault"]) -> None:
        """Create or unlock a vault in its own thread; the caller waits.

        Raises:
            KeysError: The passphrase or a key slot is refused.
            VaultError: The vault cannot be opened as it is.
        """
        self._vault = self._thread.submit(opening).result()

    def ask(self, act: Callable[["Vault"], T]) -> T:
        """What `act` answers about the vault; the caller waits, so long work is asked for by a worker.

        Raises:
            VaultLockedError: No vault is open.
        """
        return self.begin(act).result()

    def begin(self, act: Callable[["Vault"], T]) -> "Future[T]":
        """Start `act` in the vault's thread and return at once.

        Raises:
            VaultLockedError: No vault is open.
        """
        vault = self._vault
        if vault is None:
            raise VaultLockedError
        return self._thread.submit(act, vault)

    def close(self) -> None:
        """Lock the vault; a step that does not end in time is left to the process, which ends next."""
        vault, self._vault = self._vault, None
        if vault is not None:
            closing = self._thread.submit(vault.lock)
            _wait(closing)
        self._thread.shutdown(wait=False, cancel_futures=True)


def _wait(closing: "Future[None]") -> None:
    try:
        closing.result(timeout=CLOSING_SECONDS)
    except TimeoutError:
        return
