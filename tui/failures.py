"""What a refusal is called in both languages, and with which exit code it ends (security.md, section 6)."""

from collections.abc import Iterator
from typing import Final

from testimony.errors import ConsentError
from testimony.report_words import CHECK_NAMES
from tui.strings.sentences import Language, has_sentence, sentence

HOLDS: Final = 0
CHECK_FAILED: Final = 1
USAGE: Final = 2
MACHINE: Final = 3
POLICY: Final = 4

# By the code of the error's class, or class and detail; without a row of its own it takes that of the class above.
_EXITS: Final[dict[str, int]] = {
    # keys
    "keys": CHECK_FAILED,
    "wiped-secret": MACHINE,
    "passphrase-policy": POLICY,
    "wrong-passphrase": POLICY,
    "key-format": USAGE,
    "limit": USAGE,
    "environment": MACHINE,
    "not-for-you": POLICY,
    "sealed-armor": USAGE,
    # testimony
    "testimony": CHECK_FAILED,
    "canonical": USAGE,
    "form": USAGE,
    "script": USAGE,
    "gazetteer": USAGE,
    "policy.country": USAGE,
    "interview": USAGE,
    "date": USAGE,
    "consent": POLICY,
    "not-a-bundle": USAGE,
    "verification.not-a-bundle": USAGE,
    "verification.bundle-unsupported": USAGE,
    "bundle-unsupported": USAGE,
    "limit-exceeded": USAGE,
    "card": USAGE,
    "approval": USAGE,
    "approval.approval-signature": CHECK_FAILED,
    "approval.approval-signer": CHECK_FAILED,
    "approval.subject": POLICY,
    "roster": USAGE,
    "roster.roster-signature": CHECK_FAILED,
    "roster.roster-signer": CHECK_FAILED,
    "receipt.spelling": USAGE,
    "request": POLICY,
    "request.spelling": USAGE,
    "request.signature-missing": USAGE,
    "request.request-too-long": USAGE,
    "request.request-signature": CHECK_FAILED,
    "request.request-nothing": USAGE,
    "receipt.receipt-too-long": USAGE,
    "trust": USAGE,
    "anchor.spelling": USAGE,
    "anchor.too-long": USAGE,
    "anchor.certificate": USAGE,
    "policy.clock-time": USAGE,
    "policy.clock-reason": USAGE,
    # vault
    "vault": MACHINE,
    "vault-damaged": CHECK_FAILED,
    "vault-rolled-back": CHECK_FAILED,
    "not-a-vault": USAGE,
    "already-exists": USAGE,
    "source-file": USAGE,
    "not-found": USAGE,
    "policy": POLICY,
    "policy.nothing-to-overrule": USAGE,
    "policy.prefix": USAGE,
    "policy.code": USAGE,
    "policy.profile": USAGE,
    "contact": POLICY,
    "already-imported": POLICY,
}
# Where the way on is to look up what the witness said.
_WITNESS_SAID: Final = frozenset({"withdrawn", "never-asked", "ask-first", "refused", "review-due"})
_PLACES: Final = (
    "where",
    "what",
    "limit",
    "slot",
    "at",
    "seq",
    "chunk",
    "check",
    "path",
    "rule",
    "record_id",
    "reason",
)


def exit_code(error: BaseException) -> int:
    """The exit code 1 to 4 of a refusal; 3 for anything that is not ours."""
    return next((_EXITS[code] for code in _codes(error) if code in _EXITS), MACHINE)


def message_key(error: BaseException) -> str:
    """The key of the sentence that fits the refusal most closely."""
    keys = (f"failure.{code}" for code in _codes(error))
    return next((key for key in keys if has_sentence(key)), "failure.unknown")


def failure_message(error: BaseException, language: Language) -> str:
    """The whole sentence for a refusal: what, where and the next step, never what was said there."""
    said, places = sentence(message_key(error), language, **_places(error, language)), _places(error, language)
    if isinstance(error, ConsentError) and error.record_id and error.code in _WITNESS_SAID:
        return sentence("failure.consent-stays", language, **places, words=said)
    return said


def _codes(error: BaseException) -> Iterator[str]:
    for code in _class_codes(error):
        for detail in ("code", "reason", "rule", "kind"):
            if isinstance(word := getattr(error, detail, None), str):
                yield f"{code}.{word}"
        yield code


def _class_codes(error: BaseException) -> Iterator[str]:
    for ancestor in type(error).__mro__:
        if isinstance(code := vars(ancestor).get("code"), str):
            yield code


def _places(error: BaseException, language: Language) -> dict[str, str]:
    nowhere = sentence("failure.nowhere", language)
    found = {name: getattr(error, name, None) for name in _PLACES}
    shown = {name: nowhere if value in (None, "") else str(value) for name, value in found.items()}
    return shown | {"check": CHECK_NAMES[language].get(shown["check"], shown["check"])}
