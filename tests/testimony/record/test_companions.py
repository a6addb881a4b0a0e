"""Companions by themselves: the example of the page, the forms that travel, and whose names stand as codes."""

import json
import re
from dataclasses import replace

import pytest
from invented_interview import english, record_of

from testimony.bundle.packing import pack_companion
from testimony.companions import companion_record, form_of_kind, read_companion
from testimony.errors import FormError, InterviewError
from testimony.forms.form import Klass
from testimony.forms.reading import COMPANION_FORM_IDS, companion_form, core_form, form_bytes, parse_form
from testimony.mentions import Person
from testimony.model import Record
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent
from testimony.redaction.disclosure import disclose
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView, Selection

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/format/companion-v1.md").read_text("utf-8")


@pytest.fixture(scope="module")
def head(repository) -> RecordHead:
    page = (repository / "docs/format/head-v1.md").read_text("utf-8")
    return parse_head(re.findall(r"```\n(testimony-vault record head.*?)```", page, re.DOTALL)[0].encode())


def source() -> Record:
    value = english()
    value["account"]["paragraphs"] = ["We waited.", "Tamsin came at noon."]
    value["account"]["source_of_knowledge"] = ["saw", "saw"]
    witness = Person(uuid=bytes(16), kind="W", names=("Tamsin",), code="W-7F3K")
    return replace(record_of(value), record_id="K7F3-9QZD", persons=(witness,), marks=())


def test_the_copy_on_the_page_is_what_comes_of_the_file_on_the_page(page: str, head: RecordHead):
    file, copy = re.findall(r"```(?:json)?\n(.*?)```", page, re.DOTALL)[:2]
    interview = read_companion(json.loads(file), "translation", source(), bytes(32))
    record = companion_record(interview, source(), "K7F3-9QXX", "TST-0000009")
    tree, consent = commit(record_tree(record), SEED), commit_consent([], SEED)
    own = replace(
        head,
        record_id=record.record_id,
        control_number="TST-0000009",
        form_id=record.form.id,
        form_sha256=record.form.digest,
        root=tree.root.hex(),
        leaves=tree.n,
        consent_root=consent.root.hex(),
        consent_leaves=consent.n,
    )
    shown = frozenset(slot.id for slot in record.form.slots if slot.id not in ("account.text", "mentions"))
    views = {f"account.text/{place}": ParagraphView() for place in (0, 1)}
    disclosure = disclose(record_tree(record), SEED, Selection(shown=shown, paragraphs=views))
    packed = pack_companion(own.to_text(), None, disclosure, record.form.content)  # type: ignore[arg-type]
    assert packed.reading_copy.decode() == copy


def test_the_page_names_the_three_forms_by_their_digests(page: str):
    for form_id in COMPANION_FORM_IDS:
        form = companion_form(form_id)
        assert f"| `{form_id}` | {form.kind} | `{form.digest}` |" in page
        assert form_of_kind(form.kind) == form


def test_nothing_of_an_observation_is_of_a_class_that_any_profile_shows():
    classes = {slot.klass for slot in companion_form("observation-1").slots}
    assert classes == {Klass.S5}


def test_a_companion_form_with_other_bytes_and_any_other_form_with_a_kind_are_refused():
    data = form_bytes("observation-1")
    for other in (
        data.replace(b'"class":"S5"', b'"class":"S0"', 1),
        data.replace(b'"id":"observation-1"', b'"id":"observation-2"'),
        data.replace(b'"kind":"observation"', b'"kind":"translation"'),
        form_bytes("core-1").replace(b'"id":"core-1"', b'"id":"core-1","kind":"translation"'),
        form_bytes("core-1").replace(b'"id":"core-1"', b'"id":"own-1","kind":"testimony"'),
    ):
        with pytest.raises(FormError):
            parse_form(other)


def test_the_form_of_a_testimony_is_no_companions():
    assert core_form().kind == "testimony"
    for form_id in ("core-1", "", "translation-2"):
        with pytest.raises(FormError):
            companion_form(form_id)
    with pytest.raises(FormError):
        form_of_kind("testimony")


@pytest.mark.parametrize(
    "value", [None, [], "text", {"source": []}, {"marks": [{"paragraph": 1, "words": "a", "who": "b"}]}]
)
def test_what_is_no_companion_is_refused(value):
    with pytest.raises(InterviewError):
        read_companion(value, "translation", source(), bytes(32))
