"""Answers as lines that a person reads, by the labels of their form; still to be passed through the text filter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from testimony.answers import Answer, Blob, Declined, Given, Unknown
from testimony.forms.form import Field, Form, Klass, Label
from testimony.interview import Interview
from tui.strings.sentences import Language, sentence

# Shown in places of their own: the account as numbered paragraphs, exhibits as a table.
APART: Final = frozenset({"account.text", "exhibits"})
_BETWEEN: Final = " · "


def labelled(label: Label, language: Language) -> str:
    """A label in one language."""
    return label.ar if language == "ar" else label.en


def is_identity(asked: Field) -> bool:
    """Whether a field is masked until somebody asks for it and the log says so."""
    return asked.klass in (Klass.S4, Klass.S5)


def answer_lines(interview: Interview, language: Language, *, mask: str | None) -> Iterator[tuple[str, str]]:
    """Label and text of every field that was asked, in the order of the form; a `mask` stands for the identity."""
    for asked in interview.form.fields:
        if asked.id in APART:
            continue
        text = text_of_answer(asked, interview.answers[asked.id], language)
        if text:
            yield labelled(asked.label, language), mask if mask is not None and is_identity(asked) else text


def slot_lines(form: Form, answers: Mapping[str, object], language: Language) -> Iterator[tuple[str, str]]:
    """Label and text of every slot that a received record shows, in the order of the form, coarser ones included."""
    for asked in form.fields:
        for slot, label in ((asked.id, asked.label), *((coarse.id, coarse.label) for coarse in asked.coarser)):
            if slot in answers and slot not in APART:
                yield labelled(label, language), _json_text(asked, answers[slot], language)


def text_of_answer(asked: Field, answer: Answer, language: Language) -> str:
    """One answer as text; empty where it was not asked."""
    if isinstance(answer, Unknown):
        return sentence("state.unknown", language)
    if isinstance(answer, Declined):
        return sentence("state.declined", language)
    return _given(asked, answer, language) if isinstance(answer, Given) else ""


def _given(asked: Field, answer: Given, language: Language) -> str:
    value = answer.value
    if isinstance(value, str):
        return _term(asked, value, language)
    if isinstance(value, tuple):
        return _list(asked, value, language, between="\n")
    if isinstance(value, int | Blob):
        return str(value) if isinstance(value, int) else value.sha256
    return _element(asked, value, language)


def _list(asked: Field, values: Sequence[object], language: Language, *, between: str) -> str:
    """The elements of a list; a list of points explained as a count."""
    if values and all(isinstance(value, bool) for value in values):
        return sentence("command.show.points", language, yes=sum(map(bool, values)), count=len(values))
    texts = [text for value in values if (text := _element(asked, value, language))]
    return between.join(texts) or sentence("answer.none", language)


def _term(asked: Field, value: str, language: Language) -> str:
    return next((labelled(term.label, language) for term in asked.vocabulary if term.value == value), value)


def _element(asked: Field, element: object, language: Language) -> str:
    if isinstance(element, bool):
        return _yes_or_no(answer=element, language=language)
    if isinstance(element, str):
        return _term(asked, element, language)
    if not hasattr(element, "items"):
        return str(element)
    members = ((asked.member(name), inner) for name, inner in element.items())
    shown = ((member, _inside(member, inner, language)) for member, inner in members if member is not None)
    return _BETWEEN.join(f"{labelled(member.label, language)}: {text}" for member, text in shown if text)


def _inside(asked: Field, answer: Answer, language: Language) -> str:
    """An answer that stands in the line of another: its list keeps to that line."""
    if isinstance(answer, Given) and isinstance(answer.value, tuple):
        return _list(asked, answer.value, language, between=" / ")
    return text_of_answer(asked, answer, language)


def _json_text(asked: Field | None, value: object, language: Language, *, inside: bool = False) -> str:
    """The text of a disclosed value by the labels of its form, as far as the form knows it."""
    if isinstance(value, bool):
        return _yes_or_no(answer=value, language=language)
    if isinstance(value, str):
        return value if asked is None else _term(asked, value, language)
    if isinstance(value, dict):
        parts = (_member_text(asked, str(name), inner, language) for name, inner in value.items())
        return _BETWEEN.join(part for part in parts if part)
    if isinstance(value, list):
        return _json_list(asked, value, language, between=" / " if inside else "\n")
    return "" if value is None else str(value)


def _json_list(asked: Field | None, values: list[object], language: Language, *, between: str) -> str:
    if values and all(isinstance(value, bool) for value in values):
        return sentence("command.show.points", language, yes=sum(map(bool, values)), count=len(values))
    return between.join(text for value in values if (text := _json_text(asked, value, language)))


def _member_text(asked: Field | None, name: str, value: object, language: Language) -> str:
    member = None if asked is None else asked.member(name)
    text = _json_text(member, value, language, inside=True)
    return f"{labelled(member.label, language)}: {text}" if member is not None and text else text


def _yes_or_no(*, answer: bool, language: Language) -> str:
    return sentence("answer.yes" if answer else "answer.no", language)
