"""What stands on the page of each step of an interview."""

from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.forms.form import Field
from testimony.forms.reading import core_form
from testimony.readiness import account_locked
from tui.screens.draft import Draft
from tui.screens.interview_steps import Step, place_name
from tui.strings.sentences import Language, sentence
from tui.widgets.account import AccountPage
from tui.widgets.attached import AttachedFiles
from tui.widgets.question_box import QuestionBox, problem_key
from tui.widgets.reading import ReadingText
from tui.words import said


def page_of(step: Step, draft: Draft, language: Language, *, identity_shown: bool) -> list[Widget]:
    """The widgets of a step: its questions, and what goes with them; or why it is closed."""
    if step.id == "account":
        return _account(step, draft, language)
    if step.id == "identity" and not identity_shown:
        reveal = Button(said("button.reveal", language), id="reveal")
        return [Static(said("identity.masked", language)), reveal]
    intro = Static(said(f"step.{step.id}.intro", language), classes="quiet intro")
    if step.id == "exhibits":
        add = Button(said("button.add-exhibit", language), id="add-exhibit")
        return [intro, add, AttachedFiles(language), *_questions(step, draft, language)]
    if step.id == "closing":
        return [intro, *_read_back(draft), *_questions(step, draft, language)]
    return [intro, *_questions(step, draft, language)]


def _questions(step: Step, draft: Draft, language: Language) -> list[Widget]:
    return [QuestionBox(asked, draft.raw(asked), language) for asked in step.fields]


def _account(step: Step, draft: Draft, language: Language) -> list[Widget]:
    problems = account_locked(draft.interview)
    if problems:
        closed: list[Widget] = [Static(said("account.locked", language), classes="warning")]
        return closed + [_problem_line(problem.path, problem.rule, language) for problem in problems]
    mode, sources = (_field(step, name) for name in ("account.mode", "account.source_of_knowledge"))
    page = AccountPage(sources, draft.interview.paragraphs, draft.raw(sources), language)
    return [QuestionBox(mode, draft.raw(mode), language), page]


def _field(step: Step, name: str) -> Field:
    return next(asked for asked in step.fields if asked.id == name)


def _problem_line(path: str, rule: str, language: Language) -> Static:
    place = place_name(core_form(), path, language)
    return Static(said("problem.at", language, place=place, problem=sentence(problem_key(rule), language)))


def _read_back(draft: Draft) -> list[Widget]:
    return [
        ReadingText(f"{number}. {paragraph}", classes="paragraph")
        for number, paragraph in enumerate(draft.interview.paragraphs, start=1)
    ]
