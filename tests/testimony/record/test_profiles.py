import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented_interview import AT, arabic, english, record_of
from vectors.world import kept

from testimony.answers import Given, NotAsked, text_of, texts_of
from testimony.bundle.profile_check import excess
from testimony.canonical import encode
from testimony.consent import PROFILE_NAMES, Release, Request, events_from, facts_of, release_for
from testimony.errors import ConsentError, ProfileError
from testimony.forms.form import CONTAINERS, Field, Klass
from testimony.forms.reading import form_bytes, parse_form
from testimony.interview import parse_interview
from testimony.leaks import LeakScan
from testimony.model import Exhibit, Record
from testimony.profile_tables.reading import PROFILES, parse_profile, profile_bytes
from testimony.profiles import Plan, plan_disclosure
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose, read_disclosure
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView, Selection

ROOT = bytes(32)
FILES = tuple(
    Exhibit(kind=kind, title=f"title of {kind}", original_name=f"{kind}.bin", sha256="0" * 64, size=1)
    for kind in ("sketch", "photo", "audio", "video", "document")
)


def _release(record: Record, profile: str, *, recipient: str = "court-a") -> Release:
    request = Request(recipient=recipient, purpose="criminal investigation", profile=profile, at=AT)
    return release_for(facts_of(record, ROOT), events_from(record.interview, AT), request)


def _plan(value: dict[str, Any], profile: str, *files: Exhibit, reviewed: bool = True) -> tuple[Record, Plan]:
    record = record_of(value, *files)
    return record, _planned(record, profile, reviewed=reviewed)


def _planned(record: Record, profile: str, *, reviewed: bool = True, withheld: Any = ()) -> Plan:
    """The plan once somebody kept every span, or before anybody walked through one."""
    release = _release(record, profile)
    plan = plan_disclosure(record, release, withheld_paragraphs=withheld)
    return (
        plan_disclosure(record, release, kept(release, plan.spans), withheld_paragraphs=withheld) if reviewed else plan
    )


def _known(value: dict[str, Any]) -> dict[str, Any]:
    """The same interview, in which this recipient may know who the witness is."""
    value["consent"]["identity"] = [{"recipient": "court-a", "answer": "yes"}]
    return value


def _leaves(record: Record) -> list[tuple[str, Field]]:
    """Every path that may be shown, with the field that says its class; the account and consent rows left out."""
    found: list[tuple[str, Field]] = []
    for slot in record.form.slots:
        answer = record.answers[slot.id]
        value = answer.value if isinstance(answer, Given) else None
        if slot.type == "narrative" or slot.id in ("consent.share", "consent.identity"):
            continue
        if slot.type not in CONTAINERS or not isinstance(value, dict | tuple) or value == ():
            found.append((slot.id, slot))
        elif slot.type == "list":
            found += [(f"{slot.id}/{index}/{one.id}", one) for index in range(len(value)) for one in slot.members]
        else:
            found += [(f"{slot.id}/{one.id}", one) for one in slot.members]
    return found


@pytest.mark.parametrize("make", [english, arabic])
@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("reviewed", [False, True])
def test_no_field_is_shown_whose_class_the_profile_drops(make: Any, profile: str, known: bool, reviewed: bool):
    record, plan = _plan(_known(make()) if known else make(), profile, *FILES, reviewed=reviewed)
    table = {
        "full": "S0 S1 S2 S3" + (" S4" if known else ""),
        "pseudonymised": "S0 S1 S2",
        "lead": "S0 S1",
        "statistics": "S0 S1",
    }
    for path, field in _leaves(record):
        if plan.shows(path):
            assert field.klass.value in table[profile].split(), path


def test_a_full_release_with_identity_shows_everything_but_safeguards_and_other_recipients():
    value = _known(english())
    value["consent"]["recording"] = {"audio": "yes", "video": "yes", "photo": "yes"}
    record, plan = _plan(value, "full", *FILES)
    never = ["witness.safeguards", "risk.assessment", "support.referrals", "support.notes"]
    assert [path for path, _ in _leaves(record) if not plan.shows(path)] == never
    assert plan.selection.shown >= {"consent.share/0", "consent.identity/0"}
    assert not plan.shows("consent.share/1")
    named = [len(plan.selection.paragraphs[f"account.text/{index}"].named) for index in range(3)]
    assert named == [2, 3, 0]


def test_a_full_release_without_identity_shows_others_by_name_and_the_witness_by_code():
    record, plan = _plan(english(), "full")
    people = record.persons
    shown = [
        people[mark.person].names[0]
        for mark in record.marks
        if mark.start in plan.selection.paragraphs[f"account.text/{mark.paragraph}"].named
    ]
    assert shown == ["Bellamy", "Bellamy", "0700 555 0199"]
    assert plan.shows("mentions/0/who")
    assert not plan.shows("witness.name")


def test_a_pseudonymised_release_shows_codes_for_everybody():
    record, plan = _plan(english(), "pseudonymised")
    assert [view.named for view in plan.selection.paragraphs.values()] == [frozenset()] * 3
    assert plan.shows("mentions/0/code")
    assert not plan.shows("mentions/0/who")
    assert not plan.shows("mentions/0/relation")
    assert plan.shows("session.place~district")
    assert not plan.shows("session.place/pcode")
    assert record.marks


def test_without_a_review_a_pseudonymised_release_shows_no_free_text_and_no_file():
    _, plan = _plan(english(), "pseudonymised", *FILES, reviewed=False)
    assert not plan.selection.paragraphs
    assert {(one.path, one.code) for one in plan.withheld if one.path.startswith("account.text")} == {
        ("account.text", "OTHER")
    }
    assert not any(plan.shows(f"exhibits/{index}/{name}") for index in range(5) for name in ("title", "file"))


def test_a_lead_sheet_shows_no_account_at_all():
    _, plan = _plan(english(), "lead", *FILES)
    assert not plan.selection.paragraphs
    assert plan.shows("session.place~governorate")
    assert not plan.shows("session.place~district")


def test_a_name_that_was_not_marked_withholds_its_whole_paragraph():
    value = english()
    record = record_of(value)
    record = replace(record, marks=record.marks[1:])
    plan = _planned(record, "pseudonymised")
    assert "account.text/0" not in plan.selection.paragraphs
    assert ("account.text/0", "THIRD") in {(one.path, one.code) for one in plan.withheld}
    assert "account.text/2" in plan.selection.paragraphs


@pytest.mark.case("RF-19")
def test_a_name_in_another_text_withholds_that_text():
    value = english()
    value["exhibits"][0]["title"] = "the yard, drawn by BELLAMY"
    value["session"]["prior_statements"] = [{"to": "a clerk called Tamzin Veldhuys", "reason": "asked again"}]
    _, plan = _plan(value, "pseudonymised")
    assert not plan.shows("exhibits/0/title")
    assert not plan.shows("session.prior_statements/0/to")
    _, plan = _plan(_known(value), "full")
    assert plan.shows("exhibits/0/title")


def test_a_restricted_paragraph_stays_back_under_every_profile():
    record = record_of(_known(english()))
    for profile in ("full", "pseudonymised"):
        plan = _planned(record, profile, withheld=[1])
        assert sorted(plan.selection.paragraphs) == ["account.text/0", "account.text/2"]
        assert ("account.text/1", "CONSENT") in {(one.path, one.code) for one in plan.withheld}


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("granted", ["yes", "no"])
def test_voice_and_face_need_the_grant_of_the_medium_and_identity(known: bool, granted: str):
    value = _known(english()) if known else english()
    value["consent"]["recording"] = {"audio": granted, "video": granted, "photo": granted}
    record, plan = _plan(value, "full", *FILES)
    kinds = [
        exhibit.kind for exhibit in record.exhibits if plan.shows(f"exhibits/{record.exhibits.index(exhibit)}/file")
    ]
    assert kinds == (
        ["sketch", "photo", "audio", "video", "document"] if known and granted == "yes" else ["sketch", "document"]
    )
    _, plan = _plan(value, "pseudonymised", *FILES)
    assert [index for index in range(5) if plan.shows(f"exhibits/{index}/file")] == [0, 4]


def test_a_file_of_an_unknown_kind_is_dropped():
    strange = Exhibit(kind="hologram", sha256="0" * 64, size=1)
    _, plan = _plan(_known(english()), "full", strange)
    assert not plan.shows("exhibits/0/file")


def test_the_list_of_what_is_withheld_tells_nothing_about_what_is_hidden_whole():
    with_contact, without = english(), english()
    without["witness"]["contact"] = []
    without["session"]["others_present"] = [{"role": "guard"}]
    without["consent"]["share"] = without["consent"]["share"][:1]
    rows = [_plan(value, "pseudonymised")[1].withheld for value in (with_contact, without)]
    assert rows[0] == rows[1]


def test_an_unknown_class_is_dropped_by_every_profile():
    for profile in PROFILES.values():
        assert profile.action(Klass.S5) == "drop"
        assert replace(profile, actions={}).action(Klass.S0) == "drop"


def test_a_new_field_that_nobody_classified_is_not_shown():
    form = json.loads(form_bytes("core-1"))
    label = {"ar": "الطقس", "en": "Weather"}
    form["fields"].append(
        {"class": "S5", "id": "session.weather", "label": label, "section": "session", "type": "text"}
    )
    own = parse_form(encode(form))
    value = _known(english())
    value["session"]["weather"] = "rain"
    interview = parse_interview(value, own)
    record = replace(record_of(english()), form=own, interview=interview)
    plan = _planned(record, "full")
    assert not plan.shows("session.weather")
    assert ("session.weather", "PRIVATE") in {(one.path, one.code) for one in plan.withheld}


def test_a_release_of_another_record_or_version_plans_nothing():
    record = record_of(english())
    release = _release(record, "full")
    for other in (replace(record, record_id="AAAA-BBBB"), replace(record, version=2)):
        with pytest.raises(ConsentError):
            plan_disclosure(other, release)


@pytest.mark.parametrize("make", [english, arabic])
@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_no_needle_stands_in_any_text_that_is_shown(make: Any, profile: str):
    record, plan = _plan(make(), profile, *FILES)
    scan = LeakScan(plan.needles)
    for slot in record.form.slots:
        if plan.shows(slot.id):
            answer = record.answers[slot.id]
            assert not any(scan.in_text(text) for text in (text_of(answer), *texts_of(answer)))
    for path, view in plan.selection.paragraphs.items():
        number = int(path.split("/")[1])
        text = record.interview.paragraphs[number]
        for mark in reversed([one for one in record.marks if one.paragraph == number]):
            if mark.start not in view.named:
                text = text[: mark.start] + record.persons[mark.person].code + text[mark.end :]
        assert scan.in_text(text) == ()


def test_absent_answers_of_shown_classes_are_shown_as_absent():
    record, plan = _plan(english(), "pseudonymised")
    assert record.answers["witness.birth~band"] != NotAsked()
    value = english()
    del value["witness"]["birth"]
    record, plan = _plan(value, "pseudonymised")
    assert record.answers["witness.birth~band"] == NotAsked()
    assert plan.shows("witness.birth~band")


@pytest.mark.case("RF-19")
@pytest.mark.parametrize("make", [english, arabic])
@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_the_disclosure_that_a_plan_leads_to_holds_no_needle_and_the_unredacted_one_all_of_them(
    make: Any, profile: str
):
    record, plan = _plan(make(), profile, *FILES)
    tree, seed = record_tree(record), bytes(range(32))
    scan = LeakScan(plan.needles)
    assert scan.scan("record.json", encode(disclose(tree, seed, plan.selection))) == ()
    everything = Selection(shown=frozenset(slot.id for slot in record.form.slots))
    found = {hit.needle for hit in scan.scan("record.json", encode(disclose(tree, seed, everything)))}
    assert found == set(range(len(plan.needles)))


def _shown_values(record: Record, plan: Plan) -> set[str]:
    return {path for path, _ in _leaves(record) if plan.shows(path)}


def test_statistics_show_months_governorates_languages_and_choices_and_nothing_else():
    record, plan = _plan(_known(english()), "statistics", *FILES)
    assert _shown_values(record, plan) == {
        "record.case_code",
        "session.started_at~month",
        "session.place~governorate",
        "session.language",
        "consent.limits_explained/script_sha256",
        "consent.recording/audio",
        "consent.recording/video",
        "consent.recording/photo",
        "account.mode",
        "account.readback/answer",
        "account.readback/language",
        "consent.confirm_end",
    }
    assert plan.selection.paragraphs == {}
    assert not plan.selection.shown & {"consent.share/0", "consent.identity/0"}


def test_statistics_tell_no_number_of_people_files_or_paragraphs():
    few, many = english(), english()
    many["mentions"] *= 5
    many["account"] |= {"paragraphs": ["One."] * 9, "source_of_knowledge": ["saw"] * 9}
    plans = [_plan(few, "statistics")[1], _plan(many, "statistics", *FILES)[1]]
    assert plans[0].withheld == plans[1].withheld
    assert plans[0].selection == plans[1].selection


def _own_form(*fields: dict[str, Any]) -> Any:
    form = json.loads(form_bytes("core-1"))
    form["fields"] += fields
    return parse_form(encode(form))


def test_statistics_show_no_free_value_of_a_form_whatever_its_class():
    label = {"ar": "حقل", "en": "Field"}
    common = {"class": "S1", "label": label, "section": "session"}
    own = _own_form(
        common | {"id": "own.words", "type": "text"},
        common | {"id": "own.count", "type": "integer"},
        common | {"id": "own.choice", "type": "choice", "vocabulary": [{"label": label, "value": "some"}]},
    )
    value = english() | {"own": {"words": "a word", "count": 41, "choice": "some"}}
    record = replace(record_of(english()), form=own, interview=parse_interview(value, own))
    plan = _planned(record, "statistics")
    assert [name for name in ("own.words", "own.count", "own.choice") if plan.shows(name)] == ["own.choice"]
    assert _planned(record, "lead").shows("own.words")


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_profile_file_is_canonical_and_called_by_its_id(name: Any):
    data = profile_bytes(name)
    assert parse_profile(data) == PROFILES[name]
    assert encode(json.loads(data)) == data
    assert json.loads(data)["id"] == name


_PSEUDONYMISED = json.loads(profile_bytes("pseudonymised"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        profile_bytes("full") + b"\n",
        profile_bytes("full").replace(b'","', b'", "', 1),
        encode(_PSEUDONYMISED | {"format": "testimony-profile 2"}),
        encode(_PSEUDONYMISED | {"id": "nearly-full"}),
        encode(_PSEUDONYMISED | {"more": 1}),
        encode({name: one for name, one in _PSEUDONYMISED.items() if name != "classes"}),
        encode(_PSEUDONYMISED | {"classes": ["S0"]}),
        encode(_PSEUDONYMISED | {"classes": {"S6": "keep"}}),
        encode(_PSEUDONYMISED | {"classes": {"S5": "keep"}}),
        encode(_PSEUDONYMISED | {"classes": {"S1": "drop"}}),
        encode(_PSEUDONYMISED | {"classes": {"S1": "show"}}),
        encode(_PSEUDONYMISED | {"classes": {"S1": ["keep"]}}),
        encode(_PSEUDONYMISED | {"classes": {"S4": "keep"}}),
        encode(_PSEUDONYMISED | {"classes": {"S3": "identity"}}),
        encode(_PSEUDONYMISED | {"classes": {"S2": "pseudonym"}}),
    ],
)
def test_another_spelling_or_an_unknown_word_of_a_profile_is_refused(data: bytes):
    with pytest.raises(ProfileError):
        parse_profile(data)


def test_the_profile_file_on_its_page_is_the_one_in_the_package(repository: Path):
    page = (repository / "docs" / "format" / "profile-v1.md").read_text(encoding="utf-8")
    assert f"```json\n{profile_bytes('pseudonymised').decode()}\n```" in page


def test_a_statistics_bundle_that_shows_more_is_caught_by_the_verifier():
    record, plan = _plan(_known(english()), "statistics", *FILES)
    tree, seed = record_tree(record), bytes(range(32))
    root = commit(tree, seed)

    def found(selection: Selection) -> list[str]:
        disclosed = read_disclosure(disclose(tree, seed, selection), root=root.root, n=root.n, form=record.form)
        return [one.path for one in excess(disclosed, PROFILES["statistics"], "court-a", identity=True)]

    assert found(plan.selection) == []
    for path in ("session.started_at", "mentions/0/role", "consent.limits_explained/script", "exhibits/0/kind"):
        assert found(replace(plan.selection, shown=plan.selection.shown | {path})) == [path]
    paragraph = replace(plan.selection, paragraphs={"account.text/0": ParagraphView()})
    assert found(paragraph) == ["account.text/0"]


def test_statistics_show_month_governorate_and_kind_of_what_happened_and_not_its_day_or_place():
    value = english()
    value["index"] = {
        "events": [{"event": "E1", "title": "at the mill", "edtf": "2031-02-03", "pcode": "XA010203", "source": "saw"}],
        "acts": [{"event": "E1", "kind": "other", "words": "they took him"}],
    }
    record, plan = _plan(value, "statistics")
    shown = {path for path in _shown_values(record, plan) if path.startswith("index.")}
    assert shown == {"index.events/0/month", "index.events/0/governorate", "index.events/0/source", "index.acts/0/kind"}
