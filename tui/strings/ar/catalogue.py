"""The Arabic sentences, gathered."""

from typing import Final

from tui.strings.ar.acts import ACTS
from tui.strings.ar.anchors import ANCHORS
from tui.strings.ar.approvals import APPROVALS
from tui.strings.ar.beside import BESIDE
from tui.strings.ar.commands import COMMANDS
from tui.strings.ar.companions import COMPANIONS
from tui.strings.ar.consent import CONSENT
from tui.strings.ar.corrections import CORRECTIONS
from tui.strings.ar.demo import DEMO
from tui.strings.ar.erasure import ERASURE
from tui.strings.ar.exchange import EXCHANGE
from tui.strings.ar.failures import FAILURES
from tui.strings.ar.forms import FORMS
from tui.strings.ar.frame import FRAME
from tui.strings.ar.interviewer import INTERVIEWER
from tui.strings.ar.marking import MARKING
from tui.strings.ar.marks import MARKS
from tui.strings.ar.notes import NOTES
from tui.strings.ar.organisation import ORGANISATION
from tui.strings.ar.outside import OUTSIDE
from tui.strings.ar.problems import PROBLEMS
from tui.strings.ar.reasons import REASONS
from tui.strings.ar.redaction import REDACTION
from tui.strings.ar.requests import REQUESTS
from tui.strings.ar.restrictions import RESTRICTIONS
from tui.strings.ar.rosters import ROSTERS
from tui.strings.ar.scripts import SCRIPTS
from tui.strings.ar.sharing import SHARING
from tui.strings.ar.terms import TERMS
from tui.strings.ar.withdrawal import WITHDRAWAL

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
