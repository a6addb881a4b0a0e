"""The papers say what the code does: links lead somewhere, ids are complete, commands exist."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_data import shared_file

LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
PROOF = re.compile(r"`(tests/[\w/.-]+\.py)(?:::(test_\w+))?`")
LEFT_OVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|/(tmp|work|root|farm)/")


def tracked(repository: Path) -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [repository / name for name in done.stdout.split("\0") if name and (repository / name).is_file()]


def dead_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
            yield f"{page.name}: {target}"


def missing_tests(root: Path, text: str) -> Iterator[str]:
    for path, name in PROOF.findall(text):
        file = root / path
        if not file.exists():
            yield path
        elif name and f"def {name}(" not in file.read_text(encoding="utf-8"):
            yield f"{path}::{name}"


def test_no_page_has_a_dead_link(repository: Path):
    pages = [path for path in tracked(repository) if path.suffix == ".md"]
    assert [dead for page in pages for dead in dead_links(page)] == []


def test_a_dead_link_is_noticed(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#a) [gone](gone.md) [out](https://example.org)")
    assert list(dead_links(page)) == ["page.md: gone.md"]


def test_each_promise_names_tests_that_exist(repository: Path):
    assert list(missing_tests(repository, (repository / "SECURITY.md").read_text(encoding="utf-8"))) == []


def test_a_promise_that_names_a_missing_test_is_noticed(repository: Path):
    text = "`tests/architecture/test_documents.py::test_gone` and `tests/gone.py`"
    assert len(list(missing_tests(repository, text))) == 2


@pytest.mark.parametrize(("letter", "count"), [("P", 15), ("N", 12), ("T", 13)])
def test_security_speaks_of_every_promise_limit_and_threat(repository: Path, letter: str, count: int):
    text = (repository / "SECURITY.md").read_text(encoding="utf-8")
    assert [
        f"{letter}{n}" for n in range(1, count + 1) if not re.search(rf"^\| {letter}{n} \|", text, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("folder", ["decisions", "format"])
def test_the_index_lists_every_page(repository: Path, folder: str):
    pages = {path.name for path in (repository / "docs" / folder).glob("*.md")} - {"README.md"}
    listed = set(LINK.findall((repository / "docs" / folder / "README.md").read_text(encoding="utf-8")))
    assert pages - listed == set()


def test_every_make_target_of_the_readme_exists(repository: Path):
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    used = set(re.findall(r"`?make ([a-z]+)", (repository / "README.md").read_text(encoding="utf-8")))
    assert used
    assert used <= targets


def test_nothing_tells_anyone_to_install_a_stranger_by_our_name(repository: Path):
    # The names of our packages belong to other projects on the public index.
    order = re.compile(r"pip install +(-\S+ +)*(testimony|vault|tui|keys)\b(?!-vault)")
    pages = [
        path
        for path in tracked(repository)
        if path.suffix in (".md", ".txt", ".toml", ".py") or path.name == "Makefile"
    ]
    assert [path.name for path in pages if order.search(path.read_text(encoding="utf-8"))] == []


def test_no_marker_and_no_path_of_one_machine_was_left(repository: Path):
    skipped = {repository / "tests", repository / "requirements"}
    lines = []
    for path in tracked(repository):
        if skipped.isdisjoint(path.parents) and b"\0" not in (data := path.read_bytes()):
            rows = data.decode("utf-8").splitlines()
            lines += [f"{path.relative_to(repository)}:{n}" for n, row in enumerate(rows, 1) if LEFT_OVER.search(row)]
    assert lines == []


def case_ids(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "case":
            yield from (
                part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def test_each_case_id_of_a_test_stands_in_the_catalogue(repository: Path):
    catalogue = set(
        re.findall(r"^\| ([A-Z]{2}-\d\d) \|", shared_file("design", "bad-inputs.md").read_text(), re.MULTILINE)
    )
    used = {case for path in (repository / "tests").rglob("*.py") for case in case_ids(path)}
    assert "SC-05" in used
    assert used - catalogue == set()
