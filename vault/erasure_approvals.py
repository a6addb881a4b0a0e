"""The second person of an erasure: where the roster names one, their signature on exactly this request, on a stick.

Without a roster, or where it names nobody else who approves, a code is typed: the log says who was named.
"""

from testimony.approval import Approval
from testimony.custody.entries import Entry
from testimony.custody.moments import wall_text
from testimony.erasure_approval import Erasure, parse_erasure_approval
from vault.erasure_steps import asked_in, log_approval, newest_of, reason_in, refuse_held
from vault.errors import AlreadyImportedError, PolicyError
from vault.holds import require_record
from vault.rosters import governing
from vault.second_person import checked_by_contact, has_another, require_approver, require_named, still_approves
from vault.store import Transaction, Vault


def erasure_to_approve(vault: Vault, record_id: str) -> Erasure:
    """What a second person would sign: this record, this version, this request; no name and no word.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: Nobody asked for its erasure ("erase-not-asked").
    """
    with vault.transaction() as tx:
        require_record(tx, record_id)
        return _erasure_in(tx, vault, record_id)


def take_erasure_approval(vault: Vault, data: bytes) -> Approval[Erasure]:
    """The approval in a file, written to the log as the second step of the erasure that it names.

    Raises:
        ApprovalError: Malformed, or not signed by its approver.
        NotFoundError: There is no such record.
        PolicyError: Its signer is no contact ("unknown-signer"), may not approve by the roster now ("approval-role") or
            is the person of this device ("approval-own"); it is about another device or request ("erase-not-asked");
            or there is a hold on the record ("held").
        AlreadyImportedError: It is here already.
    """
    signed = parse_erasure_approval(data)
    approval = checked_by_contact(vault, signed)
    if approval is None:
        raise PolicyError("unknown-signer", signed.fingerprint)
    require_approver(vault, approval)
    erasure, digest = approval.subject, approval.subject.digest.hex()
    with vault.transaction() as tx:
        require_record(tx, erasure.record_id)
        if _erasure_in(tx, vault, erasure.record_id) != erasure:
            raise PolicyError("erase-not-asked", erasure.record_id)
        refuse_held(tx, erasure.record_id)
        if _signed(tx, vault, digest):
            raise AlreadyImportedError("approval", approval.approver)
        tx.execute(
            "INSERT OR REPLACE INTO approvals (digest, approver, taken_at, content) VALUES (?, ?, ?, ?)",
            (digest, approval.approver, wall_text(vault.clock.now().wall), data),
        )
        log_approval(tx, vault, erasure.record_id, erasure.reason, by=approval.approver, approval=digest)
    return approval


def refuse_typed(vault: Vault, code: str) -> None:
    """Nothing, when a typed code may stand for the second person.

    Raises:
        PolicyError: The roster names somebody who signs ("erase-unsigned"); or it does not name this person or took
            them back ("second-unknown"), or they work on this device ("same-person").
    """
    accepted, own = governing(vault), vault.identity.public.fingerprint
    if accepted is None:
        return
    if has_another(accepted.roster, own):
        raise PolicyError("erase-unsigned", code)
    require_named(accepted.roster, code, own)


def refuse_unsigned(tx: Transaction, vault: Vault, record_id: str, step: Entry) -> None:
    """Nothing, when the approved step holds by the roster that is in force now.

    Raises:
        PolicyError: As `refuse_typed`; also where the signature is of somebody who may not approve any more, or of an
            older version of the record ("erase-unsigned").
    """
    accepted, own = governing(vault), vault.identity.public.fingerprint
    if accepted is None:
        return
    if not has_another(accepted.roster, own):
        require_named(accepted.roster, step.act.actor, own)
    elif not _signed(tx, vault, _erasure_in(tx, vault, record_id).digest.hex()):
        raise PolicyError("erase-unsigned", record_id)


def _erasure_in(tx: Transaction, vault: Vault, record_id: str) -> Erasure:
    going = newest_of(tx, record_id)
    entry, asked = asked_in(tx, record_id)
    return Erasure(
        device=vault.identity.public.fingerprint,
        record_id=record_id,
        version=going.version,
        root=going.root,
        reason=reason_in(entry),
        asked=asked,
    )


def _signed(tx: Transaction, vault: Vault, digest: str) -> bool:
    """Whether an approval of this digest is here whose signer may approve by the roster in force."""
    accepted = governing(vault)
    return accepted is not None and any(
        still_approves(vault, accepted.roster, code, parse_erasure_approval(content).fingerprint)
        for code, content in tx.all("SELECT approver, content FROM approvals WHERE digest = ?", (digest,))
    )
