"""The reading copy of one record: numbered paragraphs in logical order (docs/format/bundle-v1.md, section 3.3).

It is made from head, disclosure and revision alone, by writer and reader alike, so that it can say nothing else.
"""

import re
from collections.abc import Iterator
from typing import Final

from testimony.bundle.revision import Revision
from testimony.redaction.disclosed import GAP_MARK, Disclosed, ShownParagraph
from testimony.redaction.head import RecordHead

PRACTICE_LINE: Final = "PRACTICE: invented testimony. تدريب: إفادة مختلَقة."
NOTHING_SHOWN: Final = "[…]"

# Controls and bidirectional controls would act on the screen that shows the copy; the record keeps the exact text.
_ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_INDENT: Final = "\n    "


def render_copy(head: RecordHead, disclosed: Disclosed, *said: str, revision: Revision | None = None) -> bytes:
    """data/text/<control number>.txt in UTF-8; `said` are further lines of its title."""
    number = head.control_number if revision is None else f"{head.control_number}-{revision.label}"
    title = [number, f"{head.record_id} v{head.version}", *said]
    title += [PRACTICE_LINE] if head.practice else []
    return ("\n".join(title) + "\n\n" + "\n\n".join(_blocks(disclosed)) + "\n").encode("utf-8")


def _blocks(disclosed: Disclosed) -> Iterator[str]:
    if not disclosed.paragraphs:
        yield NOTHING_SHOWN
    for paragraph in disclosed.paragraphs:
        if isinstance(paragraph, ShownParagraph):
            yield f"{paragraph.index + 1}. {_visible(paragraph.text())}"
        else:
            yield GAP_MARK


def _visible(text: str) -> str:
    marked = _ACTING.sub(lambda found: f"<U+{ord(found.group()):04X}>", text)
    return marked.replace("\n", _INDENT)
