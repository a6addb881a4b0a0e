"""Forms that break one rule of docs/format/form-v1.md each, and forms in which a field of the core form is weaker."""

from collections.abc import Callable
from typing import Any

from testimony.forms.reading import core_form

Change = Callable[[Any], None]


def _set(path: list[Any], value: Any) -> Change:
    def change(form: Any) -> None:
        for key in path[:-1]:
            form = form[key]
        form[path[-1]] = value

    return change


def _drop(path: list[Any]) -> Change:
    def change(form: Any) -> None:
        for key in path[:-1]:
            form = form[key]
        del form[path[-1]]

    return change


def at(name: str) -> list[Any]:
    """The path of a field of the core form."""
    ids = [field.id for field in core_form().fields]
    return ["fields", ids.index(name)]


_MONTH = [*at("index.events"), "members", 4]


def _relevant(field: str, value: str) -> Change:
    return _set([*at("witness.sex"), "relevant"], {"field": field, "value": value})


def _shorten(path: list[Any]) -> Change:
    return _drop([*path, -1])


def _computed_in_an_object(form: Any) -> None:
    place = form["fields"][at("witness.location")[1]]
    place["members"][0] |= {"computed": {"from": "pcode", "rule": "district"}}
    del place["members"][0]["searched"]


def _member_first(form: Any) -> None:
    member = {"class": "S5", "id": "x", "label": {"ar": "x", "en": "x"}, "type": "text"}
    form["fields"][at("mentions")[1]]["members"].insert(0, member)


def _repeat_first(form: Any) -> None:
    form["fields"].insert(0, form["fields"][0])


# Each with the code of the rule that it breaks.
BROKEN: dict[str, tuple[Change, str]] = {
    "unknown format": (_set(["format"], "testimony-form 2"), "unsupported"),
    "unknown member": (_set(["comment"], "x"), "unknown-member"),
    "unknown member of a field": (_set(["fields", 0, "hint"], "x"), "unknown-member"),
    "missing label": (_drop(["fields", 0, "label"]), "missing-member"),
    "one language only": (_drop(["fields", 0, "label", "ar"]), "missing-member"),
    "empty label": (_set(["fields", 0, "label", "en"], ""), "bad-text"),
    "label with an escape": (_set(["fields", 0, "label", "en"], "\x1b]52"), "bad-text"),
    "unknown class": (_set(["fields", 0, "class"], "S6"), "unknown-word"),
    "class that is no word": (_set(["fields", 0, "class"], ["S1"]), "unknown-word"),
    "unknown type": (_set(["fields", 0, "type"], "html"), "unknown-word"),
    "unknown coarsening": (_set(["fields", 1, "coarser", 0, "rule"], "year"), "unknown-word"),
    "coarser slot of another field": (_set(["fields", 1, "coarser", 0, "id"], "a.b~month"), "coarser-of-another-field"),
    "flag that is off": (_set(["fields", 0, "required"], value=False), "not-canonical"),
    "empty members": (_set(["fields", 0, "members"], []), "not-canonical"),
    "members of a text": (
        _set(["fields", 0, "members"], [{"class": "S0", "id": "x", "label": {"ar": "x", "en": "x"}, "type": "text"}]),
        "members",
    ),
    "members that are no list": (_set([*at("witness.location"), "members"], "verbatim"), "not-a-list"),
    "place without its code": (_shorten([*at("session.place"), "members"]), "members"),
    "choice without vocabulary": (_drop(["fields", 16, "vocabulary"]), "no-vocabulary"),
    "unknown section": (_set(["fields", 0, "section"], "elsewhere"), "unknown-section"),
    "repeated field": (_repeat_first, "repeated"),
    "without consent": (_drop(["fields", 11]), "missing-field"),
    "id that is no word": (_set(["fields", 0, "id"], ["record.case_code"]), "not-a-text"),
    "number past the last": (_set(["fields", 0, "number"], 257), "out-of-bounds"),
    "number twice": (_set(["fields", 0, "number"], 2), "repeated"),
    "path as an id": (_set(["fields", 0, "id"], "../x"), "bad-text"),
    "term with a comma": (_set(["fields", 16, "vocabulary", 0, "value"], "a, b"), "bad-text"),
    "optional that is off": (_set(["sections", 8, "optional"], value=False), "not-canonical"),
    "needed in an optional section": (
        _set([*at("session.ended_at"), "required"], value=True),
        "required-in-optional",
    ),
    "second account": (_set([*at("support.notes"), "type"], "narrative"), "reserved-type"),
    "file outside the exhibits": (_set([*at("support.notes"), "type"], "blob"), "reserved-type"),
    "points without vocabulary": (_set([*at("support.notes"), "type"], "booleans"), "no-vocabulary"),
    "computed from nothing": (_set([*_MONTH, "computed", "from"], "elsewhere"), "computed"),
    "computed from itself": (_set([*_MONTH, "computed", "from"], "month"), "computed"),
    "month of a place": (_set([*_MONTH, "computed", "from"], "pcode"), "computed"),
    "band of an event": (_set([*_MONTH, "computed", "rule"], "band"), "computed"),
    "computed and searched": (_set([*_MONTH, "searched"], value=True), "computed"),
    "computed by a person": (_set([*_MONTH, "type"], "edtf"), "computed"),
    "computed in an object": (_computed_in_an_object, "computed"),
    "condition on nothing": (_relevant("session.weather", "yes"), "relevant"),
    "condition on a text": (_relevant("support.notes", "yes"), "relevant"),
    "condition on no term": (_relevant("witness.capacity", "giant"), "relevant"),
    "condition on itself": (_relevant("witness.sex", "female"), "relevant"),
}

WEAKER: dict[str, Change] = {
    "a name that anybody may see": _set([*at("witness.name"), "members", 0, "class"], "S0"),
    "an account that anybody may see": _set([*at("account.text"), "class"], "S1"),
    "six limits": _shorten([*at("consent.limits_explained"), "members", 0, "vocabulary"]),
    "no answer to the question at the end": _drop([*at("consent.confirm_end"), "required"]),
    "a name that nobody looks for": _drop([*at("mentions"), "members", 0, "searched"]),
    "a place in a closed step": _set([*at("session.place"), "section"], "record"),
    "a member first": _member_first,
    "no coarser form": _drop([*at("session.started_at"), "coarser"]),
    "a consent that is asked sometimes": _set(
        [*at("witness.safeguards"), "relevant"], {"field": "witness.capacity", "value": "child"}
    ),
}
