"""The redaction log names every code and gap of an account, and the verifier makes these rows again."""

import io
from dataclasses import replace

import pytest
from vectors.generate import Bag, members_of, world
from vectors.world import World

from testimony.bundle import names
from testimony.bundle.unseal import BundleFile
from testimony.model import Record
from testimony.redaction.selection import ParagraphView, Selection
from testimony.trust import Trust
from testimony.verify import examine_bundle

TOLD = ["I am Tamsin.", "Then Bellamy came.", "Tamsin saw it; Tamsin went."]


class HoldsBack(World):
    """A sender who hides the paragraph in the middle and says nothing of it in the log."""

    def selection(self, _: Record, planned: Selection) -> Selection:
        return replace(planned, paragraphs={path: view for path, view in planned.paragraphs.items() if path[-1] != "1"})


def bag_of(sender: World) -> Bag:
    return Bag(
        signer=sender.device, files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)}
    )


def failed(bag: Bag) -> set[tuple[str, str, str]]:
    source = BundleFile(io.BytesIO(bag.tar()))
    found = examine_bundle(source, trust=Trust.nobody(), recipient=None)
    return {(finding.name, finding.code, finding.where) for finding in found.failures}


REFUSED = {("legal-files", "differs", names.REDACTION_LOG)}


def account_rows(bag: Bag) -> list[list[str]]:
    rows = [line.strip('"').split('","') for line in bag.files[names.REDACTION_LOG].decode().splitlines()]
    return [row for row in rows if row[2].startswith("account.text/")]


def test_each_code_in_place_of_a_name_has_one_row_a_paragraph_without_the_name():
    bag = bag_of(World(profile="pseudonymised", paragraphs=TOLD, bundle_id=world().bundle_id))
    assert failed(bag) == set()
    rows = account_rows(bag)
    places = [(row[2].rsplit("-", 1)[0], row[3]) for row in rows]
    assert places == [("account.text/0/W", "W-ID"), ("account.text/1/V", "THIRD"), ("account.text/2/W", "W-ID")]
    copy = bag.files[names.text_member("TST-0000001")].decode()
    assert all(row[2].rsplit("/", 1)[1] in copy for row in rows)
    assert not any(name in bag.files[names.REDACTION_LOG] for name in (b"Tamsin", b"Bellamy"))


def test_a_withheld_paragraph_that_the_log_does_not_name_is_refused():
    sender = HoldsBack(paragraphs=TOLD, bundle_id=world().bundle_id)
    assert failed(bag_of(sender)) == REFUSED
    named = bag_of(sender)
    named.files[names.REDACTION_LOG] = named.files[names.REDACTION_LOG].replace(
        b'"TST-0000001","1","account.text/0/',
        b'"TST-0000001","1","account.text/1","THIRD","","","","",""\n"TST-0000001","1","account.text/0/',
        1,
    )
    assert failed(named.anew()) == set()


class LeavesGaps(World):
    """A sender who hides words in two places of the first paragraph."""

    def selection(self, _: Record, planned: Selection) -> Selection:
        hidden = ((0, 1), (5, 11))
        return replace(planned, paragraphs=planned.paragraphs | {"account.text/0": ParagraphView(hidden=hidden)})


GAPS = b'"TST-0000001","1","account.text/0/gap-1","FAM","","","","",""\n'
GAP_2 = GAPS.replace(b"gap-1", b"gap-2")


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        (GAPS + GAP_2, True),
        (GAPS + GAPS.replace(b"FAM", b"SOURCE") + GAP_2, True),
        (b"", False),
        (GAPS, False),
        (GAP_2, False),
        (GAP_2 + GAPS, False),
        (GAPS + GAP_2 + GAPS.replace(b"gap-1", b"gap-3"), False),
        (GAPS + GAP_2 + GAPS, False),
        (GAPS + GAP_2.replace(b"FAM", b""), False),
        (GAPS + GAP_2.replace(b"text/0", b"text/1"), False),
        (GAPS + GAP_2.replace(b"gap-2", b"gap-02"), False),
    ],
)
def test_each_gap_has_a_row_with_its_reason_and_no_row_is_without_a_gap(rows: bytes, holds: bool):
    bag = bag_of(LeavesGaps(paragraphs=["I or Bell was there.", *TOLD[1:]], bundle_id=world().bundle_id))
    log = bag.files[names.REDACTION_LOG]
    lines = log.splitlines(keepends=True)
    place = next(
        (number for number, line in enumerate(lines) if b"/account.text/" in line or b'"account.text/' in line),
        len(lines),
    )
    bag.files[names.REDACTION_LOG] = b"".join([*lines[:place], rows, *lines[place:]])
    assert failed(bag.anew()) == (set() if holds else REFUSED)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines[:-2], lines[-1], lines[-2]],
        lambda lines: [*lines[:-1], lines[-1].replace(b"OTHER", b"CHILD")],
        lambda lines: [*lines[:-1], lines[-1].replace(b'"code in its place"', b'"=1"')],
        lambda lines: [*lines, lines[-1].replace(b"text/1", b"text/2")],
        lambda lines: lines[1:],
        lambda lines: [*lines, b""],
        lambda lines: [*lines, b"loose"],
        lambda lines: [*lines, b'"TST-0000001","1"'],
        lambda lines: [*lines, b'"\xff"' + b',""' * 8],
        lambda lines: [*lines, b'"a\nb"' + b',""' * 8],
        lambda _: [],
    ],
)
def test_a_log_that_says_something_else_than_the_account_is_refused(change):
    bag = Bag()
    lines = bag.files[names.REDACTION_LOG].splitlines()
    bag.files[names.REDACTION_LOG] = b"".join(line + b"\n" for line in change(lines))
    assert failed(bag.anew()) == REFUSED


def test_what_the_log_says_outside_the_account_is_the_senders_word():
    bag = Bag().edit(names.REDACTION_LOG, b'"I-09"', b'"I-10, ""the other"""')
    assert failed(bag.anew()) == set()
