"""What is withheld from a body is in no file of its bundle, in no encoding, and changes no length."""

import base64
import html
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from invented_interview import english
from vectors.generate import members_of
from vectors.world import BODY, World

from keys.digests import sha256
from testimony.bundle import names
from testimony.model import Record
from testimony.profile_tables.reading import PROFILES

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def canary(place: str) -> str:
    """An invented name of letters alone, another one for each field."""
    return sha256(place.encode()).hex()[:14].translate(_LETTERS).capitalize()


# Every free text of the classes S3, S4 and S5, by how the field is called; the form's own test lists the classes.
IDENTITY = (
    *(f"witness.name/{part}" for part in ("given", "father", "grandfather", "family", "mother", "kunya", "latin")),
    "witness.contact/value",
    "witness.contact/safe_times",
    "consent.contact/through",
    "witness.birth/verbatim",
    "witness.birth/anchor",
    "witness.birth/time_of_day",
    "exhibits/original_name",
)
OTHERS = (
    "session.place/verbatim",
    "session.interviewer_code",
    "session.interpreter_code",
    "session.others_present/role",
    "session.others_present/code",
    "session.others_present/reason",
    "mentions/who",
    "mentions/relation",
)
NEVER = ("witness.safeguards/approved_by", "witness.safeguards/guardian", "witness.safeguards/reason")
ACCOUNT = "account.text"


def with_canaries(*, told: bool) -> dict[str, Any]:
    value = english()
    session, witness = value["session"], value["witness"]
    session["place"] = {"verbatim": canary("session.place/verbatim"), "pcode": "XA010203"}
    for code in ("interviewer_code", "interpreter_code"):
        session[code] = canary(f"session.{code}")
    present = {part: canary(f"session.others_present/{part}") for part in ("role", "code", "reason")}
    session["others_present"] = [present]
    value["consent"]["contact"] = {"answer": "only through", "through": canary("consent.contact/through")}
    parts = ("given", "father", "grandfather", "family", "mother", "kunya")
    witness["name"] = {part: canary(f"witness.name/{part}") for part in parts}
    witness["name"]["latin"] = [canary("witness.name/latin")]
    contact = {part: canary(f"witness.contact/{part}") for part in ("value", "safe_times")}
    witness["contact"] = [{"channel": "mail", **contact}]
    birth = {part: canary(f"witness.birth/{part}") for part in ("verbatim", "anchor", "time_of_day")}
    witness["birth"] = {"edtf": "1990", "basis": "stated", **birth}
    safeguards = {part: canary(f"witness.safeguards/{part}") for part in ("approved_by", "guardian", "reason")}
    witness |= {"capacity": "doubt", "safeguards": {**safeguards, "assent": "yes"}}
    value["mentions"] = [
        {"who": canary("mentions/who"), "role": "victim", "relation": canary("mentions/relation")},
    ]
    spoken = [canary(place) for place in ("witness.name/given", "witness.name/family", "mentions/who")]
    paragraphs = [f"At noon {name} came with {spoken[2]}'s cart; and{canary(ACCOUNT)} I saw it." for name in spoken]
    if not told:
        paragraphs = [text.replace(canary(ACCOUNT), "") for text in paragraphs]
    value["account"]["paragraphs"] = paragraphs
    value["account"]["source_of_knowledge"] = ["saw"] * len(paragraphs)
    return value


def encodings(text: str) -> dict[str, bytes]:
    raw = text.encode()
    return {
        "plain": raw,
        "lower": text.lower().encode(),
        "upper": text.upper().encode(),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "base64": base64.b64encode(raw)[:-4],
        "base64-1": base64.b64encode(b"x" + raw)[4:-4],
        "base64-2": base64.b64encode(b"xx" + raw)[4:-4],
        "percent": "".join(f"%{byte:02X}" for byte in raw).encode(),
        "reversed": text[::-1].encode(),
        "sha256": sha256(raw),
        "sha256-hex": sha256(raw).hex().encode(),
        "sha256 of a line": sha256(raw + b"\n").hex().encode(),
        "html": html.escape("".join(f"&#{ord(letter)};" for letter in text), quote=False).encode(),
        "address": quote(f"{text} ").encode(),
    }


class TellingName(World):
    """The same world; its exhibit has a file name that tells something."""

    def record(self, number: int) -> Record:
        record = super().record(number)
        exhibits = (replace(one, original_name=canary("exhibits/original_name")) for one in record.exhibits)
        return replace(record, exhibits=tuple(exhibits))


def opened(profile: str, *, reviewed: bool, identity: str, interview: Callable[[], dict[str, Any]]) -> dict[str, bytes]:
    world = TellingName(profile=profile, reviewed=reviewed, identity=identity, interview=interview)
    return dict(members_of(world.sealed()[1], world.body))


def found_in(members: dict[str, bytes], places: tuple[str, ...]) -> set[str]:
    everything = b"\0".join(name.encode() + b"\0" + data for name, data in members.items())
    return {place for place in places if any(form in everything for form in encodings(canary(place)).values())}


def test_the_harness_finds_every_canary_that_may_leave():
    members = opened("full", reviewed=True, identity="yes", interview=lambda: with_canaries(told=True))
    assert found_in(members, (*IDENTITY, *OTHERS, ACCOUNT)) == {*IDENTITY, *OTHERS, ACCOUNT}
    assert found_in(members, NEVER) == set()
    without = {name: data for name, data in members.items() if canary(ACCOUNT).encode() not in data}
    assert found_in(without, (ACCOUNT,)) == set()
    for form in encodings(canary(ACCOUNT)).values():
        assert found_in(without | {"data/legal/conditions.txt": b"word " + form}, (ACCOUNT,)) == {ACCOUNT}


@pytest.mark.case("RF-18")
@pytest.mark.parametrize(
    ("profile", "reviewed"),
    [("pseudonymised", True), ("pseudonymised", False), ("lead", True), ("lead", False), ("statistics", True)],
)
def test_no_withheld_word_is_in_the_bundle_in_any_encoding(profile: str, reviewed: bool):
    members = opened(profile, reviewed=reviewed, identity="yes", interview=lambda: with_canaries(told=True))
    shown = (ACCOUNT,) if (profile, reviewed) == ("pseudonymised", True) else ()
    assert found_in(members, (*IDENTITY, *OTHERS, *NEVER, ACCOUNT)) == set(shown)


def test_a_full_bundle_without_identity_names_the_others_and_not_the_witness():
    members = opened("full", reviewed=True, identity="no", interview=lambda: with_canaries(told=True))
    assert found_in(members, (*IDENTITY, *OTHERS, *NEVER)) == set(OTHERS)


def longer(value: dict[str, Any]) -> dict[str, Any]:
    """The same interview; what every lesser profile withholds has other lengths and other counts."""
    value = deepcopy(value)
    value["session"]["place"]["verbatim"] *= 30
    value["session"]["others_present"] *= 9
    value["witness"]["name"] = {"given": "Bartholomew " * 8, "latin": ["Bart", "Barty", "Bartie"]}
    value["witness"]["contact"] *= 12
    value["witness"]["birth"]["verbatim"] *= 20
    value["witness"]["safeguards"]["reason"] *= 20
    value["consent"]["contact"] = {"answer": "no"}
    value["consent"]["share"][1]["recipient"] = "body-of-a-very-long-name"
    value["mentions"][0] |= {"who": canary("mentions/who") * 6, "relation": "second cousin " * 12}
    return value


def sizes(members: dict[str, bytes]) -> dict[str, int]:
    return {name: len(data) for name, data in members.items()}


@pytest.mark.parametrize("profile", ["pseudonymised", "lead"])
def test_the_lengths_of_what_is_withheld_change_no_length_in_the_bundle(profile: str):
    def short() -> dict[str, Any]:
        return with_canaries(told=False)

    def long() -> dict[str, Any]:
        value = longer(short())
        value["account"]["paragraphs"] = [text * 400 for text in value["account"]["paragraphs"]]
        return value

    one, other = (opened(profile, reviewed=False, identity="no", interview=made) for made in (short, long))
    assert sizes(one) == sizes(other)
    # The control: what is shown does change them.
    more = opened(profile, reviewed=False, identity="no", interview=lambda: told_more(short()))
    assert sizes(more) != sizes(one)


def told_more(value: dict[str, Any]) -> dict[str, Any]:
    value["account"]["source_of_knowledge"] = ["saw, heard", "saw", "saw"]
    return value


def test_a_longer_name_behind_a_code_changes_no_length_in_a_reviewed_bundle():
    def named(name: str) -> Callable[[], dict[str, Any]]:
        def made() -> dict[str, Any]:
            value = with_canaries(told=False)
            value["account"]["paragraphs"] = [f"At noon {name} came. I saw {name} go."] * 3
            value["mentions"][0]["who"] = name
            return value

        return made

    one, other = (
        opened("pseudonymised", reviewed=True, identity="no", interview=named(name))
        for name in ("Bo", "Bartholomew Aurelius Featherstonehaugh the Elder")
    )
    assert b"At noon V-" in one[names.text_member("TST-0000001")]
    assert sizes(one) == sizes(other)


def test_an_account_that_is_withheld_whole_tells_no_number_of_paragraphs():
    def with_paragraphs(count: int) -> Callable[[], dict[str, Any]]:
        def made() -> dict[str, Any]:
            value = with_canaries(told=False)
            value["account"] |= {"paragraphs": ["I saw it."] * count, "source_of_knowledge": {"state": "declined"}}
            return value

        return made

    one, other = (opened("lead", reviewed=False, identity="no", interview=with_paragraphs(n)) for n in (1, 31))
    assert sizes(one) == sizes(other)
    assert one[names.REDACTION_LOG] == other[names.REDACTION_LOG]


def test_the_bundle_says_nothing_of_other_bodies():
    for profile in PROFILES:
        members = opened(profile, reviewed=True, identity="yes", interview=english)
        everything = b"".join(members.values())
        assert BODY.encode() in everything
        assert not re.search(b"body-b|paper-c|advocacy|ask me first|ask-first", without_the_form(members))


def without_the_form(members: dict[str, bytes]) -> bytes:
    """Everything but the form, whose vocabulary has these words for everybody."""
    return b"".join(data for name, data in members.items() if not name.startswith("data/forms/"))
