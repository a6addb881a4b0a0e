"""No bare text reaches a widget: every drawn word comes through tui.words, a sentence, or a part that filters itself."""

import ast
from pathlib import Path

import pytest

DRAWS = {"Static", "Note", "Label", "Button", "Markdown", "RichLog", "Log"}
MAKES = {"shown", "shown_line", "shown_among", "said", "say", "failure", "Content", "styled", "_heading", "_note"}


def bare_words(source: str) -> list[int]:
    """The lines on which a widget is made or updated with something that did not pass the filter."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _draws(node)]
    return [call.lineno for call in calls if call.args and not _is_safe(call.args[0])]


def _draws(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in DRAWS
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "update":
        return False
    return "ProgressBar" not in ast.unparse(call.func.value) and "_chosen" not in ast.unparse(call.func.value)


def _is_safe(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value == ""
    if isinstance(value, ast.IfExp):
        return _is_safe(value.body) and _is_safe(value.orelse)
    if isinstance(value, ast.BinOp):
        return _is_safe(value.left) and _is_safe(value.right)
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name in MAKES
    return ast.unparse(value) in {"place", "self._question"}


def test_every_word_on_a_screen_passes_the_filter(repository: Path) -> None:
    files = [*(repository / "tui").glob("*.py"), *(repository / "tui").glob("[sdw]*/*.py")]
    assert len(files) > 40
    bad = {path.name: lines for path in files if (lines := bare_words(path.read_text(encoding="utf-8")))}
    assert bad == {}


@pytest.mark.parametrize(
    "snippet",
    [
        "Static(record.title)", 'Static(f"{name}")', "Button(name)", 'widget.query_one("#x", Static).update(name)',
        "Static('[b]markup[/b]')", "Label(str(path))", "Static(shown(a) + b)", "Static(shown(a) if x else a)",
    ],
)  # fmt: skip
def test_the_rule_catches_bare_words(snippet: str) -> None:
    assert bare_words(snippet) == [1]


def test_messages_are_never_read_as_markup(repository: Path) -> None:
    bad = []
    for path in (repository / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".notify"):
                words = {word.arg: ast.unparse(word.value) for word in node.keywords}
                if words.get("markup") != "False":
                    bad.append(f"{path.name}:{node.lineno}")
    assert bad == []
