"""What must hold of a folder after any fault, whatever was acknowledged in it before."""

import os
import shutil
from pathlib import Path

from faults.tracing import Ran
from practice_vaults import BODY, MENTIONED, NAME, PASSPHRASE, PHONE, make_vault, passphrase, receive

from keys.errors import KeysError
from vault.attachments import list_for
from vault.check import check_vault
from vault.drafts import list_drafts, load_draft
from vault.errors import VaultError
from vault.record_list import list_records
from vault.store import Vault

SOURCE = b"invented canary of a picture 4f1c2b " * 4000
CANARIES = tuple(
    word.encode()
    for word in (*NAME.split(), *MENTIONED.split(), PHONE, "upper mill", "quarry", PASSPHRASE, "canary of a picture")
)
CANARIES += tuple(word.decode().encode("utf-16-le") for word in CANARIES)


def template(folder: Path) -> Path:
    """A folder in which a day's work can begin, to be copied: the body's vault is there, and a picture to attach."""
    make_vault(folder, BODY, "legal").lock()
    (folder / "source.bin").write_bytes(SOURCE)
    return folder


def residue(*folders: Path) -> list[str]:
    """The files in which a word of the testimony, the passphrase or a piece of the picture stands, but the source."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "source.bin":
                data = path.read_bytes()
                found += [f"{path.relative_to(folder)}: canary" for word in CANARIES if word in data][:1]
                found += [f"{path.relative_to(folder)}: name" for word in CANARIES if word in os.fsencode(path.name)]
    return found


def faults_in(folder: Path, ran: Ran) -> list[str]:
    """Everything that is not as it must be: an acknowledged act that is lost, a vault that does not open or hold."""
    found = residue(folder)
    try:
        return found + _open_faults(folder, ran)
    except (VaultError, KeysError) as error:
        return [*found, f"refused: {error}"]


def _open_faults(folder: Path, ran: Ran) -> list[str]:
    found = []
    if any(word.startswith("crashed") for word in ran.words):
        found.append(next(word for word in ran.words if word.startswith("crashed")))
    field = folder / "field-1.vault"
    if field.exists():
        found += _field_faults(field, ran)
    elif ran.done("create"):
        found.append("the vault that was made is gone")
    found += _export_faults(folder, ran)
    return found + _body_faults(folder / f"{BODY}.vault", ran)


def _field_faults(path: Path, ran: Ran) -> list[str]:
    with Vault.unlock(path, passphrase()) as vault:
        found = _damage(vault)
        finished = {row.control_number for row in list_records(vault) if row.stage == "finished"}
        found += [f"lost: finish {number}" for number in ran.done("finish") if number not in finished]
        saved = [number for number in range(1, 100) if ran.done(f"draft {number}")]
        stored = [int(load_draft(vault, one.record_id).note) for one in list_drafts(vault)]
        if saved and not finished and max(stored, default=-1) < saved[-1]:
            found.append(f"lost: draft {saved[-1]}")
        kept = {
            one.exhibit.sha256
            for (record_id,) in vault.read("SELECT record_id FROM exhibits")
            for one in list_for(vault, record_id)
        }
        return found + [f"lost: attach {digest[:8]}" for digest in ran.done("attach") if digest not in kept]


def _damage(vault: Vault) -> list[str]:
    report = check_vault(vault)
    return (
        []
        if report.holds
        else [f"damage: {one.layer} {one.code} {one.where}" for one in report.findings if one.status != "pass"]
    )


def _export_faults(folder: Path, ran: Ran) -> list[str]:
    """Whatever has the name of a finished export is one: the body can take it in."""
    bundles = sorted((folder / "out").glob("*.age")) if (folder / "out").exists() else []
    found = [f"lost: seal {name}" for name in ran.done("seal") if name not in {path.name for path in bundles}]
    for path in bundles:
        scratch = folder / "scratch"
        shutil.copytree(folder / f"{BODY}.vault", scratch)
        with Vault.unlock(scratch, passphrase()) as body:
            if receive(body, path, receipt_folder=scratch).failure is not None:
                found.append(f"export {path.name} looks finished and is not")
        shutil.rmtree(scratch)
    return found


def _body_faults(path: Path, ran: Ran) -> list[str]:
    with Vault.unlock(path, passphrase()) as vault:
        found = _damage(vault)
        (count,) = vault.read_one("SELECT count(*) FROM received_records") or (0,)
        return found + (["lost: receive"] if ran.done("receive") and not count else [])
