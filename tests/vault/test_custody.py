"""The custody log of a vault: an entry for each act, in the transaction of the act."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import make_vault, passphrase

from testimony.custody.checkpoint import check_against, parse_checkpoint
from testimony.custody.growth import SeenHead, Standing, check_growth
from testimony.custody.log import check_log
from testimony.custody.proofs import check_proofs
from testimony.errors import CustodyError
from vault.check import check_vault
from vault.custody import append, checkpoint, checkpoint_in, head, lines_about, log_lines, proofs_for
from vault.drafts import discard_draft, new_draft
from vault.errors import NotFoundError
from vault.store import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


def test_the_log_holds_as_a_whole_and_agrees_with_its_checkpoint(vault: Vault):
    for _ in range(30):
        new_draft(vault)
    summary = check_log(log_lines(vault))
    signed = parse_checkpoint(checkpoint(vault), vault.identity.public)
    check_against(summary, signed)
    assert summary.state == vault.log_state
    assert len(head(vault).replace(" ", "")) == 40


def test_an_act_that_fails_leaves_no_entry(vault: Vault):
    size = vault.log_state.size
    with pytest.raises(NotFoundError):
        discard_draft(vault, "K7F3-9QZD")
    with pytest.raises(CustodyError), vault.transaction() as tx:
        append(tx, vault, "record.save", "K7F3-9QZD", {"name": "anything"})
    assert vault.log_state.size == size
    new_draft(vault)
    assert check_vault(vault).holds


def test_an_entry_and_its_checkpoint_and_proofs_can_be_made_inside_one_transaction(vault: Vault):
    record_id = new_draft(vault)
    with vault.transaction() as tx:
        append(tx, vault, "session.close", record_id)
        note = checkpoint_in(tx, vault)
        proofs = proofs_for(vault, [record_id])
    carried = check_proofs(proofs, parse_checkpoint(note, vault.identity.public))
    assert [entry.kind for entry in carried.objects[record_id]] == ["record.create", "session.close"]
    assert check_vault(vault).holds


def test_a_transaction_that_fails_takes_its_checkpoint_along(vault: Vault):
    with pytest.raises(CustodyError), vault.transaction() as tx:
        append(tx, vault, "no.such.kind", checkpoint_in(tx, vault)[:10].decode())
    assert vault.read("SELECT * FROM checkpoints") == []


def test_an_object_has_its_own_chain_that_an_expert_can_follow_with_sha256sum(vault: Vault, tmp_path: Path):
    record_id = new_draft(vault)
    new_draft(vault)
    discard_draft(vault, record_id)
    first, second = lines_about(vault, record_id)
    (tmp_path / "line").write_bytes(first)
    told = subprocess.run(["sha256sum", "line"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert json.loads(second)["object_prev"] == told.split()[0]


def test_the_log_goes_on_across_locks(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        first = checkpoint(vault)
        earlier = parse_checkpoint(first, vault.identity.public)
    for _ in range(3):
        with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
            record_id = new_draft(vault)
            proofs = proofs_for(vault, [record_id], since=[earlier.size])
            later = parse_checkpoint(checkpoint(vault), vault.identity.public)
            assert check_proofs(proofs, later).entries
            seen = [SeenHead(size=earlier.size, root=earlier.root)]
            assert check_growth(later, proofs.growth, seen) is Standing.CONTINUES
            assert check_vault(vault).holds


def test_another_actor_can_be_named(vault: Vault):
    with vault.transaction() as tx:
        entry = append(tx, vault, "session.open", "x", actor="second-person")
    assert (entry.act.actor, entry.act.device) == ("second-person", vault.identity.public.fingerprint.replace(" ", ""))
