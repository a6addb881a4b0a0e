"""The conditions of a bundle are accepted before anything of it enters, and the log says so (C16)."""

from hashlib import sha256
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    kinds_of,
    make_vault,
    recorded,
    walk_through_all,
)

from vault.errors import PolicyError
from vault.handover import prepare, seal
from vault.intake import receive
from vault.record_list import list_records


def test_nothing_enters_before_the_conditions_are_accepted_and_once_is_enough(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    shown: list[str] = []

    def answer(yes: bool):
        return lambda conditions: shown.append(conditions) or yes

    with make_vault(tmp_path, "field-1") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        recorded(field)
        walk_through_all(field)
        path = seal(field, prepare(field, to=BODY, purpose=PURPOSE), tmp_path / "out").path
        refused = receive(body, path, answer(yes=False))
        assert (refused.outcomes, refused.receipt_path) == ((), None)
        assert refused.conditions == shown[0] != ""
        with pytest.raises(PolicyError, match="conditions-not-accepted"):
            refused.raise_failure()
        assert list_records(body) == []
        assert not {"conditions.accept", "bundle.receive", "bundle.import"} & set(kinds_of(body))

        assert receive(body, path, answer(yes=True)).failure is None
        (accepted,) = details_of(body, "conditions.accept")
        assert accepted["conditions"] == sha256(shown[1].encode()).hexdigest()
        assert accepted["signer"] == field.identity.public.fingerprint.replace(" ", "")
        assert receive(body, path, answer(yes=False)).failure is None
        assert len(shown) == 2
