"""Clocks that are wrong, jump or are set: nothing is refused, order is kept, what is odd is marked (area H)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    make_vault,
    passphrase,
    receive,
    recorded,
)

from testimony.bundle.findings import Verdict
from testimony.custody.entries import Entry, parse_entry
from testimony.custody.growth import Standing
from vault.check import check_vault
from vault.clock import Reading
from vault.clock_claims import claim_time
from vault.custody import append, log_lines
from vault.errors import PolicyError
from vault.handover import prepare, seal
from vault.receipts import import_receipt
from vault.records import finish, get_record, new_from_interview
from vault.store import Vault

NOON = datetime(2031, 3, 30, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that shows what it is told; its monotonic side goes on by itself."""

    wall: datetime = NOON
    boot: str = "boot-1"
    nanoseconds: int = field(default=10**12)

    def now(self) -> Reading:
        return Reading(wall=self.wall, monotonic_ns=self.nanoseconds, boot_id=self.boot)

    def goes_on(self, seconds: float, *, shows: datetime | None = None) -> None:
        """Time passes; the wall clock follows, or shows something else."""
        self.nanoseconds += int(seconds * 10**9)
        self.wall = self.wall + timedelta(seconds=seconds) if shows is None else shows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as vault:
        vault.clock = clock
        act(vault)
        yield vault


def act(vault: Vault) -> Entry:
    with vault.transaction() as tx:
        return append(tx, vault, "record.view", "test")


@pytest.mark.case("CK-01")
@pytest.mark.parametrize(
    "shown",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_a_clock_that_shows_an_impossible_year_works_and_is_marked(vault: Vault, clock: Clock, shown: datetime) -> None:
    clock.goes_on(60, shows=shown)
    record_id = recorded(vault)
    stored = get_record(vault, record_id)
    assert stored.head is not None
    assert (stored.head.clock_note, stored.head.claimed_time) == ("implausible", shown)
    assert check_vault(vault).holds


@pytest.mark.case("CK-01")
def test_the_second_after_the_last_of_32_bits_is_a_time_like_any_other(vault: Vault, clock: Clock) -> None:
    clock.goes_on(60, shows=datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
    assert act(vault).note == "implausible", "seven years at once"
    clock.goes_on(60)
    assert act(vault).note == "ok"


@pytest.mark.case("CK-02")
def test_a_clock_set_back_between_two_saves_is_marked_and_the_order_stays(vault: Vault, clock: Clock) -> None:
    first = act(vault)
    clock.goes_on(60, shows=NOON - timedelta(days=1))
    second = act(vault)
    assert (second.seq, second.note) == (first.seq + 1, "clock-back")
    assert second.moment.wall < first.moment.wall
    assert second.moment.monotonic_ns > first.moment.monotonic_ns
    clock.goes_on(60)
    assert act(vault).note == "ok", "it is marked where it happened"
    assert check_vault(vault).holds


@pytest.mark.case("CK-02")
@pytest.mark.parametrize(
    "shown",
    [
        NOON.astimezone(timezone(timedelta(hours=3))) + timedelta(seconds=60),
        NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30))) + timedelta(seconds=60),
    ],
)
def test_another_time_zone_or_summer_time_is_no_jump(vault: Vault, clock: Clock, shown: datetime) -> None:
    clock.goes_on(60, shows=shown)
    entry = act(vault)
    assert (entry.note, entry.moment.wall.utcoffset()) == ("ok", shown.utcoffset())


@pytest.mark.case("CK-02")
def test_a_leap_second_is_no_jump(vault: Vault, clock: Clock) -> None:
    clock.goes_on(61, shows=NOON + timedelta(seconds=60))
    assert act(vault).note == "ok"


@pytest.mark.case("CK-02")
def test_a_clock_that_lost_an_hour_without_going_back_is_marked(vault: Vault, clock: Clock) -> None:
    clock.goes_on(3700, shows=NOON + timedelta(seconds=100))
    assert act(vault).note == "clock-back"


@pytest.mark.case("CK-02")
def test_a_start_of_the_computer_is_marked(vault: Vault, clock: Clock) -> None:
    clock.boot, clock.nanoseconds = "boot-2", 10**9
    clock.wall += timedelta(hours=8)
    assert act(vault).note == "reboot"


@pytest.mark.case("CK-03")
@pytest.mark.parametrize(("here", "there"), [(10, -10), (-10, 10)])
def test_bundles_verify_and_come_back_whatever_the_clocks_say(tmp_path: Path, here: int, there: int) -> None:
    with make_vault(tmp_path, "field-1", prefix="TST") as sender, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(sender, body)
        sender.clock = Clock(NOON.replace(year=NOON.year + here, day=1))
        body.clock = Clock(NOON.replace(year=NOON.year + there, day=1))
        recorded(sender)
        bundle = seal(sender, prepare(sender, to=BODY, purpose=PURPOSE, profile="lead"), tmp_path).path
        taken = receive(body, bundle, receipt_folder=tmp_path)
        assert (taken.failure, taken.verdict) == (None, Verdict.PINNED)
        assert taken.receipt_path is not None
        import_receipt(sender, taken.receipt_path)
        for vault in (sender, body):
            assert check_vault(vault).holds


@pytest.mark.case("CK-04")
def test_two_laptops_three_hours_apart_are_joined_by_their_chains(tmp_path: Path) -> None:
    with (
        make_vault(tmp_path, "field-1", prefix="TST") as first,
        make_vault(tmp_path, "field-2", prefix="TSU") as second,
        make_vault(tmp_path, BODY, "legal") as body,
    ):
        acquaint(first, second, body)
        first.clock, second.clock, body.clock = Clock(), Clock(NOON - timedelta(hours=3)), Clock(NOON)
        numbers, standings, before = [], [], act(body).seq + 1
        for vault in (first, second, first, second):
            record_id = new_from_interview(vault, interview_bytes())
            numbers.append(finish(vault, record_id).control_number)
            only = prepare(vault, to=BODY, purpose=PURPOSE, profile="lead", record_ids=[record_id])
            taken = receive(body, seal(vault, only, tmp_path).path)
            assert taken.failure is None
            standings.append(taken.standing)
        assert standings == [Standing.FIRST] * 2 + [Standing.CONTINUES] * 2, "each laptop by its own chain"
        imports = [one["control"] for one in details_of(body, "record.import")]
        assert imports == numbers, "in the order in which they came"
        assert {parse_entry(line).note for line in list(log_lines(body))[before:]} == {"ok"}, "no clock but its own"
        assert check_vault(body).holds


def test_what_time_it_really_is_stands_in_the_log_as_a_claim_and_changes_no_entry(vault: Vault, clock: Clock) -> None:
    clock.goes_on(60, shows=datetime(2019, 1, 1, tzinfo=UTC))
    before = list(log_lines(vault))
    claim = claim_time(vault, "2031-03-30T15:01:00+03:00", "radio")
    assert claim.before == datetime(2019, 1, 1, tzinfo=UTC)
    lines = list(log_lines(vault))
    assert lines[:-1] == before
    entry = parse_entry(lines[-1])
    assert (entry.kind, entry.note, entry.moment.wall) == ("clock.change", "implausible", claim.before)
    assert details_of(vault, "clock.change") == [
        {"before": "2019-01-01T00:00:00+00:00", "after": "2031-03-30T15:01:00+03:00", "reason": "radio"}
    ]
    assert check_vault(vault).holds


@pytest.mark.parametrize("at", ["now", "2031-03-30", "2031-03-30T15:01:00Z", "2031-02-30T15:01:00+03:00", ""])
def test_what_is_no_time_is_refused(vault: Vault, at: str) -> None:
    with pytest.raises(PolicyError) as caught:
        claim_time(vault, at)
    assert caught.value.reason == "clock-time"


@pytest.mark.parametrize("reason", ["the radio said so", "", "الراديو", "x" * 65])
def test_a_reason_is_a_code_and_no_sentence(vault: Vault, reason: str) -> None:
    with pytest.raises(PolicyError) as caught:
        claim_time(vault, "2031-03-30T15:01:00+03:00", reason)
    assert caught.value.reason == "clock-reason"


def test_a_vault_opens_whatever_its_clock_says(tmp_path: Path, vault: Vault) -> None:
    vault.lock()
    for year in (1971, 2199):
        with Vault.unlock(tmp_path / "field-1.vault", passphrase(), clock=Clock(NOON.replace(year=year))) as opened:
            assert opened.log_state.size
