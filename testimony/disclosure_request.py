"""A disclosure request: which hidden places a body asks to see, and on what ground (docs/format/request-v1.md)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import REQUEST, Signatures, check_signatures
from testimony.bundle.names import BUNDLE_ID, CONTROL_NUMBER, RECORD_ID, SHA256
from testimony.card import CODE
from testimony.errors import RequestError
from testimony.text_lines import (
    TextLines,
    is_plain_line,
    moment,
    moment_text,
    number,
    split_signatures,
    with_signatures,
)

GROUNDS: Final = ("COURT-ORDER", "IDENTIFY", "CORROBORATE", "DEFENCE", "PROTECT", "OTHER")
MAX_REQUEST: Final = 256 * 1024  # bytes
MAX_PLACES: Final = 1_000
MAX_WORDS: Final = 200

FIRST_LINE: Final = "testimony-vault request v1"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_RECORD: Final = re.compile(
    rf"({CONTROL_NUMBER.pattern}) ({RECORD_ID.pattern}) v([1-9][0-9]{{0,5}}) ({SHA256.pattern})"
)
_REVISION: Final = re.compile(rf"([1-9][0-9]{{0,3}}) ({SHA256.pattern})")
_REQUESTER: Final = re.compile(rf"({CODE.pattern}) ([0-9]{{4}}(?: [0-9]{{4}}){{9}})")
_PLACE: Final = re.compile(r"[A-Za-z0-9._~/-]{1,512}")
_GROUND: Final = re.compile("|".join(GROUNDS))
_TIME: Final = re.compile(r"[0-9T:+-]{25}")
_ANY: Final = re.compile(r".+")


@dataclass(frozen=True, kw_only=True)
class DisclosureRequest:
    """Which record of which bundle, by its root and the SHA-256 of its record file, and what of it is asked for.

    `hidden` are paths in order: of a value or paragraph its own, of words `<paragraph>/<first>-<last>`, the places of
    leaves.  `words` is one plain line that says why.
    """

    request_id: str
    bundle_id: str
    control_number: str
    record_id: str
    version: int
    root: str
    revision: int
    file_sha256: str
    requester: str
    fingerprint: str
    hidden: tuple[str, ...]
    ground: str
    words: str = field(repr=False)
    at: datetime

    def text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            FIRST_LINE,
            f"request: {self.request_id}",
            f"bundle: {self.bundle_id}",
            f"record: {self.control_number} {self.record_id} v{self.version} {self.root}",
            f"revision: {self.revision} {self.file_sha256}",
            f"requester: {self.requester} {self.fingerprint}",
            *(f"hidden: {path}" for path in self.hidden),
            f"ground: {self.ground}",
            f"words: {self.words}",
            f"requested: {moment_text(self.at)}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("utf-8")

    def to_text(self, identity: Identity) -> bytes:
        """The request file: the lines and both signatures.

        Raises:
            RequestError: The identity is not the requester's, or the request is one that no reader accepts.
        """
        if identity.public.fingerprint != self.fingerprint:
            raise RequestError("request-requester", self.requester)
        text = self.text()
        made = with_signatures(text, identity.sign(text, REQUEST))
        parse_request(made)
        return made


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A request that was read and not yet believed: `check` gives it out."""

    requester: str
    fingerprint: str
    _request: DisclosureRequest = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, requester: PublicIdentity) -> DisclosureRequest:
        """The request, when this requester signed it.

        Raises:
            RequestError: It names another requester, or one of its signatures fails.
        """
        if requester.fingerprint != self.fingerprint:
            raise RequestError("request-requester", "request")
        try:
            check_signatures(self._request.text(), self._signatures, REQUEST, requester)
        except KeysError as error:
            raise RequestError("request-signature", "request") from error
        return self._request


def parse_request(data: bytes) -> SignedRequest:
    """The request in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        RequestError: Too long or spelled otherwise.
    """
    if len(data) > MAX_REQUEST:
        raise RequestError("request-too-long", "request")
    text, signatures = split_signatures(data, "request", RequestError)
    lines = TextLines(text, "request", RequestError)
    request = lines.made(lambda: _read(lines))
    lines.end()
    ordered = list(request.hidden) == sorted(set(request.hidden))
    counted = 1 <= len(request.hidden) <= MAX_PLACES
    if not ordered or not counted or not is_plain_line(request.words, MAX_WORDS) or request.text() != text:
        raise RequestError("spelling", "request")
    return SignedRequest(
        requester=request.requester, fingerprint=request.fingerprint, _request=request, _signatures=signatures
    )


def covers(asked: str, path: str) -> bool:
    """Whether what is asked for at one path includes what another path names."""
    if asked == path or path.startswith(f"{asked}/"):
        return True
    one, other = _run(asked), _run(path)
    return one is not None and other is not None and one[0] == other[0] and one[1] <= other[1] <= other[2] <= one[2]


def _run(path: str) -> tuple[str, int, int] | None:
    """A paragraph and the first and last place in it; None where the path names no words."""
    parent, _, places = path.rpartition("/")
    match = re.fullmatch(r"([0-9]{1,7})-([0-9]{1,7})", places)
    return None if match is None else (parent, int(match[1]), int(match[2]))


def _read(lines: TextLines) -> DisclosureRequest:
    lines.literal(FIRST_LINE)
    request_id, bundle_id = lines.value("request", _ID), lines.value("bundle", BUNDLE_ID)
    control_number, record_id, version, root = lines.value("record", _RECORD).split(" ")
    revision, file_sha256 = lines.value("revision", _REVISION).split(" ")
    requester, fingerprint = lines.value("requester", _REQUESTER).split(" ", 1)
    return DisclosureRequest(
        request_id=request_id,
        bundle_id=bundle_id,
        control_number=control_number,
        record_id=record_id,
        version=number(version[1:]),
        root=root,
        revision=number(revision),
        file_sha256=file_sha256,
        requester=requester,
        fingerprint=fingerprint,
        hidden=tuple(lines.values("hidden", _PLACE)),
        ground=lines.value("ground", _GROUND),
        words=lines.value("words", _ANY),
        at=moment(lines.value("requested", _TIME)),
    )
