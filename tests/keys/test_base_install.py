"""A court's expert installs `cryptography` and nothing else: what the verifier imports needs no more."""

import subprocess
import sys
from pathlib import Path

import pytest

BASE = [
    "errors",
    "secret",
    "chance",
    "digests",
    "digits",
    "bech32",
    "identity",
    "signature",
    "sealing",
    "stream",
    "age_classic",
    "attachment_cipher",
]
BEYOND = ("argon2", "shamir_mnemonic", "sqlcipher3", "textual", "click")


def loaded_by(modules: list[str], repository: Path) -> set[str]:
    """The packages beyond the base install that these imports load, in a process of their own."""
    program = f"import sys, {', '.join(f'keys.{name}' for name in modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], cwd=repository, check=True, capture_output=True, text=True)
    return set(done.stdout.split()) & set(BEYOND)


@pytest.mark.parametrize("name", BASE)
def test_a_module_of_the_verifier_needs_only_the_base_install(name: str, repository: Path) -> None:
    assert loaded_by([name], repository) == set()


def test_the_control_sees_what_slots_and_passphrases_load(repository: Path) -> None:
    assert {"argon2", "shamir_mnemonic"} <= loaded_by(["slots", "passphrase"], repository)
