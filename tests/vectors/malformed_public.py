"""Bundles for public use whose redaction log does not name two different approvers of every record (C15)."""

from functools import cache

from vectors.generate import Bag, members_of, vector, world
from vectors.world import World

from testimony.bundle import names

TWO = ("A-02", "A-03")
NAMED = b'"A-02 A-03"'


@cache
def _members() -> tuple[tuple[str, bytes], ...]:
    good = world()
    sender = World(
        device=good.device,
        body=good.body,
        bundle_id=good.bundle_id,
        profile="pseudonymised",
        purpose="public-use",
        approvers=TWO,
        records=2,
    )
    return members_of(sender.sealed()[1], good.body)


def published() -> Bag:
    """Two records for public use, pseudonymised, as two of staff approved them."""
    return Bag(files=dict(_members()) | {names.PADDING: bytes(64)})


def naming(cell: bytes, times: int = -1) -> Bag:
    """The same with another cell, in so many rows."""
    bag = published()
    log = bag.files[names.REDACTION_LOG]
    assert NAMED in log
    bag.files[names.REDACTION_LOG] = log.replace(NAMED, cell, times)
    return bag.anew()


@vector("legal-files", "not-approved-twice")
def public_use_that_nobody_approved() -> Bag:
    return naming(b'""')


@vector("legal-files", "not-approved-twice")
def public_use_that_one_person_approved() -> Bag:
    return naming(b'"A-02"')


@vector("legal-files", "not-approved-twice")
def public_use_that_one_person_approved_twice() -> Bag:
    return naming(b'"A-02 A-02"')


@vector("legal-files", "not-approved-twice")
def public_use_with_its_approvers_out_of_order() -> Bag:
    return naming(b'"A-03 A-02"')


@vector("legal-files", "not-approved-twice")
def public_use_with_one_row_that_one_person_approved() -> Bag:
    return naming(b'"A-02"', 1)


@vector("legal-files", "not-approved-twice")
def public_use_of_a_record_without_a_row() -> Bag:
    bag = published()
    rows = bag.files[names.REDACTION_LOG].splitlines(keepends=True)
    kept = [row for row in rows if NAMED not in row or not row.startswith(b'"TST-0000011"')]
    assert len(kept) < len(rows)
    bag.files[names.REDACTION_LOG] = b"".join(kept)
    return bag.anew()
