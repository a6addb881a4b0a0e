"""A notice of withdrawal in words, as commands and screens show it before the record it is about."""

from collections.abc import Iterator

from tui.strings.sentences import Language, sentence
from vault.notices import HeldNotice


def notice_lines(notice: HeldNotice, language: Language) -> Iterator[str]:
    """What the witness asks, through whom and since when; then that nothing of the record may be passed on."""
    said = {"sender": notice.sender, "at": notice.claimed_at}
    if notice.purpose is None:
        yield sentence("notice.about", language, **said)
    else:
        yield sentence("notice.about-purpose", language, **said, purpose=notice.purpose)
    yield sentence(f"notice.asks.{notice.asks}", language)
    yield sentence("notice.blocked", language)


def notice_as_json(notice: HeldNotice) -> dict[str, object]:
    """The same for another program."""
    return {
        "asks": notice.asks,
        "at": notice.claimed_at,
        "purpose": notice.purpose,
        "received": notice.received_at,
        "sender": notice.sender,
    }
