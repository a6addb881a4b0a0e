"""The files of one companion in a bag: what is shown of it with its proof, and its copy (companion-v1, section 4)."""

from dataclasses import dataclass, field
from typing import Final

from testimony.bundle.names import MAX_RECORD, SHA256
from testimony.bundle.reading_copy import render_copy
from testimony.canonical import JsonValue, as_object, as_text, decode, encode
from testimony.errors import BundleError, CanonicalError
from testimony.redaction.disclosed import Disclosed, ShownParagraph
from testimony.redaction.head import RecordHead

FORMAT: Final = "testimony-vault companion file v1"
_MEMBERS: Final = ("disclosure", "format", "head")


@dataclass(frozen=True, kw_only=True)
class CompanionFile:
    """The SHA-256 of the companion's head in hex, and the disclosure of its tree."""

    head: str
    disclosure: JsonValue = field(repr=False)

    def to_bytes(self) -> bytes:
        """The file.

        Raises:
            BundleError: It would be larger than a reader accepts ("limit").
        """
        data = encode({"disclosure": self.disclosure, "format": FORMAT, "head": self.head})
        if len(data) > MAX_RECORD:
            raise BundleError("limit", "companion")
        return data


def parse_companion_file(data: bytes, where: str) -> CompanionFile:
    """The parts of a companion file, none of them checked yet.

    Raises:
        BundleError: Too long, not canonical JSON, or other members than these.
    """
    try:
        members = as_object(decode(data, limit=MAX_RECORD, where=where), where, required=_MEMBERS)
        if members["format"] != FORMAT:
            raise BundleError("record-format", where)
        head = as_text(members["head"], where, pattern=SHA256)
    except CanonicalError as error:
        raise BundleError(error.code, where) from error
    return CompanionFile(head=head, disclosure=members["disclosure"])


def companion_copy(head: RecordHead, disclosed: Disclosed) -> bytes:
    """data/companions/<control number>.txt: as a reading copy, with a line that says what it is and of which record."""
    said = disclosed.answers
    version, language = said.get("source.version"), said.get("session.language")
    line = (
        f"{disclosed.form.kind} of {said.get('source.record')} v{version}: {language}, {said.get('companion.method')}"
    )
    return render_copy(head, disclosed, line)


def whole_paragraphs(disclosed: Disclosed) -> frozenset[int]:
    """The places, from 0, of the shown paragraphs in which nothing is withheld but names that have codes."""
    return frozenset(
        shown.index
        for shown in disclosed.paragraphs
        if isinstance(shown, ShownParagraph) and all(piece.kind != "gap" for piece in shown.pieces)
    )
