"""The interview being written: what is in it, what is not saved yet, and what is wrong with it."""

from collections.abc import Sequence

from testimony.answers import NotAsked, answer_to_json
from testimony.canonical import JsonValue, encode, parse_lenient
from testimony.errors import CanonicalError, InterviewError, LimitExceededError
from testimony.forms.form import Field
from testimony.interview import Interview
from testimony.scripts import Script
from vault.scripts import list_scripts
from vault.store import Vault
from vault.viewing import take_in_hand

_MOST: int = 1 << 20


class Draft:
    """Takes raw answers as they are typed; a wrong one is kept as typed, and said to be wrong."""

    def __init__(self, record_id: str, interview: Interview, scripts: Sequence[Script] = ()) -> None:
        self.record_id = record_id
        self.interview = interview
        self.scripts = tuple(scripts)
        self.problems: dict[str, str] = {}
        self._waiting: dict[str, tuple[Field, JsonValue]] = {}
        self._saved: Interview | None = interview
        for name in interview.unparsed:
            self.problems[name] = "unparsed"

    @property
    def is_unsaved(self) -> bool:
        """Whether something typed is not in the vault yet."""
        return bool(self._waiting) or self._saved is not self.interview

    def take(self, asked: Field, raw: JsonValue) -> None:
        """Remember an answer; it is read when the draft is next gathered."""
        self._waiting[asked.id] = (asked, raw)

    def gather(self) -> Interview:
        """The interview with everything typed so far."""
        waiting, self._waiting = self._waiting, {}
        for asked, raw in waiting.values():
            self._read(asked, raw)
        return self.interview

    def note_saved(self, interview: Interview) -> None:
        """That interview is in the vault."""
        self._saved = interview

    def raw(self, asked: Field) -> JsonValue:
        """The JSON value of an answer, as typed where it could not be read."""
        if asked.id in self._waiting:
            return self._waiting[asked.id][1]
        typed = self.interview.unparsed.get(asked.id)
        if typed is not None:
            return _typed_value(asked, typed)
        return _value_in(self.interview, asked)

    def _read(self, asked: Field, raw: JsonValue) -> None:
        self.problems.pop(asked.id, None)
        try:
            self.interview = self.interview.answered(asked.id, raw)
        except InterviewError as error:
            self.problems[asked.id] = error.problems[0].rule
            self._keep_as_typed(asked, raw)
        except LimitExceededError as error:
            self._too_long(asked, raw, error.code)

    def _keep_as_typed(self, asked: Field, raw: JsonValue) -> None:
        typed = raw if isinstance(raw, str) and not asked.members else encode(raw).decode("utf-8")
        try:
            self.interview = self.interview.typed(asked.id, typed)
        except LimitExceededError as error:
            self._too_long(asked, raw, error.code)

    def _too_long(self, asked: Field, raw: JsonValue, rule: str) -> None:
        """What is too long stays on the screen and is never called saved."""
        self.problems[asked.id] = rule
        self._waiting[asked.id] = (asked, raw)


def draft_in_hand(vault: Vault, record_id: str) -> Draft:
    """The draft as it stands in the vault, with the texts that can be read out; the log says that it was taken in hand.

    Raises:
        NotFoundError: There is no such draft.
    """
    return Draft(record_id, take_in_hand(vault, record_id), list_scripts(vault))


def _typed_value(asked: Field, typed: str) -> JsonValue:
    if not asked.members and asked.type != "booleans":
        return typed
    try:
        return parse_lenient(typed.encode("utf-8"), limit=_MOST, where=asked.id)
    except CanonicalError:
        return None


def _value_in(interview: Interview, asked: Field) -> JsonValue:

    answer = interview.answers[asked.id]
    return None if isinstance(answer, NotAsked) else answer_to_json(answer)
