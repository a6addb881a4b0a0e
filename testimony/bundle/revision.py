"""The revision of a record for a body: its number, what it lifts, since which one (docs/format/bundle-v1.md, 3.2)."""

import re
from dataclasses import dataclass
from typing import Final

from testimony.bundle.names import SHA256
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text
from testimony.errors import BundleError, CanonicalError

MAX_REVISION: Final = 9_999
MAX_LIFTS: Final = 10_000
REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}")
_PATH: Final = re.compile(r"[A-Za-z0-9._~/-]{1,512}")
_MEMBERS: Final = ("lifts", "number", "request", "since")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """The n-th rendition of a version for one body, the first without a history.

    `since` is the SHA-256 in hex of the record file before it, `lifts` the paths that it shows and that one hid,
    `request` the id of the disclosure request that it answers, whose earlier lifts it then carries on.
    """

    number: int = 1
    lifts: tuple[str, ...] = ()
    since: str | None = None
    request: str | None = None

    @property
    def label(self) -> str:
        """How it is quoted behind the control number."""
        return f"R{self.number:02d}"

    def to_json(self) -> dict[str, JsonValue]:
        """The member of the record file."""
        return {"lifts": list(self.lifts), "number": self.number, "request": self.request, "since": self.since}


def revision_from(value: JsonValue, where: str) -> Revision:
    """The revision in a record file.

    Raises:
        BundleError: Malformed, or at odds with itself ("revision").
    """
    try:
        members = as_object(value, where, required=_MEMBERS)
        made = Revision(
            number=as_integer(members["number"], where, lowest=1, highest=MAX_REVISION),
            lifts=tuple(
                as_text(one, where, pattern=_PATH) for one in as_list(members["lifts"], where, limit=MAX_LIFTS)
            ),
            since=None if members["since"] is None else as_text(members["since"], where, pattern=SHA256),
            request=None if members["request"] is None else as_text(members["request"], where, pattern=REQUEST_ID),
        )
    except CanonicalError as error:
        raise BundleError("revision", where) from error
    ordered = list(made.lifts) == sorted(set(made.lifts))
    if not ordered or (made.number == 1) != (made.since is None) or (made.lifts and made.since is None):
        raise BundleError("revision", where)
    if made.request is not None and not made.lifts:
        raise BundleError("revision", where)
    return made
