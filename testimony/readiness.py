"""What still stands between an interview and its finish, and what keeps the account locked (record.md, section 3)."""

from collections.abc import Mapping, Sequence
from typing import Final

from testimony.answers import (
    Given,
    Members,
    NotAsked,
    elements_of,
    members_of,
    paragraph_numbers,
    text_of,
    texts_of,
)
from testimony.errors import Problem
from testimony.forms.form import Field
from testimony.interview import Interview
from testimony.mentions import mark_problems
from testimony.scripts import has_digest, script_named

# C1: fields 9 to 12 and 15 come before the account.
BEFORE_THE_ACCOUNT: Final = (
    "consent.interview",
    "consent.limits_explained",
    "consent.recording",
    "consent.share",
    "witness.capacity",
)
_MEDIA: Final = ("audio", "video", "photo")


def refused(interview: Interview) -> bool:
    """Whether the person said no to the interview: then only code, date and "refused" may be stored (C1)."""
    return _member(interview, "consent.interview", "answer") == "no"


def account_locked(interview: Interview) -> tuple[Problem, ...]:
    """What must be settled before a word of the account is taken down; empty when it is open (C1, C7, C8, C14, C17)."""
    problems = [
        Problem(path=name, rule="C1") for name in BEFORE_THE_ACCOUNT if not _filled(_field(interview, name), interview)
    ]
    if _member(interview, "consent.interview", "answer") in ("no", "withdrew"):
        problems.append(Problem(path="consent.interview", rule="C1-refused"))
    if not limits_explained(interview):
        problems.append(Problem(path="consent.limits_explained", rule="C7"))
    if script_named(interview)[0] and not has_digest(interview):
        problems.append(Problem(path="consent.limits_explained", rule="C14"))
    if not reasoned(interview):
        problems.append(Problem(path="session.prior_statements", rule="C17"))
    if not safeguarded(interview):
        problems.append(Problem(path="witness.safeguards", rule="C8"))
    return tuple(problems)


def missing_for_finish(interview: Interview) -> tuple[Problem, ...]:
    """Every reason why the interview cannot be finished; empty when it can."""
    if refused(interview):
        started = _field(interview, "session.started_at")
        return () if _filled(started, interview) else (Problem(path=started.id, rule="required"),)
    problems = list(account_locked(interview))
    named = {problem.path for problem in problems}
    for asked in interview.form.fields:
        if asked.id in interview.unparsed:
            problems.append(Problem(path=asked.id, rule="unparsed"))
        elif (
            asked.required and asked.id not in named and is_relevant(asked, interview) and not _filled(asked, interview)
        ):
            problems.append(Problem(path=asked.id, rule="C9" if asked.id == "consent.confirm_end" else "required"))
    problems += _sources(interview)
    problems += _media(interview)
    problems += mark_problems(interview)
    problems += _paragraphs(interview)
    return tuple(problems)


def is_relevant(asked: Field, interview: Interview) -> bool:
    """Whether a question is put at all: its condition holds, or it has none."""
    if asked.relevant is None:
        return True
    answer = interview.answers[asked.relevant.field]
    words = [word for text in texts_of(answer) for word in text.split(", ")]
    return asked.relevant.value in (text_of(answer), *words)


def limits_explained(interview: Interview) -> bool:
    """Whether all seven limits were explained (C7)."""
    points = members_of(interview.answers["consent.limits_explained"]).get("points", NotAsked())
    return isinstance(points, Given) and isinstance(points.value, tuple) and bool(points.value) and all(points.value)


def safeguarded(interview: Interview) -> bool:
    """Whether the person is an adult able to decide, or all four safeguards stand (C8)."""
    capacity = text_of(interview.answers["witness.capacity"])
    if capacity not in ("child", "doubt"):
        return True
    guards = members_of(interview.answers["witness.safeguards"])
    named = all(text_of(guards.get(name, NotAsked())).strip() for name in ("approved_by", "guardian", "reason"))
    return named and text_of(guards.get("assent", NotAsked())) == "yes"


def reasoned(interview: Interview) -> bool:
    """Whether of each earlier statement it is said why a full account is taken again (C17)."""
    earlier = elements_of(interview.answers["session.prior_statements"])
    return all(_text(one, "reason").strip() for one in earlier)


def recording_granted(interview: Interview) -> frozenset[str]:
    """The media whose recording was granted: of audio, video and photo (C6)."""
    return frozenset(medium for medium in _MEDIA if _member(interview, "consent.recording", medium) == "yes")


def ungranted(interview: Interview, kinds: Sequence[str]) -> tuple[int, ...]:
    """The places of the kinds of exhibit that are a recording whose medium was not granted (C6)."""
    granted = recording_granted(interview)
    return tuple(index for index, kind in enumerate(kinds) if kind in _MEDIA and kind not in granted)


def _field(interview: Interview, name: str) -> Field:
    return next(asked for asked in interview.form.fields if asked.id == name)


def _member(interview: Interview, name: str, member: str) -> str:
    return text_of(members_of(interview.answers[name]).get(member, NotAsked()))


def _filled(asked: Field, interview: Interview) -> bool:
    """Whether a required field has what it needs; consent and the account must be given, others may be declined."""
    answer = interview.answers[asked.id]
    if isinstance(answer, NotAsked):
        return False
    if asked.id in _MUST_BE_GIVEN:
        return isinstance(answer, Given) and _whole(asked, answer)
    return not isinstance(answer, Given) or answer.value != ""


_MUST_BE_GIVEN: Final = (
    *BEFORE_THE_ACCOUNT,
    "session.started_at",
    "session.language",
    "account.mode",
    "account.text",
    "consent.confirm_end",
)
_NEEDED_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "consent.interview": ("answer", "how"),
    "consent.limits_explained": ("points", "script"),
    "consent.recording": _MEDIA,
    "consent.share": ("recipient", "purpose", "answer"),
}


def _whole(asked: Field, answer: Given) -> bool:
    needed = _NEEDED_MEMBERS.get(asked.id, ())
    if asked.type == "list":
        return all(isinstance(one.get(name), Given) for one in elements_of(answer) for name in needed)
    if asked.type == "narrative":
        return any(paragraph.strip() for paragraph in texts_of(answer))
    return all(isinstance(members_of(answer).get(name), Given) for name in needed)


def _sources(interview: Interview) -> list[Problem]:
    """Field 18 has one entry for each paragraph, and says something in each."""
    path = "account.source_of_knowledge"
    sources = texts_of(interview.answers[path])
    if not isinstance(interview.answers[path], Given) or not interview.paragraphs:
        return []
    if len(sources) != len(interview.paragraphs):
        return [Problem(path=path, rule="one-a-paragraph")]
    return [Problem(path=path, rule="required", paragraph=index) for index, one in enumerate(sources) if not one]


def _media(interview: Interview) -> list[Problem]:
    """C6: no audio, video or photo without the grant of that medium."""
    kinds = [text_of(one.get("kind", NotAsked())) for one in elements_of(interview.answers["exhibits"])]
    return [Problem(path=f"exhibits/{index}", rule="C6") for index in ungranted(interview, kinds)]


def _paragraphs(interview: Interview) -> list[Problem]:
    """An index into the account names paragraphs that it has."""
    there = len(interview.paragraphs)
    return [
        Problem(path=f"{asked.id}/{index}", rule="no-such-paragraph")
        for asked in interview.form.fields
        for index, element in enumerate(elements_of(interview.answers[asked.id]))
        for member in asked.members
        if member.type == "paragraphs" and max(paragraph_numbers(_text(element, member.id)), default=0) > there
    ]


def _text(element: Members, name: str) -> str:
    return text_of(element.get(name, NotAsked()))
