"""data/records/<control number>.json: what is shown of one record, and its proof (docs/format/bundle-v1.md, 3.2)."""

from dataclasses import dataclass, field
from typing import Final

from testimony.bundle.names import MAX_RECORD, SHA256
from testimony.canonical import JsonValue, as_object, as_text, decode, encode
from testimony.errors import BundleError, CanonicalError

FORMAT: Final = "testimony-vault record file v1"
_MEMBERS: Final = ("consent", "disclosure", "format", "head")


@dataclass(frozen=True, kw_only=True)
class RecordFile:
    """The SHA-256 of the head in hex, the disclosure of the record and that of its consent events."""

    head: str
    disclosure: JsonValue = field(repr=False)
    consent: JsonValue = field(repr=False)

    def to_bytes(self) -> bytes:
        """The file.

        Raises:
            BundleError: It would be larger than a reader accepts ("limit").
        """
        data = encode({"consent": self.consent, "disclosure": self.disclosure, "format": FORMAT, "head": self.head})
        if len(data) > MAX_RECORD:
            raise BundleError("limit", "record")
        return data


def parse_record_file(data: bytes, where: str) -> RecordFile:
    """The parts of a record file, none of them checked yet.

    Raises:
        BundleError: Too long, not canonical JSON, or other members than these.
    """
    try:
        value = decode(data, limit=MAX_RECORD, where=where)
        members = as_object(value, where, required=_MEMBERS)
        if members["format"] != FORMAT:
            raise BundleError("record-format", where)
        head = as_text(members["head"], where, pattern=SHA256)
    except CanonicalError as error:
        raise BundleError(error.code, where) from error
    return RecordFile(head=head, disclosure=members["disclosure"], consent=members["consent"])
