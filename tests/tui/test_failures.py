import importlib
from collections.abc import Iterator

import pytest

from tui.failures import MACHINE, exit_code, failure_message, message_key
from tui.strings.sentences import has_sentence

BASES = (("keys.errors", "KeysError"), ("testimony.errors", "TestimonyError"), ("vault.errors", "VaultError"))


def _family(error: type[Exception]) -> Iterator[type[Exception]]:
    yield error
    for child in error.__subclasses__():
        yield from _family(child)


def _every_class() -> list[type[Exception]]:
    found: dict[type[Exception], None] = {}
    for module, base in BASES:
        found.update(dict.fromkeys(_family(getattr(importlib.import_module(module), base))))
    return list(found)


@pytest.mark.parametrize("error", _every_class(), ids=lambda error: f"{error.__module__}.{error.__name__}")
def test_every_refusal_has_its_own_sentence(error: type[Exception]) -> None:
    assert has_sentence(f"failure.{vars(error).get('code', error.code)}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", _every_class(), ids=lambda error: f"{error.__module__}.{error.__name__}")
def test_every_refusal_ends_with_one_of_the_four_exit_codes(error: type[Exception]) -> None:
    assert exit_code(error.__new__(error)) in {1, 2, 3, 4}


def test_the_closest_sentence_is_chosen() -> None:
    from keys.errors import PassphrasePolicyError, SlotError

    assert message_key(PassphrasePolicyError("empty")) == "failure.passphrase-policy.empty"
    assert message_key(SlotError(3, "salt")) == "failure.slot"


def test_an_error_that_is_not_ours_is_told_without_its_words() -> None:
    error = ValueError("the witness said")
    assert exit_code(error) == MACHINE
    assert message_key(error) == "failure.unknown"
    assert "witness" not in failure_message(error, "en")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_hostile_place_is_shown_as_marks(language: str) -> None:
    from testimony.errors import RedactionError

    shown = failure_message(RedactionError("a\x1b[2J\u202e"), language)  # type: ignore[arg-type]
    assert "␛[2J‹RLO›" in shown
