"""One finished record, to read: account, exhibits, consent; the identity only behind a logged reveal."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.custody.anchors import Interval
from testimony.interview import Interview
from tui.answer_text import answer_lines, slot_lines
from tui.dialogs.reasons import ReasonDialog
from tui.interval_words import interval_sentence
from tui.keys_on_screen import key
from tui.notice_text import notice_lines
from tui.screens.interview import InterviewScreen
from tui.screens.screen import VaultScreen
from tui.widgets.reading import ReadingText
from tui.words import shown_line
from vault.anchors import finished_between
from vault.corrections import begin_correction
from vault.received import ReceivedRecord
from vault.records import StoredRecord
from vault.store import Vault
from vault.viewing import OpenDraft, Viewed, open_identity, view

_OF_OWN: Final = frozenset({"reveal", "correct", "withdraw"})
_OF_OTHERS: Final = frozenset({"ask_for_more"})


class Loaded(Message):
    """The record was read, and the log says so."""

    def __init__(self, viewed: Viewed, interval: Interval | None) -> None:
        self.viewed = viewed
        self.interval = interval
        super().__init__()


class Revealed(Message):
    """The reveal stands in the log."""


class CorrectionBegun(Message):
    """The draft of the next version is open."""


class RecordScreen(VaultScreen):
    """A record that cannot be edited any more."""

    TITLE_KEY = "title.record"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("i", "reveal", "reveal-identity"),
        key("k", "correct", "correct"),
        key("w", "withdraw", "withdraw"),
        key("t", "companions", "companions"),
        key("q", "ask_for_more", "ask-for-more"),
        key("escape", "back", "back"),
    ]

    def __init__(self, record_id: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._viewed: Viewed | None = None
        self._interval: Interval | None = None
        self._revealed = False

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done with a record of one's own is not offered for one that was taken in, and the reverse."""
        if action in _OF_OTHERS:
            return isinstance(self._viewed, ReceivedRecord)
        if action in _OF_OWN:
            return not isinstance(self._viewed, ReceivedRecord)
        return super().check_action(action, parameters)

    def body(self) -> Iterable[Widget]:
        """Filled once the record is read."""
        yield VerticalScroll(id="record", classes="page tight")

    def on_mount(self) -> None:
        """Read the record; that it was viewed is logged."""
        self._read()

    def change_language(self) -> None:
        """Show it in the other language."""
        super().change_language()
        self.call_after_refresh(self._show)

    def _read(self) -> None:
        self.ask(partial(_seen, record_id=self._record_id), lambda seen: Loaded(*seen))

    @on(Loaded)
    async def loaded(self, message: Loaded) -> None:
        """Show it."""
        self._viewed, self._interval = message.viewed, message.interval
        self.refresh_bindings()
        await self._show()

    async def _show(self) -> None:
        page = self.query_one("#record", VerticalScroll)
        await page.remove_children()
        viewed = self._viewed
        if isinstance(viewed, StoredRecord):
            await page.mount_all(self._widgets(viewed))
        elif isinstance(viewed, ReceivedRecord):
            await page.mount_all(self._received(viewed))
        elif isinstance(viewed, OpenDraft):
            await page.mount_all(self._interview(viewed.interview))

    def _received(self, received: ReceivedRecord) -> list[Widget]:
        """What is shown, with the gaps; the conditions again at the end."""
        widgets: list[Widget] = [
            Static(shown_line(line), classes="strong")
            for notice in received.notices
            for line in notice_lines(notice, self.language)
        ]
        widgets += [
            Static(self.say("record.from", sender=received.sender, at=received.received_at)),
            Static(shown_line(received.control_number), classes="code"),
            *self._version(received, "record.version-received"),
        ]
        texts = dict(received.paragraphs)
        for place in range(max(texts, default=-1) + 1):
            gap = self.line("record.withheld", number=place + 1)
            widgets.append(ReadingText(f"{place + 1}. {texts[place]}" if place in texts else gap, classes="paragraph"))
        widgets += _labelled(slot_lines(received.form, received.answers, self.language))
        widgets += [
            Static(self.say("record.gaps", count=len(received.hidden)), classes="quiet label"),
            Static(self.say("report.conditions"), classes="strong label"),
            ReadingText(received.conditions, classes="quiet"),
        ]
        return widgets

    def _widgets(self, stored: StoredRecord) -> list[Widget]:
        widgets: list[Widget] = [Static(self.say("record.closed", at=stored.finished_at), classes="quiet")]
        if self._interval is not None:
            proved = interval_sentence(self._interval, stored.finished_at, self.language)
            widgets.append(ReadingText(proved, classes="quiet"))
        if stored.record is None:
            return [*widgets, Static(self.say("record.refused"), classes="strong")]
        record = stored.record
        widgets += self._version(stored, "record.version")
        widgets.append(Static(shown_line(f"{record.control_number or ''}  {stored.case_code or ''}"), classes="code"))
        for exhibit in record.exhibits:
            name = exhibit.control_number or ""
            widgets.append(Static(self.say("record.exhibit", number=name, title=exhibit.title, size=exhibit.size)))
        return widgets + self._interview(record.interview)

    def _version(self, viewed: StoredRecord | ReceivedRecord, words: str) -> list[Widget]:
        """That it is a correction, where it is one."""
        if viewed.version == 1:
            return []
        return [Static(self.say(words, version=viewed.version, before=viewed.version - 1), classes="strong")]

    def _interview(self, interview: Interview) -> list[Widget]:
        widgets: list[Widget] = [
            ReadingText(f"{number}. {paragraph}", classes="paragraph")
            for number, paragraph in enumerate(interview.paragraphs, start=1)
        ]
        mask = None if self._revealed else self.line("record.hidden")
        return [*widgets, *_labelled(answer_lines(interview, self.language, mask=mask))]

    def action_reveal(self) -> None:
        """Show the identity; the log says so first."""
        if not self._revealed and self._viewed is not None and not isinstance(self._viewed, ReceivedRecord):
            self.ask(partial(open_identity, record_id=self._record_id), lambda _none: Revealed())

    @on(Revealed)
    async def revealed(self) -> None:
        """Show everything."""
        self._revealed = True
        await self._show()

    def action_correct(self) -> None:
        """Ask why, then open the next version as a draft."""
        if isinstance(self._viewed, StoredRecord):
            self.app.push_screen(ReasonDialog(), self._correct)

    def _correct(self, reason: str | None) -> None:
        if reason is not None:
            begin = partial(begin_correction, record_id=self._record_id, reason=reason)
            self.ask(begin, lambda _version: CorrectionBegun())

    @on(CorrectionBegun)
    def correction_begun(self) -> None:
        """Go to the draft; the way back is the list."""
        self.app.switch_screen(InterviewScreen(self._record_id))

    def action_withdraw(self) -> None:
        """Go where the witness takes back what she agreed to."""
        if isinstance(self._viewed, StoredRecord) and self._viewed.record is not None:
            from tui.screens.withdrawal import WithdrawalScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.push_screen(WithdrawalScreen(self._record_id))

    def action_companions(self) -> None:
        """Translations, transcripts and observations of this record."""
        viewed = self._viewed
        if isinstance(viewed, ReceivedRecord) or (isinstance(viewed, StoredRecord) and viewed.record is not None):
            from tui.screens.companions import CompanionsScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.push_screen(CompanionsScreen(viewed))

    def action_ask_for_more(self) -> None:
        """Ask the sender for something that is hidden."""
        if isinstance(self._viewed, ReceivedRecord):
            from tui.screens.request import RequestScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.push_screen(RequestScreen(self._record_id))

    def action_back(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def _seen(vault: Vault, record_id: str) -> tuple[Viewed, Interval | None]:
    """The record, and between which outside things one of one's own was finished."""
    viewed = view(vault, record_id)
    is_own = isinstance(viewed, StoredRecord)
    return viewed, finished_between(vault, record_id, viewed.version) if is_own else None


def _labelled(lines: Iterable[tuple[str, str]]) -> Iterator[Widget]:
    for label, text in lines:
        yield Static(shown_line(label), classes="member")
        yield ReadingText("\n".join(f"  {line}" for line in text.splitlines()))
