"""Secret bytes that do not print, pickle, copy or hash."""

import hmac
from typing import NoReturn

from keys.errors import WipedSecretError


class Secret:
    """Bytes that leave only by `reveal`.

    Wiping overwrites the copy held here. Copies that Python or a library made on the way cannot be
    reached, which is why locking replaces the whole process (docs/decisions/0010).
    """

    __slots__ = ("_content", "_wiped")

    def __init__(self, content: bytes | bytearray) -> None:
        self._content = bytearray(content)
        self._wiped = False

    def reveal(self) -> bytes:
        """The bytes; keep the result inside one expression.

        Raises:
            WipedSecretError: The secret was wiped before.
        """
        if self._wiped:
            raise WipedSecretError
        return bytes(self._content)

    def wipe(self) -> None:
        """Overwrite the bytes with zeros; the length stays known."""
        self._content[:] = bytes(len(self._content))
        self._wiped = True

    def __len__(self) -> int:
        return len(self._content)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        if self._wiped or other._wiped:
            return self is other
        return hmac.compare_digest(self._content, other._content)

    __hash__ = None  # type: ignore[assignment]  # a hash would be a fingerprint of the content

    def __repr__(self) -> str:
        return f"Secret({len(self)} bytes)"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not written down")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Secret is not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Secret is not copied")
