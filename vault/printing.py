"""A reading copy on paper: the same gate and the same rendition as a sealed bundle, with the conditions on top."""

from typing import Final

from testimony.custody.moments import wall_text
from testimony.errors import ConsentError
from vault.approvals import approvers_of, require_approval
from vault.conditions import CONDITIONS
from vault.contacts import contact
from vault.custody import append
from vault.entitlement import require_recipient, require_writing
from vault.errors import PolicyError
from vault.handover import ask_again
from vault.preview import Handover, request_to_leave
from vault.store import Vault

_HEADING: Final = """\
{control}, version {version}
For {body} only, for: {purpose}
Profile {profile}, printed {at} by {by}
إلى {body} وحدها، للغاية: {purpose}
نمط الحجب {profile}، طُبعت {at} بواسطة {by}

"""


def printed_copy(vault: Vault, handover: Handover) -> str:
    """The text to be printed of one record, once consent was asked again and the log says that it is printed.

    Raises:
        ConsentError: Consent does not let it go, or changed since it was prepared.
        PolicyError: More than one record, a span that nobody walked through, a word that must not leave, a roster
            against it, or a second person has to look first.
    """
    if len(handover.rows) != 1:
        raise PolicyError("one-record")
    (row,) = handover.rows
    if row.rendition is None:
        raise ConsentError(row.decision.rule, row.decision.reason, row.record_id)
    row.refuse_unfinished_walk()
    if row.rendition.leaks:
        raise PolicyError("leak", row.rendition.leaks[0].file)
    now, line = vault.clock.now().wall, row.rendition.packed.line
    with vault.transaction() as tx:
        if contact(vault, handover.to.code) != handover.to:
            raise ConsentError("C3", "consent-changed", row.record_id)
        approvers = approvers_of(tx, vault, handover)
        ask_again(tx, vault, row, request_to_leave(handover, now, approvers))
        require_approval(tx, vault, handover, approvers)
        # For whom stands on the paper alone: the record's own history travels, and never says who else received it.
        append(tx, vault, "record.print", row.record_id, {"version": line.version, "profile": handover.profile})
        require_writing(tx, vault, row.record_id)
        require_recipient(tx, vault, handover.to, row.record_id)
    heading = _HEADING.format(
        control=line.control_number,
        version=line.version,
        body=handover.to.code,
        purpose=handover.purpose,
        profile=handover.profile,
        at=wall_text(now),
        by=vault.settings.code,
    )
    return heading + CONDITIONS + "\n" + row.rendition.text
