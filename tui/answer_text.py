"""Answers as lines that a person reads, by the labels of their form; still to be passed through the text filter."""

from collections.abc import Iterator, Mapping
from typing import Final

from testimony.answers import Answer, Blob, Declined, Given, Unknown
from testimony.forms.form import Field, Form, Klass, Label
from testimony.interview import Interview
from tui.strings.sentences import Language, sentence

# Shown in places of their own: the account as numbered paragraphs, exhibits as a table.
APART: Final = frozenset({"account.text", "exhibits"})


def labelled(label: Label, language: Language) -> str:
    """A label in one language."""
    return label.ar if language == "ar" else label.en


def is_identity(asked: Field) -> bool:
    """Whether a field is masked until somebody asks for it and the log says so."""
    return asked.klass in (Klass.S4, Klass.S5)


def answer_lines(interview: Interview, language: Language, *, identity: bool) -> Iterator[tuple[str, str]]:
    """Label and text of every field that was asked, in the order of the form; the identity masked unless shown."""
    for asked in interview.form.fields:
        if asked.id in APART:
            continue
        text = answer_text(asked, interview.answers[asked.id], language)
        if text:
            masked = is_identity(asked) and not identity
            yield labelled(asked.label, language), sentence("record.hidden", language) if masked else text


def slot_lines(form: Form, answers: Mapping[str, object], language: Language) -> Iterator[tuple[str, str]]:
    """Label and text of every slot that a received record shows, in the order of the form, coarser ones included."""
    for asked in form.fields:
        for slot, label in ((asked.id, asked.label), *((coarse.id, coarse.label) for coarse in asked.coarser)):
            if slot in answers and slot not in APART:
                yield labelled(label, language), _json_text(answers[slot], language)


def answer_text(asked: Field, answer: Answer, language: Language) -> str:
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
        lines = [_element(asked, element, language) for element in value]
        return "\n".join(line for line in lines if line) or sentence("answer.none", language)
    if isinstance(value, int | Blob):
        return str(value) if isinstance(value, int) else value.sha256
    return _element(asked, value, language)


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
    shown = ((member, answer_text(member, inner, language)) for member, inner in members if member is not None)
    return " · ".join(f"{labelled(member.label, language)}: {text}" for member, text in shown if text)


def _json_text(value: object, language: Language) -> str:
    """The text of a disclosed value, its labels left out: the proofs are about values."""
    if isinstance(value, bool):
        return _yes_or_no(answer=value, language=language)
    if isinstance(value, dict):
        return " · ".join(text for inner in value.values() if (text := _json_text(inner, language)))
    if isinstance(value, list):
        return "\n".join(text for inner in value if (text := _json_text(inner, language)))
    return "" if value is None else str(value)


def _yes_or_no(*, answer: bool, language: Language) -> str:
    return sentence("answer.yes" if answer else "answer.no", language)
