"""The door to `argon2`: Argon2id (RFC 9106), version 0x13, 32 bytes."""

from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from keys.errors import EnvironmentFaultError
from keys.secret import Secret


def argon2id(passphrase: Secret, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> Secret:
    """The Argon2id tag of a passphrase.

    Raises:
        EnvironmentFaultError: The machine does not give the memory that the slot asks for.
    """
    try:
        tag = hash_secret_raw(passphrase.reveal(), salt, passes, memory_kib, lanes, 32, Type.ID, version=ARGON2_VERSION)
    except (HashingError, MemoryError) as error:
        raise EnvironmentFaultError("not enough free memory to turn the passphrase into a key") from error
    return Secret(tag)
