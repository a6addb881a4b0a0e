"""The English sentences, gathered."""

from typing import Final

from tui.strings.en.acts import ACTS
from tui.strings.en.anchors import ANCHORS
from tui.strings.en.approvals import APPROVALS
from tui.strings.en.beside import BESIDE
from tui.strings.en.commands import COMMANDS
from tui.strings.en.companions import COMPANIONS
from tui.strings.en.consent import CONSENT
from tui.strings.en.corrections import CORRECTIONS
from tui.strings.en.demo import DEMO
from tui.strings.en.erasure import ERASURE
from tui.strings.en.exchange import EXCHANGE
from tui.strings.en.failures import FAILURES
from tui.strings.en.forms import FORMS
from tui.strings.en.frame import FRAME
from tui.strings.en.interviewer import INTERVIEWER
from tui.strings.en.marking import MARKING
from tui.strings.en.marks import MARKS
from tui.strings.en.notes import NOTES
from tui.strings.en.organisation import ORGANISATION
from tui.strings.en.outside import OUTSIDE
from tui.strings.en.problems import PROBLEMS
from tui.strings.en.reasons import REASONS
from tui.strings.en.redaction import REDACTION
from tui.strings.en.requests import REQUESTS
from tui.strings.en.restrictions import RESTRICTIONS
from tui.strings.en.rosters import ROSTERS
from tui.strings.en.scripts import SCRIPTS
from tui.strings.en.sharing import SHARING
from tui.strings.en.terms import TERMS
from tui.strings.en.withdrawal import WITHDRAWAL

SENTENCES: Final[dict[str, str]] = {
    **FRAME,
    **EXCHANGE,
    **INTERVIEWER,
    **MARKING,
    **MARKS,
    **NOTES,
    **ORGANISATION,
    **OUTSIDE,
    **BESIDE,
    **PROBLEMS,
    **FAILURES,
    **CONSENT,
    **SCRIPTS,
    **SHARING,
    **COMPANIONS,
    **CORRECTIONS,
    **ROSTERS,
    **ACTS,
    **APPROVALS,
    **TERMS,
    **WITHDRAWAL,
    **ERASURE,
    **COMMANDS,
    **ANCHORS,
    **DEMO,
    **FORMS,
    **REASONS,
    **REDACTION,
    **REQUESTS,
    **RESTRICTIONS,
}
