"""Whether a bundle shows more than its profile lets out (docs/format/bundle-v1.md, section 6.4; profile-v1.md)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from testimony.bundle.verified_record import is_state
from testimony.forms.form import Form, Klass
from testimony.profiles import OTHER_FILES, PER_RECIPIENT, PROFILES, VOICE_AND_FACE, Profile
from testimony.redaction.disclosed import ACCOUNT, Disclosed, ShownExhibit, ShownParagraph

_RECORDING: Final = "consent.recording"


class Excess(NamedTuple):
    """Something that should not be shown: the code of the failure and the path."""

    code: str
    path: str


def profile_of(name: str) -> Profile | None:
    """The profile of that name; None where there is none."""
    return next((one for known, one in PROFILES.items() if known == name), None)


def excess(disclosed: Disclosed, profile: Profile, body: str, *, identity: bool) -> Iterator[Excess]:
    """Everything that is shown to `body` beyond the profile; `identity` where it may know who the witness is.

    A name of the witness in an account that shows names cannot be told from the names of others.
    """
    for path, value in disclosed.values.items():
        if not is_state(value):
            yield from _of_class(_klass(disclosed.form, path), path, profile, identity=identity)
    for shown in disclosed.paragraphs:
        if isinstance(shown, ShownParagraph):
            path = f"{ACCOUNT}/{shown.index}"
            yield from _of_class(_klass(disclosed.form, path), path, profile, identity=identity)
            if shown.named:
                yield from _of_class(Klass.S3, path, profile, identity=identity)
    for exhibit in disclosed.exhibits:
        yield from _of_file(disclosed, exhibit, profile, identity=identity)
    yield from _about_others(disclosed, body)


def _of_class(klass: Klass, path: str, profile: Profile, *, identity: bool) -> Iterator[Excess]:
    action = profile.action(klass)
    if action == "drop":
        yield Excess("beyond-profile", path)
    elif action == "identity" and not identity:
        yield Excess("identity-shown", path)


def _of_file(disclosed: Disclosed, exhibit: ShownExhibit, profile: Profile, *, identity: bool) -> Iterator[Excess]:
    """Voice and face are S4 and need the grant of their medium; a file of an unknown kind is dropped."""
    if exhibit.sha256 is None:
        return
    path, kind = f"exhibits/{exhibit.index}/file", exhibit.members.get("kind")
    if kind in VOICE_AND_FACE:
        yield from _of_class(Klass.S4, path, profile, identity=identity)
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


def _klass(form: Form, path: str) -> Klass:
    """The class of the value at a path; what the form does not know is treated as S5."""
    slot, *rest = path.split("/")
    field = form.slot(slot)
    for name in rest:
        if field is None:
            break
        # An element of a list has the number of its place for a name and the class of the list.
        field = field if name.isdigit() else field.member(name)
    return Klass.S5 if field is None else field.klass
