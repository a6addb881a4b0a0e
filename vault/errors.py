"""Errors of the vault: each with a stable code for the translations, saying where and never what."""

from typing import ClassVar


class VaultError(Exception):
    """Base of every error that the vault raises; `reason` and `where` hold places and codes, never content."""

    code: ClassVar[str] = "vault"

    def __init__(self, reason: str = "", where: str = "") -> None:
        super().__init__(": ".join(part for part in (self.code, reason, where) if part))
        self.reason = reason
        self.where = where


class NotAVaultError(VaultError):
    """There is no vault at this path; reasons: absent, no-header, not-a-folder."""

    code = "not-a-vault"


class AlreadyExistsError(VaultError):
    """Something already stands where a new thing was to be made, and is left as it is."""

    code = "already-exists"


class VaultBusyError(VaultError):
    """Another process has this vault open."""

    code = "vault-busy"


class VaultLockedError(VaultError):
    """The vault was used after it was locked, or from a thread that does not own it."""

    code = "vault-locked"


class VaultDamagedError(VaultError):
    """A part of the vault is not what was written: `reason` says what is wrong, `where` which part."""

    code = "vault-damaged"


class VaultRolledBackError(VaultError):
    """The database is older than the newest state its header has seen, or belongs to another history."""

    code = "vault-rolled-back"


class VaultTooNewError(VaultError):
    """The vault was written by a newer release."""

    code = "vault-too-new"


class VaultTooOldError(VaultError):
    """The vault was written by a release that this one cannot migrate."""

    code = "vault-too-old"


class UnsafeEnvironmentError(VaultError):
    """This machine, library or folder would put the vault at risk."""

    code = "unsafe-environment"


class StorageFullError(VaultError):
    """The disk or the quota is full; everything saved before stays saved."""

    code = "storage-full"


class StorageError(VaultError):
    """The disk refused a read or a write; everything saved before stays saved."""

    code = "storage"


class UnloggedChangeError(VaultError):
    """A transaction changed a bound row without a custody entry and was undone."""

    code = "unlogged-change"


class SourceFileError(VaultError):
    """A file offered to the vault is no plain file of its own: not-regular, linked, changed, inside-the-vault."""

    code = "source-file"


class NotFoundError(VaultError):
    """No such thing in this vault."""

    code = "not-found"

    def __init__(self, kind: str, identifier: str = "") -> None:
        super().__init__(kind, identifier)
        self.kind = kind
        self.identifier = identifier


class PolicyError(VaultError):
    """Refused by a rule of the organisation or of the practice profile; `reason` names the rule."""

    code = "policy"


class ContactError(VaultError):
    """A card or the digits read out for it cannot be accepted."""

    code = "contact"


class AlreadyImportedError(VaultError):
    """This bundle or receipt is already in the vault."""

    code = "already-imported"


class LimitError(VaultError):
    """More than a stated limit was offered; nothing was changed."""

    code = "limit"

    def __init__(self, what: str, limit: int = 0) -> None:
        super().__init__(what, str(limit))
        self.what = what
        self.limit = limit
