"""The gazetteers of this vault: places by country, found by their names (docs/format/gazetteer-v1.md).

The places are public and change no record: what a record says is its p-code and the person's words.  So the places
themselves are not bound to the log; which file they came from is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from keys.digests import sha256
from testimony.custody.moments import wall_text
from testimony.gazetteer import COUNTRY, Place, query_words, read_gazetteer
from vault.custody import VAULT, append
from vault.errors import PolicyError
from vault.reserve import with_reserve
from vault.store import Transaction, Vault

MAX_FOUND: Final = 200
MAX_NAMES: Final = 100_000
_MAX_WORDS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Found:
    """A place, and the places around it from the largest on."""

    place: Place
    around: tuple[Place, ...]


def import_gazetteer(vault: Vault, data: bytes, country: str) -> int:
    """How many places of a country there are now: those of this file, in place of all that were there, or none at all.

    Raises:
        GazetteerError: Lines that break a rule; nothing was changed.
        LimitExceededError: The file is larger than the format allows.
        PolicyError: The country is no code of two capitals ("country").
    """
    if COUNTRY.fullmatch(country) is None:
        raise PolicyError("country")
    return with_reserve(vault.layout, lambda: _import(vault, data, country))


def find_places(vault: Vault, text: str, *, limit: int = 20) -> tuple[Found, ...]:
    """The places whose names have words that begin like all of these, or whose code begins so; larger ones first."""
    wanted = query_words(text)[:_MAX_WORDS]
    if not wanted:
        return ()
    named = " AND ".join("instr(folded, ?)" for _ in wanted)
    code = text.strip().upper()
    rows = vault.read(
        f"{_SELECT} WHERE ({named}) OR (substr(pcode, 1, ?) = ? AND ? > 2)"  # question marks alone
        " ORDER BY level, length(folded), pcode LIMIT ?",
        (*(f" {word}" for word in wanted), len(code), code, len(code), min(limit, MAX_FOUND)),
    )
    return tuple(Found(place=place, around=_around(vault, place)) for place in map(_place, rows))


def names(vault: Vault) -> tuple[str, ...]:
    """The names of the places, for suggestions; the larger places first where there are too many."""
    rows = vault.read("SELECT name_en, name_ar FROM places ORDER BY level, pcode LIMIT ?", (MAX_NAMES,))
    return tuple(dict.fromkeys(name for row in rows for name in row if name))


_SELECT: Final = "SELECT pcode, level, name_en, name_ar FROM places"


def _import(vault: Vault, data: bytes, country: str) -> int:
    digest = sha256(data).hex()
    with vault.transaction() as tx:
        tx.execute("DELETE FROM places WHERE country = ?", (country,))
        count = sum(_insert(tx, place, country) for place in read_gazetteer(data, country))
        tx.execute("DELETE FROM gazetteers WHERE country = ?", (country,))
        tx.execute(
            "INSERT INTO gazetteers (country, sha256, places, imported_at) VALUES (?, ?, ?, ?)",
            (country, digest, count, wall_text(vault.clock.now().wall)),
        )
        append(tx, vault, "gazetteer.import", VAULT, {"country": country, "digest": digest, "places": count})
    return count


def _insert(tx: Transaction, place: Place, country: str) -> int:
    return tx.execute(
        "INSERT INTO places (pcode, country, level, name_en, name_ar, folded) VALUES (?, ?, ?, ?, ?, ?)",
        (place.pcode, country, place.level, place.name_en, place.name_ar, place.folded),
    )


def _around(vault: Vault, place: Place) -> tuple[Place, ...]:
    """The places whose codes begin this one's; `SY0100` lies in `SY01`."""
    shorter = [place.pcode[:length] for length in range(3, len(place.pcode))]
    marks = ", ".join("?" for _ in shorter)
    rows: Iterator[tuple[str, int, str, str]] = iter(
        vault.read(f"{_SELECT} WHERE pcode IN ({marks}) AND level < ? ORDER BY level", (*shorter, place.level))
    )
    return tuple(map(_place, rows))


def _place(row: tuple[str, int, str, str]) -> Place:
    pcode, level, name_en, name_ar = row
    return Place(pcode=pcode, level=level, name_en=name_en, name_ar=name_ar)
