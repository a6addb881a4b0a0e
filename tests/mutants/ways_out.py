"""Mutants of every way out of a vault: its call of the gate, and what stands by a withdrawal, taken away one at a time."""

from mutants.promises import Mutant

COMMANDS = "tests/tui/test_command_consent.py"
AFTER = "tests/vault/test_consent.py"
WITHDRAWAL = "tests/vault/test_withdrawal.py"
ERASURE = "tests/vault/test_erasure.py"
WALKS = "tests/vault/test_ways_out.py"
PUBLIC = "tests/vault/test_public_use.py"
BAGS = "tests/testimony/test_malformed_bundles.py"

_ASKED = "    decision, release = gate(stored, request)\n"
_DECEIVED = (
    "    from mutants.deceit import granted\n\n    decision, release = gate(granted(stored, request), request)\n"
)


def _mutant(name: str, path: str, change: tuple[str, str], *tests: str, daily: bool = False) -> Mutant:
    return Mutant(name=name, path=path, old=change[0], new=change[1], tests=tests, daily=daily)


WAYS_OUT = (
    _mutant(
        "a preview and show --as that do not ask the gate",
        "vault/preview.py",
        (_ASKED, _DECEIVED),
        f"{COMMANDS}::test_no_way_out_opens_without_a_grant",
        daily=True,
    ),
    _mutant(
        "a walk through a record that does not ask the gate",
        "vault/review.py",
        (_ASKED, _DECEIVED),
        f"{WALKS}::test_no_walk_begins_without_a_grant",
    ),
    _mutant(
        "a seal for the public by who could approve it and did not",
        "vault/preview.py",
        ("        approvers=frozenset(approvers),\n", '        approvers=frozenset({"A-02", "A-03"}),\n'),
        PUBLIC,
        daily=True,
    ),
    _mutant(
        "an approval of somebody who may not approve any more",
        "vault/second_person.py",
        ("    return person.code == code\n", "    return True\n"),
        PUBLIC,
    ),
    _mutant(
        "a seal that packs an older consent statement",
        "vault/handover.py",
        ("        or now != (None if packed.statement is None else packed.statement.text)\n", ""),
        f"{AFTER}::test_a_word_about_another_body_between_preview_and_seal_stops_the_seal",
    ),
    _mutant(
        "a withdrawal that is not written down",
        "vault/withdrawal.py",
        ("        yield add_event(tx, vault, stored, partial(_withdrawal, wish)).events[-1]\n", ""),
        f"{WITHDRAWAL}::test_after_a_withdrawal_from_everybody_nothing_leaves_and_both_bodies_are_told",
        daily=True,
    ),
    _mutant(
        "a notice to one body that names the bundles of all",
        "vault/withdrawal.py",
        ("groupby(left, key=lambda one: one.fingerprint)", "groupby(left, key=lambda one: '')"),
        f"{WITHDRAWAL}::test_a_notice_names_only_what_its_body_has",
    ),
    _mutant(
        "a received record shown without the notice about it",
        "vault/received.py",
        (", notices=notices_about(vault, row[0]))", ")"),
        f"{WITHDRAWAL}::test_a_notice_stands_before_the_record_in_show_search_and_list",
    ),
    _mutant(
        "a withdrawn record that may be passed on",
        "vault/notices.py",
        ('        raise PolicyError("withdrawn-notice", held[0].record_id)\n', "        return\n"),
        f"{WITHDRAWAL}::test_a_notice_stands_before_the_record_in_show_search_and_list",
    ),
    _mutant(
        "a notice by somebody who did not send the record",
        "vault/notices.py",
        ("    if any(one != sender for one in senders):\n", "    if False:\n"),
        f"{WITHDRAWAL}::test_a_notice_by_a_contact_who_did_not_send_the_record_is_refused",
    ),
    _mutant(
        "a notice whose signatures nobody checks",
        "testimony/withdrawal.py",
        (
            "            check_signatures(self._notice.text(), self._signatures, WITHDRAWAL, sender)\n",
            "            pass\n",
        ),
        f"{WITHDRAWAL}::test_a_notice_whose_words_were_changed_is_refused",
    ),
    _mutant(
        "an erasure that a hold does not stop",
        "vault/erasure_steps.py",
        ("    if hold_in(tx, record_id) is not None:\n", "    if False:\n"),
        f"{ERASURE}::test_a_hold_needs_authority_and_reason_is_visible_and_blocks_erasure",
    ),
    _mutant(
        "an erasure that one person does alone",
        "vault/erasure.py",
        ("        if by in (step.act.actor, vault.settings.code):\n", "        if False:\n"),
        f"{ERASURE}::test_erasure_needs_three_steps_in_their_order_and_two_people",
    ),
    _mutant(
        "an erasure that leaves the words in the index",
        "vault/erasure.py",
        ("        unindex_record(tx, _searchable(origin, record_id, version, source))\n", "        pass\n"),
        f"{ERASURE}::test_no_word_name_key_or_file_of_an_erased_record_is_left",
    ),
    _mutant(
        "an erasure that leaves the names",
        "vault/erasure.py",
        ("            forget_people(tx, case_code)\n", "            pass\n"),
        f"{ERASURE}::test_no_word_name_key_or_file_of_an_erased_record_is_left",
    ),
    _mutant(
        "a file that brings an erased record back",
        "vault/received.py",
        (" and not erased_since(tx, record, origin)", ""),
        f"{ERASURE}::test_a_received_record_is_erased_and_the_same_file_does_not_bring_it_back",
    ),
    _mutant(
        "a consent statement that need not be the newest",
        "testimony/bundle/custody_check.py",
        ("ledger.expect(_is_newest(record.statement, _since_finishing(chain)), ", "ledger.expect(True, "),
        BAGS,
    ),
    _mutant(
        "a consent statement whose signatures nobody checks",
        "testimony/bundle/consent_check.py",
        ("        check_signatures(text, signatures, CONSENT_NAMESPACE, seal.signer.public)\n", ""),
        BAGS,
    ),
)
