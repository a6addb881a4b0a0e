"""The interview's screens with optional steps and with a form of an organisation."""

from asyncio import run
from pathlib import Path

from own_forms import FORM_ID, own_form, own_form_bytes
from screens_world import invented_interview, make_world, press, screens, shows

from testimony.canonical import encode
from testimony.forms.reading import core_form, parse_form
from testimony.interview import empty_interview, parse_interview
from tui.dialogs.form_choice import FormChoiceDialog
from tui.screens.interview import InterviewScreen
from tui.screens.interview_steps import marks_of, steps_of
from tui.widgets.question_box import QuestionBox
from vault.drafts import load_draft
from vault.forms import import_form


def _box(screen: object, field_id: str) -> QuestionBox:
    assert isinstance(screen, InterviewScreen)
    return next(box for box in screen.query(QuestionBox) if box.field_id == field_id)


def test_optional_steps_stand_last_and_are_never_missing() -> None:
    steps = steps_of(core_form())
    optional = [step.id for step in steps if step.optional]
    assert [step.id for step in steps][-7:] == [*optional, "finish"]
    marks = marks_of(steps, empty_interview())
    assert {marks[name] for name in optional} == {"open"}


def test_every_field_of_a_form_is_asked_in_one_step() -> None:
    form = parse_form(own_form_bytes())
    asked = [field.id for step in steps_of(form) for field in step.fields]
    assert sorted(asked) == sorted(field.id for field in form.fields)


def test_what_could_put_a_person_at_risk_is_masked_until_the_log_says_so() -> None:
    masked = {step.id for step in steps_of(core_form()) if step.masked}
    assert masked == {"identity", "identity_more", "risk"}


def test_an_optional_step_says_that_it_is_optional(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", *["f2"] * 7)
            assert shows(pilot, "Optional.")

    run(scene())


def test_a_new_interview_asks_for_the_form_only_where_there_is_a_choice(tmp_path: Path) -> None:
    world = make_world(tmp_path, [], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "n")
            assert isinstance(pilot.app.screen, InterviewScreen)
            await press(pilot, "escape", "escape")
            pilot.app.session.ask(lambda vault: import_form(vault, own_form_bytes()))  # type: ignore[attr-defined]
            await press(pilot, "n")
            assert isinstance(pilot.app.screen, FormChoiceDialog)
            await press(pilot, "down", "enter")
            assert isinstance(pilot.app.screen, InterviewScreen)
            drafts = pilot.app.session.ask(  # type: ignore[attr-defined]
                lambda vault: [row[0] for row in vault.read("SELECT record_id FROM drafts")]
            )
            loaded = [
                pilot.app.session.ask(lambda vault, one=one: load_draft(vault, one))  # type: ignore[attr-defined]
                for one in drafts
            ]
            assert sorted(one.form.id for one in loaded) == ["core-1", FORM_ID]

    run(scene())


def test_a_question_appears_when_its_condition_holds(tmp_path: Path) -> None:
    form = parse_form(own_form_bytes())
    assert parse_interview(invented_interview(weather={"sky": "clear"}), form)
    world = make_world(tmp_path, [], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            pilot.app.session.ask(lambda vault: import_form(vault, own_form_bytes()))  # type: ignore[attr-defined]
            await press(pilot, "n", "down", "enter", *["f2"] * 6)
            screen = pilot.app.screen
            assert not _box(screen, "weather.told").display
            assert not _box(screen, "weather.hail").display
            await press(pilot, "right", "enter")
            await pilot.pause(1.2)
            assert _box(screen, "weather.told").display
            assert not _box(screen, "weather.hail").display

    run(scene())


def test_a_section_of_an_organisation_may_join_the_account(tmp_path: Path) -> None:
    form = own_form()
    for field in form["fields"]:
        if field["id"] == "weather.sky":
            field["section"] = "account"
    own = parse_form(encode(form))
    step = next(step for step in steps_of(own) if step.id == "account")
    assert [field.id for field in step.fields][-1] == "weather.sky"
