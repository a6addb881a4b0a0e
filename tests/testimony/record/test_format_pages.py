"""The examples in the format pages are read by the code they describe."""

import json
import re
from pathlib import Path

from testimony.canonical import parse_lenient
from testimony.consent import PROFILE_NAMES
from testimony.consent_events import parse_event
from testimony.forms.reading import core_form, form_bytes
from testimony.interview import MAX_INTERVIEW, parse_interview
from testimony.profile_tables.reading import PROFILES
from testimony.readiness import missing_for_finish


def _example(repository: Path, page: str) -> str:
    text = (repository / "docs" / "format" / page).read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)\n```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_of_an_interview_can_be_finished(repository: Path) -> None:
    data = _example(repository, "interview-v1.md").encode()
    interview = parse_interview(parse_lenient(data, limit=MAX_INTERVIEW, where="example"))
    assert missing_for_finish(interview) == ()


def test_the_example_of_a_consent_event_is_its_one_spelling(repository: Path) -> None:
    data = _example(repository, "consent-v1.md").encode()
    assert parse_event(data).to_bytes() == data


def test_the_example_of_a_form_and_its_digest_are_those_of_the_core_form(repository: Path) -> None:
    example = json.loads(_example(repository, "form-v1.md"))
    assert example in json.loads(form_bytes("core-1"))["fields"]
    assert core_form().digest in (repository / "docs" / "format" / "form-v1.md").read_text(encoding="utf-8")


def test_the_table_of_profiles_is_the_one_in_the_code(repository: Path) -> None:
    text = (repository / "docs" / "format" / "profile-v1.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (S\d) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for klass, *actions in rows:
        for name, action in zip(PROFILE_NAMES, actions, strict=True):
            table = {one.value: done for one, done in PROFILES[name].actions.items()}
            assert table.get(klass, "drop") == action
