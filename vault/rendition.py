"""What of one record would leave, exactly as the bundle writer renders it, with everything that is held back.

A rendition is made by the same packing that sealing uses, so that what a person reviews is what goes out.  Words that
must not leave are looked for in it; an exhibit in which one stands is held back, any other find stops the sealing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from testimony.bundle.companion_file import whole_paragraphs
from testimony.bundle.names import EXTENSION
from testimony.bundle.packing import RecordContents, pack_record
from testimony.bundle.parcel import PackedExhibit, PackedRecord, RedactionRow, SignedStatement
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.revision import Revision
from testimony.canonical import JsonValue
from testimony.companion_plan import ShownSource
from testimony.consent import Decision, Release
from testimony.leaks import Hit, LeakScan, Needle
from testimony.model import Exhibit
from testimony.profiles import Plan, no_decisions, plan_disclosure
from testimony.redaction.consent_tree import disclose_consent
from testimony.redaction.decisions import Decisions
from testimony.redaction.disclosed import ShownParagraph
from testimony.redaction.disclosure import disclose, read_disclosure
from testimony.redaction.overlay import overlaid, overlay_of
from testimony.redaction.record_slots import account_paragraphs, record_tree
from testimony.redaction.redactor_marks import RedactorMark
from testimony.redaction.selection import Selection
from testimony.redaction.spans import Same
from testimony.withholding import Withholding
from vault.attachments import list_for, open_attachment
from vault.companions import RenderedCompanion, render_companions
from vault.errors import NotFoundError
from vault.fixed_words import telling
from vault.records import StoredRecord
from vault.revisions import revision_after, sealed_before
from vault.store import Vault

_CHUNK: Final = 1 << 20
_NO_EXTENSION: Final = "bin"


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """One released record: packed, with what is held back, what must not stand anywhere, and where it still does.

    `walk` is what the log's entries about the walk are about that it follows; they travel with it.  `attachments` are
    the ids of the files that go with it: their entries travel, those of withheld files do not.
    `open` are the spans that nobody walked through, `same` the places where words would stay that are hidden elsewhere.
    """

    packed: PackedRecord = field(repr=False)
    walk: str
    withheld: tuple[Withholding, ...]
    needles: tuple[Needle, ...] = field(repr=False)
    leaks: tuple[Hit, ...]
    paragraphs: int
    paragraphs_shown: int
    exhibits: int
    attachments: tuple[str, ...]
    selection: Selection = field(repr=False)
    revision: Revision
    spans: int
    open: tuple[str, ...]
    same: tuple[Same, ...]
    late: tuple[RedactorMark, ...] = field(default=(), repr=False)
    restricted: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """The reading copy as it will stand in the bundle, and that of each companion behind it."""
        copies = (self.packed.reading_copy, *(one.reading_copy for one in self.packed.companions))
        return "\n".join(copy.decode("utf-8") for copy in copies)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a rendition is made for: the release and the gate's reasons, and what a person decided about each span.

    `request` is the id of the disclosure request that it answers.
    """

    release: Release
    decision: Decision
    decisions: Decisions | None
    by: str
    on: str
    request: str | None = None


def render(vault: Vault, stored: StoredRecord, asked: Asked, *, restricted: Collection[int] = ()) -> Rendition:
    """The rendition of a record; `restricted` paragraphs, from 0, are withheld whole.

    Raises:
        NotFoundError: A refusal has nothing to render.
        TestimonyError: The stored record and its head do not fit each other.
        KeysError: An exhibit's file is not what was stored.
    """
    record = stored.record
    if record is None:
        raise NotFoundError("record", stored.record_id)
    held_back = stored.restricted | frozenset(restricted)
    plan = plan_disclosure(record, asked.release, asked.decisions, withheld_paragraphs=held_back, late=stored.late)
    named = _exhibits_that_name(vault, stored, plan.selection, LeakScan(plan.needles)) if plan.needles else frozenset()
    replaced = _replaced(vault, stored, plan.selection) if asked.release.profile != "full" else frozenset()
    held = (
        *(Withholding(path=path, code="THIRD") for path in sorted(named)),
        *(Withholding(path=path, code="OTHER") for path in sorted(replaced - named)),
    )
    selection = replace(plan.selection, shown=plan.selection.shown - named - replaced)
    return rendition_of(vault, stored, asked, replace(plan, selection=selection, withheld=(*plan.withheld, *held)))


def rendition_of(vault: Vault, stored: StoredRecord, asked: Asked, plan: Plan) -> Rendition:
    """The rendition that shows what the plan says.

    Raises:
        NotFoundError: A refusal has nothing to render.
        TestimonyError: The stored record and its head do not fit each other, or the plan shows what there is not.
    """
    if stored.record is None:
        raise NotFoundError("record", stored.record_id)
    contents = _contents(vault, stored, asked, plan)
    source = _shown_source(stored, contents, plan.needles, plan.selection)
    companions = tuple(render_companions(vault, source, asked.release))
    packed = pack_record(
        asked.release,
        contents,
        companions=[one.packed for one in companions],
        exhibits=tuple(_packed_exhibits(vault, stored, plan.selection)),
        redactions=_redactions(plan.withheld, asked),
    )
    return Rendition(
        packed=packed,
        walk=(asked.decisions or no_decisions(asked.release)).log_object(stored.seed),
        withheld=plan.withheld,
        needles=tuple(dict.fromkeys((*plan.needles, *(needle for one in companions for needle in one.needles)))),
        leaks=(*_leaks_of_record(packed, LeakScan(plan.needles)), *_leaks_of(companions)),
        paragraphs=len(stored.record.interview.paragraphs),
        paragraphs_shown=len(plan.selection.paragraphs),
        exhibits=len(packed.exhibits),
        attachments=tuple(kept for _, _, kept in _shown_exhibits(vault, stored, plan.selection)),
        selection=plan.selection,
        revision=contents.revision,
        spans=len(plan.spans),
        open=plan.open,
        same=plan.same,
        late=stored.late,
        restricted=stored.restricted,
    )


def _contents(vault: Vault, stored: StoredRecord, asked: Asked, plan: Plan) -> RecordContents:
    """What the record's files are made of."""
    if stored.record is None or stored.signatures is None:
        raise NotFoundError("record", stored.record_id)
    statement = stored.statement
    disclosure = disclose(record_tree(stored.record), stored.seed, plan.selection)
    before = sealed_before(vault.read_one, asked.release)
    return RecordContents(
        head=stored.head_text,
        signatures=stored.signatures,
        disclosure=disclosure,
        overlay=overlay_of(account_paragraphs(stored.record), stored.seed, plan.selection, plan.late),
        consent=_consent(stored, asked.release),
        form=stored.record.form.content,
        statement=None if statement is None else SignedStatement(text=statement.text, signatures=statement.signatures),
        revision=revision_after(before, stored, disclosure, request=asked.request),
    )


def _shown_source(
    stored: StoredRecord, contents: RecordContents, needles: Sequence[Needle], selection: Selection
) -> ShownSource:
    """What companions may follow: the record as its own disclosure shows it."""
    if stored.record is None or stored.head is None:
        raise NotFoundError("record", stored.record_id)
    commitment, form = stored.head.commitment, stored.record.form
    disclosed = read_disclosure(contents.disclosure, root=commitment.root, n=commitment.n, form=form)
    shown = (one for index, one in enumerate(stored.record.exhibits) if selection.whole(_file_path(index)))
    return ShownSource(
        record=stored.record,
        needles=tuple(needles),
        paragraphs=whole_paragraphs(disclosed),
        exhibits=frozenset(one.control_number or "" for one in shown),
    )


def _leaks_of_record(packed: PackedRecord, scan: LeakScan) -> Iterator[Hit]:
    """Where a word that must not leave stands in a file of the record."""
    number = packed.line.control_number
    yield from telling(scan.scan(f"{number}.json", packed.file), scan, packed.form)
    yield from scan.scan(f"{number}.txt", packed.reading_copy)
    yield from scan.scan(f"{number}.head", _values(packed.head))


def _leaks_of(companions: Sequence[RenderedCompanion]) -> Iterator[Hit]:
    """Where a word that must not leave stands in a file of a companion."""
    for one in companions:
        scan, number = LeakScan(one.needles), one.packed.control_number
        yield from telling(scan.scan(f"{number}.json", one.packed.file), scan, one.packed.form)
        yield from scan.scan(f"{number}.txt", one.packed.reading_copy)


def paragraphs_that_name(stored: StoredRecord, rendition: Rendition, needles: Sequence[Needle]) -> frozenset[int]:
    """The shown paragraphs, from 0, in which a word stands that another record of the case holds back."""
    if stored.record is None or stored.head is None or not needles:
        return frozenset()
    scan = LeakScan(needles)
    commitment, form = stored.head.commitment, stored.record.form
    file = parse_record_file(rendition.packed.file, stored.record_id)
    proved = read_disclosure(file.disclosure, root=commitment.root, n=commitment.n, form=form)
    disclosed = overlaid(proved, file.overlay)
    return frozenset(
        shown.index
        for shown in disclosed.paragraphs
        if isinstance(shown, ShownParagraph) and scan.in_text(shown.text())
    )


def _exhibits_that_name(vault: Vault, stored: StoredRecord, selection: Selection, scan: LeakScan) -> frozenset[str]:
    """The paths of shown files in which a word stands that must not leave: a best effort, for plain bytes only."""
    found = set()
    for index, exhibit, attachment_id in _shown_exhibits(vault, stored, selection):
        with open_attachment(vault, attachment_id) as stream:
            if scan.scan(exhibit.control_number or "exhibit", _chunks(stream)):
                found.add(_file_path(index))
    return frozenset(found)


def _replaced(vault: Vault, stored: StoredRecord, selection: Selection) -> frozenset[str]:
    """The paths of shown files from which a reviewed one was made that stands in their place."""
    originals = {one.derived_from for one in list_for(vault, stored.record_id, stored.version)}
    shown = _shown_exhibits(vault, stored, selection)
    return frozenset(_file_path(index) for index, _, kept in shown if kept in originals)


def _shown_exhibits(vault: Vault, stored: StoredRecord, selection: Selection) -> Iterator[tuple[int, Exhibit, str]]:
    exhibits = () if stored.record is None else stored.record.exhibits
    kept = {one.exhibit.control_number: one.attachment_id for one in list_for(vault, stored.record_id, stored.version)}
    for index, exhibit in enumerate(exhibits):
        if selection.whole(_file_path(index)):
            if exhibit.control_number not in kept:
                raise NotFoundError("exhibit", exhibit.control_number or "")
            yield index, exhibit, kept[exhibit.control_number]


def _packed_exhibits(vault: Vault, stored: StoredRecord, selection: Selection) -> Iterator[PackedExhibit]:
    for _, exhibit, attachment_id in _shown_exhibits(vault, stored, selection):
        yield PackedExhibit(
            control_number=exhibit.control_number or "",
            extension=exhibit.extension if EXTENSION.fullmatch(exhibit.extension) else _NO_EXTENSION,
            size=exhibit.size,
            sha256=exhibit.sha256,
            open=_Opener(vault=vault, attachment_id=attachment_id),
        )


@dataclass(frozen=True, kw_only=True)
class _Opener:
    """Opens an attachment when the writer comes to it."""

    vault: Vault = field(repr=False)
    attachment_id: str

    def __call__(self) -> BinaryIO:
        return open_attachment(self.vault, self.attachment_id)


def _consent(stored: StoredRecord, release: Release) -> JsonValue:
    """The events about this recipient and purpose and those about everything, and no others."""
    concerned = [
        event.about_everything or event.concerns(release.recipient, release.purpose) for event in stored.events
    ]
    shown = [place for place, concerns in enumerate(concerned) if concerns]
    events = [event.to_bytes() for event in stored.events]
    statement = stored.statement
    if statement is None:
        return disclose_consent(events, stored.seed, shown)
    return disclose_consent(events, statement.seed, shown, number=statement.number)


def _redactions(withheld: Sequence[Withholding], asked: Asked) -> tuple[RedactionRow, ...]:
    grant = asked.decision.grant
    review_by = "" if grant is None or grant.review_by is None else grant.review_by.isoformat()
    return tuple(
        RedactionRow(
            path=one.path,
            code=one.code,
            basis=f"profile {asked.release.profile}",
            by=asked.by,
            approved_by="",
            on=asked.on,
            review_by=review_by,
        )
        for one in withheld
    )


def _values(head: bytes) -> bytes:
    """What a head says, without the names of its lines."""
    return b"\n".join(line.partition(b": ")[2] for line in head.splitlines())


def _file_path(index: int) -> str:
    return f"exhibits/{index}/file"


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
