"""Whether a vault is whole, in five layers, each of which sees what the others miss (vault-v1.md, section 8)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from keys.digests import Digest
from keys.errors import KeysError
from vault._sqlcipher import integrity_findings
from vault.attachments import open_attachment
from vault.custody import VAULT, append
from vault.errors import NotFoundError, StorageFullError, VaultError
from vault.header import read_copies
from vault.orphans import find_orphans
from vault.replay import Fault, log_faults, row_faults
from vault.store import Vault

Status = Literal["pass", "fail", "note", "not-made"]
Layer = Literal["file", "pages", "log", "rows", "attachments"]
NextStep = Literal["", "keep-copy", "lock-once", "restore-backup", "sweep"]
Progress = Callable[[int, int], None]

_CHUNK: Final = 1 << 20
_MAX_FINDINGS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One result: the layer, whether it holds, a stable code, the place, and what a person should do next."""

    layer: Layer
    status: Status
    code: str
    where: str = ""
    next_step: NextStep = ""


@dataclass(frozen=True, kw_only=True)
class VaultReport:
    """Every finding, in the order of the layers."""

    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every layer was checked and none failed."""
        return all(finding.status in ("pass", "note") for finding in self.findings)


def check_vault(vault: Vault, progress: Progress | None = None) -> VaultReport:
    """Check everything and list all damage, not only the first; `progress` gets (attachments checked, all).

    The result is written into the custody log where the database is sound and has room.
    """
    layers: tuple[tuple[Layer, Callable[[Vault], Iterable[Finding]]], ...] = (
        ("file", _file_layer),
        ("pages", _page_layer),
        ("log", _log_layer),
        ("rows", _row_layer),
        ("attachments", lambda one: _attachment_layer(one, progress)),
    )
    findings: list[Finding] = []
    for layer, find in layers:
        findings += _layer(layer, find, vault)
    report = VaultReport(findings=tuple(findings[:_MAX_FINDINGS]))
    _write_down(vault, report)
    return report


def _layer(layer: Layer, find: Callable[[Vault], Iterable[Finding]], vault: Vault) -> Iterator[Finding]:
    """The findings of one layer: its faults up to where it could not go on, or that it holds."""
    holds = True
    try:
        # One bad page poisons what the same connection reads later (SQLCipher issue 617).
        vault.reconnect()
    except VaultError:
        yield Finding(layer=layer, status="not-made", code="not-made", next_step="keep-copy")
        return
    try:
        for finding in find(vault):
            holds = holds and finding.status == "note"
            yield finding
    except VaultError as error:
        holds = False
        yield _failed(layer, error)
    if holds:
        yield Finding(layer=layer, status="pass", code=f"{layer}-whole")


def _file_layer(vault: Vault) -> Iterator[Finding]:
    for copy in read_copies(vault.layout):
        name = vault.layout.headers[copy.place].name
        if not vault.vouches_for(copy):
            yield Finding(layer="file", status="fail", code="header-damaged", where=name, next_step="lock-once")
    if vault.size_fault():
        yield Finding(layer="file", status="fail", code="length", where="database", next_step="keep-copy")


def _page_layer(vault: Vault) -> Iterator[Finding]:
    for text in integrity_findings(vault.connection()):
        yield Finding(layer="pages", status="fail", code="page", where=text, next_step="keep-copy")


def _log_layer(vault: Vault) -> Iterator[Finding]:
    return _faults("log", log_faults(vault))


def _row_layer(vault: Vault) -> Iterator[Finding]:
    return _faults("rows", row_faults(vault, vault.subkey("log-head").reveal()))


def _attachment_layer(vault: Vault, progress: Progress | None) -> Iterator[Finding]:
    rows = vault.read("SELECT attachment_id, sha256, size FROM attachments ORDER BY attachment_id")
    for place, (attachment_id, sha256, size) in enumerate(rows):
        code = _attachment_fault(vault, attachment_id, sha256, size)
        if code:
            yield Finding(
                layer="attachments", status="fail", code=code, where=attachment_id, next_step="restore-backup"
            )
        if progress is not None:
            progress(place + 1, len(rows))
    for attachment_id in find_orphans(vault.layout, vault.read).files:
        yield Finding(
            layer="attachments", status="note", code="file-without-row", where=attachment_id, next_step="sweep"
        )


def _attachment_fault(vault: Vault, attachment_id: str, sha256: str, size: int) -> str:
    digest = Digest()
    try:
        with open_attachment(vault, attachment_id) as stream:
            while data := stream.read(_CHUNK):
                digest.update(data)
    except NotFoundError:
        return "attachment-missing"
    except (KeysError, VaultError):
        return "attachment-damaged"
    return "" if (digest.hexdigest(), digest.size) == (sha256, size) else "attachment-changed"


def _faults(layer: Layer, faults: Iterable[Fault]) -> Iterator[Finding]:
    for fault in faults:
        yield Finding(layer=layer, status="fail", code=fault.code, where=fault.where, next_step="keep-copy")


def _failed(layer: Layer, error: VaultError) -> Finding:
    if isinstance(error, StorageFullError):
        return Finding(layer=layer, status="not-made", code=error.code)
    where = " ".join(part for part in (error.reason, error.where) if part)
    return Finding(layer=layer, status="fail", code=error.code, where=where, next_step="keep-copy")


def _write_down(vault: Vault, report: VaultReport) -> None:
    damaged = sum(finding.status == "fail" for finding in report.findings)
    details: dict[str, str | int] = {
        "result": "held" if report.holds else "failed", "checked": len(report.findings), "damaged": damaged
    }  # fmt: skip
    if any(finding.next_step == "keep-copy" for finding in report.findings):
        # A damaged database is kept as it was found: the next step is a copy of it, not another write.
        vault.leave_as_found()
        return
    with suppress(StorageFullError), vault.transaction() as tx:
        append(tx, vault, "fixity.check", VAULT, details)
