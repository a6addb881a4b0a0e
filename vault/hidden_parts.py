"""What stands at the hidden places of a record, and how what is shown grows by them (request-v1.md, section 5)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from testimony.consent import Release
from testimony.disclosure_request import covers
from testimony.errors import RequestError
from testimony.forms.form import Klass
from testimony.leaks import LeakScan, strings_of
from testimony.model import Record
from testimony.redaction.atoms import Atom, AtomKind, atoms_of
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange
from testimony.redaction.disclosed import ACCOUNT
from testimony.redaction.leaves import Branch, Leaf, Node
from testimony.redaction.reasons import ReasonCode
from testimony.redaction.record_slots import account_paragraphs, record_tree
from testimony.redaction.redactor_marks import RedactorMark
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.spans import Span, gap_codes
from testimony.withholding import Withholding, reason_of, reason_of_code
from vault.errors import PolicyError

_LIFTABLE: Final = (Klass.S2, Klass.S3)


class HiddenParts:
    """What stands at the hidden places of a record, and how a selection grows by them.

    `late` are the redactor's marks whose words stay hidden in a paragraph that is lifted whole, as names do.
    """

    def __init__(self, record: Record, seed: bytes, before: Selection, late: Sequence[RedactorMark]) -> None:
        self._record = record
        self._before = before
        self._late: dict[str, tuple[WordRange, ...]] = {}
        for one in late:
            made = WordRange(start=one.start, end=one.end, code=reason_of_code(one.code))
            path = f"{ACCOUNT}/{one.paragraph}"
            self._late[path] = (*self._late.get(path, ()), made)
        self._paragraphs = {one.path: one for one in account_paragraphs(record)}
        self._atoms = {path: atoms_of(one, seed) for path, one in self._paragraphs.items()}
        self._values = dict(_values(record))

    def text_at(self, path: str) -> str:
        """The words at a hidden place.

        Raises:
            RequestError: Nothing is hidden there ("request-not-hidden").
        """
        if path in self._paragraphs and path not in self._before.paragraphs:
            paragraph = self._paragraphs[path]
            ranges = self._late.get(path, ())
            decision = SpanDecision(path=path, outcome="words", ranges=ranges) if ranges else None
            span = Span(path=path, kind="paragraph", text=paragraph.text, paragraph=paragraph, decision=decision)
            return span.as_decided()
        values = [text for one, text in self._values.items() if covers(path, one) and not self._before.whole(one)]
        if values and not path.startswith(f"{ACCOUNT}/"):
            return " · ".join(text for text in values if text)
        asked, view = self._asked(path), self._before.paragraphs[path.rpartition("/")[0]]
        return "".join(atom.text for atom in asked if _is_told(atom, view))

    def shown_by(self, lifts: Sequence[str]) -> str:
        """The words that earlier answers lifted: names beside their codes, words, and values."""
        found = [text for one, text in self._values.items() if any(covers(lift, one) for lift in lifts)]
        for path, atoms in self._atoms.items():
            view = self._before.paragraphs.get(path)
            for place, atom in enumerate(atoms):
                if any(covers(lift, f"{path}/{place}-{place}") for lift in lifts) and view is not None:
                    found += [atom.text] if atom.kind is AtomKind.WORD or atom.start in view.told else []
        return "\n".join(found)

    def refuse(self, path: str, release: Release) -> None:
        """Nothing, when the place may be lifted under this release.

        Raises:
            PolicyError: It is of a class that is never lifted, or tells who the witness is.
        """
        for one in (one for one in self._values if covers(path, one) and not path.startswith(f"{ACCOUNT}/")):
            klass = _class_of(self._record, one)
            if klass is Klass.S4 and not release.identity_allowed:
                raise PolicyError("lift-identity", one)
            if klass not in (*_LIFTABLE, Klass.S4) or one.endswith("/file"):
                raise PolicyError("lift-never", one)
        own = LeakScan(strings_of(self._record, (Klass.S4,)))
        named = own.in_text(self.text_at(path)) or self._is_witness(path)
        if named and not release.identity_allowed:
            raise PolicyError("lift-identity", path)

    def _is_witness(self, path: str) -> bool:
        """Whether one of the names that are asked for by themselves has the code of a witness."""
        if path in self._paragraphs or not path.startswith(f"{ACCOUNT}/"):
            return False
        view = self._before.paragraphs[path.rpartition("/")[0]]
        names = {one.start for one in self._asked(path) if one.kind is AtomKind.NAME and _is_told(one, view)}
        atoms = self._atoms[path.rpartition("/")[0]]
        codes = (atom.text for atom in atoms if atom.kind is AtomKind.CODE and atom.start in names)
        return any(code.startswith("W-") for code in codes)

    def lifted(self, selection: Selection, path: str) -> Selection:
        """The selection with this place shown as well."""
        if path in self._paragraphs:
            hidden = tuple((one.start, one.end) for one in self._late.get(path, ()))
            return replace(selection, paragraphs={**selection.paragraphs, path: ParagraphView(hidden=hidden)})
        if not path.startswith(f"{ACCOUNT}/"):
            more = {one for one in self._values if covers(path, one)}
            return replace(selection, shown=selection.shown | more)
        parent = path.rpartition("/")[0]
        view = selection.paragraphs[parent]
        asked = self._asked(path)
        names = {atom.start for atom in asked if atom.kind is AtomKind.NAME and not _in(atom, view.hidden)}
        words = [atom for atom in asked if _in(atom, view.hidden)]
        grown = ParagraphView(
            named=view.named, told=view.told | names, hidden=tuple(_apart(self._atoms[parent], view, words))
        )
        return replace(selection, paragraphs={**selection.paragraphs, parent: grown})

    def rows(self, selection: Selection, decisions: Decisions | None) -> Iterator[Withholding]:
        """What of the account is still withheld, with the reason that was given for it."""
        if not selection.paragraphs:
            yield Withholding(path=ACCOUNT, code="OTHER")
            return
        for path, paragraph in self._paragraphs.items():
            decision = None if decisions is None else decisions.about(path)
            view = selection.paragraphs.get(path)
            if view is None:
                yield Withholding(path=path, code=reason_of(decision))
                continue
            given = () if decision is None else decision.ranges
            ranges = [WordRange(start=start, end=end, code=_code_at(given, start, end)) for start, end in view.hidden]
            for number, codes in enumerate(gap_codes(paragraph, ranges), 1):
                yield from (Withholding(path=f"{path}/gap-{number}", code=code) for code in codes)

    def _asked(self, path: str) -> list[Atom]:
        """The hidden atoms of a range of words.

        Raises:
            RequestError: It is no such range, or something of it was shown ("request-not-hidden").
        """
        parent, _, places = path.rpartition("/")
        first, dash, last = places.partition("-")
        view = self._before.paragraphs.get(parent)
        if view is None or not dash or not (first.isdecimal() and last.isdecimal()):
            raise RequestError("request-not-hidden", path)
        atoms = self._atoms[parent][int(first) : int(last) + 1]
        spoken = [atom for atom in atoms if atom.kind is not AtomKind.VOID]
        if len(atoms) != int(last) - int(first) + 1 or not spoken or not all(_is_hidden(one, view) for one in spoken):
            raise RequestError("request-not-hidden", path)
        return spoken


def _code_at(ranges: Sequence[WordRange], start: int, end: int) -> ReasonCode:
    found = (one.code for one in ranges if one.code is not None and one.start < end and start < one.end)
    return next(found, "THIRD")


def _is_hidden(atom: Atom, view: ParagraphView) -> bool:
    if _in(atom, view.hidden):
        return True
    return atom.kind is AtomKind.NAME and atom.start not in view.named and atom.start not in view.told


def _is_told(atom: Atom, view: ParagraphView) -> bool:
    """Whether lifting shows the atom: of a mention in a gap the code, its name only where it is asked for by itself."""
    return atom.kind is AtomKind.WORD or (atom.kind is AtomKind.CODE) == _in(atom, view.hidden)


def _in(atom: Atom, hidden: Sequence[tuple[int, int]]) -> bool:
    return any(start < atom.end and atom.start < end for start, end in hidden)


def _apart(atoms: Sequence[Atom], view: ParagraphView, words: Sequence[Atom]) -> Iterator[tuple[int, int]]:
    """What stays hidden: each atom that was, but for these words."""
    free = {(atom.start, atom.end) for atom in words}
    for atom in atoms:
        if (
            atom.kind in (AtomKind.WORD, AtomKind.NAME)
            and _in(atom, view.hidden)
            and (atom.start, atom.end) not in free
        ):
            yield atom.start, atom.end


def _values(record: Record) -> Iterator[tuple[str, str]]:
    """Each single value of the record outside the account, by its path."""
    waiting: list[Node] = list(record_tree(record).children)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Branch) and node.path != ACCOUNT:
            waiting += node.children
        elif isinstance(node, Leaf):
            yield node.path, node.value.decode("utf-8", "replace")


def _class_of(record: Record, path: str) -> Klass:
    slot, *rest = path.split("/")
    asked = record.form.slot(slot)
    for name in rest:
        if asked is not None and not name.isdigit():
            asked = asked.member(name)
    return Klass.S5 if asked is None or slot in ("consent.share", "consent.identity") else asked.klass
