"""Texts that are read out before consent: of the program and of the organisation (docs/format/script-v1.md).

A code is tied to its bytes for ever, so that a record that names it says which words the witness heard (C14).
"""

from typing import Final

from testimony.answers import Given, answer_to_json
from testimony.custody.moments import wall_text
from testimony.errors import Problem, ScriptError
from testimony.interview import Interview
from testimony.scripts import LIMITS, Script, has_digest, interpreted, own_scripts, read_script, script_named, speaks
from vault._sqlcipher import Row
from vault.custody import VAULT, append
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.store import Vault

MAX_SCRIPTS: Final = 1_000

_COLUMNS: Final = "SELECT code, language, sha256, content FROM scripts"


def add_script(vault: Vault, code: str, language: str, data: bytes) -> Script:
    """The script in these bytes, which can be read out from now on; the same one again changes nothing.

    Raises:
        ScriptError: The bytes are no plain text, or the code or the language is none.
        PolicyError: Another text or language stands under the code ("script-code-taken"), or there are too many.
    """
    script = read_script(code, language, data)
    with vault.transaction() as tx:
        known = next((one for one in own_scripts() if one.code == code), None) or _script(
            tx.one(f"{_COLUMNS} WHERE code = ?", (code,))
        )
        if known not in (None, script):
            raise PolicyError("script-code-taken", code)
        rows = tx.one("SELECT count(*) FROM scripts", ())
        if known is None and rows is not None and rows[0] >= MAX_SCRIPTS:
            raise PolicyError("too-many-scripts")
        if known is None:
            tx.execute(
                "INSERT INTO scripts (code, language, sha256, added_at, content) VALUES (?, ?, ?, ?, ?)",
                (code, language, script.sha256, wall_text(vault.clock.now().wall), data),
            )
            append(tx, vault, "script.add", VAULT, {"script": code, "digest": script.sha256, "language": language})
    return script


def list_scripts(vault: Vault) -> tuple[Script, ...]:
    """The scripts that can be read out: those of the organisation by their codes, then those of the program.

    Raises:
        VaultDamagedError: One cannot be read.
    """
    rows = vault.read(f"{_COLUMNS} ORDER BY code LIMIT ?", (MAX_SCRIPTS,))
    return (*filter(None, map(_script, rows)), *own_scripts())


def get_script(vault: Vault, code: str) -> Script:
    """The script of that code.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: It cannot be read.
    """
    found = _find(vault, code)
    if found is None:
        raise NotFoundError("script", code)
    return found


def with_script_digest(vault: Vault, interview: Interview) -> Interview:
    """The interview with the digest of the script that it names; one that it gives stays, to be checked later."""
    answer = interview.answers[LIMITS]
    code, digest = script_named(interview)
    script = _find(vault, code) if code and not digest else None
    value = answer_to_json(answer) if isinstance(answer, Given) else None
    if script is None or not isinstance(value, dict):
        return interview
    return interview.answered(LIMITS, {**value, "script_sha256": script.sha256})


def script_problems(vault: Vault, interview: Interview) -> tuple[Problem, ...]:
    """What keeps the text that was read out from being known by its words and its language (C14)."""
    if not has_digest(interview):
        return ()  # what is missing altogether is said by testimony.readiness
    code, digest = script_named(interview)
    script = _find(vault, code)
    if script is None or script.sha256 != digest:
        return (Problem(path=LIMITS, rule="C14-unknown"),)
    if not speaks(script, interview.language) and not interpreted(interview):
        return (Problem(path=LIMITS, rule="C14-language"),)
    return ()


def _find(vault: Vault, code: str) -> Script | None:
    own = next((one for one in own_scripts() if one.code == code), None)
    return own or _script(vault.read_one(f"{_COLUMNS} WHERE code = ?", (code,)))


def _script(row: Row | None) -> Script | None:
    if row is None:
        return None
    code, language, digest, content = row
    try:
        script = read_script(code, language, content)
    except ScriptError as error:
        raise VaultDamagedError("content", "scripts") from error
    if script.sha256 != digest:
        raise VaultDamagedError("content", "scripts")
    return script
