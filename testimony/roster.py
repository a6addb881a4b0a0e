"""A roster: whom an organisation lets work on which device, until when, and what it took back (roster-v1.md).

It is signed by the organisation's card, numbered, and holds codes: never a person's name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal, cast

from keys.digests import sha256
from keys.digits import parse_forty_digits
from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import ROSTER, Signatures, check_signatures
from testimony.bundle.names import MIB, SHA256
from testimony.card import CODE
from testimony.errors import RosterError
from testimony.text_lines import TextLines, moment, moment_text, number, split_signatures, with_signatures

Role = Literal["approver", "interviewer", "lead", "legal", "support"]
ReasonClass = Literal["compromised", "left", "lost", "replaced", "seized", "stolen"]

ROLES: Final[tuple[Role, ...]] = ("approver", "interviewer", "lead", "legal", "support")
REASONS: Final[tuple[ReasonClass, ...]] = ("compromised", "left", "lost", "replaced", "seized", "stolen")
MAX_ROSTER: Final = 4 * MIB
MAX_LISTED: Final = 5_000  # people, and devices
EMPTY_ROOT: Final = sha256(b"").hex()  # RFC 6962: the root of a log without entries

_FIRST_LINE: Final = "testimony-vault roster v1"
_DIGITS: Final = r"[0-9]{4}(?: [0-9]{4}){9}"
_TIME: Final = r"[0-9T:+-]{25}"
_ANY_TIME: Final = re.compile(_TIME)
_YES_NO: Final = re.compile(r"yes|no")
_NUMBER: Final = re.compile(r"[0-9]{1,16}")
_ORGANISATION: Final = re.compile(rf"({CODE.pattern}) ({_DIGITS})")
_PERSON: Final = re.compile(rf"({CODE.pattern}) ([a-z,]{{1,64}})")
_DEVICE: Final = re.compile(rf"({_DIGITS}) ({CODE.pattern}) ({CODE.pattern}) ({_TIME}) ({_TIME})")
_REVOKED: Final = re.compile(rf"({_DIGITS}) ([a-z]{{1,16}}) since ({_TIME}) size ([0-9]{{1,16}}) root ([0-9a-f]{{64}})")
_CONTINUES: Final = re.compile(rf"({_DIGITS}) of ({_DIGITS})")


@dataclass(frozen=True, kw_only=True)
class Window:
    """From a time on, until another that is not in it any more."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if None in (self.start.tzinfo, self.end.tzinfo) or not self.start < self.end:
            raise RosterError("window", "roster")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who works for the organisation: a code, and what they may do."""

    code: str
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        if CODE.fullmatch(self.code) is None:
            raise RosterError("code", "person")
        if not self.roles or not set(self.roles) <= set(ROLES) or list(self.roles) != sorted(set(self.roles)):
            raise RosterError("roles", self.code)


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device: its forty digits, its code, whose it is, and when it may write."""

    fingerprint: str
    code: str
    person: str
    window: Window

    def __post_init__(self) -> None:
        _check_digits(self.fingerprint, "device")
        if CODE.fullmatch(self.code) is None:
            raise RosterError("code", "device")


@dataclass(frozen=True, kw_only=True)
class Revocation:
    """A device of which nothing is believed that came after the first `size` entries of its log, with this root."""

    fingerprint: str
    reason: ReasonClass
    since: datetime
    size: int
    root: str

    def __post_init__(self) -> None:
        _check_digits(self.fingerprint, "revoked")
        if self.reason not in REASONS or self.since.tzinfo is None:
            raise RosterError("reason", "revoked")
        if SHA256.fullmatch(self.root) is None or self.size < 0 or (self.size == 0) != (self.root == EMPTY_ROOT):
            raise RosterError("log", "revoked")


@dataclass(frozen=True, kw_only=True)
class Succession:
    """A device that continues another, both by their forty digits: who knew the one knows the other."""

    fingerprint: str
    of: str

    def __post_init__(self) -> None:
        _check_digits(self.fingerprint, "continues")
        _check_digits(self.of, "continues")


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What one organisation says in one number of its roster; every list stands in the order of its first column."""

    organisation: str
    fingerprint: str
    practice: bool
    number: int
    window: Window
    people: tuple[Person, ...]
    devices: tuple[Device, ...]
    revoked: tuple[Revocation, ...] = ()
    continues: tuple[Succession, ...] = ()

    def __post_init__(self) -> None:
        _check_digits(self.fingerprint, "organisation")
        if CODE.fullmatch(self.organisation) is None or self.number < 1:
            raise RosterError("code", "organisation")
        if len(self.people) > MAX_LISTED or len(self.devices) > MAX_LISTED:
            raise RosterError("roster-too-long", "roster")
        _check_lists(self)
        _check_successions(self)

    def text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            _FIRST_LINE,
            f"organisation: {self.organisation} {self.fingerprint}",
            f"practice: {'yes' if self.practice else 'no'}",
            f"number: {self.number}",
            f"valid-from: {moment_text(self.window.start)}",
            f"valid-until: {moment_text(self.window.end)}",
            *(f"person: {one.code} {','.join(one.roles)}" for one in self.people),
            *map(_device_line, self.devices),
            *map(_revoked_line, self.revoked),
            *(f"continues: {one.fingerprint} of {one.of}" for one in self.continues),
        ]
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def to_text(self, identity: Identity) -> bytes:
        """The roster file: the lines and both signatures.

        Raises:
            RosterError: The identity is not the organisation's.
        """
        if identity.public.fingerprint != self.fingerprint:
            raise RosterError("roster-signer", self.organisation)
        text = self.text()
        return with_signatures(text, identity.sign(text, ROSTER))


@dataclass(frozen=True, kw_only=True)
class SignedRoster:
    """A roster that was read and not yet believed: `check` gives it out."""

    organisation: str
    fingerprint: str
    _roster: Roster = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, organisation: PublicIdentity) -> Roster:
        """The roster, when this organisation signed it.

        Raises:
            RosterError: It names another organisation, or one of its signatures fails.
        """
        if organisation.fingerprint != self.fingerprint:
            raise RosterError("roster-signer", self.organisation)
        try:
            check_signatures(self._roster.text(), self._signatures, ROSTER, organisation)
        except KeysError as error:
            raise RosterError("roster-signature", self.organisation) from error
        return self._roster


def parse_roster(data: bytes) -> SignedRoster:
    """The roster in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        RosterError: Too long, spelled otherwise, or against a rule of the page.
    """
    if len(data) > MAX_ROSTER:
        raise RosterError("roster-too-long", "roster")
    text, signatures = split_signatures(data, "roster", RosterError)
    lines = TextLines(text, "roster", RosterError)
    roster = lines.made(lambda: _read(lines))
    lines.end()
    if not text.isascii() or roster.text() != text:
        raise RosterError("spelling", "roster")
    return SignedRoster(
        organisation=roster.organisation, fingerprint=roster.fingerprint, _roster=roster, _signatures=signatures
    )


def _device_line(device: Device) -> str:
    window = f"{moment_text(device.window.start)} {moment_text(device.window.end)}"
    return f"device: {device.fingerprint} {device.code} {device.person} {window}"


def _revoked_line(one: Revocation) -> str:
    return f"revoked: {one.fingerprint} {one.reason} since {moment_text(one.since)} size {one.size} root {one.root}"


def _read(lines: TextLines) -> Roster:
    lines.literal(_FIRST_LINE)
    code, fingerprint = _groups(_ORGANISATION, lines.value("organisation", _ORGANISATION))
    return Roster(
        organisation=code,
        fingerprint=fingerprint,
        practice=lines.value("practice", _YES_NO) == "yes",
        number=number(lines.value("number", _NUMBER)),
        window=Window(
            start=moment(lines.value("valid-from", _ANY_TIME)), end=moment(lines.value("valid-until", _ANY_TIME))
        ),
        people=tuple(map(_person, lines.values("person", _PERSON))),
        devices=tuple(map(_device, lines.values("device", _DEVICE))),
        revoked=tuple(map(_revocation, lines.values("revoked", _REVOKED))),
        continues=tuple(map(_succession, lines.values("continues", _CONTINUES))),
    )


def _groups(pattern: re.Pattern[str], value: str) -> Sequence[str]:
    found = pattern.fullmatch(value)
    if found is None:
        raise ValueError
    return found.groups()


def _person(value: str) -> Person:
    code, roles = _groups(_PERSON, value)
    return Person(code=code, roles=cast("tuple[Role, ...]", tuple(roles.split(","))))


def _device(value: str) -> Device:
    fingerprint, code, person, start, end = _groups(_DEVICE, value)
    return Device(
        fingerprint=fingerprint, code=code, person=person, window=Window(start=moment(start), end=moment(end))
    )


def _revocation(value: str) -> Revocation:
    fingerprint, reason, since, size, root = _groups(_REVOKED, value)
    return Revocation(
        fingerprint=fingerprint,
        reason=cast("ReasonClass", reason),
        since=moment(since),
        size=number(size),
        root=root,
    )


def _succession(value: str) -> Succession:
    fingerprint, of = _groups(_CONTINUES, value)
    return Succession(fingerprint=fingerprint, of=of)


def _check_digits(fingerprint: str, where: str) -> None:
    try:
        same = parse_forty_digits(fingerprint) == fingerprint
    except KeysError as error:
        raise RosterError("digits", where) from error
    if not same:
        raise RosterError("digits", where)


def _check_lists(roster: Roster) -> None:
    """Each list in order and without a twin; every line about somebody or something that is listed."""
    _check_order([one.code for one in roster.people], "person")
    _check_order([one.fingerprint for one in roster.devices], "device")
    _check_order([one.fingerprint for one in roster.revoked], "revoked")
    _check_order([one.fingerprint for one in roster.continues], "continues")
    for codes, where in (([one.code for one in roster.people], "person"), ([d.code for d in roster.devices], "device")):
        # Two codes that differ by a capital alone would be taken for one another.
        if len({code.lower() for code in codes}) != len(codes):
            raise RosterError("twin", where)
    if not {one.person for one in roster.devices} <= {one.code for one in roster.people}:
        raise RosterError("unlisted", "device")
    listed = {one.fingerprint for one in roster.devices}
    if not {one.fingerprint for one in roster.revoked} <= listed:
        raise RosterError("unlisted", "revoked")


def _check_order(keys: Iterable[str], where: str) -> None:
    if not all(one < other for one, other in pairwise(keys)):
        raise RosterError("order", where)


def _check_successions(roster: Roster) -> None:
    """A device continues one that was revoked, which nothing else continues, and not itself by any way round."""
    listed = {one.fingerprint for one in roster.devices}
    before = {one.fingerprint: one.of for one in roster.continues}
    if not {*before, *before.values()} <= listed:
        raise RosterError("unlisted", "continues")
    if not set(before.values()) <= {one.fingerprint for one in roster.revoked}:
        raise RosterError("not-revoked", "continues")
    if len(set(before.values())) != len(before):
        raise RosterError("twin", "continues")
    for place in before.values():
        following: str | None = place
        for _ in before:
            following = before.get(following or "")
        if following is not None:
            raise RosterError("circle", "continues")
