"""How one rendition of a record stands to an earlier one (docs/format/bundle-v1.md, section 6.8).

A vault that takes a record in and an expert without any vault ask the same question here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from keys.digests import sha256
from testimony.bundle.record_file import RecordFile, parse_record_file
from testimony.bundle.revision import Revision
from testimony.errors import RedactionError
from testimony.forms.form import Form
from testimony.redaction.comparison import Growth, Shown, compare
from testimony.redaction.disclosed import ACCOUNT
from testimony.redaction.head import RecordHead
from testimony.redaction.overlay import OverlayEntry

# narrower: something that was shown no longer is.
Step = Literal["same", "lifts", "narrower"]


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """A proved record of a bundle: its head and its record file as they are there, and its form."""

    head: RecordHead
    head_text: bytes = field(repr=False)
    file: bytes = field(repr=False)
    form: Form

    @property
    def file_sha256(self) -> str:
        """The SHA-256 of the record file in hex, by which the next revision names it."""
        return sha256(self.file).hex()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is not as it must be: its code, and the path where it has one."""

    code: str
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Continuity:
    """What of one version is shown now and was not, what was and is not, and everything that is wrong with it.

    `recoded` are the paragraphs into whose gaps the redactor put other codes.
    """

    lifted: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    recoded: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def step(self) -> Step:
        """The step in one word."""
        if self.hidden:
            return "narrower"
        return "lifts" if self.lifted else "same"


@dataclass(frozen=True, kw_only=True)
class Continuation:
    """How a record stands to an earlier bundle: in one word, what is shown only now, what was shown only then.

    `not-there` is a record of the later bundle alone, `not-carried` one of the earlier alone; `recoded` are the
    paragraphs into whose gaps the redactor put other codes.
    """

    step: Literal["same", "lifts", "narrower", "corrected", "not-there", "not-carried"]
    lifted: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    recoded: tuple[str, ...] = ()


def continuity_between(earlier: Rendition, later: Rendition) -> Continuity:
    """How the later rendition of a version stands to the earlier one."""
    if earlier.head_text != later.head_text:
        return _failed("other-head")
    before, after = (parse_record_file(one.file, one.head.control_number) for one in (earlier, later))
    order = _order(before.revision, after.revision, earlier.file_sha256)
    if order not in ("", "other-since"):
        return _failed(order)
    try:
        grown = compare(_shown(before, later), _shown(after, later))
    except RedactionError as error:
        return Continuity(faults=(Fault(code=error.code, path=error.where),))
    faults = (*([Fault(code=order)] if order else []), *_faults(before.revision, after.revision, grown))
    recoded = _recoded(before.overlay, after.overlay)
    return Continuity(lifted=grown.lifted, hidden=grown.hidden, recoded=recoded, faults=faults)


def _recoded(before: Sequence[OverlayEntry], after: Sequence[OverlayEntry]) -> tuple[str, ...]:
    """The paragraphs whose gaps have other codes now: the redactor's word, which no root commits to."""
    paragraphs = {one.paragraph for one in {*before} ^ {*after}}
    return tuple(f"{ACCOUNT}/{place}" for place in sorted(paragraphs))


def _failed(code: str) -> Continuity:
    return Continuity(faults=(Fault(code=code),))


def _shown(file: RecordFile, of: Rendition) -> Shown:
    return Shown(disclosure=file.disclosure, commitment=of.head.commitment, form=of.form)


def _order(before: Revision, after: Revision, digest: str) -> str:
    """The code of what is wrong with number and history; empty where the later revision is the same or the next."""
    if after == before:
        return ""
    if after.number < before.number:
        return "earlier-newer"
    if after.since == digest or after.number == before.number:
        return "" if after.number == before.number + 1 else "revision-number"
    return "other-since" if after.number == before.number + 1 else "revisions-between"


def _faults(before: Revision, after: Revision, grown: Growth) -> Iterator[Fault]:
    """What is lifted or hidden otherwise than the later revision says; under the same number nothing may be."""
    same = after == before
    declared = set() if same else set(after.lifts)
    carried = set(before.lifts) if before.request is not None and after.request is not None else set()
    yield from (Fault(code="undeclared-lift", path=path) for path in grown.lifted if path not in declared)
    shown_before = sorted(declared - carried - set(grown.lifted))
    yield from (Fault(code="not-hidden-before", path=path) for path in shown_before)
    if same or after.request is not None:
        yield from (Fault(code="hidden-again", path=path) for path in grown.hidden)
