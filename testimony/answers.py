"""Answers: given, unknown, declined and not asked are four different stored values (docs/format/interview-v1.md).

One reader a type of field; each collects problems instead of stopping, so that a person sees all of them at once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from testimony.canonical import MAX_INTEGER, JsonValue, encode
from testimony.dates import digits_to_ascii, parse_day, parse_edtf, parse_time
from testimony.errors import DateError, LimitExceededError, Problem
from testimony.forms.form import Field

MAX_TEXT: Final = 64 * 1024  # bytes of UTF-8 in one answer
MAX_ACCOUNT: Final = 16 * 1024 * 1024  # bytes of UTF-8 in all paragraphs
MAX_PARAGRAPHS: Final = 10_000
MAX_ELEMENTS: Final = 1_000
MAX_SPELLINGS: Final = 64  # texts in a list without vocabulary
MAX_ANSWER: Final = 1 << 20  # bytes of JSON of one whole answer, the account aside

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TERM = re.compile(r"[a-z0-9](?:[a-z0-9 -]{0,62}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{3}")
_PCODE = re.compile(r"[A-Z]{2}[A-Z0-9]{1,18}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")
_PARAGRAPHS = re.compile(r"[1-9][0-9]{0,4}(?:-[1-9][0-9]{0,4})?(?:, [1-9][0-9]{0,4}(?:-[1-9][0-9]{0,4})?)*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A file by its SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Given:
    """An answer that was given."""

    value: "Value" = field(repr=False)


@dataclass(frozen=True)
class Unknown:
    """The person was asked and does not know."""


@dataclass(frozen=True)
class Declined:
    """The person was asked and chose not to answer."""


@dataclass(frozen=True)
class NotAsked:
    """The question was not put."""


Answer: TypeAlias = Given | Unknown | Declined | NotAsked
Members: TypeAlias = Mapping[str, Answer]
Value: TypeAlias = str | int | Blob | tuple[str, ...] | tuple[bool, ...] | Members | tuple[Members, ...]

_STATES: Final[Mapping[str, Answer]] = {"unknown": Unknown(), "declined": Declined(), "not asked": NotAsked()}


def read_answer(value: JsonValue, asked: Field, path: str, problems: list[Problem]) -> Answer:
    """The answer in a JSON value; what breaks a rule is added to `problems` and read as not asked.

    Raises:
        LimitExceededError: A text, a list or the account is longer than the format allows.
    """
    if value is None:
        return NotAsked()
    if isinstance(value, dict) and "state" in value:
        return _read_state(value, path, problems)
    try:
        answer = Given(_READERS[asked.type](value, asked, path, problems))
    except _Wrong as wrong:
        problems.append(Problem(path=path, rule=wrong.rule, paragraph=wrong.paragraph))
        return NotAsked()
    if asked.type != "narrative" and len(encode(answer_to_json(answer))) > MAX_ANSWER:
        raise LimitExceededError("answer-too-long", path)
    return answer


def answer_to_json(answer: Answer) -> JsonValue:
    """The JSON value that `read_answer` reads back as the same answer."""
    if isinstance(answer, Given):
        return _value_to_json(answer.value)
    return {"state": next(name for name, state in _STATES.items() if state == answer)}


def text_of(answer: Answer) -> str:
    """The text of a given answer; empty for every other one."""
    return answer.value if isinstance(answer, Given) and isinstance(answer.value, str) else ""


def members_of(answer: Answer) -> Members:
    """The members of a given object; none for every other answer."""
    return answer.value if isinstance(answer, Given) and isinstance(answer.value, Mapping) else {}


def elements_of(answer: Answer) -> tuple[Members, ...]:
    """The elements of a given list of objects; none for every other answer."""
    if not isinstance(answer, Given) or not isinstance(answer.value, tuple):
        return ()
    return tuple(element for element in answer.value if isinstance(element, Mapping))


def texts_of(answer: Answer) -> tuple[str, ...]:
    """The texts of a given list of texts or of a narrative; none for every other answer."""
    if not isinstance(answer, Given) or not isinstance(answer.value, tuple):
        return ()
    return tuple(element for element in answer.value if isinstance(element, str))


def paragraph_numbers(text: str) -> tuple[int, ...]:
    """The numbers in a `paragraphs` answer as they stand there: `3, 5-7` gives 3, 5, 7."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", text))


class _Wrong(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    def __init__(self, rule: str, paragraph: int | None = None) -> None:
        self.rule = rule
        self.paragraph = paragraph
        super().__init__(rule)


def _read_state(value: dict[str, JsonValue], path: str, problems: list[Problem]) -> Answer:
    state = value["state"]
    if len(value) == 1 and isinstance(state, str) and state in _STATES:
        return _STATES[state]
    problems.append(Problem(path=path, rule="unknown-state"))
    return NotAsked()


def _value_to_json(value: Value) -> JsonValue:
    if isinstance(value, Blob):
        return {"sha256": value.sha256, "size": value.size}
    if isinstance(value, Mapping):
        return {name: answer_to_json(answer) for name, answer in value.items()}
    if isinstance(value, tuple):
        return [_value_to_json(element) if isinstance(element, Mapping) else element for element in value]
    return value


def _bounded(value: JsonValue, path: str) -> str:
    if not isinstance(value, str):
        raise _Wrong("not-a-text")
    if len(value) > MAX_TEXT or _size(value) > MAX_TEXT:
        raise LimitExceededError("text-too-long", path)
    return value


def _size(text: str) -> int:
    try:
        return len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise _Wrong("lone-surrogate") from None


def _text(value: JsonValue, _: Field, path: str, __: list[Problem]) -> str:
    return _bounded(value, path)


def _matching(pattern: re.Pattern[str], rule: str) -> "_Reader":
    def read(value: JsonValue, _: Field, path: str, __: list[Problem]) -> str:
        text = digits_to_ascii(_bounded(value, path))
        if pattern.fullmatch(text) is None:
            raise _Wrong(rule)
        return text

    return read


def _dated(check: Callable[[str], object]) -> "_Reader":
    def read(value: JsonValue, _: Field, path: str, __: list[Problem]) -> str:
        text = digits_to_ascii(_bounded(value, path))
        try:
            check(text)
        except DateError as error:
            raise _Wrong(error.code) from None
        return text

    return read


def _paragraphs(value: JsonValue, _: Field, path: str, __: list[Problem]) -> str:
    """Numbers of paragraphs and ranges of them; each number is higher than the one before it."""
    text = digits_to_ascii(_bounded(value, path))
    if _PARAGRAPHS.fullmatch(text) is None or not _ascending(paragraph_numbers(text)):
        raise _Wrong("not-paragraphs")
    return text


def _ascending(numbers: Sequence[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(numbers))


def _choice(value: JsonValue, asked: Field, path: str, _: list[Problem]) -> str:
    text = _bounded(value, path)
    if text not in asked.terms:
        raise _Wrong("not-in-vocabulary")
    return text


def _integer(value: JsonValue, _: Field, __: str, ___: list[Problem]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_INTEGER:
        raise _Wrong("not-a-count")
    return value


def _listed(value: JsonValue, path: str, limit: int) -> list[JsonValue]:
    if not isinstance(value, list):
        raise _Wrong("not-a-list")
    if len(value) > limit:
        raise LimitExceededError("too-many", path)
    return value


def _texts(value: JsonValue, asked: Field, path: str, problems: list[Problem]) -> tuple[str, ...]:
    texts = []
    for index, element in enumerate(_listed(value, path, MAX_PARAGRAPHS if asked.terms else MAX_SPELLINGS)):
        text = _bounded(element, f"{path}/{index}")
        if asked.terms and text and not asked.terms.issuperset(text.split(", ")):
            problems.append(Problem(path=path, rule="not-in-vocabulary", paragraph=index))
        texts.append(text)
    return tuple(texts)


def _booleans(value: JsonValue, asked: Field, path: str, _: list[Problem]) -> tuple[bool, ...]:
    found = _listed(value, path, MAX_ELEMENTS)
    if asked.vocabulary and len(found) != len(asked.vocabulary):
        raise _Wrong("wrong-count")
    booleans = tuple(element for element in found if isinstance(element, bool))
    if len(booleans) != len(found):
        raise _Wrong("not-yes-or-no")
    return booleans


def _narrative(value: JsonValue, _: Field, path: str, __: list[Problem]) -> tuple[str, ...]:
    paragraphs = []
    size = 0
    for index, element in enumerate(_listed(value, path, MAX_PARAGRAPHS)):
        if not isinstance(element, str):
            raise _Wrong("not-a-text", index)
        size += _size(element)
        if size > MAX_ACCOUNT:
            raise LimitExceededError("account-too-long", path)
        paragraphs.append(element)
    if len(encode(paragraphs)) > 2 * MAX_ACCOUNT:
        raise LimitExceededError("account-too-long", path)
    return tuple(paragraphs)


def _blob(value: JsonValue, _: Field, __: str, ___: list[Problem]) -> Blob:
    if not isinstance(value, dict) or set(value) != {"sha256", "size"}:
        raise _Wrong("not-a-file")
    digest, size = value["sha256"], value["size"]
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise _Wrong("not-a-file")
    return Blob(sha256=digest, size=_integer(size, _, __, ___))


def _object(value: JsonValue, asked: Field, path: str, problems: list[Problem]) -> Members:
    if not isinstance(value, dict):
        raise _Wrong("not-an-object")
    members: dict[str, Answer] = {}
    for name, inner in value.items():
        member = asked.member(name)
        if member is None or member.computed is not None:
            # Never dropped in silence, and nobody answers what is computed.  The unknown name is not repeated, for a
            # person may have put a name there.
            problems.append(Problem(path=path, rule="unknown-member"))
        elif inner is not None:
            members[name] = read_answer(inner, member, f"{path}/{name}", problems)
    return members


def _list(value: JsonValue, asked: Field, path: str, problems: list[Problem]) -> "str | tuple[Members, ...]":
    if isinstance(value, str) and asked.terms:
        return _choice(value, asked, path, problems)
    elements = _listed(value, path, MAX_ELEMENTS)
    return tuple(_object(element, asked, f"{path}/{index}", problems) for index, element in enumerate(elements))


_Reader: TypeAlias = Callable[[JsonValue, Field, str, list[Problem]], Value]
_READERS: Final[Mapping[str, _Reader]] = {
    "text": _text,
    "code": _matching(_CODE, "bad-code"),
    "term": _matching(_TERM, "bad-term"),
    "choice": _choice,
    "language": _matching(_LANGUAGE, "bad-language"),
    "time": _dated(parse_time),
    "edtf": _dated(parse_edtf),
    "date": _dated(parse_day),
    "pcode": _matching(_PCODE, "bad-place-code"),
    "media-type": _matching(_MEDIA_TYPE, "bad-media-type"),
    "integer": _integer,
    "texts": _texts,
    "booleans": _booleans,
    "narrative": _narrative,
    "blob": _blob,
    "paragraphs": _paragraphs,
    "object": _object,
    "place": _object,
    "when": _object,
    "list": _list,
}
