"""The text that was read out before consent: known by its bytes, or nothing is finished (C14)."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import TEXT_READ_OUT, details_of, interview_bytes, kinds_of, make_vault

from testimony.errors import InterviewError, ScriptError
from testimony.scripts import MAX_SCRIPT, own_scripts
from vault.corrections import correct
from vault.drafts import load_draft
from vault.errors import NotFoundError, PolicyError
from vault.records import finish, new_from_interview
from vault.scripts import add_script, get_script, list_scripts
from vault.store import Vault

KURMANJI = "Tu dikarî her gav raweste.\n".encode()


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with make_vault(tmp_path_factory.mktemp("scripts"), "field-1", prefix="TST") as made:
        yield made


def draft(vault: Vault, language: str = "eng", interpreter: str = "none", **limits: Any) -> str:
    value = {"points": [True] * 7, **limits}
    return new_from_interview(
        vault,
        interview_bytes(language=language, session__interpreter_code=interpreter, consent__limits_explained=value),
    )


def rules(vault: Vault, record_id: str) -> list[str]:
    with pytest.raises(InterviewError) as caught:
        finish(vault, record_id)
    return [problem.rule for problem in caught.value.problems]


def test_a_text_is_added_once_under_its_code_and_the_log_names_its_bytes(vault: Vault) -> None:
    before = vault.log_state.size
    added = add_script(vault, "consent-ku-1", "kmr", KURMANJI)
    assert add_script(vault, "consent-ku-1", "kmr", KURMANJI) == added
    assert kinds_of(vault, before) == ["script.add"]
    digest = sha256(KURMANJI).hexdigest()
    assert details_of(vault, "script.add") == [{"script": "consent-ku-1", "digest": digest, "language": "kmr"}]
    assert get_script(vault, "consent-ku-1") == added
    assert [one.code for one in list_scripts(vault)] == ["consent-ku-1", "consent-ar-1", "consent-en-1"]
    with pytest.raises(NotFoundError):
        get_script(vault, "consent-ku-2")


@pytest.mark.parametrize(
    ("code", "language", "data"),
    [
        ("consent-ku-1", "kmr", KURMANJI + b"More.\n"),
        ("consent-ku-1", "ckb", KURMANJI),
        ("consent-en-1", "eng", KURMANJI),
        ("consent-en-1", "deu", own_scripts()[1].text.encode()),
    ],
    ids=["other words", "other language", "the program's own", "the program's in another language"],
)
def test_another_text_under_a_code_that_is_taken_is_refused(
    vault: Vault, code: str, language: str, data: bytes
) -> None:
    add_script(vault, "consent-ku-1", "kmr", KURMANJI)
    before = vault.log_state.size
    with pytest.raises(PolicyError) as caught:
        add_script(vault, code, language, data)
    assert caught.value.reason == "script-code-taken"
    assert vault.log_state.size == before


@pytest.mark.parametrize(
    ("code", "language", "data", "why"),
    [
        ("", "eng", b"Words.\n", "code"),
        ("a b", "eng", b"Words.\n", "code"),
        ("x" * 65, "eng", b"Words.\n", "code"),
        ("x", "en", b"Words.\n", "language"),
        ("x", "ENG", b"Words.\n", "language"),
        ("x", "eng", b"", "not-plain-text"),
        ("x", "eng", b" \n", "not-plain-text"),
        ("x", "eng", b"Words.", "not-plain-text"),
        ("x", "eng", b"Words.\r\n", "not-plain-text"),
        ("x", "eng", b"A\tword.\n", "not-plain-text"),
        ("x", "eng", b"\xef\xbb\xbfWords.\n", "not-plain-text"),
        ("x", "eng", "Turned \u202e round.\n".encode(), "not-plain-text"),
        ("x", "eng", b"\x1b[2JWords.\n", "not-plain-text"),
        ("x", "eng", b"W\xf6rter.\n", "not-utf-8"),
        ("x", "eng", b"x" * MAX_SCRIPT + b"\n", "limit"),
    ],
)
def test_what_is_no_plain_text_is_refused(vault: Vault, code: str, language: str, data: bytes, why: str) -> None:
    before = vault.log_state.size
    with pytest.raises(ScriptError) as caught:
        add_script(vault, code, language, data)
    assert caught.value.code == why
    assert vault.log_state.size == before


def test_a_file_that_names_the_code_alone_gets_the_digest_of_the_text_of_this_vault(vault: Vault) -> None:
    record_id = draft(vault, script="consent-en-1")
    limits = load_draft(vault, record_id).to_json()["consent"]["limits_explained"]  # type: ignore[index,call-overload]
    assert limits["script_sha256"] == TEXT_READ_OUT  # type: ignore[index,call-overload]
    finish(vault, record_id)
    again = interview_bytes(
        session__interpreter_code="none",
        account__mode="verbatim",
        consent__limits_explained={"points": [True] * 7, "script": "consent-en-1"},
    )
    assert correct(vault, record_id, again, "error").version == 2


def test_nothing_is_finished_with_a_text_that_this_vault_does_not_know(vault: Vault) -> None:
    assert rules(vault, draft(vault, script="nobodys-1")) == ["C14"]
    for limits in (
        {"script": "nobodys-1", "script_sha256": TEXT_READ_OUT},
        {"script": "consent-en-1", "script_sha256": "0" * 64},
        {"script": "consent-ar-1", "script_sha256": TEXT_READ_OUT},
    ):
        assert rules(vault, draft(vault, **limits)) == ["C14-unknown"]


@pytest.mark.parametrize(
    ("script", "language", "interpreter", "finished"),
    [
        ("consent-en-1", "eng", "none", True),
        ("consent-ar-1", "apc", "none", True),
        ("consent-ar-1", "arb", "none", True),
        ("consent-ar-1", "kmr", "none", False),
        ("consent-ar-1", "kmr", "T-01", True),
        ("consent-en-1", "apc", "none", False),
        ("consent-en-1", "apc", "T-01", True),
        ("consent-ku-1", "kmr", "none", True),
        ("consent-ku-1", "ckb", "none", False),
    ],
)
def test_the_text_is_in_the_language_of_the_interview_or_somebody_interpreted(
    vault: Vault, script: str, language: str, interpreter: str, finished: bool
) -> None:
    add_script(vault, "consent-ku-1", "kmr", KURMANJI)
    record_id = draft(vault, language, interpreter, script=script)
    if finished:
        assert finish(vault, record_id).stage == "finished"
    else:
        assert rules(vault, record_id) == ["C14-language"]


def test_a_refused_interview_needs_no_text(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes(consent__interview={"answer": "no", "how": "spoken"}))
    assert finish(vault, record_id).stage == "refused"


def test_the_digests_on_the_page_are_those_of_the_texts(repository: Path) -> None:
    page = (repository / "docs" / "format" / "script-v1.md").read_text(encoding="utf-8")
    for script in own_scripts():
        assert f"| `{script.code}` | `{script.language}` | `{script.sha256}` |" in page
        assert [line[0] for line in script.text.splitlines() if line[:1].isdigit()] == list("1234567")
    example = page.split("```text\n")[1].split("```")[0].encode()
    assert f"{len(example)} bytes, SHA-256 `{sha256(example).hexdigest()}`" in page
