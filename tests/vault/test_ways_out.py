"""The ways out of a vault that no command of its own stands for: each asks the gate."""

from pathlib import Path

import pytest
from practice_vaults import BODY, PURPOSE, acquaint, make_vault, recorded

from testimony.errors import ConsentError
from vault.review import walk_of


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_no_walk_begins_without_a_grant(tmp_path: Path, answer: str) -> None:
    share = [{"recipient": BODY, "purpose": PURPOSE, "answer": answer}]
    with make_vault(tmp_path, "team", prefix="TST") as team, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(team, body)
        record_id = recorded(team, consent__share=share)
        if answer == "yes":
            assert walk_of(team, record_id, to=BODY, purpose=PURPOSE).stored.record_id == record_id
            return
        with pytest.raises(ConsentError) as caught:
            walk_of(team, record_id, to=BODY, purpose=PURPOSE)
        assert caught.value.rule == "C3"
