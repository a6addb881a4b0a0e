"""Two verifiers that share no line say the same of every vector: ours, and the one written from the pages alone."""

import contextlib
import importlib.util
import io
import json
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from broken_forms import BROKEN, WEAKER
from conformance.run import REPOSITORY, arguments_for, called, disagreement, expectations, main
from own_forms import own_form_bytes
from vectors.catalogue import ALL, write_keys, write_vector
from vectors.generate import Vector, world
from vectors.good_bundles import GOOD

from testimony.__main__ import main as ours
from testimony.canonical import encode
from testimony.custody.kinds import KINDS
from testimony.forms.reading import form_bytes, parse_form

SCRIPT = REPOSITORY / "docs" / "format" / "independent" / "verify.py"
OPENER = shlex.join([sys.executable, str(Path(__file__).with_name("open_sealed.py"))])
INDEPENDENT = shlex.join([sys.executable, str(SCRIPT), "--age-command", OPENER])
OURS = shlex.join([sys.executable, "-m", "testimony"])
YES = """import sys
print('{"checks":[],"exit":0,"records":[{}],"verdict":"pinned"}')
"""
# As real processes: one of each exit code, one that holds, one beside an earlier bundle.
SAMPLE = (
    "good-tar",
    "good-sealed-file",
    "value-changed",
    "zip-renamed",
    "sealed-for-somebody-else",
    "tar-cut-short",
    "lift-of-a-value-that-nothing-declares",
)


def load_independent():
    spec = importlib.util.spec_from_file_location("independent_verifier", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


independent = load_independent()


def answered(verify, arguments: Sequence[str]) -> tuple[int, bytes]:
    """Call a verifier in this process: its exit code and what it printed."""
    hook = sys.excepthook
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as printed:
        code = verify(list(arguments))
        printed.flush()
        output = printed.buffer.getvalue()
    sys.excepthook = hook
    return code, output


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_keys(folder)
    for one in ALL:
        if one.name in SAMPLE:
            write_vector(folder, one)
    return folder


@pytest.mark.parametrize(
    "vector", [pytest.param(one, id=one.name, marks=[pytest.mark.case(*one.cases)] if one.cases else []) for one in ALL]
)
def test_the_independent_verifier_answers_as_the_head_says(tmp_path: Path, vector: Vector):
    """Ours does so in tests/testimony/test_malformed_bundles.py, vector by vector."""
    write_keys(tmp_path)
    write_vector(tmp_path, vector)
    (expected,) = expectations(tmp_path)
    opened = [*arguments_for(expected), "--age-command", OPENER]
    assert disagreement(expected, *answered(independent.main, opened)) == ""


@pytest.mark.parametrize("vector", GOOD, ids=str)
def test_ours_refuses_no_good_bundle(tmp_path: Path, vector: Vector):
    write_keys(tmp_path)
    write_vector(tmp_path, vector)
    (expected,) = expectations(tmp_path)
    assert disagreement(expected, *answered(ours, arguments_for(expected))) == ""


@pytest.mark.parametrize("command", [OURS, INDEPENDENT], ids=["ours", "independent"])
def test_a_verifier_that_is_a_program_agrees_with_a_sample(sample, command, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    assert main(["--verifier", command, "--vectors", str(sample)]) == 0
    assert f"{len(SAMPLE)} agree, 0 differ" in capsys.readouterr().out


def test_a_verifier_that_always_says_yes_is_found(sample, tmp_path, capsys):
    liar = tmp_path / "liar.py"
    liar.write_text(YES)
    command = shlex.join([sys.executable, str(liar)])
    for more in ([], ["--exit-only"]):
        assert main(["--verifier", command, "--vectors", str(sample), *more]) == 1
        printed = capsys.readouterr().out
        assert "2 agree, 5 differ" in printed
        assert "DIFFERS invalid         1  value-changed" in printed


def test_a_verifier_that_fails_everything_is_found_by_the_good_bundles(sample, capsys):
    assert main(["--verifier", "false", "--vectors", str(sample), "--exit-only"]) == 1
    assert "good-tar  exit 1, expected 0" in capsys.readouterr().out


def test_no_vector_at_all_is_no_agreement(tmp_path):
    assert main(["--verifier", "true", "--vectors", str(tmp_path)]) == 1


def test_sealed_files_are_left_out_only_when_asked_and_never_silently(sample, capsys):
    command = shlex.join([sys.executable, str(SCRIPT)])
    assert main(["--verifier", command, "--vectors", str(sample), "--without-age"]) == 0
    assert "5 agree, 0 differ, 2 sealed files left out" in capsys.readouterr().out


def test_a_sealed_file_that_this_machine_cannot_open_has_not_passed(sample):
    """Debian's age is too old; then the file stays shut, which is no verdict about it."""
    code, output = called(shlex.join([sys.executable, str(SCRIPT)]))(
        [str(sample / "good-sealed-file.bundle"), "--identity", str(sample / "identity.txt"), "--json"]
    )
    if code == 0:
        pytest.skip("this machine has age 1.3")
    assert code == 3
    assert b'"verdict":"incomplete"' in output
    assert b'"status":"pass"' not in output


def test_the_independent_verifier_finds_the_recipient_of_an_identity_by_its_own_arithmetic(sample):
    assert independent.read_identity(str(sample / "identity.txt")) == world().body.public.recipient


def test_the_independent_verifier_imports_the_standard_library_alone():
    lines = SCRIPT.read_text().splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names
    assert not imported & {"tarfile", "zipfile", "runpy", "importlib", "pickle"}


ROW = re.compile(r"^\| `([a-z.]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
DETAIL = re.compile(r"([a-z_0-9]+) \*([^*]+)\*")


def details_of(cell: str) -> dict[str, str | None]:
    """The details of a cell of the page's table, each with its pattern, as the verifier has them."""
    named = {kind.replace("-", " "): pattern for kind, pattern in independent.DETAIL.items()} | {
        "control number": independent.DETAIL["control"]
    }
    return {name: named.get(kind, kind.replace("/", "|")) for name, kind in DETAIL.findall(cell)}


def test_the_independent_verifier_knows_the_kinds_of_the_page():
    page = (REPOSITORY / "docs" / "format" / "custody-v1.md").read_text()
    told = page.split("## 3. Kinds")[1].split("## 4.")[0]
    found = {kind: (details_of(required), details_of(optional)) for kind, required, optional in ROW.findall(told)}
    assert found
    assert independent.kinds() == found


def test_both_verifiers_know_the_kinds_with_objects_of_their_own():
    page = (REPOSITORY / "docs" / "format" / "custody-v1.md").read_text()
    told = page.split("| kind | object |")[1].split("\n\n")[0]
    named = {kind for row in told.splitlines() for kind in re.findall(r"`([a-z]+\.[a-z]+)`", row)}
    assert named == set(independent.OBJECTS) == {one.name for one in KINDS.values() if one.about is not None}


def test_the_independent_verifier_knows_the_form_of_the_page():
    page = (REPOSITORY / "docs" / "format" / "form-v1.md").read_text()
    companions = (REPOSITORY / "docs" / "format" / "companion-v1.md").read_text()
    told = {*re.findall(r"SHA-256 `([0-9a-f]{64})`", page), *re.findall(r"\| `([0-9a-f]{64})` \|", companions)}
    assert set(independent.KNOWN_FORMS.values()) == told


@pytest.mark.parametrize("name", [name for name, (_, code) in BROKEN.items() if code != "missing-field"])
def test_the_independent_verifier_refuses_a_form_that_breaks_one_rule(name, monkeypatch):
    """Without its last rule, that of the core fields, which would find most of them as well."""
    monkeypatch.setattr(independent, "core_shape", lambda _: independent.CORE_SHAPE)
    change, _ = BROKEN[name]
    form = json.loads(form_bytes("core-1"))
    assert independent.read_form(encode(form | {"id": "own-1"}), "own-1")
    change(form)
    with pytest.raises(independent.Broken):
        independent.read_form(encode(form), "core-1")


@pytest.mark.parametrize("name", WEAKER)
def test_the_independent_verifier_refuses_a_form_in_which_a_core_field_is_weaker(name):
    form = json.loads(form_bytes("core-1")) | {"id": "own-1"}
    WEAKER[name](form)
    with pytest.raises(independent.Broken) as caught:
        independent.read_form(encode(form), "own-1")
    assert caught.value.code == "other-core-field"


def test_the_independent_verifier_reads_the_form_of_an_organisation_as_ours_does():
    slots = independent.read_form(own_form_bytes(), "own-1")
    assert [slot["id"] for slot in slots] == [slot.id for slot in parse_form(own_form_bytes()).slots]
