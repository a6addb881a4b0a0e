"""Padded lengths that tell little about the true one (docs/format/bundle-v1.md, section 2.3)."""

from typing import Final

FLOOR: Final = 1024 * 1024


def padded_length(length: int, *, floor: int = FLOOR) -> int:
    """The smallest Padmé length that holds `length` bytes, never below the floor.

    Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019)
    leaks O(log log n) bits and costs at most 12 percent.
    """
    length = max(length, floor, 2)
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask
