"""What the package refuses: one base class, a stable code for the translations, never a secret in a message."""

from typing import ClassVar, Literal

PolicyReason = Literal[
    "empty",
    "too-weak",
    "too-long",
    "invisible-character",
    "control-character",
    "not-text",
    "well-known",
    "same-as-name",
]


class KeysError(Exception):
    """Base of every refusal by this package; `code` is stable and names the sentence a person reads."""

    code: ClassVar[str] = "keys"


class WipedSecretError(KeysError):
    """A secret was asked for after it had been wiped."""

    code = "wiped-secret"

    def __init__(self) -> None:
        super().__init__("the secret has been wiped")


class PassphrasePolicyError(KeysError):
    """A passphrase is not accepted; `reason` says by which rule."""

    code = "passphrase-policy"

    def __init__(self, reason: PolicyReason) -> None:
        super().__init__(f"the passphrase is refused: {reason}")
        self.reason: PolicyReason = reason


class WrongPassphraseError(KeysError):
    """No slot opens: one message for a wrong passphrase, an absent slot and a damaged slot."""

    code = "wrong-passphrase"

    def __init__(self) -> None:
        super().__init__("no key slot opens with this passphrase")


class SlotError(KeysError):
    """A key slot breaks a rule of docs/format/slots-v1.md; `slot` is its place in the list."""

    code = "slot"

    def __init__(self, slot: int | None, reason: str) -> None:
        where = "the key slots" if slot is None else f"key slot {slot}"
        super().__init__(f"{where}: {reason}")
        self.slot = slot
        self.reason = reason


class KeyFormatError(KeysError):
    """Text or bytes that should be a key are not; `at` is the character with the typing error where one is found."""

    code = "key-format"

    def __init__(self, what: str, reason: str, *, at: int | None = None) -> None:
        near = "" if at is None else f", typing error near character {at}"
        super().__init__(f"{what}: {reason}{near}")
        self.what = what
        self.reason = reason
        self.at = at


class LimitError(KeysError):
    """Something is larger than its format page allows."""

    code = "limit"

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"{what}: more than {limit}")
        self.what = what
        self.limit = limit


class EnvironmentFaultError(KeysError):
    """This machine cannot do the work, for example for want of memory."""

    code = "environment"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SignatureError(KeysError):
    """A signature does not hold; `what` says which and by which check."""

    code = "signature"

    def __init__(self, what: str) -> None:
        super().__init__(f"signature refused: {what}")
        self.what = what


class SealedFileError(KeysError):
    """Base of every refusal of a sealed file."""

    code = "sealed-file"


class HeaderError(SealedFileError):
    """The header of a sealed file breaks a rule."""

    code = "sealed-header"

    def __init__(self, reason: str) -> None:
        super().__init__(f"header: {reason}")
        self.reason = reason


class NoMatchError(SealedFileError):
    """None of the identities at hand is among the recipients."""

    code = "not-for-you"

    def __init__(self) -> None:
        super().__init__("sealed for other recipients")


class HeaderMacError(SealedFileError):
    """The header was changed after sealing, or the sender showed its recipients different files."""

    code = "sealed-header-mac"

    def __init__(self) -> None:
        super().__init__("header: the authentication code does not match")


class PayloadError(SealedFileError):
    """A chunk is changed, missing, moved or surplus; `chunk` counts from 0."""

    code = "sealed-payload"

    def __init__(self, chunk: int) -> None:
        super().__init__(f"payload: chunk {chunk} is not what was sealed")
        self.chunk = chunk


class ArmorError(SealedFileError):
    """The text form of an age file breaks a rule."""

    code = "sealed-armor"

    def __init__(self, reason: str) -> None:
        super().__init__(f"armor: {reason}")
        self.reason = reason
