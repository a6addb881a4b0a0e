"""Malformed in the overlay: codes that a redactor put where the format lets nobody put one."""

from collections.abc import Callable
from typing import Any

from vectors.generate import RECORD_FILE, Bag, vector
from vectors.malformed_records import of_world

from testimony.canonical import decode, encode

_FAILS = "disclosures exhibits legal-files"


def changed(change: Callable[[list[Any]], Any]) -> Bag:
    """A bundle with two gaps of which the redactor speaks, and its overlay changed."""
    bag = of_world(profile="pseudonymised", put=[("came at", "P-0000"), ("two strangers", "V-7F3K")])
    value = decode(bag.files[RECORD_FILE], limit=1 << 24, where="record")
    value["overlay"] = change(list(value["overlay"]))
    bag.files[RECORD_FILE] = encode(value)
    return bag.anew()


def with_first(**members: Any) -> Bag:
    """The same with the first entry changed."""
    return changed(lambda entries: [entries[0] | members, *entries[1:]])


@vector(_FAILS, "overlay-shown", "BU-22")
def overlay_on_a_word_that_is_shown() -> Bag:
    return with_first(gap=0)


@vector(_FAILS, "overlay-shown", "BU-22")
def overlay_on_the_hidden_half_of_a_mention() -> Bag:
    """The name behind a shown code: a second code there would rename whom the recorder meant."""
    bag = of_world(profile="pseudonymised")
    value = decode(bag.files[RECORD_FILE], limit=1 << 24, where="record")
    account = next(run[2] for run in _runs_of(value["disclosure"], "account.text"))
    runs = account["runs"][0][2]["runs"]
    width = sum(len(run) - 2 if run[0] == "show" else run[1] for run in runs[:1])
    value["overlay"] = [{"codes": ["V-7F3K"], "gap": width, "path": "account.text/0"}]
    bag.files[RECORD_FILE] = encode(value)
    return bag.anew()


@vector(_FAILS, "overlay-shown", "BU-22")
def overlay_inside_a_gap() -> Bag:
    return changed(lambda entries: [entries[0] | {"gap": entries[0]["gap"] + 1}, *entries[1:]])


@vector(_FAILS, "overlay-shown", "BU-22")
def overlay_in_a_paragraph_that_is_not_there() -> Bag:
    return changed(lambda entries: [*entries, {"codes": ["V-7F3K"], "gap": 0, "path": "account.text/77"}])


@vector(_FAILS, "overlay-order", "BU-22")
def overlay_repeated() -> Bag:
    return changed(lambda entries: [entries[0], *entries])


@vector(_FAILS, "overlay-order", "BU-22")
def overlay_out_of_order() -> Bag:
    return changed(lambda entries: entries[::-1])


@vector(_FAILS, "overlay-code", "BU-22")
def overlay_with_a_code_of_another_shape() -> Bag:
    return with_first(codes=["X-0000"])


@vector(_FAILS, "overlay-code")
def overlay_with_a_name_for_a_code() -> Bag:
    return with_first(codes=["Bellamy"])


@vector(_FAILS, "overlay-code")
def overlay_with_one_code_twice() -> Bag:
    return with_first(codes=["P-0000", "P-0000"])


@vector(_FAILS, "overlay-code")
def overlay_without_a_code() -> Bag:
    return with_first(codes=[])


@vector(_FAILS, "overlay")
def overlay_with_another_member() -> Bag:
    return with_first(by="somebody")


@vector(_FAILS, "overlay")
def overlay_on_another_field() -> Bag:
    return with_first(path="exhibits/0")


@vector(_FAILS, "overlay")
def overlay_that_is_no_list() -> Bag:
    return changed(lambda entries: entries[0])


@vector(_FAILS, "missing-member")
def overlay_left_out() -> Bag:
    bag = Bag()
    value = decode(bag.files[RECORD_FILE], limit=1 << 24, where="record")
    del value["overlay"]
    bag.files[RECORD_FILE] = encode(value)
    return bag.anew()


@vector("reading-copies legal-files", "differs")
def overlay_taken_out_of_the_copy_it_stands_in() -> Bag:
    return changed(lambda _: [])


def _runs_of(disclosure: Any, path: str) -> list[Any]:
    """The shown runs of a disclosure that begin with this path, as [show, seeds, leaf]."""
    found = []
    for run in disclosure["runs"]:
        if run[0] == "show":
            found += [[*run[:2], leaf] for leaf in run[2:] if leaf.get("path") == path]
    return found
