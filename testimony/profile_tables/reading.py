"""Reading a profile file: one spelling, nothing unknown accepted (docs/format/profile-v1.md, section 2)."""

from collections.abc import Mapping
from importlib import resources
from typing import Final

from testimony.canonical import JsonValue, as_object, as_text, decode
from testimony.consent import PROFILE_NAMES, ProfileName
from testimony.errors import CanonicalError, ProfileError
from testimony.forms.form import Klass
from testimony.profile_tables.profile import Action, Profile

FORMAT: Final = "testimony-profile 1"
MAX_PROFILE: Final = 4096  # bytes

_NAMES: Final[Mapping[str, ProfileName]] = {name: name for name in PROFILE_NAMES}
# S5 leaves under no profile, so no table has it; what is dropped is left out.
_CLASSES: Final[Mapping[str, Klass]] = {klass.value: klass for klass in Klass if klass is not Klass.S5}
_EVERY: Final[tuple[Action, ...]] = ("keep", "review", "coarsen")
_MORE: Final[Mapping[Klass, tuple[Action, ...]]] = {Klass.S3: ("pseudonym",), Klass.S4: ("identity",)}


def parse_profile(data: bytes) -> Profile:
    """The profile in these bytes.

    Raises:
        ProfileError: Anything but the one spelling of a profile that keeps every rule.
    """
    try:
        value = as_object(
            decode(data, limit=MAX_PROFILE, where="profile"), "profile", required=("classes", "format", "id")
        )
        classes = as_object(value["classes"], "classes", optional=tuple(_CLASSES))
        name = _NAMES.get(as_text(value["id"], "id"))
    except CanonicalError as error:
        raise ProfileError(error.code, error.where) from None
    if value["format"] != FORMAT or name is None:
        raise ProfileError("unsupported", "profile")
    return Profile(name=name, actions={_CLASSES[one]: _action(_CLASSES[one], classes[one]) for one in classes})


def profile_bytes(name: ProfileName) -> bytes:
    """The exact bytes of a profile of this release."""
    return resources.files("testimony.profile_tables").joinpath(f"{name}.json").read_bytes()


def _action(klass: Klass, value: JsonValue) -> Action:
    # Who the witness is never stays by a table alone: S4 hangs on what the witness said about this body.
    allowed = _MORE[klass] if klass is Klass.S4 else (*_EVERY, *_MORE.get(klass, ()))
    found = next((action for action in allowed if action == value), None)
    if found is None:
        raise ProfileError("unknown-word", klass.value)
    return found


PROFILES: Final[Mapping[ProfileName, Profile]] = {name: parse_profile(profile_bytes(name)) for name in PROFILE_NAMES}
