"""Whether a bundle shows more than its profile lets out (docs/format/bundle-v1.md, section 6.4; profile-v1.md)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from testimony.bundle.lifts import Lifts
from testimony.bundle.verified_record import is_state
from testimony.forms.form import Field, Form, Klass
from testimony.profile_tables.profile import Profile
from testimony.profile_tables.reading import PROFILES
from testimony.profiles import OTHER_FILES, PER_RECIPIENT, VOICE_AND_FACE
from testimony.redaction.disclosed import ACCOUNT, Disclosed, ShownExhibit, ShownParagraph

NO_LIFTS: Final = Lifts()
_RECORDING: Final = "consent.recording"


class Excess(NamedTuple):
    """Something that should not be shown: the code of the failure and the path."""

    code: str
    path: str


def profile_of(name: str) -> Profile | None:
    """The profile of that name; None where there is none."""
    return next((one for known, one in PROFILES.items() if known == name), None)


def excess(
    disclosed: Disclosed, profile: Profile, body: str, *, identity: bool, lifts: Lifts = NO_LIFTS
) -> Iterator[Excess]:
    """Everything that is shown to `body` beyond the profile; `identity` where it may know who the witness is.

    `lifts` are what was shown because the body asked for it: of S2 and S3 they may go beyond the profile, of S4 only
    with identity, of S5 never.  A name of the witness in an account that shows names cannot be told from any other.
    """
    for found in _beyond(disclosed, profile, body, identity=identity, lifts=lifts):
        if found.code == "about-another-body" or not _may_be_lifted(disclosed.form, found, lifts, identity=identity):
            yield found


def _beyond(disclosed: Disclosed, profile: Profile, body: str, *, identity: bool, lifts: Lifts) -> Iterator[Excess]:
    for path, value in disclosed.values.items():
        if not is_state(value):
            yield from _of_value(disclosed.form, path, profile, identity=identity)
    for shown in disclosed.paragraphs:
        if isinstance(shown, ShownParagraph):
            path = f"{ACCOUNT}/{shown.index}"
            yield from _of_value(disclosed.form, path, profile, identity=identity)
            if shown.named and not profile.shows_class(Klass.S3, identity=identity):
                yield from _names_not_lifted(shown, path, lifts, identity=identity)
    for exhibit in disclosed.exhibits:
        yield from _of_file(disclosed, exhibit, profile, identity=identity)
    yield from _about_others(disclosed, body)


def _names_not_lifted(shown: ShownParagraph, path: str, lifts: Lifts, *, identity: bool) -> Iterator[Excess]:
    """Names that nobody asked for.  Beside a lifted one its code stands, which tells whether it is the witness's."""
    for place, code in shown.names.items():
        if code is None or not lifts.has_word(path, place):
            yield Excess("beyond-profile", f"{path}/{place}-{place}")
        elif code.startswith("W-") and not identity:
            yield Excess("identity-shown", f"{path}/{place}-{place}")


def _may_be_lifted(form: Form, found: Excess, lifts: Lifts, *, identity: bool) -> bool:
    """Whether something beyond the profile is a value or paragraph that was asked for and may be."""
    if found.path not in lifts or found.path.endswith("/file") or found.code == "medium-not-granted":
        return False
    _, asked = _field_at(form, found.path)
    klass = None if asked is None else asked.klass
    return klass in (Klass.S2, Klass.S3) or (klass is Klass.S4 and identity)


def _of_value(form: Form, path: str, profile: Profile, *, identity: bool) -> Iterator[Excess]:
    """A value of a field that the form does not know is always too much."""
    slot, asked = _field_at(form, path)
    if slot is None or asked is None:
        yield Excess("beyond-profile", path)
    elif not profile.shows_value(asked, slot, identity=identity):
        yield Excess("identity-shown" if profile.action(asked.klass) == "identity" else "beyond-profile", path)


def _of_file(disclosed: Disclosed, exhibit: ShownExhibit, profile: Profile, *, identity: bool) -> Iterator[Excess]:
    """Voice and face are S4 and need the grant of their medium; a file of an unknown kind is dropped."""
    if exhibit.sha256 is None:
        return
    path, kind = f"exhibits/{exhibit.index}/file", exhibit.members.get("kind")
    if kind in VOICE_AND_FACE:
        if not profile.shows_class(Klass.S4, identity=identity):
            yield Excess("identity-shown" if profile.action(Klass.S4) == "identity" else "beyond-profile", path)
        if disclosed.values.get(f"{_RECORDING}/{kind}") != "yes":
            yield Excess("medium-not-granted", path)
    elif kind not in OTHER_FILES:
        yield Excess("beyond-profile", path)


def _about_others(disclosed: Disclosed, body: str) -> Iterator[Excess]:
    """What was said about other bodies is not this one's business."""
    for slot in PER_RECIPIENT:
        elements = disclosed.answers.get(slot)
        for element in elements if isinstance(elements, list) else ():
            if not isinstance(element, dict) or element.get("recipient") != body:
                yield Excess("about-another-body", slot)


def _field_at(form: Form, path: str) -> tuple[Field | None, Field | None]:
    """The slot in which the value at a path stands, and its own field there; None for what the form does not have."""
    name, *rest = path.split("/")
    slot = field = form.slot(name)
    for part in rest:
        if field is None:
            break
        # An element of a list has the number of its place for a name and the class of the list.
        field = field if part.isdigit() else field.member(part)
    return slot, field
