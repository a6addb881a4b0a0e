"""The words that stand in every bundle whatever it holds: to find one of them there tells nothing.

A person called Grant must not stop each bundle because every consent event says `grant`.  What a record shows is
searched value by value before (testimony.profiles), and its reading copy whole, so that nothing is lost by this.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from testimony.bundle.names import CUSTODY_FILES, LEGAL_FILES
from testimony.bundle.record_file import FORMAT
from testimony.bundle.tables import CONSENT_HEADER, REDACTION_HEADER
from testimony.consent import PROFILE_NAMES
from testimony.custody.kinds import KINDS
from testimony.leaks import Hit, LeakScan

# Members of the record file, of a disclosure, of consent events and of the tables, as their format pages name them.
_STRUCTURE: Final = (
    "consent disclosure format head n runs show hide path type value subtree void text integer date absent blob alias"
    " unknown declined not-asked sha256 size seq at kind grant change withdraw confirm refuse recipient purpose answer"
    " yes no ask-first identity court-order how script review_by signed spoken recorded thumbprint profile basis"
    " record reading copy exhibit member bytes receiver_number control_number reason withheld record_id version code"
    " data records forms exhibits companions companion json txt csv pq sig"
)
_MEMBERS_OF_ENTRIES: Final = "actor boot details device monotonic_ns note object object_prev prev wall v ok reboot"


def telling(hits: Sequence[Hit], scan: LeakScan, form: bytes) -> tuple[Hit, ...]:
    """The finds that tell something: not those of words which every bundle with this form, by its bytes, has."""
    if not hits:
        return ()
    fixed = frozenset(scan.in_text(_fixed_text(form)))
    return tuple(hit for hit in hits if hit.needle not in fixed)


@lru_cache(maxsize=32)
def _fixed_text(form: bytes) -> str:
    # No name is looked for across a line feed.
    details = (name for kind in KINDS.values() for name in (*kind.required, *kind.optional))
    words = (
        *form.decode("utf-8").replace('"', "\n").split("\n"),
        *_STRUCTURE.split(" "),
        *_MEMBERS_OF_ENTRIES.split(" "),
        "reading copy",
        "reading copy of a companion",
        FORMAT,
        *CONSENT_HEADER,
        *REDACTION_HEADER,
        *CUSTODY_FILES,
        *LEGAL_FILES,
        *(name.removeprefix("data/") for name in (*CUSTODY_FILES, *LEGAL_FILES)),
        *(f"profile {name}" for name in PROFILE_NAMES),
        *PROFILE_NAMES,
        *KINDS,
        *details,
    )
    return "\n".join(dict.fromkeys(words))
