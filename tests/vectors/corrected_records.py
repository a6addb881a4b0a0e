"""The sender whose versions do not follow each other: corrections of what was skipped, exchanged or finished twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vectors.generate import Bag, members_of, vector, world
from vectors.world import LogBook, World

from keys.digests import sha256
from testimony.bundle import names
from testimony.model import Record
from testimony.redaction.head import RecordHead

FIRST_ROOT = "0b" * 32
FIRST_HEAD = "0c" * 32
OTHER_ROOT = "0d" * 32

Entry = tuple[str, dict[str, Any]]


def _finish(version: int = 1, root: str = FIRST_ROOT) -> Entry:
    return "record.finish", {"version": version, "root": root, "head": FIRST_HEAD}


def _correct(version: int = 2, root: str = OTHER_ROOT, previous: str = FIRST_ROOT) -> Entry:
    return "record.correct", {"version": version, "root": root, "head": FIRST_HEAD, "previous_root": previous}


def _this(head: RecordHead, kind: str = "record.correct", **changes: Any) -> Entry:
    """The entry that finished the version which is in the bundle."""
    details: dict[str, Any] = {"version": head.version, "root": head.root, "head": sha256(head.to_text()).hex()}
    if head.previous_root is not None:
        details["previous_root"] = head.previous_root
    return kind, {name: value for name, value in (details | changes).items() if value is not None}


@dataclass
class Corrector(World):
    """A sender of a second version; the entries of its record and its head can be changed."""

    entries: Callable[[RecordHead], Sequence[Entry]] = field(default=lambda head: [_finish(), _this(head)])
    heads: Callable[[RecordHead], RecordHead] = field(default=lambda head: head)
    version: int = 2

    def record(self, number: int) -> Record:
        return replace(super().record(number), version=self.version)

    def head(self, record: Record, custody_size: int) -> RecordHead:
        second = replace(super().head(record, custody_size), version=self.version, previous_root=FIRST_ROOT)
        return self.heads(second)

    def log_finishing(self, book: LogBook, head: RecordHead) -> None:
        for kind, details in self.entries(head):
            book.write(kind, head.record_id, details)


def corrected(**changes: Any) -> Bag:
    """The bundle of such a sender, with the device, body and bundle id of the good one."""
    good = world()
    sender = Corrector(device=good.device, body=good.body, bundle_id=good.bundle_id, **changes)
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


@vector("custody-records", "no-finish-entry", "BU-23")
def correction_without_the_version_that_it_corrects() -> Bag:
    return corrected(entries=lambda head: [_this(head)])


@vector("custody-records", "no-finish-entry", "BU-23")
def correction_that_skips_a_version() -> Bag:
    return corrected(version=3, entries=lambda head: [_finish(), _this(head)])


@vector("custody-records", "no-finish-entry", "BU-23")
def correction_logged_before_the_version_that_it_corrects() -> Bag:
    return corrected(entries=lambda head: [_this(head), _finish()])


@vector("custody-records", "no-finish-entry", "BU-23")
def two_corrections_of_one_version() -> Bag:
    return corrected(entries=lambda head: [_finish(), _correct(), _this(head)])


@vector("custody-records", "no-finish-entry", "BU-23")
def second_correction_that_forgets_the_first() -> Bag:
    return corrected(version=3, entries=lambda head: [_finish(), _correct(), _this(head)])


@vector("custody-records", "no-finish-entry", "BU-23")
def correction_whose_entry_names_another_root_before_it() -> Bag:
    return corrected(entries=lambda head: [_finish(), _this(head, previous_root=OTHER_ROOT)])


@vector("custody-records", "other-finish-entry", "BU-23")
def correction_whose_head_names_another_root_before_it() -> Bag:
    return corrected(
        heads=lambda head: replace(head, previous_root=OTHER_ROOT),
        entries=lambda head: [_finish(), _this(head, previous_root=FIRST_ROOT)],
    )


@vector("custody-records", "other-finish-entry", "BU-23")
def correction_whose_head_names_no_root_before_it() -> Bag:
    return corrected(
        heads=lambda head: replace(head, previous_root=None),
        entries=lambda head: [_finish(), _this(head, previous_root=FIRST_ROOT)],
    )


@vector("custody-records", "no-finish-entry", "BU-23")
def second_version_logged_as_if_it_were_a_first_one() -> Bag:
    return corrected(entries=lambda head: [_finish(), _this(head, "record.finish", previous_root=None)])


@vector("custody-records", "no-finish-entry", "BU-23")
def first_version_finished_again_after_its_correction() -> Bag:
    return corrected(entries=lambda head: [_finish(), _this(head), _finish(root=OTHER_ROOT)])


@vector("custody-records", "no-finish-entry", "BU-23")
def bundle_that_carries_the_first_version_of_an_untrue_correction() -> Bag:
    return corrected(
        version=1,
        heads=lambda head: replace(head, previous_root=None),
        entries=lambda head: [_this(head, "record.finish"), _correct(previous=OTHER_ROOT)],
    )
