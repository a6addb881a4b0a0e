"""One record of a bundle as it was proved (docs/format/bundle-v1.md, section 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keys.digests import sha256
from keys.signature import Signatures
from testimony.bundle.revision import Revision
from testimony.canonical import JsonValue
from testimony.consent_events import ConsentEvent
from testimony.consent_statement import ConsentStatement
from testimony.redaction.disclosed import Disclosed, ShownParagraph
from testimony.redaction.head import RecordHead
from testimony.redaction.leaf_reading import ABSENT_STATES


@dataclass(frozen=True, kw_only=True)
class VerifiedExhibit:
    """One exhibit: its place in the record from 0, member name, size in bytes and SHA-256 in hex."""

    control_number: str
    index: int
    member: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class VerifiedCompanion:
    """A translation or transcript that belongs to a record of the same bundle; `text` is its reading copy."""

    head: RecordHead
    head_text: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    file: bytes = field(repr=False)
    text: bytes = field(repr=False)
    disclosed: Disclosed = field(repr=False)

    @property
    def control_number(self) -> str:
        """The sender's control number."""
        return self.head.control_number

    @property
    def kind(self) -> str:
        """What it is: translation or transcript."""
        return self.disclosed.form.kind

    @property
    def shown_paragraphs(self) -> tuple[ShownParagraph, ...]:
        """The paragraphs that are shown."""
        return tuple(one for one in self.disclosed.paragraphs if isinstance(one, ShownParagraph))


@dataclass(frozen=True, kw_only=True)
class VerifiedRecord:
    """One record with what it shows.  `file` is its JSON member, which a receiver keeps to prove it again."""

    head: RecordHead
    head_text: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    file: bytes = field(repr=False)
    disclosed: Disclosed = field(repr=False)
    consent: tuple[ConsentEvent, ...] = field(repr=False)
    revision: Revision = field(default_factory=Revision)
    exhibits: tuple[VerifiedExhibit, ...] = ()
    statement: ConsentStatement | None = None
    companions: tuple[VerifiedCompanion, ...] = ()

    @property
    def control_number(self) -> str:
        """The sender's control number."""
        return self.head.control_number

    @property
    def record_id(self) -> str:
        """The record's id."""
        return self.head.record_id

    @property
    def version(self) -> int:
        """The version of the record."""
        return self.head.version

    @property
    def root(self) -> str:
        """The root of the record's tree in hex."""
        return self.head.root

    @property
    def file_sha256(self) -> str:
        """The SHA-256 of what is shown, in hex: two bundles that show the same have the same."""
        return sha256(self.file).hex()

    @property
    def shown(self) -> int:
        """How many values and paragraphs are shown; an answer that was not given is none."""
        paragraphs = sum(isinstance(one, ShownParagraph) for one in self.disclosed.paragraphs)
        return paragraphs + sum(1 for value in self.disclosed.values.values() if not is_state(value))

    @property
    def put(self) -> int:
        """How many codes the redactor put into gaps after signing."""
        return sum(map(len, self.disclosed.overlay.values()))

    @property
    def hidden(self) -> int:
        """How many places are withheld."""
        return len(self.disclosed.hidden)


def is_state(value: str | Mapping[str, JsonValue]) -> bool:
    """Whether a shown value only says that there was no answer."""
    return isinstance(value, str) and value in ABSENT_STATES
