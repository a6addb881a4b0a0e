"""The commands that ask a person, as that person meets them: `redact` and `answer` at a pseudo-terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import Pair
from practice_vaults import (
    BODY,
    PASSPHRASE,
    PURPOSE,
    acquaint,
    make_vault,
    passphrase,
    receive,
    recorded,
)
from terminal import Terminal, terminal

from tui.strings.sentences import Language, sentence
from vault.disclosure_requests import make_request, received_newest
from vault.handover import prepare, seal
from vault.received import get_received
from vault.review import Walk, save_walk, walk_of
from vault.store import Vault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux pseudo-terminal")
FIRST, SECOND, THIRD = (f"account.text/{place}" for place in range(3))
KEEP, WORDS, HIDE, BACK = "1234"
PARAGRAPHS = [
    "I walked up to the mill with Barnaby Thistlewood before noon. Two cars stood across the road.",
    "They asked Barnaby for his card. I, Zaynab, was told to go home and wait there.",
    "We found Thistlewood below the quarry. The two cars were gone.",
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A field vault with a record that nobody walked through, and the vault of a body."""
    folder = tmp_path_factory.mktemp("asked")
    with make_vault(folder, "practice-team", prefix="TST") as field, make_vault(folder, BODY, "legal") as legal:
        acquaint(field, legal)
        record_id = recorded(field, account__paragraphs=PARAGRAPHS)
        return Pair(folder=folder, field=field.path, legal=legal.path, record_id=record_id)


@contextmanager
def _command(home: Path, vault: Path, *words: object, language: Language = "en") -> Iterator[Terminal]:
    """A command at a terminal, its passphrase typed."""
    locale = {"en": "C.UTF-8", "ar": "ar_SY.UTF-8"}[language]
    line = ["-X", "utf8", "-m", "tui", *map(str, words)]
    with terminal(home, {"LANG": locale}, line) as at:
        at.answer(sentence("command.passphrase.ask", language, vault=vault.name), PASSPHRASE)
        yield at
        assert PASSPHRASE.encode() not in at.written


def _redacting(asked: Pair) -> tuple[object, ...]:
    return "redact", asked.field, asked.record_id, "--to", BODY, "--purpose", PURPOSE


def _walk(asked: Pair) -> Walk:
    with Vault.unlock(asked.field, passphrase()) as vault:
        return walk_of(vault, asked.record_id, to=BODY, purpose=PURPOSE)


def _number_of(walk: Walk, path: str, word: str) -> int:
    return [one.text for one in walk.span(path).words].index(word) + 1


def test_a_walk_hides_steps_back_is_broken_off_and_goes_on_where_it_stopped_in_the_other_language(asked: Pair) -> None:
    two = _number_of(_walk(asked), FIRST, "Two")
    ask, code = sentence("command.redact.ask", "en"), sentence("command.redact.code-ask", "en")
    with _command(asked.folder, asked.field, *_redacting(asked)) as at:
        at.wait_for("1 of 3: account.text/0")
        at.answer(ask, WORDS)
        at.answer(sentence("command.redact.words-ask", "en"), "99")
        at.wait_for(sentence("command.redact.words-unknown", "en", count=0)[:25])
        at.answer(sentence("command.redact.words-ask", "en"), f"{two}-{two + 1}")
        at.wait_for(sentence("reason.code.SOURCE", "en"))
        at.answer(code, "11")
        at.wait_for("before noon. […]")
        at.answer(ask, KEEP)
        at.wait_for("2 of 3: account.text/1")
        at.answer(ask, HIDE)
        at.answer(code, "13")
        at.wait_for("3 of 3: account.text/2")
        at.answer(ask, BACK)
        at.wait_until(lambda: at.text().rindex("2 of 3") > at.text().rindex("3 of 3"), "the second span again")
        assert at.interrupt() == 130
        assert b"Traceback" not in at.written
    walk = _walk(asked)
    assert [one.path for one in walk.decisions.spans] == [FIRST]
    assert [one.code for one in walk.decisions.spans[0].ranges] == ["SOURCE"]
    ask = sentence("command.redact.ask", "ar")
    with _command(asked.folder, asked.field, *_redacting(asked), language="ar") as at:
        at.wait_for(sentence("command.redact.span", "ar", number=2, total=3, path=SECOND))
        at.answer(ask, HIDE)
        at.wait_for("PRIVATE")
        at.answer(sentence("command.redact.code-ask", "ar"), "13")
        at.wait_for(sentence("command.redact.span", "ar", number=3, total=3, path=THIRD))
        at.answer(ask, KEEP)
        at.wait_for(sentence("command.redact.same", "ar", count=1))
        at.answer(sentence("command.redact.same-ask", "ar"), "2")
        assert at.wait_for_end() == 0
        assert sentence("command.redact.state", "ar", open=0, total=3, hidden=2) in at.text()
    walk = _walk(asked)
    assert (walk.open, walk.same) == ((), ())
    assert "The two cars were gone" in walk.span(THIRD).as_decided()
    outcomes = {one.path: (one.outcome, one.code) for one in walk.decisions.spans}
    assert outcomes == {FIRST: ("words", None), SECOND: ("hide", "PRIVATE"), THIRD: ("keep", None)}


def test_a_person_grants_one_of_the_places_asked_for_and_only_that_one_is_lifted(asked: Pair) -> None:
    out = asked.folder / "answers"
    out.mkdir()
    request = asked.folder / "one.request"
    with Vault.unlock(asked.field, passphrase()) as field, Vault.unlock(asked.legal, passphrase()) as legal:
        walk = walk_of(field, asked.record_id, to=BODY, purpose=PURPOSE)
        save_walk(field, walk.hiding(FIRST, "PRIVATE").hiding(SECOND, "OTHER").keeping(THIRD))
        receive(legal, seal(field, prepare(field, to=BODY, purpose=PURPOSE), asked.folder).path)
        places = [one.path for one in received_newest(legal, asked.record_id).hidden if one.kind == "paragraph"]
        assert places == [FIRST, SECOND]
        request.write_bytes(make_request(legal, asked.record_id, places, ground="DEFENCE", words="For the defence."))
    answer = ("answer", asked.field, request, "--out", out)
    with _command(asked.folder, asked.field, *answer, language="ar") as at:
        at.wait_for("Two cars stood")
        at.answer(f"{sentence('command.answer.lift', 'ar')} [y/N]:", "y")
        at.wait_for("told to go home")
        assert at.interrupt() == 130
        assert b"Traceback" not in at.written
    assert list(out.iterdir()) == []
    lift = sentence("command.answer.lift", "en")
    with _command(asked.folder, asked.field, *answer) as at:
        at.wait_for("For the defence.")
        at.wait_for("Two cars stood")
        at.answer(f"{lift} [y/N]:", "y")
        at.wait_for("told to go home")
        at.answer(f"{lift} [y/N]:", "")
        assert at.wait_for_end() == 0
        assert sentence("command.answer.done", "en", count=1, path="")[:17] in at.text()
    with Vault.unlock(asked.legal, passphrase()) as legal:
        assert receive(legal, next(out.glob("*.age"))).failure is None
        shown = "\n".join(text for _, text in get_received(legal, asked.record_id)[0].paragraphs)
    assert "Two cars stood" in shown
    assert "told to go home" not in shown
