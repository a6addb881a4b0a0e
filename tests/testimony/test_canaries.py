"""Two hundred invented names in one record: none of them leaves under a code, and a planted one is always found."""

import base64
import os
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from invented_interview import english, record_of
from vectors.generate import members_of
from vectors.world import World

from keys.digests import sha256
from testimony.leaks import LeakScan, Needle, strings_of

SOAK = bool(os.environ.get("TESTIMONY_SOAK"))
COUNT = 200
PAIRS, PARTS = 500, 10
_ARABIC = "بتثجحخدرزسشصطعغفقكلمنه"
_LATIN = "bcdfghjklmnpqrstvwxz"
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "upper case": lambda text: text.upper().encode(),
    "escapes of JSON": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text).encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 shifted by one": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64 shifted by two": lambda text: base64.urlsafe_b64encode(b"xx" + text.encode() + b"."),
    "hex": lambda text: text.encode().hex().encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "percent": lambda text: quote(text, safe="").encode() if not text.isascii() else _percent(text),
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text).encode(),
    "backwards": lambda text: text[::-1].encode(),
}


def _percent(text: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in text.encode()).encode()


def canaries() -> list[str]:
    """Two hundred different names, half of them Arabic, made of their numbers alone."""
    names = []
    for number in range(COUNT):
        letters = _ARABIC if number % 2 else _LATIN
        digest = sha256(f"canary {number}".encode())
        name = "".join(letters[byte % len(letters)] for byte in digest[:10])
        names.append(name.capitalize())
    return names


def interview() -> dict[str, Any]:
    """An interview that names all of them, in its fields and with prefixes in its account."""
    value, names = english(), canaries()
    value["witness"]["name"] = {"given": names[0], "family": names[1], "father": names[5], "latin": [names[2]]}
    value["witness"]["contact"] = [{"channel": "mail", "value": names[4]}]
    value["session"]["place"] = {"verbatim": names[3], "pcode": "XA010203"}
    value["consent"]["contact"] = {"answer": "only through", "through": names[6]}
    value["mentions"] = [{"who": name, "role": "victim"} for name in names[7:]]
    told = [f"Then {name} came, and و{name} went with {name}'s cart." for name in names]
    value["account"] |= {"paragraphs": told, "source_of_knowledge": ["saw"] * len(told)}
    return value


def needles() -> tuple[Needle, ...]:
    found = strings_of(record_of(interview()))
    return tuple(needle for needle in found if needle.text in set(canaries()))


@pytest.fixture(scope="module")
def shown() -> dict[str, bytes]:
    """A pseudonymised bundle with every paragraph reviewed, opened by its body."""
    world = World(profile="pseudonymised", reviewed=True, interview=interview)
    return dict(members_of(world.sealed()[1], world.body))


def test_every_canary_is_looked_for():
    assert {needle.text for needle in needles()} == set(canaries())


def test_a_pseudonymised_bundle_holds_none_of_the_canaries_in_any_encoding(shown: dict[str, bytes]):
    everything = b"\0".join(name.encode() + b"\0" + data for name, data in shown.items())
    for spell in ENCODINGS.values():
        assert not [name for name in canaries() if spell(name) in everything]
    scan = LeakScan(needles())
    assert [hit for name, data in shown.items() for hit in scan.scan(name, data)] == []
    print(f"figure: {len(canaries())} names in {len(ENCODINGS)} encodings: none in {len(shown)} files of a bundle")
    # The account is there, with codes: the harness did not look at an empty bundle.
    assert shown["data/text/TST-0000001.txt"].count(b"V-") >= COUNT


def test_an_unredacted_record_shows_every_canary():
    scan = LeakScan(needles())
    found = {hit.needle for hit in scan.scan("record.json", record_of(interview()).to_bytes())}
    assert found == set(range(len(needles())))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_planted_canary_is_found_in_each_encoding(encoding: str):
    listed, spell = needles(), ENCODINGS[encoding]
    scan = LeakScan(listed)
    between = "\n\n".encode(
        "utf-16-be" if encoding == "utf-16-be" else "utf-16-le" if "utf-16" in encoding else "utf-8"
    )
    planted = between.join(spell(needle.text) for needle in listed)
    assert {hit.needle for hit in scan.scan("planted.txt", planted)} == set(range(len(listed)))
    alone = listed if SOAK else listed[::20]
    for needle in alone:
        hits = scan.scan("one.txt", b"Said on the day: " + spell(needle.text) + b" and no more.")
        assert [listed[hit.needle].text for hit in hits] == [needle.text]
    print(f"figure: control, {encoding}: {len(alone)} of {len(alone)} planted names found, each alone")


def _twins(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two interviews that differ only in what a pseudonymised body does not see."""
    drawn = random.Random(seed)
    one = english()
    one["account"]["paragraphs"] = ["Then Bellamy came. I, Tamsin, saw Bellamy go."] * drawn.randint(1, 5)
    one["account"]["source_of_knowledge"] = ["saw"] * len(one["account"]["paragraphs"])
    other = deepcopy(one)
    name = "".join(drawn.choices(_LATIN, k=drawn.randint(3, 40))).capitalize()
    told = [text.replace("Bellamy", name) for text in one["account"]["paragraphs"]]
    match seed % 5:
        case 0:
            other["mentions"][0]["who"] = name
            other["account"]["paragraphs"] = told
        case 1:
            other["session"]["place"]["verbatim"] = "a longer place " * drawn.randint(1, 60)
        case 2:
            other["witness"]["contact"] = [{"channel": "mail", "value": f"mail {name}"}] * drawn.randint(2, 30)
        case 3:
            other["witness"]["birth"] = {"verbatim": "the winter of the wolves " * drawn.randint(1, 20), "edtf": "1990"}
        case _:
            other["mentions"][0]["relation"] = "cousin " * drawn.randint(1, 50)
    return one, other


def _sizes(value: dict[str, Any], profile: str) -> dict[str, int]:
    """The length of every file of the bag, and of the sealed file: small bundles are all padded to one length."""
    made = World(profile=profile, reviewed=True, interview=lambda: deepcopy(value))
    sealed, data = made.sealed()
    return {name: len(member) for name, member in members_of(data, made.body)} | {"sealed": sealed.size}


@pytest.mark.parametrize("part", range(PARTS))
def test_twins_that_differ_only_in_a_withheld_value_have_bundles_of_one_size(part: int):
    seeds = range(part, PAIRS if SOAK else PARTS, PARTS)
    for seed in seeds:
        one, other = _twins(seed)
        assert one != other
        profile = ("pseudonymised", "lead", "statistics")[seed % 3]
        assert _sizes(one, profile) == _sizes(other, profile), seed
    print(f"figure: twins, part {part}: {len(seeds)} pairs of bundles of equal size")


def test_the_control_of_the_twins_differs():
    one, _ = _twins(1)
    other = deepcopy(one)
    other["session"]["prior_statements"] = [{"to": "a clerk of the mill", "copy_held": "no", "reason": "asked"}]
    assert _sizes(one, "pseudonymised") != _sizes(other, "pseudonymised")
