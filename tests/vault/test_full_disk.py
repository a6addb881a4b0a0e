"""A disk that is really full: a small file system in memory, in a name space of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_FILL = """
import os, subprocess, sys
from pathlib import Path
from practice_vaults import interview_json, make_vault, passphrase
from testimony.interview import parse_interview
from vault.attachments import attach
from vault.check import check_vault
from vault.drafts import list_drafts, load_draft, new_draft, save_draft
from vault.errors import StorageFullError
from vault.store import Vault

folder = Path(sys.argv[1])

def long(number):
    return parse_interview(interview_json(note=str(number), account__paragraphs=["x" * 50_000], account__source_of_knowledge=["saw"]))

vault = make_vault(folder, "field-1")
record_id = new_draft(vault, long(0))
reserve = vault.layout.reserve
assert reserve.exists()
saved, texts = [], 0
(folder / "big").write_bytes(os.urandom(300_000))
try:
    for number in range(10_000):
        saved.append(new_draft(vault, long(number)))
except StorageFullError:
    pass
else:
    raise SystemExit("never full")
assert not reserve.exists(), "the reserve is given up for what was typed"
assert len(list_drafts(vault)) == len(saved) + 1
try:
    attach(vault, record_id, folder / "big", kind="photo")
except StorageFullError:
    pass
try:
    vault.lock()
except StorageFullError:
    print("locked without its last entry")
(folder / "big").unlink()
try:
    with Vault.unlock(folder / "field-1.vault", passphrase()) as vault:
        assert {draft.record_id for draft in list_drafts(vault)} == {record_id, *saved}
        assert load_draft(vault, saved[-1]).note == str(len(saved) - 1)
        assert not check_vault(vault).holds, "a check that could not be made does not hold"
except StorageFullError:
    print("read, and locked without its last entry")
subprocess.run(["mount", "-o", "remount,size=20m", str(folder)], check=True)
with Vault.unlock(folder / "field-1.vault", passphrase()) as vault:
    assert vault.layout.reserve.exists()
    report = check_vault(vault)
    assert report.holds, report.findings
    assert {draft.record_id for draft in list_drafts(vault)} == {record_id, *saved}
print("kept", len(saved))
"""


@pytest.mark.case("VF-16", "FS-03")
def test_what_was_saved_before_the_disk_was_full_is_there_after(tmp_path: Path, repository: Path):
    mount = 'mount -t tmpfs -o size=6m none "$1" && exec "$2" -c "$3" "$1"'
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no name spaces here: a full disk cannot be made")
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, _FILL],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": f"{repository}{os.pathsep}{repository / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout.split()[-1]) > 5
