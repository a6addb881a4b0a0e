import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

import tui.dialogs
import tui.screens
import tui.widgets
from tui.app import TestimonyApp
from tui.keys_on_screen import ARABIC_TWINS, key
from tui.strings.sentences import has_sentence


def _classes() -> list[type[Any]]:
    found: dict[type[Any], None] = {TestimonyApp: None}
    for package in (tui.screens, tui.widgets, tui.dialogs):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, Widget) and value.__module__.startswith("tui."):
                    found[value] = None
    return list(found)


def _bindings(owner: type[Any]) -> Iterator[Binding]:
    for binding in vars(owner).get("BINDINGS", []):
        assert isinstance(binding, Binding)
        yield binding


@pytest.mark.parametrize("owner", _classes(), ids=lambda owner: owner.__name__)
def test_every_key_has_an_id_a_name_and_a_tooltip_in_both_languages(owner: type[Any]) -> None:
    for binding in _bindings(owner):
        assert binding.id, binding
        assert has_sentence(binding.description), binding.description
        assert has_sentence(binding.tooltip), binding.tooltip


@pytest.mark.parametrize("owner", _classes(), ids=lambda owner: owner.__name__)
def test_every_screen_has_its_title_in_both_languages(owner: type[Any]) -> None:
    title = getattr(owner, "TITLE_KEY", "")
    if issubclass(owner, Screen) and title:
        assert has_sentence(title)


def test_a_letter_works_on_the_arabic_layout_too() -> None:
    assert key("n", "new", "new-interview").key == "n,ى"
    assert len(set(ARABIC_TWINS.values())) == len(ARABIC_TWINS) == 26


@pytest.mark.case("CL-05")
def test_the_actions_of_textual_that_write_files_are_out_of_reach() -> None:
    assert TestimonyApp.ENABLE_COMMAND_PALETTE is False
    assert TestimonyApp.ALLOW_SELECT is False
    assert "deliver_screenshot" in vars(TestimonyApp)
    bound = {binding.action for binding in TestimonyApp.BINDINGS if isinstance(binding, Binding)}
    assert not {action for action in bound if "screenshot" in action or "palette" in action or "suspend" in action}
