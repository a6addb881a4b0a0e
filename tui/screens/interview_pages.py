"""What stands on the page of each step of an interview."""

from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.errors import Problem
from testimony.forms.form import Field
from testimony.readiness import account_locked
from tui.screens.draft import Draft
from tui.screens.interview_steps import Step, place_of_problem
from tui.strings.sentences import Language, has_sentence, sentence
from tui.widgets.account import AccountPage
from tui.widgets.attached import AttachedFiles
from tui.widgets.question_box import QuestionBox, problem_key
from tui.widgets.reading import ReadingText
from tui.words import said


def page_of(step: Step, draft: Draft, language: Language, *, identity_shown: bool) -> list[Widget]:
    """The widgets of a step: its questions, and what goes with them; or why it is closed."""
    if step.id == "account":
        return _account(step, draft, language)
    if step.masked and not identity_shown:
        return _masked(step, language)
    intro = _intro(step, language)
    if step.id == "exhibits":
        add = Button(said("button.add-exhibit", language), id="add-exhibit")
        return [intro, add, AttachedFiles(language), *_questions(step, draft, language)]
    if step.id == "closing":
        return [intro, *_read_back(draft), *_questions(step, draft, language)]
    return [intro, *_questions(step, draft, language)]


def _masked(step: Step, language: Language) -> list[Widget]:
    whose, button = ("identity", "reveal") if step.id == "identity" else ("private", "reveal-part")
    reveal = Button(said(f"button.{button}", language), id="reveal")
    return [_intro(step, language), Static(said(f"{whose}.masked", language)), reveal]


def _intro(step: Step, language: Language) -> Static:
    """What the step is for; nothing about a step that an organisation added."""
    names = (f"step.{step.id}.intro", "step.optional.intro" if step.optional else "step.own.intro")
    return Static(said(next(name for name in names if has_sentence(name)), language), classes="quiet intro")


def _questions(step: Step, draft: Draft, language: Language) -> list[Widget]:
    return [QuestionBox(asked, draft.raw(asked), language, draft.scripts) for asked in step.fields]


def _account(step: Step, draft: Draft, language: Language) -> list[Widget]:
    problems = account_locked(draft.interview)
    if problems:
        closed: list[Widget] = [Static(said("account.locked", language), classes="warning")]
        return closed + [_problem_line(draft, problem, language) for problem in problems]
    mode, sources = (_field(step, name) for name in ("account.mode", "account.source_of_knowledge"))
    page = AccountPage(sources, draft.interview.paragraphs, draft.raw(sources), language)
    known = (mode, sources, _field(step, "account.text"))
    added = [QuestionBox(asked, draft.raw(asked), language) for asked in step.fields if asked not in known]
    return [QuestionBox(mode, draft.raw(mode), language), page, *added]


def _field(step: Step, name: str) -> Field:
    return next(asked for asked in step.fields if asked.id == name)


def _problem_line(draft: Draft, problem: Problem, language: Language) -> Static:
    place = place_of_problem(draft.interview.form, problem.path, language)
    return Static(said("problem.at", language, place=place, problem=sentence(problem_key(problem.rule), language)))


def _read_back(draft: Draft) -> list[Widget]:
    return [
        ReadingText(f"{number}. {paragraph}", classes="paragraph")
        for number, paragraph in enumerate(draft.interview.paragraphs, start=1)
    ]
