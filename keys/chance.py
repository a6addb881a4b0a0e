"""The only place where chance is drawn; everything comes from the operating system's generator."""

import secrets
from collections.abc import Sequence
from typing import TypeVar

from keys.secret import Secret

_Item = TypeVar("_Item")

# Crockford base32: no I, L, O or U, so that a code survives being read aloud or written by hand.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_bytes(size: int) -> bytes:
    """Fresh random bytes, for salts, names and nonces that are not secret."""
    return secrets.token_bytes(size)


def random_secret(size: int) -> Secret:
    """Fresh random bytes that do not print."""
    return Secret(secrets.token_bytes(size))


def random_code(length: int) -> str:
    """A code of `length` Crockford letters, five bits each, upper case."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def random_hex(size: int) -> str:
    """`size` random bytes as lower-case hex."""
    return secrets.token_hex(size)


def random_choices(items: Sequence[_Item], count: int) -> list[_Item]:
    """`count` independent, unbiased draws from `items`."""
    return [secrets.choice(items) for _ in range(count)]


def shuffled(items: Sequence[_Item]) -> list[_Item]:
    """The items in an order that tells nothing about the order they came in."""
    result = list(items)
    secrets.SystemRandom().shuffle(result)
    return result
