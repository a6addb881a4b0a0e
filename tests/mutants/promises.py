"""Mutants written by hand: each takes one protection away, and names the tests that must then fail.

`old` stands exactly once in the file; a change of the code that moves it must move it here as well.
"""

from dataclasses import dataclass

BAGS = "tests/testimony/test_malformed_bundles.py"
SEALS = "tests/testimony/test_sealing_bundles.py"
CONSENT = "tests/testimony/record/test_consent.py"
READINESS = "tests/testimony/record/test_readiness.py"
TREES = "tests/testimony/redaction/test_attacks.py"
LEAKS = "tests/testimony/record/test_leaks.py"
PROOFS = "tests/testimony/custody/test_proofs.py"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One protection taken away; `daily` where CI tries it at every change, the others are tried by `make soak`."""

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    daily: bool = False

    def __str__(self) -> str:
        return self.name


def _mutant(name: str, path: str, change: tuple[str, str], *tests: str, daily: bool = False) -> Mutant:
    return Mutant(name=name, path=path, old=change[0], new=change[1], tests=tests, daily=daily)


def _rule(rule: str, reason: str, broken: str) -> Mutant:
    line = f'    ("{rule}", "{reason}", {broken}),\n'
    return _mutant(f"the gate without {reason}", "testimony/consent.py", (line, ""), CONSENT)


MUTANTS = (
    # Seal and signatures.
    _mutant(
        "a header whose MAC nobody checks",
        "keys/sealing.py",
        ("    header.check_mac(file_key)\n", ""),
        "tests/keys/test_sealing_rules.py",
        "tests/keys/test_sealing.py",
        daily=True,
    ),
    _mutant(
        "stanzas of any kind",
        "keys/sealing.py",
        ("if stanza.arguments[0] != HYBRID_TYPE:", "if False:"),
        "tests/keys/test_sealing_rules.py",
        "tests/keys/test_sealing.py",
    ),
    _mutant(
        "the hybrid signature alone",
        "keys/signature.py",
        ("        ed25519_verify(signer.ed25519, plain.signature, message)\n", ""),
        "tests/keys/test_signature.py",
    ),
    _mutant(
        "the Ed25519 signature alone",
        "keys/signature.py",
        ("        composite_verify(signer.hybrid, hybrid.signature, message)\n", ""),
        "tests/keys/test_signature.py",
        daily=True,
    ),
    _mutant(
        "a signature made for another purpose",
        "keys/signature.py",
        ("    if found.namespace != namespace:\n", "    if False:\n"),
        "tests/keys/test_signature.py",
    ),
    _mutant(
        "a signature by a key from the file itself",
        "keys/signature.py",
        ("    if not equal(found.public_key, public):\n", "    if False:\n"),
        "tests/keys/test_signature.py",
    ),
    _mutant(
        "a point of small order",
        "keys/signature.py",
        ("        check_ed25519_point(public_ed25519)\n", ""),
        "tests/keys/test_signature.py",
    ),
    # Redaction.
    _mutant(
        "a disclosure that leads to no root",
        "testimony/redaction/reading.py",
        ("if found.n != commitment.n or not equal(found.root, commitment.root):", "if found.n != commitment.n:"),
        TREES,
        daily=True,
    ),
    _mutant(
        "runs that do not tile",
        "testimony/redaction/reading.py",
        ("    if roots.size != size:\n", "    if False:\n"),
        TREES,
        "tests/testimony/redaction",
    ),
    _mutant(
        "a value in another field",
        "testimony/redaction/reading.py",
        ('    if value.get("path") != path:\n', "    if False:\n"),
        TREES,
        "tests/testimony/redaction",
    ),
    _mutant(
        "an element behind a void",
        "testimony/redaction/reading.py",
        ("        if self._ended:\n", "        if False:\n"),
        TREES,
        "tests/testimony/redaction",
    ),
    _mutant(
        "base64 in a second spelling",
        "testimony/redaction/reading.py",
        (' or b64encode(data).decode("ascii") != text:', ":"),
        TREES,
        "tests/testimony/redaction",
    ),
    _mutant(
        "a tree of any number of leaves",
        "testimony/redaction/reading.py",
        ("if not is_count(size) or not _fits(size, shape):", "if not is_count(size):"),
        TREES,
        "tests/testimony/redaction",
    ),
    _mutant(
        "voids beside a gap that tell how many words are gone",
        "testimony/redaction/disclosure.py",
        ("    _spread(atoms, gaps, range(len(atoms)))\n", ""),
        "tests/testimony/redaction",
    ),
    _mutant(
        "a list in part with its voids",
        "testimony/redaction/disclosure.py",
        ("voids = all(shown) and all(_entire(child, selection) for child in children)", "voids = True"),
        "tests/testimony/redaction",
    ),
    _mutant(
        "one salt for two values",
        "testimony/redaction/salts.py",
        ('_SEED_LABEL + path.encode("utf-8")', "_SEED_LABEL"),
        "tests/testimony/redaction",
    ),
    _mutant(
        "a hash without its salt",
        "testimony/redaction/salts.py",
        ("sha256(_LEAF + salt + framed)", "sha256(_LEAF + framed)"),
        "tests/testimony/redaction",
    ),
    # Custody.
    _mutant(
        "a chain with a hole",
        "testimony/custody/proofs.py",
        ("        if entry.object_prev != heads.get(entry.object, NO_ENTRY):\n", "        if False:\n"),
        PROOFS,
        BAGS,
        daily=True,
    ),
    _mutant(
        "an entry of another log",
        "testimony/custody/proofs.py",
        ("        check_inclusion(leaf_hash(line), entry.seq, checkpoint.size, path, checkpoint.root)\n", ""),
        PROOFS,
        BAGS,
    ),
    _mutant(
        "acts in another device's mouth",
        "testimony/custody/proofs.py",
        ('        if not checkpoint.origin.endswith(f"/{entry.act.device}"):\n', "        if False:\n"),
        PROOFS,
        BAGS,
    ),
    _mutant(
        "neighbours that do not follow on",
        "testimony/custody/proofs.py",
        ("        if entry.seq == before[0] + 1 and entry.prev != before[1]:\n", "        if False:\n"),
        PROOFS,
        BAGS,
    ),
    _mutant(
        "entries in any order",
        "testimony/custody/proofs.py",
        ("        if entries and entry.seq <= entries[-1].seq:\n", "        if False:\n"),
        PROOFS,
        BAGS,
    ),
    _mutant(
        "a sealing that the log does not know",
        "testimony/bundle/custody_check.py",
        ("sealed = kinds[:1] == [_SEALING] and kinds.count(_SEALING) == 1", "sealed = True"),
        BAGS,
    ),
    # Consent.
    _rule("C1", "interview-refused", "lambda case: not case.facts.agreed"),
    _rule("C7", "limits-not-explained", "lambda case: not case.facts.limits_explained"),
    _rule("C8", "no-safeguards", "lambda case: not case.facts.safeguarded"),
    _rule("C9", "no-end-question", "lambda case: not case.ended"),
    _rule("C10", "withdrawn", "lambda case: case.withdrawn"),
    _rule("C15", "public-use-closed", "lambda case: case.unapproved"),
    _mutant(
        "public use for which one of staff stands",
        "testimony/consent.py",
        ("_STAFF: Final = 2\n", "_STAFF: Final = 1\n"),
        CONSENT,
    ),
    _mutant(
        "a bundle for the public that one person approved",
        "testimony/bundle/redaction_log.py",
        ("    return len(_approvers(cell) or ()) > 1\n", "    return bool(_approvers(cell))\n"),
        BAGS,
    ),
    _rule("C3", "ask-first", 'lambda case: case.grant is not None and case.grant.answer == "ask-first"'),
    _rule("C3", "refused", "lambda case: case.grant is None or not case.grant.live"),
    _rule("C18", "review-due", "lambda case: case.overdue"),
    _mutant(
        "an account before it is known which text was read out",
        "testimony/readiness.py",
        ("    if script_named(interview)[0] and not has_digest(interview):\n", "    if False:\n"),
        READINESS,
    ),
    _mutant(
        "an account again without a reason",
        "testimony/readiness.py",
        ("    if not reasoned(interview):\n", "    if False:\n"),
        READINESS,
    ),
    _mutant(
        "a text read out that nobody here knows",
        "vault/scripts.py",
        ("    if script is None or script.sha256 != digest:\n", "    if script is None:\n"),
        "tests/vault/test_scripts.py",
    ),
    _mutant(
        "conditions that nobody accepted",
        "vault/acceptance.py",
        ("    if here is None and not accept(bundle.conditions):\n", "    if False:\n"),
        "tests/vault/test_acceptance.py",
    ),
    _mutant(
        "a yes that only confirms turns a no into a yes",
        "testimony/consent.py",
        ('    if event.kind in ("change", "confirm") and event.answer == "yes" and not was_live:\n', "    if False:\n"),
        CONSENT,
    ),
    _mutant(
        "identity where a court has not ordered it",
        "testimony/consent.py",
        (
            'identity_allowed=grant is not None and grant.identity == "yes"',
            'identity_allowed=grant is not None and grant.identity != "no"',
        ),
        CONSENT,
        daily=True,
    ),
    _mutant(
        "a release that anybody makes",
        "testimony/consent.py",
        ("        if maker is not _MAKER:\n", "        if False:\n"),
        CONSENT,
    ),
    _mutant(
        "a seal without asking the gate again",
        "vault/handover.py",
        ("            ask_again(tx, vault, row, request)\n", "            pass\n"),
        "tests/vault/test_handover.py",
    ),
    # Bundle.
    _mutant(
        "bytes behind the end of the tar",
        "testimony/bundle/canonical_tar.py",
        ("        if self._source.read(1):\n", "        if False:\n"),
        "tests/testimony/test_canonical_tar.py",
        BAGS,
    ),
    _mutant(
        "filling that is not zeros",
        "testimony/bundle/canonical_tar.py",
        (
            "        if any(read_exactly(self._source, -self.size % BLOCK, self.name)):\n",
            "        if read_exactly(self._source, -self.size % BLOCK, self.name) is None:\n",
        ),
        "tests/testimony/test_canonical_tar.py",
        BAGS,
    ),
    _mutant(
        "a file that no manifest lists",
        "testimony/bundle/seal_check.py",
        ('        ledger.fail(Check.MANIFESTS, "unlisted", name)\n', "        pass\n"),
        BAGS,
    ),
    _mutant(
        "a file that was changed",
        "testimony/bundle/seal_check.py",
        ('            ledger.fail(Check.MANIFESTS, "changed", name)\n', "            pass\n"),
        BAGS,
    ),
    _mutant(
        "a manifest that is not the signed one",
        "testimony/bundle/seal_check.py",
        ('        ledger.expect(signed, Check.MANIFESTS, "not-the-signed-one", MANIFEST)\n', ""),
        BAGS,
    ),
    _mutant(
        "a statement in a second spelling",
        "testimony/bundle/statement.py",
        ("    if statement.to_text() != data:\n", "    if False:\n"),
        BAGS,
    ),
    _mutant(
        "a reading copy that says something else",
        "testimony/bundle/record_check.py",
        ("held = name in seen and seen[name][0] == digest", "held = name in seen"),
        BAGS,
    ),
    _mutant(
        "an exhibit that is another file",
        "testimony/bundle/exhibit_check.py",
        (
            "ledger.expect(seen[name] == (shown.sha256, shown.size), Check.EXHIBITS",
            "ledger.expect(True, Check.EXHIBITS",
        ),
        BAGS,
    ),
    _mutant(
        "an exhibit that no record shows",
        "testimony/bundle/exhibit_check.py",
        ('        ledger.fail(Check.EXHIBITS, "unlisted", name)\n', "        pass\n"),
        BAGS,
    ),
    _mutant(
        "more than the profile lets out",
        "testimony/bundle/profile_check.py",
        ("    elif not profile.shows_value(asked, slot, identity=identity):\n", "    elif False:\n"),
        BAGS,
    ),
    _mutant(
        "a face that was not granted",
        "testimony/bundle/profile_check.py",
        ("        if not profile.shows_class(Klass.S4, identity=identity):\n", "        if False:\n"),
        BAGS,
    ),
    _mutant(
        "a voice whose recording was not granted",
        "testimony/bundle/profile_check.py",
        ('            yield Excess("medium-not-granted", path)\n', "            pass\n"),
        BAGS,
    ),
    # Leaks, and what reaches a screen.
    _mutant(
        "a scan that sees one alignment of base64",
        "testimony/encodings.py",
        ("    for lead in range(3):\n", "    for lead in range(1):\n"),
        LEAKS,
        "tests/testimony/test_nothing_withheld_leaks.py",
    ),
    _mutant(
        "a scan whose windows do not overlap",
        "testimony/leaks.py",
        ("_OVERLAP: Final = 1 << 16", "_OVERLAP: Final = 1"),
        LEAKS,
    ),
    _mutant(
        "a leak that stops nothing",
        "vault/handover.py",
        ('            raise PolicyError("leak", name)\n', "            pass\n"),
        "tests/vault/test_handover.py",
    ),
    _mutant(
        "a bundle for another body",
        "vault/intake.py",
        ("    check_addressed(vault, bundle.statement.recipients)\n", ""),
        "tests/vault/test_intake.py",
    ),
    _mutant(
        "two bundles of one id",
        "vault/intake.py",
        ("    _refuse_twin(vault, examination)\n", ""),
        "tests/vault/test_intake.py",
    ),
    _mutant(
        "a terminal that acts on stored words",
        "tui/text_filter.py",
        ("        return None if point in (9, 10) else chr(0x2400 + point)\n", "        return None\n"),
        "tests/tui/test_text_filter.py",
        daily=True,
    ),
    _mutant(
        "words that change their direction",
        "tui/text_filter.py",
        ("    if name := _BIDI_NAMES.get(point):\n", "    if name := _BIDI_NAMES.get(-1):\n"),
        "tests/tui/test_text_filter.py",
    ),
)
