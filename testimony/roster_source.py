"""A roster as a person writes it down: JSON in any order, from which the signed lines are made (roster-v1.md, 5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from keys.digits import parse_forty_digits
from keys.errors import KeysError
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, parse_lenient
from testimony.card import Card
from testimony.errors import RosterError
from testimony.roster import (
    MAX_LISTED,
    MAX_ROSTER,
    Device,
    Person,
    ReasonClass,
    Revocation,
    Role,
    Roster,
    Succession,
    Window,
)
from testimony.text_lines import moment


def roster_from(data: bytes, organisation: Card) -> Roster:
    """The roster of that organisation which a JSON file describes, its lists put into their order.

    Raises:
        CanonicalError: No JSON, or a member too many, too few or of another type.
        RosterError: It breaks a rule of the page.
    """
    value = as_object(
        parse_lenient(data, limit=MAX_ROSTER, where="roster"),
        "roster",
        required=("number", "valid_from", "valid_until", "people", "devices"),
        optional=("revoked", "continues"),
    )
    people = [_person(one, f"people[{place}]") for place, one in _each(value, "people")]
    devices = [_device(one, f"devices[{place}]") for place, one in _each(value, "devices")]
    revoked = [_revocation(one, f"revoked[{place}]") for place, one in _each(value, "revoked")]
    continues = [_succession(one, f"continues[{place}]") for place, one in _each(value, "continues")]
    return Roster(
        organisation=organisation.code,
        fingerprint=organisation.public.fingerprint,
        practice=organisation.practice,
        number=as_integer(value["number"], "number", lowest=1),
        window=_window(value, "roster"),
        people=tuple(sorted(people, key=lambda one: one.code)),
        devices=tuple(sorted(devices, key=lambda one: one.fingerprint)),
        revoked=tuple(sorted(revoked, key=lambda one: one.fingerprint)),
        continues=tuple(sorted(continues, key=lambda one: one.fingerprint)),
    )


def _each(value: Mapping[str, JsonValue], name: str) -> enumerate[JsonValue]:
    return enumerate(as_list(value.get(name, []), name, limit=MAX_LISTED))


def _person(value: JsonValue, where: str) -> Person:
    one = as_object(value, where, required=("code", "roles"))
    roles = sorted(as_text(role, where) for role in as_list(one["roles"], where, limit=MAX_LISTED))
    return Person(code=as_text(one["code"], where), roles=cast("tuple[Role, ...]", tuple(roles)))


def _device(value: JsonValue, where: str) -> Device:
    one = as_object(value, where, required=("code", "digits", "person", "valid_from", "valid_until"))
    return Device(
        fingerprint=_digits(one["digits"], where),
        code=as_text(one["code"], where),
        person=as_text(one["person"], where),
        window=_window(one, where),
    )


def _revocation(value: JsonValue, where: str) -> Revocation:
    one = as_object(value, where, required=("digits", "reason", "since", "size", "root"))
    return Revocation(
        fingerprint=_digits(one["digits"], where),
        reason=cast("ReasonClass", as_text(one["reason"], where)),
        since=_moment(one["since"], where),
        size=as_integer(one["size"], where),
        root=as_text(one["root"], where),
    )


def _succession(value: JsonValue, where: str) -> Succession:
    one = as_object(value, where, required=("digits", "of"))
    return Succession(fingerprint=_digits(one["digits"], where), of=_digits(one["of"], where))


def _window(value: Mapping[str, JsonValue], where: str) -> Window:
    return Window(start=_moment(value["valid_from"], where), end=_moment(value["valid_until"], where))


def _moment(value: JsonValue, where: str) -> datetime:
    try:
        return moment(as_text(value, where))
    except ValueError as error:
        raise RosterError("window", where) from error


def _digits(value: JsonValue, where: str) -> str:
    try:
        return parse_forty_digits(as_text(value, where))
    except KeysError as error:
        raise RosterError("digits", where) from error
