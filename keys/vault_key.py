"""The one key of a vault, and the keys drawn from it for each use (docs/format/slots-v1.md, section 5)."""

from typing import Final, Literal

from keys.chance import random_secret
from keys.digests import hkdf_sha256, hmac_sha256
from keys.errors import KeyFormatError
from keys.secret import Secret

Purpose = Literal["sqlcipher", "sqlcipher-salt", "attachments", "header-mac", "log-head", "blind-index"]

VAULT_KEY_SIZE: Final = 32
VAULT_ID_SIZE: Final = 16
_ID_LABEL: Final = b"testimony/vault-id/v1"
_SUBKEY_LABEL: Final = b"testimony/vault-key/v1/"


class VaultKey:
    """32 random bytes from which every other key of a vault is drawn."""

    __slots__ = ("_secret",)

    def __init__(self, secret: Secret) -> None:
        if len(secret) != VAULT_KEY_SIZE:
            raise KeyFormatError("vault key", "of the wrong length")
        self._secret = secret

    @classmethod
    def generate(cls) -> "VaultKey":
        """The key of a new vault."""
        return cls(random_secret(VAULT_KEY_SIZE))

    @property
    def vault_id(self) -> bytes:
        """16 bytes that only this key gives, and that say nothing about it."""
        return hkdf_sha256(self._secret.reveal(), _ID_LABEL, VAULT_ID_SIZE)

    def subkey(self, purpose: Purpose, length: int = 32) -> Secret:
        """The key for one purpose."""
        return Secret(hkdf_sha256(self._secret.reveal(), _SUBKEY_LABEL + purpose.encode("ascii"), length))

    def secret(self) -> Secret:
        """The key itself, to be wrapped in a slot or sealed into an escrow file."""
        return Secret(self._secret.reveal())

    def wipe(self) -> None:
        """Overwrite the copy held here."""
        self._secret.wipe()

    def __repr__(self) -> str:
        return "VaultKey(private)"


def header_mac(vault_key: VaultKey, body: bytes) -> bytes:
    """The code that binds a vault's header to its key, 32 bytes."""
    return hmac_sha256(vault_key.subkey("header-mac").reveal(), body)
