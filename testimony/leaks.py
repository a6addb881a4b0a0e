"""The leak scan: whether any word that must not leave stands in what is about to leave (docs/format/profile-v1.md, 4).

Names are compared folded and by whole words, so that a spelling cannot hide one; encoded forms are compared exactly.
A finding says where, never what.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from testimony.answers import Answer, Given, NotAsked, elements_of, members_of, text_of, texts_of
from testimony.encodings import is_words, lettered_forms, readings, spellings, wide_forms, wide_readings
from testimony.folding import fold
from testimony.forms.form import Field, Klass
from testimony.interview import Interview
from testimony.mentions import WHOLE_NAMES, kind_of_role, owner_of, witness_names
from testimony.model import Record
from testimony.names import NameIndex

_WINDOW: Final = 1 << 20  # bytes of a file looked at together
_OVERLAP: Final = 1 << 16  # bytes looked at twice, so that nothing hides across a border
_SHORTEST_ENCODED: Final = 6  # bytes; shorter ones stand in random data by chance
_LONGEST_ENCODED: Final = 4096  # bytes

# One word of these is a name by itself; of the other searched fields only the whole text is looked for.
_NAMES_IN_PARTS: Final = frozenset({"witness.name", "witness.latin", "mentions", "index.victims", "index.perpetrators"})

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_IS_LETTER: Final = bytes(code in _LETTERS for code in range(256))
_SAMPLES: Final = 16
_SAMPLE: Final = 2048  # bytes
# Backwards a shorter word is often another word of its language.
_SHORTEST_BACKWARDS: Final = 5  # letters


@dataclass(frozen=True, kw_only=True)
class Needle:
    """A text that must not leave: the path of its field, its class, and whether one word of it is a name already."""

    path: str
    klass: Klass
    text: str = field(repr=False)
    parts: bool = False


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A finding: the file, the byte near which it stands, and the index of the needle."""

    file: str
    offset: int
    needle: int


def strings_of(record: Record, classes: Collection[Klass] = (Klass.S3, Klass.S4)) -> tuple[Needle, ...]:
    """Every text of these classes that identifies somebody: by the form's own word (`searched`), or marked by hand."""
    return _strings(record.interview, record.answers, classes)


def identifying(interview: Interview) -> tuple[Needle, ...]:
    """The same of an interview that may still be a draft, whatever the class of its fields."""
    return _strings(interview, interview.answers, tuple(Klass))


class LeakScan:
    """The needles, ready to be looked for in any number of files."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        """Take the needles; a finding names one by its index here."""
        listed = tuple(needles)
        phrases = {index for index, needle in enumerate(listed) if not needle.parts}
        self._names = NameIndex([(needle.text,) for needle in listed], phrases=phrases)
        self._plain = _forms_of(listed, _plain_forms)
        self._lettered = _forms_of(listed, _lettered_forms)
        self._wide = _forms_of(listed, wide_forms)
        self._shortest = min(map(len, self._lettered), default=0)

    def __repr__(self) -> str:
        return f"LeakScan({len(self._lettered) + len(self._wide)} encoded forms)"

    def scan(self, name: str, data: bytes | Iterable[bytes]) -> tuple[Hit, ...]:
        """Every finding in a file and in its name, in order; offsets are in bytes, 0 for the name."""
        hits = {Hit(file=name, offset=0, needle=one) for one in self.in_text(name)}
        for offset, window in _windows([data] if isinstance(data, bytes) else data):
            hits |= {Hit(file=name, offset=offset + place, needle=index) for place, index in self._in_window(window)}
        return tuple(sorted(hits, key=lambda hit: (hit.offset, hit.needle)))

    def in_text(self, text: str) -> tuple[int, ...]:
        """The indexes of the needles that stand in a text, each once."""
        plain, *undone = readings(text)
        return tuple(sorted({one.owner for one in self._names.find(plain)} | self._undone(plain, undone)))

    def _in_window(self, window: bytes) -> Iterator[tuple[int, int]]:
        """The first place of each needle in a window."""
        places: dict[int, int] = {}
        runs = _letter_runs(window, self._shortest)
        forms = self._wide | {form: index for form, index in self._lettered.items() if form in runs}
        if _may_be_words(window) and is_words(text := window.decode("utf-8", "replace")):
            plain, *undone = readings(text)
            for one in self._names.find(plain):
                if one.owner not in places:
                    places[one.owner] = len(text[: one.start].encode("utf-8", "replace"))
            for owner in self._undone(plain, undone):
                places.setdefault(owner, 0)
        else:
            # In a file of words a name is looked for as a word; in any other one its bytes are.
            forms |= self._plain
        for owner in self._undone("", wide_readings(window)):
            places.setdefault(owner, 0)
        for form, index in forms.items():
            place = window.find(form)
            if place >= 0:
                places.setdefault(index, place)
        yield from ((place, index) for index, place in places.items())

    def _undone(self, plain: str, undone: Iterable[str]) -> set[int]:
        """The needles in what a text says backwards or once an encoding is undone."""
        found = {one.owner for reading in undone for one in self._names.find(reading)}
        backwards = plain[::-1]
        return found | {
            one.owner
            for one in self._names.find(backwards)
            if len(fold(backwards[one.start : one.end])) >= _SHORTEST_BACKWARDS
        }


def scan(name: str, data: bytes | Iterable[bytes], needles: Iterable[Needle]) -> tuple[Hit, ...]:
    """Every finding of these needles in one file and in its name."""
    return LeakScan(needles).scan(name, data)


def _strings(interview: Interview, answers: Mapping[str, Answer], classes: Collection[Klass]) -> tuple[Needle, ...]:
    needles: list[Needle] = []
    for asked in interview.form.fields:
        for path, member, found, parts in _parts(asked, answers[asked.id]):
            if member.searched and member.klass in classes:
                needles += _needles(path, member, found, parts=parts)
    needles += [one for one in _marked_by_hand(interview) if one.klass in classes]
    return tuple({(needle.text, needle.parts): needle for needle in reversed(needles)}.values())[::-1]


def _parts(asked: Field, answer: Answer) -> Iterator[tuple[str, Field, Answer, bool]]:
    """Path, field and answer of each value, and whether one word of it is a name by itself."""
    parts = asked.id in _NAMES_IN_PARTS
    yield asked.id, asked, answer, parts
    listed = [(asked.id, members_of(answer))]
    if asked.type == "list":
        listed = [(f"{asked.id}/{index}", element) for index, element in enumerate(elements_of(answer))]
    for path, members in listed:
        whole = kind_of_role(text_of(members.get("role", NotAsked()))) in WHOLE_NAMES
        for member in asked.members:
            if member.id in members:
                yield f"{path}/{member.id}", member, members[member.id], parts and not whole


def _marked_by_hand(interview: Interview) -> Iterator[Needle]:
    """The words that a person marked: they mean someone although they are no name."""
    own = [witness_names(interview)] if interview.hand_marks else []
    for place, mark in enumerate(interview.hand_marks):
        klass = Klass.S3 if owner_of(mark.who, own) is None else Klass.S4
        yield Needle(path=f"marks/{place}", klass=klass, text=mark.words)


def _needles(path: str, member: Field, answer: Answer, *, parts: bool) -> list[Needle]:
    if not isinstance(answer, Given):
        return []
    texts = [text_of(answer)] if member.type != "texts" else list(texts_of(answer))
    return [Needle(path=path, klass=member.klass, text=text.strip(), parts=parts) for text in texts if text.strip()]


def _windows(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The file in overlapping windows, each with its offset."""
    held = bytearray()
    offset = 0
    for chunk in chunks:
        held += chunk
        while len(held) >= _WINDOW + _OVERLAP:
            yield offset, bytes(held[: _WINDOW + _OVERLAP])
            del held[:_WINDOW]
            offset += _WINDOW
    yield offset, bytes(held)


def _letter_runs(window: bytes, shortest: int) -> bytes:
    """The runs of base64 and hex letters that could hold an encoded form: in pictures and sound hardly any."""
    kinds, probe, runs = window.translate(_IS_LETTER), b"\x01" * shortest, []
    start = kinds.find(probe) if shortest else -1
    while start >= 0:
        end = kinds.find(b"\x00", start)
        end = len(window) if end < 0 else end
        runs.append(window[start:end])
        start = kinds.find(probe, end)
    return b"\n".join(runs)


def _may_be_words(window: bytes) -> bool:
    """Whether a sample of the window holds words: decoding a picture whole only to see that it is none is slow."""
    if len(window) <= _SAMPLES * _SAMPLE:
        return True
    step = len(window) // _SAMPLES
    return any(is_words(window[at : at + _SAMPLE].decode("utf-8", "replace")) for at in range(0, len(window), step))


def _forms_of(needles: tuple[Needle, ...], forms_of: Callable[[str], Iterator[bytes]]) -> dict[bytes, int]:
    forms: dict[bytes, int] = {}
    for index, needle in enumerate(needles):
        for spelling in spellings(needle.text):
            if _SHORTEST_ENCODED <= len(spelling.encode("utf-8")) <= _LONGEST_ENCODED:
                for form in forms_of(spelling):
                    if len(form) >= _SHORTEST_ENCODED:
                        forms.setdefault(form, index)
    return forms


def _plain_forms(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8")


def _lettered_forms(text: str) -> Iterator[bytes]:
    yield from lettered_forms(text.encode("utf-8"))
    for wide in wide_forms(text):
        yield from lettered_forms(wide)
