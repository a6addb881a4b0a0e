"""Requests to a time-stamp authority, and what its answers say (RFC 3161; docs/format/time-v1.md).

What an answer says is read here; that the authority signed it is checked by whoever holds its root certificate.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from keys.digests import DIGEST_SIZE
from testimony.der import CONTEXT_0, OBJECT, OCTETS, SEQUENCE, SET, TIME, Element, elements, encoded, encoded_number
from testimony.errors import AnchorError

MAX_ANSWER: Final = 64 * 1024
NONCE_SIZE: Final = 16
GRANTED: Final = 0

_SHA256: Final = bytes.fromhex("608648016503040201")
_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_TST_INFO: Final = bytes.fromhex("2a864886f70d0109100104")
_VERSION: Final = 1
_NULL: Final = b"\x05\x00"
_TRUE: Final = b"\x01\x01\xff"
_TIME: Final = re.compile(rb"([0-9]{14})(?:\.[0-9]{0,8}[1-9])?Z")
_NUMBER: Final = 0x02
_FIXED_PARTS: Final = 5


@dataclass(frozen=True, kw_only=True)
class TimeToken:
    """What an authority says: that a digest was there at a time of its clock, seconds, in answer to this nonce."""

    imprint: bytes
    at: datetime
    nonce: int | None


def time_request(imprint: bytes, nonce: bytes) -> bytes:
    """The request for a SHA-256 digest, which asks for the authority's certificates as well."""
    algorithm = encoded(SEQUENCE, encoded(OBJECT, _SHA256), _NULL)
    return encoded(
        SEQUENCE,
        encoded_number(_VERSION),
        encoded(SEQUENCE, algorithm, encoded(OCTETS, imprint)),
        encoded_number(int.from_bytes(nonce, "big")),
        _TRUE,
    )


def parse_token(answer: bytes) -> TimeToken:
    """What the answer of an authority says, its signature not checked.

    Raises:
        AnchorError: Too long, no DER, no such answer ("spelling"), or the authority did not grant it ("not-granted").
    """
    (info,) = _sequence(_signed_info(answer), 1)
    parts = info.children()
    if info.tag != SEQUENCE or len(parts) < _FIXED_PARTS or parts[0].number() != _VERSION:
        raise _fault()
    imprint = _sequence(parts[2], 2)
    if imprint[0].children()[:1] != elements(encoded(OBJECT, _SHA256)) or imprint[1].tag != OCTETS:
        raise AnchorError("imprint", "answer")
    if len(imprint[1].content) != DIGEST_SIZE:
        raise AnchorError("imprint", "answer")
    nonces = [part.number() for part in parts[_FIXED_PARTS:] if part.tag == _NUMBER]
    return TimeToken(imprint=imprint[1].content, at=_time(parts[4]), nonce=nonces[0] if nonces else None)


def sorted_answer(answer: bytes) -> bytes:
    """The same answer with its certificates in the order of DER.

    OpenSSL writes this SET in the order of its files, and strict readers refuse that.  No signature covers the order:
    it is no part of what is signed (RFC 5652, 5.4).

    Raises:
        AnchorError: It is no such answer.
    """
    status, token = _parts(answer)
    kind, wrapped = token.children()
    (signed,) = wrapped.children()
    parts = [_sorted(part) if part.tag == CONTEXT_0 else part.whole for part in signed.children()]
    again = encoded(SEQUENCE, kind.whole, encoded(CONTEXT_0, encoded(SEQUENCE, *parts)))
    return encoded(SEQUENCE, status.whole, again)


def _sorted(certificates: Element) -> bytes:
    return encoded(CONTEXT_0, *sorted(one.whole for one in certificates.children()))


def _parts(answer: bytes) -> tuple[Element, Element]:
    """Status and token of a granted answer, whose outer shape is right."""
    if len(answer) > MAX_ANSWER:
        raise AnchorError("too-long", "answer")
    outer = elements(answer)
    if len(outer) != 1 or outer[0].tag != SEQUENCE:
        raise _fault()
    status, *rest = outer[0].children() or (None,)
    if status is None or status.tag != SEQUENCE or not status.children():
        raise _fault()
    if status.children()[0].number() != GRANTED:
        raise AnchorError("not-granted", "answer")
    if len(rest) != 1:
        raise _fault()
    kind, wrapped = _sequence(rest[0], 2)
    inner = wrapped.children()
    if kind.content != _SIGNED_DATA or wrapped.tag != CONTEXT_0 or [one.tag for one in inner] != [SEQUENCE]:
        raise _fault()
    return status, rest[0]


def _signed_info(answer: bytes) -> Element:
    """The element that holds the octets which were signed."""
    _, token = _parts(answer)
    (signed,) = token.children()[1].children()
    parts = signed.children()
    if len(parts) < _FIXED_PARTS - 1 or parts[1].tag != SET:
        raise _fault()
    kind, wrapped = _sequence(parts[2], 2)
    octets = wrapped.children()
    if kind.content != _TST_INFO or wrapped.tag != CONTEXT_0 or [one.tag for one in octets] != [OCTETS]:
        raise _fault()
    return Element(tag=SEQUENCE, content=octets[0].content, whole=octets[0].whole)


def _sequence(element: Element, count: int) -> tuple[Element, ...]:
    children = element.children()
    if element.tag != SEQUENCE or len(children) != count:
        raise _fault()
    return children


def _time(element: Element) -> datetime:
    found = _TIME.fullmatch(element.content)
    if element.tag != TIME or found is None:
        raise _fault()
    try:
        return datetime.strptime(found[1].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise _fault() from None


def _fault() -> AnchorError:
    return AnchorError("spelling", "answer")
