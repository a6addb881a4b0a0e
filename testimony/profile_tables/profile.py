"""A profile: what happens to each class of field (docs/format/profile-v1.md, section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from testimony.consent import ProfileName
from testimony.forms.form import Field, Klass

Action = Literal["keep", "review", "identity", "pseudonym", "coarsen", "drop"]

_SHOWN: Final = frozenset({"keep", "review", "coarsen"})
_OF_PEOPLE: Final = frozenset({Klass.S3, Klass.S4, Klass.S5})
# What has few values and is chosen from a list stays; every other value may be the only one of its kind.
_COARSE_TYPES: Final = frozenset({"choice", "language"})


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What happens to each class; a class that is not listed is dropped.

    keep: shown.  review: free text and files only after a person walked through them, everything else shown.
    identity: shown where this recipient may know who the witness is.  pseudonym: not shown, codes stand for names.
    coarsen: only coarser forms and values chosen from a closed list.  drop: never shown.
    """

    name: ProfileName
    actions: Mapping[Klass, Action]

    def action(self, klass: Klass) -> Action:
        """What happens to a class."""
        return self.actions.get(klass, "drop")

    def shows_class(self, klass: Klass, *, identity: bool) -> bool:
        """Whether anything of the class is shown; `identity` where the recipient may know who the witness is."""
        action = self.action(klass)
        return identity if action == "identity" else action in _SHOWN

    def shows_value(self, asked: Field, slot: Field, *, identity: bool) -> bool:
        """Whether the value of a field may be shown, which stands in `slot`: itself, or what it is a member of."""
        if not self.shows_class(asked.klass, identity=identity):
            return False
        return self.action(asked.klass) != "coarsen" or _is_coarse(asked, slot)


def _is_coarse(asked: Field, slot: Field) -> bool:
    """Whether the value is as coarse as `coarsen` asks for; of people and of files not even a number is told."""
    if slot.klass in _OF_PEOPLE or any(member.type == "blob" for member in slot.members):
        return False
    return "~" in asked.id or asked.computed is not None or (asked.type in _COARSE_TYPES and not slot.coarser)
