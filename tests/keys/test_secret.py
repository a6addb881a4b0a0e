import copy
import pickle

import pytest

from keys.chance import random_bytes, random_code, random_hex, random_secret, shuffled
from keys.errors import WipedSecretError
from keys.secret import Secret

CONTENT = b"an invented secret"


def test_a_secret_shows_only_its_length() -> None:
    secret = Secret(CONTENT)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s %r" % (secret, secret), repr([secret])]  # noqa: UP031
    assert all("18 bytes" in text and "invented" not in text for text in shown)


def test_the_control_finds_bytes_that_do_show() -> None:
    assert "invented" in f"{CONTENT!r}"


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy, hash])
def test_a_secret_is_not_pickled_copied_or_hashed(take) -> None:
    with pytest.raises(TypeError) as caught:
        take(Secret(CONTENT))
    assert "invented" not in str(caught.value)


def test_secrets_compare_by_content_and_only_with_secrets() -> None:
    assert Secret(CONTENT) == Secret(bytearray(CONTENT))
    assert Secret(CONTENT) != Secret(CONTENT[:-1])
    assert Secret(CONTENT) != CONTENT


def test_a_wiped_secret_reveals_nothing_and_equals_nothing() -> None:
    secret = Secret(CONTENT)
    secret.wipe()
    assert bytes(secret._content) == bytes(len(CONTENT))
    assert secret != Secret(bytes(len(CONTENT)))
    with pytest.raises(WipedSecretError):
        secret.reveal()


def test_a_secret_does_not_share_memory_with_what_it_was_made_from() -> None:
    origin = bytearray(CONTENT)
    secret = Secret(origin)
    origin[:] = bytes(len(origin))
    assert secret.reveal() == CONTENT


def test_chance_gives_the_asked_sizes_and_never_the_same_twice() -> None:
    assert len({random_bytes(16) for _ in range(100)}) == 100
    assert len(random_secret(32)) == 32
    assert len(random_hex(8)) == 16


def test_a_random_code_uses_only_letters_that_survive_handwriting() -> None:
    letters = set(random_code(10_000))
    assert letters == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_shuffling_keeps_every_item() -> None:
    assert sorted(shuffled(range(100))) == list(range(100))
    assert any(shuffled(range(100)) != list(range(100)) for _ in range(3))
