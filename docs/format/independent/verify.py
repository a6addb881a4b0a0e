"""A second verifier of sealed testimony bundles, in one file, with Python's standard library alone.

It was written from the pages in docs/format and shares no line with `testimony-verify`. Two programs that were
written apart and say the same of a bundle are a better witness than one. Call it as verifier-cli-v1.md says:

    python3 verify.py FILE|DIR [--identity FILE] [--trust FILE] [--seen FILE]... [--earlier FILE|DIR]
                              [--json] [--lang en|ar] [--age-command COMMAND]

It reads from top to bottom in the order of the pages: 1 names and limits, 2 what was found, 3 texts, 4 keys and
signatures, 5 card, statement and head, 6 tar, folder and age, 7 form, 8 redaction, 9 consent and profile, 10 copies and
tables, 11 custody, 12 the examination and what is held against an earlier bundle, 13 report and command, 14 the arithmetic of the keys (RFC 8032, FIPS 203, FIPS 204).

Every signature is checked by the arithmetic of part 14. Where `ssh-keygen` is installed it is asked as well, for the
Ed25519 signature and, from OpenSSH 10.4 on, for the hybrid one; if it disagrees, the check fails. To open an `.age`
file it needs `age` 1.3 or the program named by --age-command. Nothing is written to disk. Python 3.9 or newer.
"""

from __future__ import annotations

import argparse
import base64
import bisect
import contextlib
import hashlib
import hmac
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from functools import lru_cache

# ---- 1. Names and limits: bundle-v1, sections 2, 3 and 7 ----

KIB, MIB = 1024, 1024 * 1024
TAGS = (
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "bundle.txt",
    "bundle.txt.sig",
    "bundle.txt.pq.sig",
    "signer.card",
    "allowed_signers",
    "allowed_signers.pq",
    "HOW-TO-VERIFY.txt",
    "HOW-TO-VERIFY.ar.txt",
)
CUSTODY = ("data/custody/checkpoint.txt", "data/custody/log.jsonl", "data/custody/proofs.json")
LEGAL = tuple(
    "data/legal/" + name
    for name in ("conditions.txt", "consent-summary.csv", "index.csv", "redaction-log.csv", "withheld.csv")
)
CONDITIONS, CONSENT_SUMMARY, INDEX, REDACTION_LOG, WITHHELD = LEGAL
CONTROL = r"[A-Z0-9]{2,6}-[0-9]{7}"
RECORD_ID = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"
SHA = r"[0-9a-f]{64}"
CODE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
DIGITS = r"[0-9]{4}(?: [0-9]{4}){9}"
FORM_ID = r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
NAME = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
LIMITS = {
    **dict.fromkeys(TAGS, 64 * KIB),
    "manifest-sha256.txt": 16 * MIB,
    "bundle.txt": 8 * MIB,
    **dict.fromkeys(CUSTODY, 32 * MIB),
    **dict.fromkeys(LEGAL, 32 * MIB),
    CONDITIONS: 64 * KIB,
    "padding": 8**11 - 1,
}
SHAPES = tuple(
    (re.compile(shape), part, limit)
    for shape, part, limit in (
        (rf"data/records/({CONTROL})\.head", "head", 16 * KIB),
        (rf"data/records/({CONTROL})\.head\.sig", "head.sig", 16 * KIB),
        (rf"data/records/({CONTROL})\.head\.pq\.sig", "head.pq.sig", 16 * KIB),
        (rf"data/records/({CONTROL})\.consent", "consent", 16 * KIB),
        (rf"data/records/({CONTROL})\.consent\.sig", "consent.sig", 16 * KIB),
        (rf"data/records/({CONTROL})\.consent\.pq\.sig", "consent.pq.sig", 16 * KIB),
        (rf"data/records/({CONTROL})\.json", "json", 16 * MIB),
        (rf"data/companions/({CONTROL})\.head", "companion.head", 16 * KIB),
        (rf"data/companions/({CONTROL})\.head\.sig", "companion.head.sig", 16 * KIB),
        (rf"data/companions/({CONTROL})\.head\.pq\.sig", "companion.head.pq.sig", 16 * KIB),
        (rf"data/companions/({CONTROL})\.json", "companion.json", 16 * MIB),
        (rf"data/companions/({CONTROL})\.txt", "companion.txt", 24 * MIB),
        (rf"data/text/({CONTROL})\.txt", "text", 24 * MIB),
        (rf"data/exhibits/({CONTROL})\.[a-z0-9]{{1,16}}", "exhibit", 8**11 - 1),
        (rf"data/forms/({FORM_ID})\.json", "form", MIB),
        (
            r"data/custody/anchors/([0-9a-f]{64}\.(?:receipt|cosignature|token|head)|[0-9]{40}\.card)",
            "anchor",
            64 * KIB,
        ),
    )
)
PARTS = ("head", "head.sig", "head.pq.sig", "json")
CONSENT_PARTS = ("consent", "consent.sig", "consent.pq.sig")  # all three or none
MAX_MEMBERS = 100_000
MAX_RECORD_FILES = 128 * MIB
MAX_LEAVES = 1 << 20
# form-v1 names the form of this release by its digest: under its id no other bytes may stand.
KNOWN_FORMS = {
    "core-1": "196d7e15229acfb5c9cec46d09bf2f8a885f757239a9238c47cf736515b96a06",
    "translation-1": "0bb789f316909997052c7625fae4f51fbfed15cb2cdcb2d30b257df33ca9050e",
    "transcript-1": "ec83b876c53423ec0c361d854bee2493aa476a05e7f3752ac902a6c33430d03e",
    "observation-1": "bdb5a04033aab86e2047218b35c7ef8ed6a430e4f0890c98b988d6b92a3fd312",
}
# companion-v1: what is made with these belongs to a record, and is none; an observation never leaves.
COMPANION_FORMS = {"translation-1": "translation", "transcript-1": "transcript", "observation-1": "observation"}
COMPANION_PARTS = ("head", "head.sig", "head.pq.sig", "json", "txt")


def place_of(name):
    """The part of a bundle that a member of this name is, its key, the most bytes it may have; or None."""
    if name in LIMITS:
        return ("tag" if name in TAGS else "padding" if name == "padding" else "fixed"), name, LIMITS[name]
    for shape, part, limit in SHAPES:
        found = shape.fullmatch(name)
        if found:
            return part, found[1], limit
    return None


def is_member_name(name):
    """Section 2.2: plain relative names, at most 100 bytes, no part of dots alone."""
    plain = len(name) <= 100 and NAME.fullmatch(name) is not None
    return plain and all(part.strip(".") for part in name.split("/"))


def order_of(name):
    """Sorts names into the order of the tar: tag files, data by name, padding."""
    if name in TAGS:
        return 0, TAGS.index(name), ""
    return (2, 0, "") if name == "padding" else (1, 0, name)


# ---- 2. What was found: bundle-v1, section 6 ----

CHECKS = {
    "age-layer": "the sealed file opens to its last byte",
    "tar-layer": "the tar has its one spelling and ends where it must",
    "members": "every file is one that a bundle has, in its place and within its limit",
    "padding": "the padding is zeros and stands last",
    "manifests": "every file is listed with its digest, and every listed file is there",
    "tag-files": "guides, key lists and bag files are those of this seal",
    "statement": "the statement has its one spelling",
    "signatures": "both signatures over the statement hold",
    "signer-card": "the signer's card is signed by its own keys and is the one the statement names",
    "signer-trusted": "the seal is by a key that was obtained elsewhere",
    "addressed-to-you": "the statement is addressed to whoever opened it",
    "counts": "the records are those that the statement names, no more and no fewer",
    "forms": "every form is the one by whose digest the statement names it",
    "record-heads": "every record head is the one that the statement names",
    "record-signatures": "both signatures over every record head hold",
    "disclosures": "every shown value stands in the signed record; every gap is visible",
    "consent": "every record shows a live consent for this body and this purpose",
    "identity": "nothing is shown beyond the profile, nor an identity that consent does not name",
    "reading-copies": "every reading copy says what the record shows, byte for byte",
    "exhibits": "every exhibit is the one that its record signed",
    "legal-files": "conditions and tables are there and agree with the records",
    "custody-checkpoint": "the head of the custody log is signed and is the one that the statement names",
    "custody-entries": "every custody entry shown stands in that log, unbroken",
    "custody-growth": "the log goes on from every head of it that was seen before",
    "custody-anchors": "every outside thing that bounds a time is about this log, and no other times are claimed",
    "custody-records": "every record's own history has no hole as far as it is shown, and holds its finishing",
    "custody-seal": "the custody log holds the sealing of this bundle",
    "revisions": "since the earlier bundle every record lifts exactly what it says",
}
WANTS_MORE = ("signer-trusted", "addressed-to-you", "custody-growth", "revisions")
# Section 6.8: the earlier bundle is only not the one to compare with.
UNLIKE = (
    "earlier-refused",
    "earlier-unrelated",
    "earlier-signer",
    "earlier-newer",
    "revisions-between",
    "other-since",
)
BEFORE_THE_DATA = ("statement", "signatures", "signer-card", "signer-trusted", "addressed-to-you")
UNOPENED = ("not-a-bundle", "bundle-unsupported", "no-identity")
FOR_OTHERS = ("not-for-you", "addressed-to-another")


class Broken(Exception):
    """Something is not as a page demands: which check that breaks, the code of the failure, the place."""

    def __init__(self, code, where="", check=""):
        super().__init__(code)
        self.code, self.where, self.check = code, where, check


class Usage(Exception):
    """Wrong usage, or an unusable identity, trust or checkpoint file: exit 2, one line."""


class Ledger:
    """Collects what came of each check. A check that was never made has not passed."""

    def __init__(self):
        self.made, self.failures = set(), []

    def fail(self, check, code, where=""):
        self.failures.append((check, code, where))

    def expect(self, holds, check, code, where=""):
        self.made.add(check)
        if not holds:
            self.fail(check, code, where)
        return holds

    def rows(self, layers, complete):
        """Section 6.7: one row a failure, else pass or not-made; no row for a layer that was not given."""
        failed = {check for check, _, _ in self.failures}
        apart = {"age-layer", "tar-layer", "padding"} - set(layers) - ({"padding"} if "tar-layer" in layers else set())
        rows = []
        for check in CHECKS:
            passed = check in self.made and (complete or check in BEFORE_THE_DATA)
            if check in failed:
                found = [one for one in self.failures if one[0] == check]
                rows += [{"name": check, "status": "fail", "code": code, "where": where} for _, code, where in found]
            elif check not in apart:
                rows.append({"name": check, "status": "pass" if passed else "not-made"})
        return rows


def verdict_of(rows):
    """Section 6.6."""
    failed = [row for row in rows if row["status"] == "fail" and row["name"] != "signer-trusted"]
    if any(row["code"] not in ("ends-early", "absent", *UNLIKE) for row in failed):
        return "invalid"
    if failed or any(row["status"] == "not-made" and row["name"] not in WANTS_MORE for row in rows):
        return "incomplete"
    return "pinned" if {"name": "signer-trusted", "status": "pass"} in rows else "self-consistent"


def exit_of(rows, verdict, machine):
    """verifier-cli-v1."""
    codes = [row["code"] for row in rows if row["status"] == "fail"]
    if any(code in UNOPENED for code in codes):
        return 2
    if codes and all(code in FOR_OTHERS for code in codes):
        return 4
    if not codes and machine:
        return 3
    return 1 if codes or verdict == "incomplete" else 0


# ---- 3. Texts: canonical JSON (form-v1, 2), signed lines (card-v1, 3) ----

JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]', re.DOTALL)
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def sha256(data):
    return hashlib.sha256(data).digest()


def hex256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """RFC 8785 without floats: members by UTF-16 code units, no white space, UTF-8."""

    def ordered(part):
        if isinstance(part, dict):
            return {key: ordered(part[key]) for key in sorted(part, key=lambda key: key.encode("utf-16-be"))}
        return [ordered(one) for one in part] if isinstance(part, list) else part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_json(data):
    """The value of canonical JSON within the limits of section 7; any other spelling is refused."""

    def refuse(_):
        raise ValueError

    def integer(digits):
        if len(digits) > 17 or abs(int(digits)) > 2**53 - 1:
            raise ValueError
        return int(digits)

    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        text = data.decode("utf-8")
        depth = lists = objects = parts = 0
        for token in JSON_TOKEN.finditer(text):
            sign = token[0]
            depth += (sign in "[{") - (sign in "]}")
            lists, objects, parts = lists + (sign == "["), objects + (sign == "{"), parts + (sign in ",:")
            if depth > 16 or lists > 5 << 18 or objects > 1 << 18 or parts > 3 << 20:
                raise ValueError
        value = json.loads(text, object_pairs_hook=unique, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        if canonical(value) != data:
            raise ValueError
    except (ValueError, RecursionError):
        raise Broken("not-canonical") from None
    return value


def is_count(value, most=2**53 - 1):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def moment(text):
    """The time of an RFC 3339 text with seconds and a numeric offset, from its one spelling."""
    try:
        at = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
        sign, hours, minutes = re.fullmatch(r"([+-])([0-9]{2}):([0-9]{2})", text[19:]).groups()
        if len(text) != 25 or int(hours) > 23 or int(minutes) > 59 or text[19:] == "-00:00":
            raise ValueError
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        at = at.replace(tzinfo=timezone(-offset if sign == "-" else offset))
    except (ValueError, AttributeError):
        raise Broken("spelling") from None
    if at.isoformat(timespec="seconds") != text:
        raise Broken("spelling")
    return at


def moment_or_none(text):
    return None if text == "none" else moment(text)


def is_plain_line(text, most):
    return 0 < len(text) <= most and text == text.strip() and UNSEEN.search(text) is None


class Lines:
    """A signed text, taken line by line; a line that is not the next one of its page breaks it."""

    def __init__(self, data):
        try:
            self.lines = data.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise Broken("spelling") from None
        if self.lines.pop():
            raise Broken("spelling")

    def literal(self, line):
        if not self.lines or self.lines.pop(0) != line:
            raise Broken("spelling", line)

    def value(self, key, pattern):
        name, _, value = (self.lines.pop(0) if self.lines else "").partition(": ")
        if name != key or re.fullmatch(pattern, value) is None:
            raise Broken("spelling", key)
        return value

    def values(self, key, pattern):
        found = []
        while self.lines and self.lines[0].startswith(key + ": "):
            found.append(self.value(key, pattern))
        return found

    def end(self):
        if self.lines:
            raise Broken("spelling", "the last line")


# ---- 4. Keys and signatures: signatures-v1 ----

ED25519, HYBRID = "ssh-ed25519", "ssh-mldsa44-ed25519@openssh.com"
KEY_SIZE = {ED25519: 32, HYBRID: 1312 + 32}
SIGNATURE_SIZE = {ED25519: 64, HYBRID: 2420 + 64}
ARMOR_BEGIN, ARMOR_END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"


def string(data):
    return len(data).to_bytes(4, "big") + data


def strict_base64(text):
    """Standard base64 with padding and no spare bits."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Broken("malformed") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Broken("malformed")
    return data


def forty_digits(value):
    """Section 5: the top 126 bits as 38 digits and two check digits, in groups of four."""
    number = int.from_bytes(value[:16], "big") >> 2
    text = f"{number:038d}{98 - 100 * number % 97:02d}"
    return " ".join(text[start : start + 4] for start in range(0, 40, 4))


def read_digits(text):
    digits = text.replace(" ", "")
    number = int(digits[:38])
    if number >> 126 or int(digits[38:]) != 98 - 100 * number % 97:
        raise Broken("digits")
    return " ".join(digits[start : start + 4] for start in range(0, 40, 4))


def public_key(line, algorithm):
    """The raw key of a line as OpenSSH writes it, from its one spelling."""
    name, _, text = line.partition(" ")
    blob = strict_base64(text)
    head = string(algorithm.encode()) + KEY_SIZE[algorithm].to_bytes(4, "big")
    if name != algorithm or not blob.startswith(head) or len(blob) != len(head) + KEY_SIZE[algorithm]:
        raise Broken("card-keys")
    return blob[len(head) :]


def key_line(algorithm, key):
    return f"{algorithm} {base64.b64encode(string(algorithm.encode()) + string(key)).decode()}"


def check_signature(text, armored, namespace, algorithm, key):
    """Section 3 and 4: the signature file has its one spelling, names this key and purpose, and holds.

    The file is made again around the signature that it holds and compared byte by byte, so nothing else in it can differ.
    """
    wrapped = string(algorithm.encode()) + string(key)
    head = b"SSHSIG" + (1).to_bytes(4, "big") + string(wrapped) + string(namespace.encode()) + string(b"")
    size = SIGNATURE_SIZE[algorithm]
    try:
        blob = base64.b64decode(armored[len(ARMOR_BEGIN) : -len(ARMOR_END)], validate=False)
    except ValueError:
        raise Broken("signature") from None
    signature = blob[-size:]
    again = head + string(b"sha512") + string(string(algorithm.encode()) + string(signature))
    body = base64.b64encode(again)
    lines = b"".join(body[start : start + 70] + b"\n" for start in range(0, len(body), 70))
    if len(armored) > 16 * KIB or len(signature) != size or ARMOR_BEGIN + lines + ARMOR_END != armored:
        raise Broken("signature")
    digest = string(b"sha512") + string(hashlib.sha512(text).digest())
    message = b"SSHSIG" + string(namespace.encode()) + string(b"") + digest
    holds = ed25519_holds if algorithm == ED25519 else hybrid_holds
    if not holds(key, signature, message):
        raise Broken("signature")
    if ssh_keygen_denies(text, armored, namespace, algorithm, key):
        raise Broken("ssh-keygen-disagrees")


def check_both(text, plain, hybrid, namespace, card):
    """A text is accepted only when both signatures hold."""
    check_signature(text, plain, namespace, ED25519, card["ed25519"])
    check_signature(text, hybrid, namespace, HYBRID, card["hybrid"])


def hybrid_holds(key, signature, message):
    """Section 2: ML-DSA-44 and Ed25519 over one representative; both must hold."""
    label = b"COMPSIG-MLDSA44-Ed25519-SHA512"
    both = b"CompositeAlgorithmSignatures2025" + label + b"\0" + hashlib.sha512(message).digest()
    first = ml_dsa_44_holds(key[:1312], signature[:2420], both, label)
    return first and ed25519_holds(key[1312:], signature[2420:], both)


@lru_cache(maxsize=1)
def openssh_version():
    """The version of the installed OpenSSH, (0, 0) where there is none."""
    if shutil.which("ssh-keygen") is None or shutil.which("ssh") is None or not os.path.isdir("/dev/fd"):
        return 0, 0
    said = subprocess.run(["ssh", "-V"], capture_output=True, check=False).stderr.decode("utf-8", "replace")
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@lru_cache(maxsize=256)
def ssh_keygen_denies(text, armored, namespace, algorithm, key):
    """Whether an installed `ssh-keygen` that knows this kind of key says that the signature does not hold."""
    if openssh_version() < ((8, 2) if algorithm == ED25519 else (10, 4)):
        return False
    signers = f'signer namespaces="{namespace}" {key_line(algorithm, key)}\n'.encode()
    with pipe_of(signers) as signers_end, pipe_of(armored) as signature_end:
        files = [f"/dev/fd/{one.fileno()}" for one in (signers_end, signature_end)]
        command = ["ssh-keygen", "-Y", "verify", "-f", files[0], "-I", "signer", "-n", namespace, "-s", files[1]]
        ends = (signers_end.fileno(), signature_end.fileno())
        return subprocess.run(command, input=text, capture_output=True, pass_fds=ends, check=False).returncode != 0


def pipe_of(data):
    """The reading end of a pipe that holds these few bytes: ssh-keygen wants files, and nothing shall be written."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as end:
        end.write(data)
    return os.fdopen(reading, "rb")


# ---- 5. Card (card-v1), statement (bundle-v1, 4), head (head-v1) ----

SUITE = "age-mlkem768x25519 sshsig-ed25519 sshsig-mldsa44-ed25519 sha256"
TIME = r"[0-9T:+-]{25}"


def signed_text(data):
    """A text and the two signature files behind it."""
    text, *signatures = data.split(ARMOR_BEGIN)
    if len(signatures) != 2:
        raise Broken("signature-missing")
    return text, [ARMOR_BEGIN + one for one in signatures]


def read_card(data):
    """The keys of a card whose two signatures hold under them, its forty digits computed again from the keys."""
    text, signatures = signed_text(data)
    if len(data) > 32 * KIB:
        raise Broken("too-long")
    lines = Lines(text)
    lines.literal("testimony-vault card v1")
    card = {"kind": lines.value("kind", "device|body|person"), "code": lines.value("code", CODE)}
    if lines.lines and lines.lines[0].startswith("name-en: "):
        names = [lines.value("name-en", ".+"), lines.value("name-ar", ".+")]
        if card["kind"] != "body" or not all(is_plain_line(name, 120) for name in names):
            raise Broken("spelling")
    card["practice"] = lines.value("practice", "yes|no")
    card["digits"] = lines.value("fingerprint", DIGITS)
    card["ed25519"] = public_key(lines.value("ed25519", ".+"), ED25519)
    card["hybrid"] = public_key(lines.value("hybrid", ".+"), HYBRID)
    card["age"] = lines.value("age", "age1pq1[02-9ac-hj-np-z]{100,3000}")
    lines.end()
    keys = string(card["ed25519"]) + string(card["hybrid"]) + string(card["age"].encode())
    if forty_digits(sha256(b"testimony/key/v1\0" + keys)) != card["digits"]:
        raise Broken("spelling")
    if card["hybrid"][1312:] == card["ed25519"]:
        raise Broken("card-keys")
    check_both(text, *signatures, "card@testimony-vault", card)
    return card


def read_statement(data):
    """Section 4, line by line. Each line allows one spelling only, and every list one order."""
    if re.match(rb"testimony-vault bundle v(?!1\n)[0-9]{1,20}\n", data):
        raise Broken("bundle-unsupported", "bundle.txt")
    lines = Lines(data)
    lines.literal("testimony-vault bundle v1")
    lines.literal("suite: " + SUITE)
    said = {**read_address(lines), **read_contents(lines), **read_covered(lines)}
    lines.end()
    if not is_orderly(said):
        raise Broken("spelling", "bundle.txt")
    return said


def read_address(lines):
    """Which bundle this is, what it is for, who sealed it for whom, and when."""
    return {
        "bundle": lines.value("bundle", "[0-9a-f]{32}"),
        "previous": lines.value("previous", "none|[0-9a-f]{32}"),
        "practice": lines.value("practice", "yes|no"),
        "purpose": lines.value("purpose", ".+"),
        "profile": lines.value("profile", "[a-z]{1,30}"),
        "signer": lines.value("signer", rf"(?:device|body|person) {CODE} {DIGITS}"),
        "recipients": [
            (value.split(" ")[0], value[-114:-65], value[-64:])
            for value in lines.values("recipient", rf"{CODE} {DIGITS} {SHA}")
        ],
        "time": moment(lines.value("claimed-time", TIME)),
        "not-before": moment_or_none(lines.value("not-before", "none|" + TIME)),
        "not-after": moment_or_none(lines.value("not-after", "none|" + TIME)),
    }


def read_contents(lines):
    """The forms, the records that are in it, and those that were withheld."""
    return {
        "forms": [tuple(value.split(" ")) for value in lines.values("form", rf"{FORM_ID} {SHA}")],
        "count": lines.value("count", ".+"),
        "records": [
            tuple(value.split(" "))
            for value in lines.values("record", rf"{CONTROL} {RECORD_ID} v[1-9][0-9]{{0,5}} {SHA} {SHA}")
        ],
        "withheld": [
            tuple(value.split(" "))
            for value in lines.values("withheld", rf"{RECORD_ID} [A-Za-z0-9](?:[A-Za-z0-9-]{{0,38}}[A-Za-z0-9])?")
        ],
    }


def read_covered(lines):
    """What else the signatures cover: the head of the custody log, the guides, and every data file by the manifest."""
    return {
        "origin": lines.value("custody-origin", "[!-~]{1,200}"),
        "size": int(lines.value("custody-size", "0|[1-9][0-9]{0,15}")),
        "root": lines.value("custody-root", SHA),
        "guides": {
            name: lines.value("guide", rf"{re.escape(name)} {SHA}")[-64:]
            for name in ("HOW-TO-VERIFY.txt", "HOW-TO-VERIFY.ar.txt")
        },
        "manifest": lines.value("manifest", SHA),
    }


def is_orderly(said):
    """Section 4: each list within its limit and in its one order, no record id twice, the count as the lists give it."""
    held, withheld = len(said["records"]), len(said["withheld"])
    ids = [one[1] for one in said["records"]] + [one[0] for one in said["withheld"]]
    lists = (
        [one[1] for one in said["recipients"]],
        [one[0] for one in said["forms"]],
        [one[0] for one in said["records"]],
        [one[0] for one in said["withheld"]],
    )
    return (
        all(names == sorted(set(names)) for names in lists)
        and len(set(ids)) == len(ids)
        and said["count"] == f"{held} of {held + withheld}; {withheld} withheld"
        and 1 <= len(said["recipients"]) <= 16
        and 1 <= held <= 20_000
        and is_plain_line(said["purpose"], 200)
    )


def read_head(data):
    """head-v1, section 2."""
    lines = Lines(data)
    lines.literal("testimony-vault record head v1")
    head = {
        "practice": lines.value("practice", "yes|no"),
        "record": lines.value("record", RECORD_ID),
        "version": int(lines.value("version", "[1-9][0-9]{0,5}")),
        "previous-root": lines.value("previous-root", f"none|{SHA}"),
        "control": lines.value("control-number", CONTROL),
        "form": lines.value("form", "[a-z][a-z0-9-]{0,31}"),
        "form-sha256": lines.value("form-sha256", SHA),
        "root": lines.value("root", SHA),
        "leaves": int(lines.value("leaves", "[1-9][0-9]{0,6}")),
        "recorder": lines.value("recorder", "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
        "device": read_digits(lines.value("device", DIGITS)),
        "consent-root": lines.value("consent-root", SHA),
        "consent-leaves": int(lines.value("consent-leaves", "[1-9][0-9]{0,6}")),
        "origin": lines.value("custody-origin", r"testimony-vault\.invalid/device/[0-9]{40}"),
        "size": int(lines.value("custody-size", "0|[1-9][0-9]{0,9}")),
        "time": moment(lines.value("claimed-time", TIME)),
        "note": lines.value("clock-note", "ok|reboot|clock-back|implausible"),
        "not-before": moment_or_none(lines.value("not-before", "none|" + TIME)),
    }
    lines.end()
    counts = head["leaves"] <= MAX_LEAVES and head["consent-leaves"] <= MAX_LEAVES
    if len(data) > 4096 or not counts or not head["origin"].endswith("/" + head["device"].replace(" ", "")):
        raise Broken("spelling", "head")
    return head


def read_consent_statement(data):
    """consent-statement-v1, section 2."""
    lines = Lines(data)
    lines.literal("testimony-vault consent statement v1")
    statement = {
        "practice": lines.value("practice", "yes|no"),
        "record": lines.value("record", RECORD_ID),
        "events": int(lines.value("events", "[1-9][0-9]{0,5}")),
        "root": lines.value("consent-root", SHA),
        "leaves": int(lines.value("consent-leaves", "[1-9][0-9]{0,6}")),
        "origin": lines.value("custody-origin", r"testimony-vault\.invalid/device/[0-9]{40}"),
        "size": int(lines.value("custody-size", "0|[1-9][0-9]{0,9}")),
        "time": moment(lines.value("claimed-time", TIME)),
        "sha256": hex256(data),
    }
    lines.end()
    if len(data) > 1024 or statement["events"] > 100_000 or statement["leaves"] > MAX_LEAVES:
        raise Broken("spelling", "consent statement")
    return statement


# ---- 6. Tar, folder, age: bundle-v1, sections 2 and 6.1; sealing-v1, section 2 ----


def tar_header(name, size):
    """Section 2.2: the one header that a member of this name and size may have."""
    fields = (
        (name.encode("ascii"), 100),
        (b"0000644\0", 8),
        (b"0000000\0", 8),
        (b"0000000\0", 8),
        (b"%011o\0" % size, 12),
        (b"00000000000\0", 12),
        (b" " * 8, 8),
        (b"0", 1),
        (b"", 100),
        (b"ustar\x0000", 8),
        (b"", 64),
        (b"0000000\0", 8),
        (b"0000000\0", 8),
        (b"", 167),
    )
    block = b"".join(value.ljust(width, b"\0") for value, width in fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def exactly(stream, size, where):
    data = stream.read(size)
    if len(data) != size:
        raise Broken("ends-early", where, "tar-layer")
    return data


def tar_members(stream):
    """Each member as name, size and a function that reads on; the next is given only when this one was read."""
    where, count = "the first header", 0
    while True:
        block = exactly(stream, 512, where)
        if not any(block):
            break
        size = re.fullmatch(rb"([0-7]{11})\0", block[124:136])
        name = block[:100].rstrip(b"\0").decode("latin-1")
        count += 1
        if size is None or not is_member_name(name) or tar_header(name, int(size[1], 8)) != block:
            raise Broken("tar-header", where, "tar-layer")
        if count > MAX_MEMBERS:
            raise Broken("members", "tar", "tar-layer")
        left = [int(size[1], 8)]

        def read(most, left=left, name=name):
            piece = exactly(stream, min(most, left[0]), name)
            left[0] -= len(piece)
            return piece

        yield name, left[0], read
        while left[0]:
            read(MIB)
        if any(exactly(stream, -int(size[1], 8) % 512, name)):
            raise Broken("tar-filling", name, "tar-layer")
        where = "the header after " + name
    if any(exactly(stream, 512, "the end mark")):
        raise Broken("tar-header", "the end mark", "tar-layer")
    if stream.read(1):
        raise Broken("bytes-after-end", "the end mark", "tar-layer")


def folder_members(folder):
    """Section 6.1: every regular file in the order of the tar; a link or a device is refused, never followed."""
    found, folders = {}, [("", folder, 0)]
    while folders:
        prefix, path, depth = folders.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and depth < 8:
                    folders.append((f"{prefix}{entry.name}/", entry.path, depth + 1))
                elif entry.is_file(follow_symlinks=False) and len(found) <= MAX_MEMBERS:
                    found[prefix + entry.name] = entry.path
                else:
                    raise Broken("not-a-file", "the folder", "tar-layer")
    if "bagit.txt" not in found and "bundle.txt" not in found:
        raise Broken("not-a-bundle", "the folder", "tar-layer")
    for name in sorted(found, key=order_of):
        handle = os.open(found[name], os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Broken("not-a-file", "the folder", "tar-layer")
            size = os.fstat(handle).st_size
            yield name, size, lambda most, stream=stream: stream.read(most)


class Hashed:
    """Passes a file on once, from first to last, and keeps the digest of all of it."""

    def __init__(self, stream):
        self.stream, self.digest, self.start = stream, hashlib.sha256(), b""

    def peek(self, size):
        self.start = self.read(size)
        return self.start

    def read(self, size):
        piece, self.start = self.start[:size], self.start[size:]
        while len(piece) < size:
            more = self.stream.read(size - len(piece))
            if not more:
                break
            self.digest.update(more)
            piece += more
        return piece

    def hexdigest(self):
        while self.read(MIB):
            pass
        return self.digest.hexdigest()


def age_header(stream):
    """sealing-v1, sections 2 and 3: hybrid stanzas only, each of its one length. Gives back the header's bytes."""
    header = b""
    while not re.search(rb"\n--- [A-Za-z0-9+/]{43}\n\Z", header):
        byte = stream.read(1)
        if not byte or len(header) > 256 * KIB:
            raise Broken("sealed-header", "age", "age-layer")
        header += byte
    stanza = rb"-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n"
    if re.fullmatch(rb"age-encryption\.org/v1\n(?:%b){1,64}--- [A-Za-z0-9+/]{43}\n" % stanza, header) is None:
        raise Broken("sealed-header", "age", "age-layer")
    return header


class Opened:
    """The text inside a sealed file, through `age -d`; what it gives is believed only when it ended well."""

    def __init__(self, stream, command, identity):
        header = age_header(stream)
        self.program = subprocess.Popen(
            [*command, "-d", "-i", identity], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.said = b""
        self.workers = [
            threading.Thread(target=self.feed, args=(header, stream), daemon=True),
            threading.Thread(target=self.listen, daemon=True),
        ]
        for worker in self.workers:
            worker.start()

    def feed(self, header, stream):
        try:
            self.program.stdin.write(header)
            while piece := stream.read(MIB):
                self.program.stdin.write(piece)
        except BrokenPipeError:
            pass  # it has ended already, and says why
        with contextlib.suppress(BrokenPipeError):
            self.program.stdin.close()

    def listen(self):
        self.said = self.program.stderr.read()

    def read(self, size):
        piece = self.program.stdout.read(size)
        if len(piece) < size:
            self.end()
        return piece

    def close(self):
        self.program.stdout.close()
        self.program.wait()
        for worker in self.workers:
            worker.join()
        self.program.stderr.close()

    def end(self):
        if self.program.wait() != 0:
            self.workers[1].join()
            others = b"no identity matched" in self.said
            raise Broken("not-for-you" if others else "sealed-payload", "age", "age-layer")


def age_command(named):
    """The program that opens sealed files: the one that was named, else `age` from 1.3 on, else None."""
    if named:
        return shlex.split(named)
    if shutil.which("age") is None:
        return None
    said = subprocess.run(["age", "--version"], capture_output=True, check=False).stdout.decode("utf-8", "replace")
    found = re.search(r"(\d+)\.(\d+)", said)
    return ["age"] if found and (int(found[1]), int(found[2])) >= (1, 3) else None


# ---- 7. Form: form-v1 ----

SINGLE = {
    **dict.fromkeys("text code term choice language edtf pcode media-type paragraphs".split(), "text"),
    "time": "date",
    "date": "date",
    "integer": "integer",
    "blob": "blob",
}
CONTAINERS = ("object", "place", "when", "list")
FORM_TYPES = (*SINGLE, *CONTAINERS, "texts", "booleans", "narrative")
CLASSES = ("S0", "S1", "S2", "S3", "S4", "S5")
FIELD_NAME = "[a-z][a-z0-9_]{0,63}"
LABEL = "[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,500}"
TERM = "[A-Za-z0-9_](?:[A-Za-z0-9_ .-]{0,62}[A-Za-z0-9_])?"
FORM_LISTS = {"sections": 64, "fields": 256, "members": 64, "vocabulary": 256, "coarser": 8}
FIXED_MEMBERS = {
    "place": "verbatim pcode".split(),
    "when": "verbatim calendar edtf earliest latest qualifier basis anchor time_of_day".split(),
}
COMPUTED_FROM = {"month": ("time", "date", "edtf"), "governorate": ("pcode",), "district": ("pcode",)}
# Section 3: what no organisation's form may lack or change. Of each field how many members it begins with, and one
# digest over all of them as `core-1` has them: whoever holds that file computes it again with `core_shape`.
CORE_FIELDS = """
record.case_code=0 session.started_at=0 session.place=2 session.interviewer_code=0 session.language=0
session.interpreter_code=0 session.others_present=3 session.prior_statements=5 consent.interview=2
consent.limits_explained=3 consent.recording=3 consent.share=3 consent.identity=2 consent.contact=2
witness.capacity=0 witness.safeguards=4 account.mode=0 account.text=0 account.source_of_knowledge=0
account.readback=4 consent.confirm_end=0 witness.name=7 witness.contact=3 witness.birth=9 mentions=4
exhibits=10
"""
CORE_SHAPE = "956b85cba2fe5c7cd10e2c89588d146caf3d913b87bec39838c28d741c46d443"


def read_form(data, form_id):
    """The slots of a form in the order of a record's leaves: id, shape, and the class of every path below it."""
    form = read_json(data)
    if KNOWN_FORMS.get(form_id) != hex256(data):
        try:
            check_form(form, form_id)
        except (TypeError, KeyError, AttributeError):  # a list or a number where a word stands
            raise Broken("malformed") from None
    return [slot for field in form["fields"] for slot in slots_of(field)]


def written(value, required, optional=""):
    """Section 2: exactly these members; a flag that is off and a list that is empty are never written."""
    needed = required.split()
    if not isinstance(value, dict) or not {*needed} <= value.keys() <= {*needed, *optional.split()}:
        raise Broken("members")
    for name, part in value.items():
        if name in ("label", "title"):
            if not all(spelt(label, LABEL) for label in written(part, "ar en").values()):
                raise Broken("label")
        elif name in ("required", "searched", "optional"):
            if part is not True:
                raise Broken("not-canonical")
        elif name in FORM_LISTS:
            if not isinstance(part, list) or not (name not in needed) <= len(part) <= FORM_LISTS[name]:
                raise Broken("list", name)
    return value


def spelt(value, shape):
    return isinstance(value, str) and re.fullmatch(shape, value) is not None


def unlike(names):
    """Refuses a name that stands twice."""
    if len(set(names)) != len(names):
        raise Broken("repeated")
    return names


def known(*questions):
    if not all(questions):
        raise Broken("unknown-word")


def check_form(form, form_id):
    """Section 3, of the form of an organisation."""
    written(form, "format id title sections fields")
    known(form["format"] == "testimony-form 1", form["id"] == form_id, spelt(form_id, "[a-z][a-z0-9-]{0,31}"))
    for section in form["sections"]:
        known(spelt(written(section, "id label", "optional")["id"], FIELD_NAME))
    sections = dict(zip(unlike([one["id"] for one in form["sections"]]), form["sections"]))
    for place, field in enumerate(form["fields"]):
        more = "number required searched vocabulary members coarser relevant"
        written(field, "id section label type class", more)
        known(spelt(field["id"], rf"{FIELD_NAME}(?:\.{FIELD_NAME})?"), spelt(field["section"], FIELD_NAME))
        known(field["section"] in sections)
        if "required" in field and "optional" in sections[field["section"]]:
            raise Broken("required-in-optional", field["id"])
        check_field(field)
        check_relevant(field, form["fields"][:place])
    unlike([slot["id"] for field in form["fields"] for slot in slots_of(field)])
    unlike([field["number"] for field in form["fields"] if "number" in field])
    if core_shape(form) != CORE_SHAPE:
        raise Broken("other-core-field")


def check_field(field):
    """One question, its members, its coarser forms."""
    members = field.get("members", [])
    for member in members:
        written(member, "id label type class", "required searched vocabulary computed")
        known(spelt(member["id"], FIELD_NAME))
    for asked in (field, *members):
        known(spelt(asked["type"], ".+"), asked["type"] in FORM_TYPES, asked["class"] in CLASSES)
        terms = [written(term, "value label")["value"] for term in asked.get("vocabulary", [])]
        known(all(spelt(term, TERM) for term in terms), unlike(terms) or asked["type"] not in ("choice", "booleans"))
        known({"narrative": "account.text", "blob": "exhibits"}.get(asked["type"], field["id"]) == field["id"])
    names = unlike([member["id"] for member in members])
    known(bool(names) == (field["type"] in CONTAINERS), all(one["type"] not in CONTAINERS for one in members))
    known(FIXED_MEMBERS.get(field["type"], names) == names)
    if "number" in field:
        known(is_count(field["number"], 256), field["number"] != 0)
    for coarser in field.get("coarser", []):
        written(coarser, "id rule class label")
        known(spelt(coarser["id"], re.escape(field["id"]) + "~[a-z]{1,16}"), coarser["class"] in CLASSES)
        known(coarser["rule"] in ("month", "district", "governorate", "band"))
    for member in members:
        if "computed" in member:
            rule = written(member["computed"], "from rule")
            source = next((one for one in members if one["id"] == rule["from"]), {"computed": rule})
            fits = "computed" not in source and source["type"] in COMPUTED_FROM.get(str(rule["rule"]), ())
            known(fits, field["type"] == "list", member["type"] == "text", not {"required", "searched"} & member.keys())


def check_relevant(field, before):
    """Section 2.6: put only by the answer to an earlier choice, or by a term of an earlier list of terms."""
    if "relevant" in field:
        when = written(field["relevant"], "field value")
        other = next((one for one in before if one["id"] == when["field"]), {"type": ""})
        terms = [term["value"] for term in other.get("vocabulary", [])]
        known(other["type"] in ("choice", "texts"), when["value"] in terms)


def core_shape(form):
    """The digest over the fields that every form has: all of each but its number, its labels, and members behind those."""

    def bare(part):
        if isinstance(part, list):
            return [bare(one) for one in part]
        if isinstance(part, dict):
            return {name: bare(part[name]) for name in part if name not in ("label", "number")}
        return part

    found, own = [], {field["id"]: field for field in form["fields"]}
    for name, count in (word.split("=") for word in CORE_FIELDS.split()):
        field = bare(own.get(name, {}))
        found.append({**field, "members": field.get("members", [])[: int(count)]})
    return hex256(canonical(found))


def slots_of(field):
    """A field's slot, and behind it one text slot for each coarser form."""
    yield field
    for coarser in field.get("coarser", []):
        yield {"id": coarser["id"], "type": "text", "class": coarser["class"]}


def shape_of(field):
    """What stands in a field's slot when it has an answer: redaction-v1, section 4."""
    words = frozenset(term["value"] for term in field.get("vocabulary", []))
    kind = field["type"]
    if kind in SINGLE:
        return "leaf", SINGLE[kind], words if kind == "choice" else frozenset()
    if kind == "narrative":
        return "list", ("paragraph",), frozenset()
    if kind in ("texts", "booleans"):
        return "list", ("leaf", "text", frozenset(("yes", "no")) if kind == "booleans" else frozenset()), frozenset()
    members = "object", [(member["id"], shape_of(member)) for member in field["members"]]
    return ("list", members, words) if kind == "list" else members


def field_at(slots, path):
    """The slot in which the value at a path stands, and its own field there; None for what the form does not have."""
    name, *rest = path.split("/")
    slot = field = next((one for one in slots if one["id"] == name), None)
    for part in rest:
        if field is not None and not part.isdigit():
            field = next((one for one in field.get("members", []) if one["id"] == part), None)
    return slot, field


# ---- 8. Redaction that still verifies: redaction-v1 ----

TYPES = {"absent": 1, "text": 2, "integer": 3, "date": 4, "blob": 5}
STATES = ("unknown", "declined", "not-asked")


def frame(path, kind, value):
    """Section 2."""
    name = path.encode("utf-8")
    if len(name) > 512:
        raise Broken("path", path[:512])
    return len(name).to_bytes(2, "big") + name + bytes([kind]) + len(value).to_bytes(8, "big") + value


def salts_below(seed, width):
    """Section 3: the salts of the leaves below one node of the GGM tree."""
    level = [seed]
    while len(level) < width:
        level = [hmac.digest(node, b"testimony/ggm/v1" + side, "sha256") for node in level for side in (b"\0", b"\1")]
    return level


def blocks(start, end):
    """Section 5: the widths of the one list of largest aligned blocks that tiles [start, end)."""
    while start < end:
        width = 1 << (end - start).bit_length() - 1
        if start:
            width = min(width, start & -start)
        yield width
        start += width


class Roots:
    """The RFC 6962 root over aligned blocks that come from left to right."""

    def __init__(self):
        self.stack, self.size = [], 0

    def add(self, width, digest):
        self.size += width
        while self.stack and self.stack[-1][0] == width:
            digest = sha256(b"\1" + self.stack.pop()[1] + digest)
            width *= 2
        self.stack.append((width, digest))

    def root(self):
        digest = self.stack[-1][1] if self.stack else sha256(b"")
        for _, left in reversed(self.stack[:-1]):
            digest = sha256(b"\1" + left + digest)
        return digest


class Gap:
    """A run of hidden leaves."""

    def __init__(self, start, width):
        self.start, self.width = start, width


class Tree:
    """What is shown of an object or list: items by place, gaps, and which leaf must stand where."""

    def __init__(self, path, shape, budget):
        self.path, self.shape, self.budget = path, shape, budget
        self.items, self.gaps, self.ended = {}, [], False

    def gap(self, gap):
        if self.shape[0] == "object":
            spend(self.budget, gap.width, self.path)
        self.gaps.append(gap)

    def frame(self, place, value):
        members = self.shape[1] if self.shape[0] == "object" else None
        if members is not None and place < len(members):
            name, shape = members[place]
        elif value == {"type": "void"}:
            self.ended = True
            return frame(self.path, 0, b"")
        elif members is not None or self.ended:
            raise Broken("void", self.path)
        else:
            name, shape = str(place), self.shape[1]
        path = f"{self.path}/{name}" if self.path else name
        framed, self.items[place] = self.leaf(path, shape, value)
        return framed

    def leaf(self, path, shape, value):
        if not isinstance(value, dict) or value.get("path") != path:
            raise Broken("path", path)
        if value.get("type") == "subtree" and shape[0] != "leaf":
            inner = Paragraph(path, self.budget) if shape[0] == "paragraph" else Tree(path, shape, self.budget)
            size, root = rebuilt({key: value[key] for key in value if key not in ("path", "type")}, inner, shape)
            return frame(path, 6, size.to_bytes(8, "big") + root), inner
        return self.value(path, shape, value)

    def value(self, path, shape, value):
        """Section 5.2: a single value, of the type of its place."""
        if value.keys() != {"path", "type", "value"}:
            raise Broken("malformed", path)
        kind, shown = value["type"], value["value"]
        if not isinstance(shown, dict if kind == "blob" else str):
            raise Broken("value", path)
        if kind == "absent" and self.shape[0] != "list":
            allowed = shown in STATES
        elif shape[0] == "leaf" and kind == shape[1]:
            allowed = not shape[2] or shown in shape[2]
        else:
            allowed = shape[0] == "list" and kind == "text" and shown in shape[2]
        if kind == "integer":
            allowed = allowed and re.fullmatch("0|[1-9][0-9]{0,15}", shown) is not None
        if not allowed or kind not in TYPES:
            raise Broken("value", path)
        if kind == "blob":
            good = shown.keys() == {"sha256", "size"} and is_count(shown["size"])
            if not good or re.fullmatch(SHA, str(shown["sha256"])) is None:
                raise Broken("value", path)
            return frame(path, 5, bytes.fromhex(shown["sha256"]) + shown["size"].to_bytes(8, "big")), (kind, shown)
        return frame(path, TYPES[kind], shown.encode("utf-8")), (kind, shown)

    def close(self):
        pass


class Paragraph:
    """What is shown of a paragraph: atoms and gaps in their order. A code stands right before its name."""

    SIGNS = {"w": ("/w", 2), "@": ("/@", 2), "@c": ("/@", 7), "v": ("", 0)}

    def __init__(self, path, budget):
        self.path, self.budget, self.items, self.before = path, budget, [], "v"
        self.overlay = {}  # redaction-v1, 10: the first leaf of a gap, and the codes that the redactor put there

    def gap(self, gap):
        self.items.append(gap)
        self.before = "gap"

    def frame(self, place, value):
        if not isinstance(value, list) or not value or value[0] not in ("w", "@", "@c", "v"):
            raise Broken("malformed", self.path)
        sign, text = value[0], value[1] if len(value) == 2 else ""
        if len(value) != (1 if sign == "v" else 2) or not isinstance(text, str) or bool(text) != (sign != "v"):
            raise Broken("malformed", self.path)
        if (self.before == "@c") != (sign == "@" and self.before != "gap"):
            raise Broken("mention", self.path)
        if sign == "@" and self.before == "gap":
            # The hidden leaf before it must be its code. A single one behind a shown code is that code's name already.
            lone = len(self.items) > 1 and getattr(self.items[-2], "sign", "") == "@c" and self.items[-1].width == 1
            if lone:
                raise Broken("mention", self.path)
        self.before = sign
        if sign != "v":
            self.items.append(Atom(sign, text, place))
        end, kind = self.SIGNS[sign]
        return frame(self.path + end, kind, text.encode("utf-8"))

    def close(self):
        if self.before == "@c":
            raise Broken("mention", self.path)

    def sign(self, place):
        return getattr(self.items[place], "sign", "") if 0 <= place < len(self.items) else ""

    def gap_starts(self):
        """The first leaf of each gap that has a mark of its own."""
        for place, item in enumerate(self.items):
            shown = (self.sign(place - 1) == "@c") + (self.sign(place + 1) == "@")
            if isinstance(item, Gap) and item.width > shown:
                yield item.start

    def names(self):
        """The place of each shown name, with its code where that is shown right before it."""
        for number, item in enumerate(self.items):
            if getattr(item, "sign", "") == "@":
                yield item.place, self.items[number - 1].text if self.sign(number - 1) == "@c" else None

    def pieces(self):
        """Section 7: texts, codes where only the code is shown, one mark a gap, none for the other half of a mention."""
        for place, item in enumerate(self.items):
            if isinstance(item, Gap):
                if item.width > (self.sign(place - 1) == "@c") + (self.sign(place + 1) == "@"):
                    codes = self.overlay.get(item.start)
                    yield "gap", f"[{' '.join(codes)} — redactor]" if codes else "[…]"
            elif item.sign != "@c":
                yield "text", item.text
            elif self.sign(place + 1) != "@":
                yield "code", item.text


class Atom:
    """A word, a code or a name that is shown, and the place of its leaf."""

    def __init__(self, sign, text, place):
        self.sign, self.text, self.place = sign, text, place


def spend(budget, leaves, path):
    """Section 5.1: at most 2^20 shown leaves and named hidden members, over all trees of a record."""
    budget[0] -= leaves
    if budget[0] < 0:
        raise Broken("too-many", path)


def fits(size, shape):
    """Section 5.1: the number of leaves that a tree of this shape has."""
    if not is_count(size, MAX_LEAVES) or size < 1:
        return False
    if shape[0] == "object":
        return size == 1 << max(0, len(shape[1]) - 1).bit_length()
    if shape[0] == "paragraph":
        return size % 64 == 0
    return size >= 4 and size & size - 1 == 0


def rebuilt(value, layout, shape):
    """Section 5.1: number of leaves and root of a tree, from its runs; every shown leaf is hashed again."""
    path = layout.path
    if not isinstance(value, dict) or value.keys() != {"n", "runs"} or not isinstance(value["runs"], list):
        raise Broken("malformed", path)
    size, roots, before = value["n"], Roots(), None
    if not fits(size, shape):
        raise Broken("count", path)
    for run in value["runs"]:
        if not isinstance(run, list) or len(run) < 3 or run[0] not in ("hide", "show") or run[0] == before:
            raise Broken("malformed", path)
        before = run[0]
        hides = before == "hide"
        start, width = roots.size, run[1] if hides else len(run) - 2
        if not is_count(width) or not 1 <= width <= size - start or (hides and len(run) != 3):
            raise Broken("tiling", path)
        widths = list(blocks(start, start + width))
        text = run[2] if hides else run[1]
        data = strict_base64(text) if isinstance(text, str) else b""
        if len(data) != 32 * len(widths):
            raise Broken("cover", path)
        parts = [data[32 * number : 32 * number + 32] for number in range(len(widths))]
        if hides:
            layout.gap(Gap(start, width))
            for block, digest in zip(widths, parts):
                roots.add(block, digest)
        else:
            spend(layout.budget, width, path)
            salts = [salt for block, seed in zip(widths, parts) for salt in salts_below(seed, block)]
            for number, salt in enumerate(salts):
                framed = layout.frame(start + number, run[2 + number])
                roots.add(1, sha256(b"\0testimony/leaf/v1\0" + salt + framed))
    if roots.size != size:
        raise Broken("tiling", path)
    layout.close()
    return size, roots.root()


def read_disclosure(value, shape, path, root, leaves):
    """The tree that leads to the committed root, or nothing at all."""
    tree = Tree(path, shape, [MAX_LEAVES])
    try:
        found = rebuilt(value, tree, shape)
    except UnicodeEncodeError:
        raise Broken("value", path) from None
    if found != (leaves, bytes.fromhex(root)):
        raise Broken("root", path)
    return tree


def check_overlay(entries):
    """redaction-v1, section 10: each entry has a paragraph, a gap and the redactor's codes, in order."""
    before = (-1, -1)
    if not isinstance(entries, list) or len(entries) > 100_000:
        raise Broken("overlay", "overlay")
    for entry in entries:
        if not isinstance(entry, dict) or sorted(entry) != ["codes", "gap", "path"]:
            raise Broken("overlay", "overlay")
        codes, gap, path = entry["codes"], entry["gap"], entry["path"]
        found = re.fullmatch("account\\.text/(0|[1-9][0-9]{0,6})", path) if isinstance(path, str) else None
        texts = isinstance(codes, list) and len(codes) <= 64 and all(isinstance(code, str) for code in codes)
        if not found or not texts or type(gap) is not int or not 0 <= gap <= MAX_LEAVES:
            raise Broken("overlay", "overlay")
        shaped = all(re.fullmatch("[WVPTILUN]-[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
        if not codes or len({*codes}) != len(codes) or not shaped:
            raise Broken("overlay-code", "overlay")
        if (int(found[1]), gap) <= before:
            raise Broken("overlay-order", "overlay")
        before = int(found[1]), gap


def put_overlay(entries, paragraphs):
    """And each names a gap of a shown paragraph."""
    for entry in entries:
        paragraph = paragraphs.get(int(entry["path"][len("account.text/") :]))
        if paragraph is None or entry["gap"] not in paragraph.gap_starts():
            raise Broken("overlay-shown", entry["path"])
        paragraph.overlay[entry["gap"]] = entry["codes"]


def values_of(tree):
    """Every shown single value below a tree: path, kind, value."""
    for place in sorted(tree.items):
        item = tree.items[place]
        if isinstance(item, Tree):
            yield from values_of(item)
        elif isinstance(item, tuple):
            name = tree.shape[1][place][0] if tree.shape[0] == "object" else str(place)
            yield (f"{tree.path}/{name}" if tree.path else name, *item)


def empty_trees(tree):
    for item in tree.items.values():
        if isinstance(item, Tree):
            yield from empty_trees(item) if item.items else [item.path]


class Shown:
    """A record as its disclosure proves it: values by path, paragraphs and gaps of the account, exhibits."""

    def __init__(self, slots, tree):
        self.slots, self.tree, self.gap_edges = slots, tree, None
        by_id = {slot["id"]: tree.items.get(place) for place, slot in enumerate(slots)}
        self.values = {path: shown for path, kind, shown in values_of(tree) if kind != "absent"}
        self.paths = {path for path, _, _ in values_of(tree)} | set(empty_trees(tree))
        account = by_id.get("account.text")
        self.account = []  # (place, Paragraph or Gap), in order
        if isinstance(account, Tree):
            items = {gap.start: gap for gap in account.gaps}
            items.update((place, one) for place, one in account.items.items() if isinstance(one, Paragraph))
            self.account = sorted(items.items())
        exhibits = by_id.get("exhibits")
        self.exhibits = sorted(exhibits.items) if isinstance(exhibits, Tree) else []
        self.lists = {name: by_id.get(name) for name in ("consent.share", "consent.identity")}

    def paragraphs(self):
        return [(place, one) for place, one in self.account if isinstance(one, Paragraph)]

    def has(self, path):
        """Section 3.2 of bundle-v1: whether what a lift names is shown: a value, a paragraph, or words of one."""
        if self.gap_edges is None:
            self.gap_edges = {
                one.path: [
                    edge for gap in one.items if isinstance(gap, Gap) for edge in (gap.start, gap.start + gap.width)
                ]
                for _, one in self.paragraphs()
            }
        if path in self.paths or path in self.gap_edges:
            return True
        parent, _, places = path.rpartition("/")
        if parent not in self.gap_edges or not re.fullmatch("[0-9]{1,7}-[0-9]{1,7}", places):
            return False
        first, last = map(int, places.split("-"))
        edges = self.gap_edges[parent]
        # An even number of edges up to a place: it lies in no gap; the same number for both: none lies between them.
        reached = bisect.bisect_right(edges, first)
        return first <= last and reached % 2 == 0 and reached == bisect.bisect_right(edges, last)


# ---- 9. Consent and profile: consent-v1, profile-v1 ----

EVENT = {
    "kind": "grant|change|withdraw|confirm|refuse",
    "recipient": "(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63})?",
    "purpose": "(?:[a-z0-9](?:[a-z0-9 -]{0,62}[a-z0-9])?)?",
    "answer": "yes|no|ask-first",
    "identity": "no|yes|court-order",
    "how": "[A-Za-z0-9._-]{0,64}",
    "script": "[A-Za-z0-9._-]{0,64}",
}
ANSWERS = {
    "grant": ("yes",),
    "change": ("yes", "no", "ask-first"),
    "withdraw": ("no",),
    "confirm": ("yes",),
    "refuse": ("no", "ask-first"),
}
PROFILES = {
    "full": {"S0": "keep", "S1": "keep", "S2": "keep", "S3": "keep", "S4": "identity"},
    "pseudonymised": {"S0": "keep", "S1": "keep", "S2": "review", "S3": "pseudonym"},
    "lead": {"S0": "keep", "S1": "keep"},
    "statistics": {"S0": "keep", "S1": "coarsen"},
}


def read_event(text):
    """consent-v1, section 2: an event in its one spelling that can be."""
    data = text.encode("utf-8")
    event = read_json(data)
    if len(data) > 4096 or not isinstance(event, dict) or event.keys() != {*EVENT, "seq", "at", "review_by"}:
        raise Broken("bad-event")
    if not all(isinstance(event[name], str) and re.fullmatch(shape, event[name]) for name, shape in EVENT.items()):
        raise Broken("bad-event")
    if not is_count(event["seq"]) or event["seq"] < 1 or not isinstance(event["at"], str):
        raise Broken("bad-event")
    moment(event["at"])
    if event["review_by"] is not None:
        moment(f"{event['review_by']}T00:00:00+00:00")
    kind, answer = event["kind"], event["answer"]
    scope = (bool(event["recipient"]), bool(event["purpose"]))
    allowed = {
        (True, True): True,
        (True, False): kind == "withdraw",
        (False, True): False,
        (False, False): kind != "grant" and (kind, answer) != ("refuse", "ask-first"),
    }[scope]
    bare = event["identity"] == "no" and event["review_by"] is None
    if answer not in ANSWERS[kind] or not allowed or (answer != "yes" and not bare):
        raise Broken("bad-event")
    return event


def standing(events, body, purpose):
    """Section 3: where this pair stands after all shown events, the event that says so; None where nobody was asked."""
    now = None
    for event in events:
        exact = (event["recipient"], event["purpose"]) == (body, purpose)
        wide = event["answer"] != "yes" and not event["purpose"] and event["recipient"] in ("", body)
        live = now is not None and now["answer"] == "yes"
        if not (exact or wide) or (event["kind"] in ("change", "confirm") and event["answer"] == "yes" and not live):
            continue
        if event["kind"] == "withdraw" and now is None:
            continue
        kept = now["identity"] if now is not None and event["kind"] == "confirm" else event["identity"]
        now = dict(event, identity=kept)
    return now


def check_consent(events, said, where, ledger):
    """bundle-v1, 6.4: a live yes for body and purpose, the answer at the end, no word about another body."""
    bodies = {code for code, _, _ in said["recipients"]}
    grants = [standing(events, body, said["purpose"]) for body in sorted(bodies)]
    day = said["time"].date().isoformat()
    others = [one for one in events if one["recipient"] and one["recipient"] not in bodies]
    ledger.expect(not others, "consent", "about-another-body", where)
    ended = any(not one["recipient"] and one["kind"] != "refuse" for one in events)
    ledger.expect(ended, "consent", "no-end-question", where)
    ledger.expect(len(bodies) == 1, "consent", "more-than-one-body", where)
    live = all(grant is not None and grant["answer"] == "yes" for grant in grants)
    if ledger.expect(live, "consent", "no-live-consent", where):
        due = any(grant["review_by"] is None or grant["review_by"] < day for grant in grants)
        ledger.expect(not due, "consent", "review-due", where)


def is_coarse(slot, field):
    """profile-v1, section 2, `coarsen`."""
    if slot["class"] in ("S3", "S4", "S5") or any(member["type"] == "blob" for member in slot.get("members", [])):
        return False
    kept = field["type"] in ("choice", "language") and not slot.get("coarser")
    return "~" in field["id"] or "computed" in field or kept


def lifted_words(lifts):
    """Of each paragraph the edges of the runs of places that lifts name; those that meet or overlap are one."""
    runs = {}
    for lift in lifts:
        path, _, places = lift.rpartition("/")
        if re.fullmatch("[0-9]{1,7}-[0-9]{1,7}", places):
            runs.setdefault(path, []).append(tuple(map(int, places.split("-"))))
    edges = {path: [] for path in runs}
    for path, found in runs.items():
        for first, last in sorted(found):
            if edges[path] and first <= edges[path][-1]:
                edges[path][-1] = max(edges[path][-1], last + 1)
            elif first <= last:
                edges[path] += [first, last + 1]
    return edges


class Allowance:
    """What one record may show this body: by the profile, by its consent, and by what the body asked for on top."""

    def __init__(self, actions, said, events, lifts):
        self.actions, self.body = actions, said["recipients"][0][0]
        self.lifts, self.words = set(lifts), lifted_words(lifts)
        grant = standing(events, self.body, said["purpose"])
        self.identity = grant is not None and grant["answer"] == "yes" and grant["identity"] == "yes"

    def action(self, klass):
        return self.actions.get(klass, "drop")

    def lifted(self, klass, path):
        """request-v1, 5: what the body asked for; of S4 only with identity, of S5 never; no file."""
        allowed = klass in ("S2", "S3") or (klass == "S4" and self.identity)
        return path in self.lifts and allowed and not path.endswith("/file")

    def shows(self, klass, path):
        action = self.action(klass)
        kept = action in ("keep", "review", "coarsen") or (action == "identity" and self.identity)
        return kept or self.lifted(klass, path)

    def shows_names(self):
        """Whether names in paragraphs stand there as they are; else each has its code, unless the body asked for it."""
        return self.action("S3") in ("keep", "review", "coarsen")

    def asked_for(self, path, place):
        """Whether the body asked for the word at this place of a paragraph, or for the whole of it."""
        return path in self.lifts or bisect.bisect_right(self.words.get(path, []), place) % 2 == 1


def check_profile(shown, said, events, where, ledger, lifts=()):
    """bundle-v1, 6.4, `identity`: nothing beyond the profile, S4 only with a yes to it, voice and face only if granted."""
    actions = PROFILES.get(said["profile"])
    if actions is None:
        ledger.fail("identity", "unknown-profile", where)
        return
    allowed = Allowance(actions, said, events, lifts)

    def expect(holds, code, path):
        return ledger.expect(holds, "identity", code, f"{where} {path}")

    for path in shown.values:
        check_value(shown.slots, path, allowed, expect)
    for place, paragraph in shown.paragraphs():
        path = f"account.text/{place}"
        check_value(shown.slots, path, allowed, expect)
        if not allowed.shows_names():
            check_names(paragraph, path, allowed, expect)
    for place in shown.exhibits:
        if f"exhibits/{place}/file" in shown.values:
            check_file(shown.values, f"exhibits/{place}", allowed, expect)
    for name, elements in shown.lists.items():
        for place in elements.items if isinstance(elements, Tree) else ():
            own = shown.values.get(f"{name}/{place}/recipient") == allowed.body
            expect(own, "about-another-body", name)


def check_class(klass, path, allowed, expect):
    code = "identity-shown" if allowed.action(klass) == "identity" else "beyond-profile"
    return expect(allowed.shows(klass, path), code, path)


def check_value(slots, path, allowed, expect):
    """A value or paragraph is of a class that may be shown; what the profile coarsens is shown coarsened."""
    slot, field = field_at(slots, path)
    if expect(field is not None, "beyond-profile", path) and check_class(field["class"], path, allowed, expect):
        if allowed.action(field["class"]) == "coarsen" and not allowed.lifted(field["class"], path):
            expect(is_coarse(slot, field), "beyond-profile", path)


def check_names(paragraph, path, allowed, expect):
    """No name stands in the paragraph but one that has a code and was asked for; the witness's own only with identity."""
    for place, code in paragraph.names():
        asked = code is not None and allowed.asked_for(path, place)
        expect(asked, "beyond-profile", f"{path}/{place}-{place}")
        if asked and code.startswith("W-"):
            expect(allowed.identity, "identity-shown", f"{path}/{place}-{place}")


def check_file(values, exhibit, allowed, expect):
    """The file of an exhibit: voice and face are S4 and need the grant of their medium, of all others a known kind."""
    path, kind = f"{exhibit}/file", values.get(f"{exhibit}/kind")
    if kind in ("audio", "video", "photo"):
        check_class("S4", path, allowed, expect)
        expect(values.get(f"consent.recording/{kind}") == "yes", "medium-not-granted", path)
    else:
        expect(kind in ("document", "sketch", "object", "other"), "beyond-profile", path)


# ---- 10. Reading copies, tables: bundle-v1, sections 3.3 and 3.4 ----

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
PRACTICE_LINE = "PRACTICE: invented testimony. تدريب: إفادة مختلَقة."
BASIS = "code in its place"
REDACTORS = "code put by the redactor after signing"
REASONS = {"W": "W-ID", "L": "W-LOC", "U": "OTHER", "N": "OTHER"}  # by the first letter of a code; all others THIRD


def check_revision(revision):
    """Section 3.2: the first has no history, a later one names the file before it; lifts are paths in order, once each."""
    if not isinstance(revision, dict) or sorted(revision) != ["lifts", "number", "request", "since"]:
        raise Broken("revision")
    number, since, request, lifts = (revision[name] for name in ("number", "since", "request", "lifts"))
    numbered = isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 9999
    dated = since is None or (isinstance(since, str) and re.fullmatch("[0-9a-f]{64}", since))
    asked = request is None or (isinstance(request, str) and re.fullmatch("[0-9a-f]{32}", request))
    listed = isinstance(lifts, list) and len(lifts) <= 10_000
    if not (numbered and dated and asked and listed):
        raise Broken("revision")
    if not all(isinstance(one, str) and re.fullmatch("[A-Za-z0-9._~/-]{1,512}", one) for one in lifts):
        raise Broken("revision")
    alone = (since is None and (lifts or request)) or (request is not None and not lifts)
    if lifts != sorted(set(lifts)) or (number == 1) != (since is None) or alone:
        raise Broken("revision")


def reading_copy(head, shown, said="", number=None):
    """Section 3.3, made again from head, disclosure and the number of the revision alone."""
    label = "" if number is None else f"-R{number:02d}"
    title = f"{head['control']}{label}\n{head['record']} v{head['version']}\n{said}"
    title += f"{PRACTICE_LINE}\n" if head["practice"] == "yes" else ""
    blocks_ = ["[…]"] if not shown.account else []
    for place, one in shown.account:
        if isinstance(one, Gap):
            blocks_.append("[…]")
        else:
            text = "".join(text for _, text in one.pieces())
            marked = ACTING.sub(lambda found: f"<U+{ord(found[0]):04X}>", text).replace("\n", "\n    ")
            blocks_.append(f"{place + 1}. {marked}")
    return (title + "\n" + "\n\n".join(blocks_) + "\n").encode("utf-8")


def table(rows):
    """Section 3.4: every cell in quotes, none of which a spreadsheet takes for a formula."""

    def cell(text):
        guarded = "'" + text if text[:1] and text[0] in "=+-@\t\r\n|%" else text
        return '"' + guarded.replace('"', '""') + '"'

    return "".join(",".join(map(cell, row)) + "\n" for row in rows).encode("utf-8")


CONSENT_COLUMNS = "control_number seq at kind recipient purpose answer identity how script review_by".split()
REDACTION_COLUMNS = "control_number version path code basis by approved_by date review_date".split()


def consent_table(records):
    rows = [CONSENT_COLUMNS]
    for record in records:
        for event in record["events"]:
            cells = [event[name] for name in CONSENT_COLUMNS[1:]]
            rows.append([record["head"]["control"], *("" if one is None else str(one) for one in cells)])
    return table(rows)


def index_table(seen):
    kinds = {
        "json": "record",
        "text": "reading copy",
        "exhibit": "exhibit",
        "companion.json": "companion",
        "companion.txt": "reading copy of a companion",
    }
    rows = [["control_number", "kind", "member", "bytes", "sha256", "receiver_number"]]
    for name in sorted(seen, key=order_of):
        part, key, _ = place_of(name)
        if part in kinds:
            rows.append([key, kinds[part], name, str(seen[name][1]), seen[name][0], ""])
    return table(rows)


def gaps_within(shown):
    """The path of each gap in a shown paragraph, counted from 1 in its paragraph."""
    paths = []
    for place, paragraph in shown.paragraphs():
        count = sum(kind == "gap" for kind, _ in paragraph.pieces())
        paths += [f"account.text/{place}/gap-{number}" for number in range(1, count + 1)]
    return paths


def redaction_rows(data):
    """The rows behind the header; None for another spelling. The csv module stops at cells of 128 KiB; this does not."""
    try:
        lines = data.decode("utf-8").split("\n")
    except ValueError:
        return None
    cell = '"((?:[^"\r]|"")*)"'
    found = [re.fullmatch(",".join([cell] * 9), line) for line in lines[:-1]]
    if lines[-1] or not found or None in found:
        return None
    rows = [[one.replace('""', '"') for one in line.groups()] for line in found]
    return rows[1:] if rows[0] == REDACTION_COLUMNS and table(rows) == data else None


def redaction_log_holds(rows, lines, records):
    """Section 3.4: every code in a shown paragraph has its row, and every gap before a shown one; no row is of others."""
    if rows is None:
        return False
    named = [(row[0], row[1]) for row in rows]
    named = [one for before, one in zip([None, *named], named) if one != before]
    if named != [line for line in ((one[0], one[2][1:]) for one in lines) if line in {*named}]:
        return False
    if not all(row[6] == "" or are_codes(row[6]) for row in rows):
        return False
    for record in records:
        head, shown = record["head"], record["shown"]
        own = [row for row in rows if row[0] == head["control"]]
        derived = []
        for place, paragraph in shown.paragraphs():
            signed = dict.fromkeys(text for kind, text in paragraph.pieces() if kind == "code")
            put = dict.fromkeys(code for _, codes in sorted(paragraph.overlay.items()) for code in codes)
            for code, basis in [*((code, BASIS) for code in signed), *((code, REDACTORS) for code in put)]:
                reason = REASONS.get(code.partition("-")[0], "THIRD")
                path = f"account.text/{place}/{code}"
                derived.append([head["control"], str(head["version"]), path, reason, basis, "", "", "", ""])
        inside = [row for row in own if re.match(r"account\.text/.*/", row[2])]
        gap_rows = [row for row in inside if re.fullmatch(r"account\.text/(?:0|[1-9][0-9]*)/gap-[1-9][0-9]*", row[2])]
        if [row for row in inside if row not in gap_rows] != derived or not all(row[3] for row in gap_rows):
            return False
        found = [row[2] for row in gap_rows]
        if [path for before, path in zip([None, *found], found) if path != before] != gaps_within(shown):
            return False
        listed = {row[2] for row in own}
        gaps = [one for _, one in shown.account[:-1] if isinstance(one, Gap)]
        # A gap may be a million wide and the log has a line for each: count lines, do not invent names.
        for gap in gaps:
            if gap.width > len(listed):
                return False
            if any(f"account.text/{place}" not in listed for place in range(gap.start, gap.start + gap.width)):
                return False
    return True


PUBLIC_PURPOSES = ("public", "public use", "publication", "publish", "publishing")


def are_codes(cell):
    """Codes of people, ascending, one blank between."""
    return re.fullmatch(f"{CODE}(?: {CODE})*", cell) is not None and cell.split(" ") == sorted({*cell.split(" ")})


def approved_twice(rows, control):
    """Section 3.4, for the public: each row of the record but those of codes names two approvers, and there is one."""
    gap = r"account\.text/(?:0|[1-9][0-9]*)/gap-[1-9][0-9]*"
    own = [row for row in rows or () if row[0] == control]
    cells = [row[6] for row in own if re.fullmatch(gap, row[2]) or not re.match(r"account\.text/.*/", row[2])]
    return bool(cells) and all(" " in cell and are_codes(cell) for cell in cells)


# ---- 11. Custody: custody-v1 ----

WORD = r"[A-Za-z0-9._:@/+-]{1,64}"
WALL = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}"
DETAIL = {
    "count": None,
    "code": WORD,
    "digest": SHA,
    "hex-id": "[0-9a-f]{32}",
    "record-id": RECORD_ID,
    "control": CONTROL,
    "fingerprint": "[0-9]{40}",
    "time": WALL,
}
# Section 3, a line a kind: required details, a bar, optional ones; `name` alone is `name:code`; what is no type above
# is a list of words.
KINDS_TABLE = """
backup digest:digest | size:count
bundle.abandon | reason
bundle.handover bundle_sha256:digest | size:count recipient:fingerprint
bundle.import signer:fingerprint bundle_sha256:digest verdict:self-consistent/pinned/incomplete/invalid | imported:count already:count conflict:count quarantined:count conditions:digest
bundle.receive signer:fingerprint bundle_sha256:digest | size:count
bundle.seal recipient:fingerprint profile:full/pseudonymised/lead/statistics records:count | withheld:count purpose manifest:digest previous:hex-id conditions:digest
bundle.verify verdict:self-consistent/pinned/incomplete/invalid bundle_sha256:digest | failed:count
checkpoint size:count root:digest | kept
clock.change before:time after:time | reason
conditions.accept conditions:digest signer:fingerprint |
consent.change event:digest | number:count statement:digest
consent.confirm event:digest | number:count statement:digest
consent.grant event:digest | number:count statement:digest
consent.refuse | event:digest number:count statement:digest
consent.withdraw event:digest reach:everything/one-body | number:count statement:digest
contact.add fingerprint:fingerprint card:digest | contact vouched salt:hex-id
contact.remove fingerprint:fingerprint | contact reason salt:hex-id
correction.begin version:count | reason
cosignature.import cosignature:digest size:count | signer:fingerprint
cosignature.issue cosignature:digest | size:count recipient:fingerprint
erase.approve scope:stop-sharing/remove-name/erase | reason approval:digest salt:hex-id
erase.done scope:stop-sharing/remove-name/erase | root:digest
erase.request scope:stop-sharing/remove-name/erase | reason salt:hex-id
exhibit.derive exhibit:hex-id sha256:digest size:count from:digest | method
exhibit.import exhibit:hex-id sha256:digest size:count | control:control source
exhibit.remove exhibit:hex-id | sha256:digest reason
fixity.check result:held/failed | checked:count damaged:count
form.add digest:digest form | origin:own/received
gazetteer.import digest:digest country places:count |
hold.clear authority | reason salt:hex-id
hold.set authority | reason salt:hex-id
identity.open | version:count reason
key.export |
readback answer:yes/no/part | corrections:count language
observation.add digest:digest |
receipt.import receipt:digest verdict:self-consistent/pinned/incomplete/invalid | signer:fingerprint bundle_sha256:digest
request.issue request:digest places:count | recipient:fingerprint
request.import request:digest places:count | signer:fingerprint
receipt.issue receipt:digest | recipient:fingerprint
record.correct version:count root:digest head:digest previous_root:digest | control:control leaves:count reason
record.create | form source:typed/file/spoken/recorded/thumbprint/signed digest:digest
record.discard | reason
record.finish version:count root:digest head:digest | control:control content:digest leaves:count
record.import version:count root:digest bundle:hex-id outcome:imported/already/conflict/quarantined | control:control disclosure:digest signer:fingerprint
record.print version:count | profile:full/pseudonymised/lead/statistics digest:digest
record.refuse | reason
record.save number:count | digest:digest
record.view | version:count
redaction.apply profile:full/pseudonymised/lead/statistics digest:digest | version:count
redaction.approve digest:digest | profile:full/pseudonymised/lead/statistics version:count
redaction.lift digest:digest | reason version:count
redaction.restrict digest:digest | reason version:count
redaction.unrestrict digest:digest | reason version:count
restore digest:digest | size:count
roster.accept number:count digest:digest |
roster.overrule number:count rule:expired/not-yet-valid | reason
script.add script digest:digest language |
session.abort | case reason
session.close | case
session.open | case
slot.add slot:count | slot_kind:passphrase/passphrase-and-file/recovery/escrow
slot.remove slot:count | slot_kind:passphrase/passphrase-and-file/recovery/escrow reason
slot.used slot:count | slot_kind:passphrase/passphrase-and-file/recovery/escrow
staff.add fingerprint:fingerprint | role staff
staff.disable fingerprint:fingerprint | staff reason
token.import imprint:digest token:digest | authority:digest size:count
token.request imprint:digest | size:count
transcript.add digest:digest language | method
translation.add digest:digest language | method
vault.create profile | format:count role prefix
vault.failed attempts:count |
vault.lock |
vault.settings digest:digest | setting
vault.unlock slot:count | failed:count kept:digest
withdrawal.import notice:digest asks:stop-sharing/remove-name/erase | signer:fingerprint
withdrawal.issue notice:digest | recipient:fingerprint
"""

# Section 4: what these acts are about.
WALK_OBJECT = "(walk|marks)/[0-9a-f]{32}"
OBJECTS = {
    "redaction.apply": WALK_OBJECT,
    "redaction.lift": WALK_OBJECT,
    "redaction.approve": "approval/[0-9a-f]{32}",
    "hold.set": f"hold/{RECORD_ID}",
    "hold.clear": f"hold/{RECORD_ID}",
    "erase.request": f"erase/{RECORD_ID}",
    "erase.approve": f"erase/{RECORD_ID}",
    "erase.done": f"tombstone/{RECORD_ID}",
}
NEVER_TOLD = ("redaction.approve", "hold.set", "hold.clear", "erase.request", "erase.approve")


@lru_cache(maxsize=1)
def kinds():
    """The table as kind to (required, optional), each detail with its pattern, None for a count."""

    def details(text):
        pairs = (word.partition(":") for word in text.split())
        return {name: DETAIL.get(kind or "code", kind.replace("/", "|")) for name, _, kind in pairs}

    found = {}
    for line in KINDS_TABLE.strip().split("\n"):
        required, _, optional = line.partition("|")
        kind, _, rest = required.partition(" ")
        found[kind] = details(rest), details(optional)
    return found


def read_entry(line):
    """Section 2: one line, its members, its details by its kind, from its one spelling."""
    if len(line) > 4096 or not line.isascii():
        raise Broken("malformed")
    entry = read_json(line[:-1])
    names = "actor boot details device kind monotonic_ns note object object_prev prev seq v wall".split()
    if not isinstance(entry, dict) or sorted(entry) != names or entry["v"] != 1 or isinstance(entry["v"], bool):
        raise Broken("malformed")
    shapes = {
        **dict.fromkeys(("actor", "device", "object"), WORD),
        **dict.fromkeys(("prev", "object_prev"), SHA),
        "boot": "[A-Za-z0-9-]{1,64}",
        "monotonic_ns": "0|[1-9][0-9]{0,18}",
        "note": "ok|reboot|clock-back|implausible",
        "wall": WALL,
        "kind": ".+",
    }
    if not is_count(entry["seq"]) or not isinstance(entry["details"], dict):
        raise Broken("malformed")
    if not all(isinstance(entry[name], str) and re.fullmatch(shape, entry[name]) for name, shape in shapes.items()):
        raise Broken("malformed")
    if int(entry["monotonic_ns"]) >= 2**63 or entry["kind"] not in kinds():
        raise Broken("unknown-kind")
    entry["at"] = moment(entry["wall"])
    required, optional = kinds()[entry["kind"]]
    allowed = {**required, **optional}
    if not required.keys() <= entry["details"].keys() <= allowed.keys():
        raise Broken("details")
    for name, value in entry["details"].items():
        shape = allowed[name]
        good = is_count(value) if shape is None else isinstance(value, str) and re.fullmatch(shape, value)
        if not good:
            raise Broken("details")
    if not re.fullmatch(OBJECTS.get(entry["kind"], WORD), entry["object"]):
        raise Broken("object")
    return entry


def read_checkpoint(note, card):
    """Section 6: the signed note, by the device of the card."""
    origin = "testimony-vault.invalid/device/" + card["digits"].replace(" ", "")
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Broken("checkpoint") from None
    shape = r"((\S+)\n(0|[1-9][0-9]{0,9})\n([A-Za-z0-9+/]{43}=)\n)\n— (\S+) ([A-Za-z0-9+/]{91}=)\n"
    found = re.fullmatch(shape, text)
    if len(note) > 1024 or found is None or int(found[3]) > 2**32:
        raise Broken("checkpoint")
    if found[2] != origin or found[5] != origin:
        raise Broken("origin")
    blob, root = strict_base64(found[6]), strict_base64(found[4])
    key_id = sha256(origin.encode() + b"\n\x01" + card["ed25519"])[:4]
    if blob[:4] != key_id or not ed25519_holds(card["ed25519"], blob[4:], found[1].encode()):
        raise Broken("checkpoint-signature")
    return {"origin": origin, "size": int(found[3]), "root": root}


def included(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2: whether this leaf stands at this place of the tree with this root."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            leaf = sha256(b"\1" + step + leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = sha256(b"\1" + leaf + step)
        place, last = place >> 1, last >> 1
    return last == 0 and leaf == root


def hashes(value):
    good = isinstance(value, list) and len(value) <= 64
    if not good or not all(isinstance(step, str) and re.fullmatch(SHA, step) for step in value):
        raise Broken("malformed")
    return [bytes.fromhex(step) for step in value]


def consistent(old_size, old_root, size, root, path):
    """RFC 9162, 2.1.4.2: whether the tree of this size and root begins with the older one."""
    path = [old_root, *path] if old_size & old_size - 1 == 0 else list(path)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        return False
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = sha256(b"\1" + step + before), sha256(b"\1" + step + after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = sha256(b"\1" + after + step)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, root)


def check_growth(checkpoint, growth, seen, known=None):
    """Section 7.2, with the heads alone, and with the proofs of the one earlier bundle that may be `known`."""
    heads = {head["size"]: head["root"] for head in seen}
    later = {known["size"]: known["growth"]} if known else {}
    size, root = checkpoint["size"], checkpoint["root"]
    if any(heads[head["size"]] != head["root"] for head in seen) or heads.get(size, root) != root:
        raise Broken("fork", CUSTODY[2])
    if size in heads:
        return
    smaller = [one for one in heads if 0 < one < size]
    if smaller and max(smaller) not in growth:
        raise Broken("unproved-growth", CUSTODY[2])
    for since in smaller:
        if since in growth and not consistent(since, heads[since], size, root, growth[since]):
            raise Broken("fork", CUSTODY[2])
    larger = [one for one in heads if one > size]
    back = [one for one in larger if size in later.get(one, {})]
    if larger and not back:
        raise Broken("unproved-prefix", CUSTODY[2])
    if not all(consistent(size, root, one, heads[one], later[one][size]) for one in back):
        raise Broken("fork", CUSTODY[2])


def read_proofs(log, proofs):
    """Section 7.1: the lines, the audit path of each, the size of the log, the proofs of growth by earlier size."""
    lines = log.split(b"\n")
    if lines.pop() or len(lines) > 100_000:
        raise Broken("malformed")
    value = read_json(proofs)
    if not isinstance(value, dict) or sorted(value) != ["growth", "paths", "size", "v"]:
        raise Broken("malformed")
    size, paths, growth = value["size"], value["paths"], value["growth"]
    if value["v"] != 1 or isinstance(value["v"], bool) or not is_count(size, 2**32):
        raise Broken("malformed")
    if not isinstance(paths, list) or len(paths) != len(lines) or not isinstance(growth, list) or len(growth) > 512:
        raise Broken("malformed")
    if not all(isinstance(one, dict) and sorted(one) == ["path", "since"] for one in growth):
        raise Broken("malformed")
    sizes = [one["since"] for one in growth]
    if not all(is_count(one, size - 1) and one for one in sizes) or sizes != sorted(set(sizes), reverse=True):
        raise Broken("malformed")
    return lines, [hashes(path) for path in paths], size, {one["since"]: hashes(one["path"]) for one in growth}


def clock_note(before, entry):
    """Section 5: what is odd about a reading of the clocks, after that of the line before it."""
    at, ticks = entry["at"], int(entry["monotonic_ns"])
    odd = not datetime(2025, 1, 1, tzinfo=timezone.utc) <= at < datetime(2100, 1, 1, tzinfo=timezone.utc)
    if before is None:
        return "implausible" if odd else "ok"
    ran, boot = ticks - int(before["monotonic_ns"]), entry["boot"] == before["boot"]
    if odd or at - before["at"] > timedelta(days=400) or (boot and ran < 0):
        return "implausible"
    slow = boot and at - before["at"] + timedelta(minutes=2) < timedelta(microseconds=ran // 1000)
    if at < before["at"] or slow:
        return "clock-back"
    return "ok" if boot else "reboot"


def read_entries(lines, paths, size, checkpoint):
    """Section 7.1: every line stands in the log of the checkpoint, every object's chain is whole from its start."""
    if size != checkpoint["size"]:
        raise Broken("size")
    entries, heads, before = [], {}, (-1, "0" * 64)
    for text, path in zip(lines, paths):
        line = text + b"\n"
        entry = read_entry(line)
        where = f"entry {entry['seq']}"
        if entry["seq"] <= before[0]:
            raise Broken("seq", where)
        if not checkpoint["origin"].endswith("/" + entry["device"]):
            raise Broken("device", where)
        if not included(sha256(b"\0" + line), entry["seq"], size, path, checkpoint["root"]):
            raise Broken("inclusion", where)
        if entry["seq"] == before[0] + 1 and entry["prev"] != before[1]:
            raise Broken("prev", where)
        if entry["seq"] == before[0] + 1 and entry["note"] != clock_note(entries[-1] if entries else None, entry):
            raise Broken("note", where)
        if entry["object_prev"] != heads.get(entry["object"], "0" * 64):
            raise Broken("object-prev", where)
        before = entry["seq"], hex256(line)
        heads[entry["object"]] = before[1]
        entries.append(entry)
    return entries


def finishing(line, chain):
    """bundle-v1, 6.5: the one entry that finished this version; versions follow each other, each by its root."""
    finished = [entry for entry in chain if entry["kind"] in ("record.finish", "record.correct")]
    previous = None
    for version, entry in enumerate(finished, start=1):
        said = entry["details"]
        kind = "record.finish" if version == 1 else "record.correct"
        if (entry["kind"], said["version"], said.get("previous_root")) != (kind, version, previous):
            return None
        previous = said["root"]
    _, _, version, root, head = line
    wanted = int(version[1:]), root, head
    found = [
        one for one in finished if (one["details"]["version"], one["details"]["root"], one["details"]["head"]) == wanted
    ]
    return found[0] if found else None


def check_consent_in_log(record, chain, where, ledger):
    """consent-statement-v1, section 5: the newest word names this statement, no withdrawal of everything is hidden."""
    shown = {event["seq"]: event for event in record["events"]}
    words = [one for one in chain if one["kind"].startswith("consent.")]
    whole = [one["details"] for one in words if one["details"].get("reach") == "everything"]
    hidden = {one.get("number") for one in whole} - shown.keys()
    ledger.expect(not hidden, "consent", "withdrawn-since", where)
    for one in words:
        event = shown.get(one["details"].get("number"))
        if event is not None:
            reach = "one-body" if event["recipient"] else "everything"
            same = one["kind"] == "consent." + event["kind"] and one["details"].get("reach", reach) == reach
            ledger.expect(same, "consent", "other-event", where)
    finished = [one["seq"] for one in chain if one["kind"] in ("record.finish", "record.correct")]
    later = [one for one in words if one["seq"] > min(finished)]
    statement = record["statement"]
    newest = statement is None and not later
    if statement is not None and later:
        naming = [one["seq"] for one in later if one["details"].get("statement") == statement["sha256"]]
        newest = (
            all("statement" in one["details"] for one in later)
            and later[-1]["details"]["statement"] == statement["sha256"]
            and later[-1]["details"].get("number") == statement["events"]
            and naming[0] >= statement["size"]
        )
    ledger.expect(newest, "consent", "other-statement", where)


def check_records_in_log(said, entries, records, ledger):
    held = {record["head"]["record"]: record for record in records}
    for line in said["records"]:
        chain = [entry for entry in entries if entry["object"] == line[1]]
        entry, record = finishing(line, chain), held.get(line[1])
        if not ledger.expect(entry is not None, "custody-records", "no-finish-entry", line[0]) or record is None:
            continue
        head = record["head"]
        previous = None if head["previous-root"] == "none" else head["previous-root"]
        agrees = (
            entry["seq"] >= head["size"]
            and entry["actor"] == head["recorder"]
            and entry["details"].get("previous_root") == previous
        )
        ledger.expect(agrees, "custody-records", "other-finish-entry", line[0])
        check_consent_in_log(record, chain, line[0], ledger)
    walks = [entry for entry in entries if entry["kind"] in ("redaction.apply", "redaction.lift")]
    gone = {entry["object"] for entry in entries if entry["kind"] == "erase.done"}
    own = (
        not any(entry["kind"] in NEVER_TOLD for entry in entries)
        and not gone & {"tombstone/" + line[1] for line in said["records"]}
        and all(entry["object"].startswith("walk/") for entry in walks)
        and all(entry["details"].get("profile", said["profile"]) == said["profile"] for entry in walks)
        and len({entry["object"] for entry in walks}) <= len(said["records"])
    )
    ledger.expect(own, "custody-records", "others-entry", CUSTODY[1])
    ledger.made.add("custody-records")


def check_sealing(said, entries, conditions, ledger):
    """6.5: one sealing, the first entry about this bundle, says what the statement says, behind every finishing."""
    chain = [entry for entry in entries if entry["object"] == said["bundle"]]
    names = [entry["kind"] for entry in chain]
    sealed = names[:1] == ["bundle.seal"] and names.count("bundle.seal") == 1 and "bundle.abandon" not in names
    if not ledger.expect(sealed, "custody-seal", "no-seal-entry", CUSTODY[1]):
        return
    entry, held = chain[0]["details"], {line[1] for line in said["records"]}
    also = {
        "withheld": len(said["withheld"]),
        "purpose": said["purpose"].replace(" ", "-"),
        "previous": None if said["previous"] == "none" else said["previous"],
        "conditions": conditions,
    }
    finished = [one for one in entries if one["object"] in held and one["kind"] in ("record.finish", "record.correct")]
    agrees = (
        entry["recipient"] in {digits.replace(" ", "") for _, digits, _ in said["recipients"]}
        and abs(chain[0]["at"] - said["time"]) <= timedelta(days=1)
        and (entry["profile"], entry["records"]) == (said["profile"], len(said["records"]))
        and all(entry[name] == value for name, value in also.items() if name in entry)
        and all(one["seq"] < chain[0]["seq"] for one in finished)
    )
    ledger.expect(agrees, "custody-seal", "other-seal-entry", CUSTODY[1])


# Anchors: custody-v1, 5.2; bundle-v1, 3.6; receipt-v1; cosignature-v1; RFC 3161

ANCHORS = "data/custody/anchors/"
RECEIPT_LINES = (
    ("bundle", "[0-9a-f]{32}"),
    ("bundle-sha256", SHA),
    ("verdict", "self-consistent|pinned|incomplete|invalid"),
    ("receiver", f"{CODE} {DIGITS}"),
    ("received", TIME),
    ("custody-origin", "[!-~]{1,200}"),
    ("custody-size", "0|[1-9][0-9]{0,15}"),
    ("custody-root", SHA),
)
COSIGNATURE_LINES = (
    ("custody-origin", r"testimony-vault\.invalid/device/[0-9]{40}"),
    ("custody-size", "0|[1-9][0-9]{0,15}"),
    ("custody-root", SHA),
    ("cosigner", f"{CODE} {DIGITS}"),
    ("seen", TIME),
)


def read_witness(data, kind):
    """A receipt or cosignature: size and root of the head it is about, its time, whose it is; signatures apart."""
    text, signatures = signed_text(data)
    lines = Lines(text)
    lines.literal(f"testimony-vault {kind} v1")
    said = {key: lines.value(key, shape) for key, shape in (RECEIPT_LINES if kind == "receipt" else COSIGNATURE_LINES)}
    if kind == "receipt":
        found = [
            value.split(" ")
            for value in lines.values("record", rf"{CONTROL} {RECORD_ID} (?:imported|already|conflict|quarantined)")
        ]
        for column in (0, 1):
            if len({one[column] for one in found}) != len(found) or len(found) > 20_000:
                raise Broken("spelling")
    lines.end()
    head = {"origin": said["custody-origin"], "size": int(said["custody-size"])}
    head.update(
        root=bytes.fromhex(said["custody-root"]),
        at=moment(said["received" if kind == "receipt" else "seen"]),
        by=said["receiver" if kind == "receipt" else "cosigner"][-49:],
    )
    return head, (text, *signatures)


def der(data):
    """The elements that these bytes are, each as tag and content, in the one spelling of DER."""
    found, place = [], 0
    while place < len(data):
        tag, length, start = data[place], int.from_bytes(data[place + 1 : place + 2], "big"), place + 2
        if length > 127:
            start += length - 128
            digits = data[place + 2 : start]
            length = int.from_bytes(digits, "big")
            if not 1 <= len(digits) <= 3 or length < 128 or digits[0] == 0:
                raise Broken("spelling")
        if tag & 31 == 31 or start + length > len(data) or start > len(data):
            raise Broken("spelling")
        found.append((tag, data[start : start + length]))
        place = start + length
    return found


def inside(element, *tags):
    """What stands in a SEQUENCE or context element: so many elements of these tags, 0 for any; more may follow None."""
    found = der(element[1])
    more = tags[-1:] == (None,)
    wanted = tags[:-1] if more else tags
    if len(found) < len(wanted) or (not more and len(found) > len(wanted)):
        raise Broken("spelling")
    if any(tag not in (0, one[0]) for tag, one in zip(wanted, found)):
        raise Broken("spelling")
    return found


def read_token(answer):
    """RFC 3161: imprint and time of an answer that was granted. Its signature is checked by whoever has its root."""
    (whole,) = inside((48, answer), 48)
    status, token = inside(whole, 48, 48) if len(der(whole[1])) == 2 else (inside(whole, 48, None)[0], None)
    if inside(status, 2, None)[0][1] != b"\0":
        raise Broken("not-granted")
    if token is None:
        raise Broken("spelling")
    kind, wrapped = inside(token, 6, 160)
    (signed,) = inside(wrapped, 48)
    parts = inside(signed, 2, 49, 48, None)
    content, octets = inside(parts[2], 6, 160)
    (info,) = inside((48, inside(octets, 4)[0][1]), 48)
    _, _, imprint, _, time = inside(info, 2, 6, 48, 2, 24, None)[:5]
    algorithm, digest = inside(imprint, 48, 4)
    oids = (kind[1].hex(), content[1].hex())
    if oids != ("2a864886f70d010702", "2a864886f70d0109100104") or der(info[1])[0][1] != b"\1":
        raise Broken("spelling")
    if der(algorithm[1])[0] != (6, bytes.fromhex("608648016503040201")) or len(digest[1]) != 32:
        raise Broken("imprint")
    found = re.fullmatch(rb"([0-9]{14})(?:\.[0-9]{0,8}[1-9])?Z", time[1])
    try:
        at = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
    except (ValueError, TypeError):
        raise Broken("spelling") from None
    return {"imprint": digest[1], "at": at}


class Anchors:
    """The outside things that travel with a bundle, each held against the log."""

    IMPORTS = {"receipt": "receipt.import", "cosignature": "cosignature.import", "token": "token.import"}

    def __init__(self, files, checkpoint, growth, entries, recipients):
        self.files, self.checkpoint, self.growth, self.recipients = files, checkpoint, growth, recipients
        self.entries, self.found, self.used = {}, [], set()
        for entry in entries:
            for kind, name in self.IMPORTS.items():
                if entry["kind"] == name:
                    self.entries.setdefault((kind, entry["details"][kind]), entry["seq"])

    def check(self, ledger):
        for name in sorted(self.files):
            kind = name.rpartition(".")[2]
            if kind in self.IMPORTS:
                try:
                    self.take(name, kind)
                except Broken as error:
                    ledger.fail("custody-anchors", error.code, name)
        for name in sorted(self.files.keys() - self.used):
            ledger.expect(name.rpartition(".")[2] in self.IMPORTS, "custody-anchors", "unused", name)
        ledger.made.add("custody-anchors")

    def take(self, name, kind):
        """One anchor: about this log, with growth from its size, and taken in by an entry that is shown."""
        data, others = self.files[name], [name]
        if kind == "token":
            head = read_token(data)
            others.append(f"{ANCHORS}{head['imprint'].hex()}.head")
            text = self.files.get(others[-1], b"")
            found = re.fullmatch(rb"([!-~]{1,128})\n(0|[1-9][0-9]{0,9})\n([A-Za-z0-9+/]{43}=)\n", text)
            if sha256(text) != head["imprint"] or found is None:
                raise Broken("imprint")
            head.update(origin=found[1].decode(), size=int(found[2]), root=strict_base64(found[3].decode()))
        else:
            head, signed = read_witness(data, kind)
            others.append(f"{ANCHORS}{head['by'].replace(' ', '')}.card")
            if others[-1] not in self.files:
                raise Broken("no-card")
            card = read_card(self.files[others[-1]])
            if card["digits"] != head["by"]:
                raise Broken("other-signer")
            if (kind == "receipt" or card["kind"] == "body") and head["by"] not in self.recipients:
                raise Broken("about-another-body")
            if kind == "cosignature" and self.checkpoint["origin"].endswith("/" + head["by"].replace(" ", "")):
                raise Broken("own-log")
            check_both(*signed, f"{kind}@testimony-vault", card)
        path = self.growth.get(head["size"])
        if head["origin"] != self.checkpoint["origin"] or path is None:
            raise Broken("other-log")
        if not consistent(head["size"], head["root"], self.checkpoint["size"], self.checkpoint["root"], path):
            raise Broken("consistency")
        if name != f"{ANCHORS}{hex256(data)}.{kind}":
            raise Broken("other-name")
        if (kind, hex256(data)) not in self.entries:
            raise Broken("no-anchor-entry")
        self.found.append({"at": head["at"], "entry": self.entries[kind, hex256(data)]})
        self.used.update(others)

    def newest_before(self, size):
        """The time of the newest anchor that the first `size` entries took in."""
        return max((one["at"] for one in self.found if one["entry"] < size), default=None)

    def check_times(self, said, records, sealing, ledger):
        """The statement says the newest time; a head says a whole day in UTC, and none before what its log held."""
        says = (said["not-before"], said["not-after"]) == (self.newest_before(sealing), None)
        ledger.expect(says, "custody-anchors", "other-not-before", "bundle.txt")
        for record in records:
            head, proved = record["head"], self.newest_before(record["head"]["size"])
            day = None if proved is None else proved.astimezone(timezone.utc).replace(hour=0, minute=0, second=0)
            claim = head["not-before"]
            whole = claim is None or claim.isoformat().endswith("T00:00:00+00:00")
            enough = day is None or (claim is not None and claim >= day)
            ledger.expect(whole and enough, "custody-anchors", "other-not-before", head["control"])


# ---- 12. The examination: bundle-v1, section 6 ----


class Examination:
    """Takes the members one by one in the order of the tar, then makes the checks that need the whole."""

    def __init__(self, trust, recipient, notes, earlier=None):
        self.trust, self.recipient, self.notes, self.ledger = trust, recipient, notes, Ledger()
        self.earlier, self.newest = earlier, None  # an earlier bundle that holds, and this one's own head and growth
        self.tags, self.fixed, self.seen, self.parts, self.forms = {}, {}, {}, {}, {}
        self.said = self.card = None
        self.listed, self.copies, self.records, self.numbers, self.anchors = {}, {}, [], set(), {}
        self.sealed, self.last, self.held = False, (-1, 0, ""), 0
        self.companions, self.entries, self.not_carried = {}, None, None

    def take(self, name, size, read):
        place, key = place_of(name), order_of(name)
        safe = name if is_member_name(name) else "a name that no member may have"
        known = self.ledger.expect(place is not None, "members", "unknown-member", safe)
        ordered = self.ledger.expect(key > self.last, "members", "order", safe)
        few = self.ledger.expect(len(self.seen) < MAX_MEMBERS, "members", "limit", safe)
        self.last = max(self.last, key)
        if known:
            self.held += size if place[0] == "json" or place[0].startswith("companion.") else 0
            small = size <= place[2] and self.held <= MAX_RECORD_FILES
            known = self.ledger.expect(small, "members", "limit", safe)
        if not (known and ordered and few):
            return
        part = place[0]
        if part != "tag":
            self.seal()
        if part == "padding":
            zeros = True
            while piece := read(MIB):
                zeros = zeros and not any(piece)
            self.ledger.expect(zeros, "padding", "not-zeros", name)
        elif part == "exhibit":
            digest, length = hashlib.sha256(), 0
            while piece := read(MIB):
                digest.update(piece)
                length += len(piece)
            self.seen[name] = digest.hexdigest(), length
        else:
            data = b"".join(iter(lambda: read(MIB), b""))
            self.seen[name] = hex256(data), len(data)
            self.hold(part, place[1], name, data)

    def hold(self, part, key, name, data):
        if part == "tag":
            self.tags[name] = data
        elif part == "fixed":
            self.fixed[name] = data
        elif part == "anchor":
            if self.ledger.expect(len(self.anchors) < 256, "members", "limit", name):
                self.anchors[name] = data
        elif self.said and self.card and part == "form":
            self.take_form(key, name, data)
        elif self.said and self.card and part in (*PARTS, *CONSENT_PARTS):
            self.numbers.add(key)
            self.parts.setdefault(key, {})[part] = data
            if part == "json":
                self.take_record(key, self.parts.pop(key))
        elif self.said and self.card and part.startswith("companion."):
            self.companions.setdefault(key, {})[part.partition(".")[2]] = data

    # 6.3 seal

    def seal(self):
        """Once, before the first data file: the records need what the tag files say."""
        if self.sealed:
            return
        self.sealed, ledger, tags = True, self.ledger, self.tags
        for name in TAGS:
            if name not in tags:
                ledger.fail("members", "absent", name)
        try:
            self.said = read_statement(tags.get("bundle.txt", b""))
            ledger.made.add("statement")
        except Broken as error:
            ledger.fail("statement", error.code, "bundle.txt")
        try:
            self.card = read_card(tags.get("signer.card", b""))
        except Broken as error:
            ledger.fail("signer-card", error.code, "signer.card")
        said, card = self.said, self.card
        manifest = tags.get("manifest-sha256.txt", b"")
        if said:
            ledger.expect(
                hex256(manifest) == said["manifest"], "manifests", "not-the-signed-one", "manifest-sha256.txt"
            )
        self.listed = self.manifest(manifest, "manifest-sha256.txt")
        if said and card:
            same = said["signer"] == f"{card['kind']} {card['code']} {card['digits']}"
            ledger.expect(same, "signer-card", "other-signer", "signer.card")
            ledger.expect(card["practice"] == said["practice"], "signer-card", "practice", "signer.card")
        if card:
            self.signatures(card)
        if said and card:
            self.tag_files(said, card)
            if self.trust:
                ledger.expect(said["signer"][-49:] in self.trust, "signer-trusted", "unknown-signer", "signer.card")
            if self.recipient is not None:
                mine = hex256(self.recipient.encode()) in {digest for _, _, digest in said["recipients"]}
                ledger.expect(mine, "addressed-to-you", "addressed-to-another", "bundle.txt")

    def signatures(self, card):
        tags = self.tags
        files = [tags.get(name) for name in ("bundle.txt", "bundle.txt.sig", "bundle.txt.pq.sig")]
        if None in files:
            self.ledger.fail("signatures", "signature-missing", "bundle.txt")
            return
        self.ledger.made.add("signatures")
        try:
            check_both(*files, "bundle@testimony-vault", card)
        except Broken as error:
            self.ledger.fail("signatures", error.code, "bundle.txt")

    def manifest(self, data, where):
        """One line a file, in tar order, none twice."""
        try:
            lines = data.decode("ascii").split("\n")
            pairs = [re.fullmatch(rf"({SHA})  (.+)", line).groups() for line in lines[:-1]]
            names = [name for _, name in pairs]
            good = lines[-1] == "" and all(map(is_member_name, names)) and len(names) <= MAX_MEMBERS
            if not good or names != sorted(set(names), key=order_of):
                raise ValueError
        except (ValueError, AttributeError):
            self.ledger.fail("manifests", "manifest-spelling", where)
            return {}
        return {name: digest for digest, name in pairs}

    def tag_files(self, said, card):
        spaces = 'namespaces="bundle@testimony-vault,record@testimony-vault"'
        expected = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "allowed_signers": f"{card['code']} {spaces} {key_line(ED25519, card['ed25519'])}\n",
            "allowed_signers.pq": f"{card['code']} {spaces} {key_line(HYBRID, card['hybrid'])}\n",
        }
        for name, text in expected.items():
            self.ledger.expect(self.tags.get(name) == text.encode(), "tag-files", "differs", name)
        for name, digest in said["guides"].items():
            self.ledger.expect(hex256(self.tags.get(name, b"")) == digest, "tag-files", "differs", name)

    # 6.4 records

    def take_form(self, form_id, where, data):
        named = (form_id, hex256(data)) in self.said["forms"]
        known = KNOWN_FORMS.get(form_id, hex256(data)) == hex256(data)
        if not self.ledger.expect(named and known, "forms", "other-form", where):
            return
        try:
            self.forms[form_id] = read_form(data, form_id)
        except Broken as error:
            self.ledger.fail("forms", error.code, where)

    def take_record(self, control, parts):
        line = next((one for one in self.said["records"] if one[0] == control), None)
        if line is None or not parts.keys() >= set(PARTS):
            return  # `counts` says so
        ledger = self.ledger
        try:
            check_both(parts["head"], parts["head.sig"], parts["head.pq.sig"], "record@testimony-vault", self.card)
        except Broken as error:
            ledger.fail("record-signatures", error.code, control)
        head, file = self.head(line, parts["head"]), self.record_file(line, parts["json"])
        if head is None or file is None:
            return
        shown, consent = self.disclosed(head, file, control), self.consent(head, file, parts)
        if shown is None or consent is None:
            return
        events, statement = consent
        revision = file["revision"]
        lifts = revision["lifts"] if revision["request"] is not None else ()
        check_profile(shown, self.said, events, control, ledger, lifts)
        lifted = all(shown.has(path) for path in file["revision"]["lifts"])
        ledger.expect(lifted, "disclosures", "not-lifted", control)
        self.copies[control] = hex256(reading_copy(head, shown, number=file["revision"]["number"]))
        self.records.append(
            {
                "head": head,
                "shown": shown,
                "events": events,
                "statement": statement,
                "digest": line[4],
                "file": hex256(parts["json"]),
                "revision": revision,
                "earlier": None,
            }
        )

    def head(self, line, data):
        control, record, version, root, digest = line
        try:
            if not self.ledger.expect(hex256(data) == digest, "record-heads", "differs", control):
                return None
            head = read_head(data)
        except Broken as error:
            self.ledger.fail("record-heads", error.code, control)
            return None
        said = self.said
        agrees = (
            (head["control"], head["record"], f"v{head['version']}", head["root"]) == (control, record, version, root)
            and head["device"] == said["signer"][-49:]
            and head["practice"] == said["practice"]
            and (head["form"], head["form-sha256"]) in said["forms"]
            and head["origin"] == said["origin"]
            and head["size"] < said["size"]
        )
        self.ledger.expect(agrees, "record-heads", "differs", control)
        return head

    def record_file(self, line, data):
        where = f"data/records/{line[0]}.json"
        try:
            file = read_json(data)
            if not isinstance(file, dict) or sorted(file) != [
                "consent",
                "disclosure",
                "format",
                "head",
                "overlay",
                "revision",
            ]:
                raise Broken("malformed")
            check_revision(file["revision"])
            check_overlay(file["overlay"])
            if file["format"] != "testimony-vault record file v1" or not spelt(file["head"], SHA):
                raise Broken("record-format")
        except Broken as error:
            self.ledger.fail("disclosures", error.code, where)
            return None
        self.ledger.expect(file["head"] == line[4], "disclosures", "other-head", where)
        return file

    def disclosed(self, head, file, where):
        slots = None if head["form"] in COMPANION_FORMS else self.forms.get(head["form"])
        if slots is None:
            self.ledger.fail("disclosures", "no-form", where)
            return None
        shape = "object", [(slot["id"], shape_of(slot)) for slot in slots]
        try:
            tree = read_disclosure(file["disclosure"], shape, "", head["root"], head["leaves"])
            shown = Shown(slots, tree)
            put_overlay(file["overlay"], dict(shown.paragraphs()))
        except Broken as error:
            self.ledger.fail("disclosures", error.code, f"{where} {error.where}".strip())
            return None
        return shown

    def consent(self, head, file, parts):
        """The events shown, and the statement over all of them where something was said after the finish."""
        where, ledger = head["control"], self.ledger
        shape = "list", ("leaf", "text", frozenset()), frozenset()
        root, leaves, statement = head["consent-root"], head["consent-leaves"], None
        if any(part in parts for part in CONSENT_PARTS):
            missing = [part for part in CONSENT_PARTS if part not in parts]
            for part in missing:
                ledger.fail("counts", "absent", f"data/records/{where}.{part}")
            statement = None if missing else self.consent_statement(head, parts)
            if statement is None:
                return None
            root, leaves = statement["root"], statement["leaves"]
        try:
            tree = read_disclosure(file["consent"], shape, "consent", root, leaves)
            events = [read_event(tree.items[place][1]) for place in sorted(tree.items)]
            if [event["seq"] for event in events] != [place + 1 for place in sorted(tree.items)]:
                raise Broken("events-out-of-order")
            check_consent(events, self.said, where, ledger)
        except Broken as error:
            ledger.fail("consent", error.code, where)
            return None
        known = statement is None or all(event["seq"] <= statement["events"] for event in events)
        ledger.expect(known, "consent", "other-statement", where)
        return events, statement

    def consent_statement(self, head, parts):
        """consent-statement-v1, sections 2 and 5."""
        try:
            check_both(*(parts[part] for part in CONSENT_PARTS), "consent@testimony-vault", self.card)
            found = read_consent_statement(parts["consent"])
        except Broken as error:
            self.ledger.fail("consent", error.code, head["control"])
            return None
        same = all(found[name] == head[name] for name in ("record", "practice", "origin"))
        agrees = same and found["size"] < self.said["size"]
        self.ledger.expect(agrees, "consent", "other-statement", head["control"])
        return found

    # The whole

    def finish(self, layers):
        """Everything that needs all members."""
        self.seal()
        ledger, said, seen = self.ledger, self.said, self.seen
        if "tar-layer" in layers and self.last[0] != 2:
            ledger.fail("padding", "absent", "padding")
        if not (said and self.card):
            return
        data = {name: digest for name, (digest, _) in seen.items() if name.startswith("data/")}
        whole = self.listed.keys() <= seen.keys()
        self.compare_manifests(data)
        if whole:
            total = sum(seen[name][1] for name in data)
            info = f"External-Identifier: {said['bundle']}\nPayload-Oxum: {total}.{len(data)}\n"
            ledger.expect(self.tags.get("bag-info.txt") == info.encode(), "tag-files", "differs", "bag-info.txt")
        self.finish_records(data)
        self.finish_exhibits(data)
        self.finish_legal(whole)
        self.finish_custody()
        self.finish_companions()

    def compare_manifests(self, data):
        ledger, tag = self.ledger, "tagmanifest-sha256.txt"
        tags = {name: hex256(text) for name, text in self.tags.items() if name != tag}
        pairs = [(self.listed, data)] if "manifest-sha256.txt" in self.tags else []
        if tag in self.tags:
            pairs.append((self.manifest(self.tags[tag], tag), tags))
        for listed, found in pairs:
            for name in sorted({*listed, *found}):
                code = "absent" if name not in found else "unlisted" if name not in listed else "changed"
                ledger.expect(listed.get(name) == found.get(name), "manifests", code, name)
        ledger.made.add("manifests")

    def finish_records(self, data):
        ledger, said = self.ledger, self.said
        for form_id, _ in said["forms"]:
            name = f"data/forms/{form_id}.json"
            ledger.expect(name in data, "forms", "absent", name)
        named = {line[0] for line in said["records"]}
        copies = {place_of(name)[1] for name in data if place_of(name)[0] == "text"}
        for control in sorted((self.numbers | copies) - named):
            ledger.fail("counts", "unlisted", control)
        for control in sorted(named):
            wanted = [f"data/records/{control}.{part}" for part in PARTS] + [f"data/text/{control}.txt"]
            for name in wanted:
                ledger.expect(name in data, "counts", "absent", name)
        for control, digest in self.copies.items():
            name = f"data/text/{control}.txt"
            code = "differs" if name in data else "absent"
            ledger.expect(data.get(name) == digest, "reading-copies", code, name)
        ledger.made.update(
            ("counts", "forms", "record-heads", "record-signatures", "disclosures", "consent", "identity")
        )
        ledger.made.add("reading-copies")

    def finish_exhibits(self, data):
        """Exhibit i of the record with number N has number N + 1 + i; a file that no record shows is a failure."""
        ledger, files = self.ledger, {}
        for name in (name for name in data if name.startswith("data/exhibits/")):
            ledger.expect(place_of(name)[1] not in files, "exhibits", "same-number", name)
            files[place_of(name)[1]] = name
        shown = set()
        for record in self.records:
            prefix, _, number = record["head"]["control"].rpartition("-")
            for place in record["shown"].exhibits:
                blob = record["shown"].values.get(f"exhibits/{place}/file")
                if blob is None:
                    continue
                own = f"{prefix}-{int(number) + 1 + place:07d}"
                name = files.get(own)
                if ledger.expect(name is not None, "exhibits", "absent", own):
                    if ledger.expect(self.seen[name] == (blob["sha256"], blob["size"]), "exhibits", "differs", name):
                        shown.add(name)
        for name in sorted(set(files.values()) - shown):
            ledger.fail("exhibits", "unlisted", name)
        ledger.made.add("exhibits")

    def finish_legal(self, whole):
        ledger, fixed = self.ledger, self.fixed
        for name in LEGAL:
            ledger.expect(name in fixed, "legal-files", "absent", name)
        withheld = table([["record_id", "reason"], *self.said["withheld"]])
        expected = {WITHHELD: withheld, CONSENT_SUMMARY: consent_table(self.records)}
        if whole:
            expected[INDEX] = index_table(self.seen)
        for name, content in expected.items():
            ledger.expect(fixed.get(name, content) == content, "legal-files", "differs", name)
        if CONDITIONS in fixed:
            try:
                good = bool(fixed[CONDITIONS].decode("utf-8").strip())
            except UnicodeDecodeError:
                good = False
            ledger.expect(good, "legal-files", "not-text", CONDITIONS)
        if REDACTION_LOG in fixed:
            rows = redaction_rows(fixed[REDACTION_LOG])
            good = redaction_log_holds(rows, self.said["records"], self.records)
            ledger.expect(good, "legal-files", "differs", REDACTION_LOG)
            if " ".join(self.said["purpose"].replace("-", " ").split()) in PUBLIC_PURPOSES:
                for record in self.records:
                    good = approved_twice(rows, record["head"]["control"])
                    ledger.expect(good, "legal-files", "not-approved-twice", record["head"]["control"])

    # 6.6 companions: companion-v1, section 6

    def finish_companions(self):
        sources = {record["head"]["record"]: record for record in self.records}
        for control, parts in self.companions.items():
            found = self.companion(control, parts)
            if found is None:
                continue
            head, shown = found
            source = sources.get(shown.values.get("source.record"))
            if not self.ledger.expect(source is not None, "counts", "no-source", control):
                continue
            named = str(shown.values.get("source.version")), shown.values.get("source.root")
            same = named == (str(source["head"]["version"]), source["head"]["root"])
            if self.ledger.expect(same, "record-heads", "other-source", control):
                self.companion_beside(head, shown, source)

    def companion(self, control, parts):
        """What holds of a companion by itself."""
        ledger, said, absent = self.ledger, self.said, [part for part in COMPANION_PARTS if part not in parts]
        for part in absent:
            ledger.fail("counts", "absent", f"data/companions/{control}.{part}")
        if absent:
            return None
        try:
            check_both(parts["head"], parts["head.sig"], parts["head.pq.sig"], "record@testimony-vault", self.card)
        except Broken as error:
            ledger.fail("record-signatures", error.code, control)
        try:
            head = read_head(parts["head"])
        except Broken as error:
            ledger.fail("record-heads", error.code, control)
            return None
        agrees = (
            head["control"] == control
            and control not in {line[0] for line in said["records"]}
            and (head["version"], head["previous-root"]) == (1, "none")
            and head["device"] == said["signer"][-49:]
            and head["practice"] == said["practice"]
            and (head["form"], head["form-sha256"]) in said["forms"]
            and head["origin"] == said["origin"]
            and head["size"] < said["size"]
        )
        ledger.expect(agrees, "record-heads", "differs", control)
        shown = self.companion_shown(head, parts)
        if shown is None:
            return None
        version, language, method = (
            shown.values.get(name) for name in ("source.version", "session.language", "companion.method")
        )
        kind, source = COMPANION_FORMS[head["form"]], shown.values.get("source.record")
        copy = reading_copy(head, shown, f"{kind} of {source} v{version}: {language}, {method}\n")
        ledger.expect(copy == parts["txt"], "reading-copies", "differs", f"data/companions/{control}.txt")
        return head, shown

    def companion_shown(self, head, parts):
        ledger, control, kind = self.ledger, head["control"], COMPANION_FORMS.get(head["form"])
        slots = self.forms.get(head["form"])
        if slots is None or kind is None:
            ledger.fail("disclosures", "no-form", control)
            return None
        if kind == "observation":
            ledger.fail("identity", "never-leaves", control)
            return None
        shape = "object", [(slot["id"], shape_of(slot)) for slot in slots]
        try:
            file = read_json(parts["json"])
            if not isinstance(file, dict) or sorted(file) != ["disclosure", "format", "head"]:
                raise Broken("malformed")
            if file["format"] != "testimony-vault companion file v1" or not spelt(file["head"], SHA):
                raise Broken("record-format")
            tree = read_disclosure(file["disclosure"], shape, "", head["root"], head["leaves"])
        except Broken as error:
            ledger.fail("disclosures", error.code, f"{control} {error.where}".strip())
            return None
        ledger.expect(file["head"] == hex256(parts["head"]), "disclosures", "other-head", control)
        return Shown(slots, tree)

    def companion_beside(self, head, shown, source):
        """It shows no more than the profile and its source do, and the log knows it."""
        ledger, control, kind = self.ledger, head["control"], COMPANION_FORMS[head["form"]]
        check_profile(shown, self.said, source["events"], control, ledger)
        # Nobody walks through a companion: under a profile that reviews its text it stays.
        waits = shown.paragraphs() and PROFILES.get(self.said["profile"], {}).get("S2") == "review"
        ledger.expect(not waits, "identity", "beyond-profile", f"{control} account.text")
        if kind == "transcript":
            prefix, _, number = source["head"]["control"].rpartition("-")
            values = source["shown"].values
            files = [place for place in source["shown"].exhibits if f"exhibits/{place}/file" in values]
            numbers = {f"{prefix}-{int(number) + 1 + place:07d}" for place in files}
            follows = shown.values.get("source.exhibit") in numbers
        else:
            whole = {
                place for place, one in source["shown"].paragraphs() if all(piece != "gap" for piece, _ in one.pieces())
            }
            follows = {place for place, _ in shown.paragraphs()} <= whole
        ledger.expect(follows, "identity", "beyond-source", control)
        if self.entries is None:
            return
        digest = hex256(self.companions[control]["head"])
        added = [
            one
            for one in self.entries
            if (one["object"], one["kind"]) == (source["head"]["record"], kind + ".add")
            and one["details"]["digest"] == digest
        ]
        known = len(added) == 1 and added[0]["seq"] >= head["size"] and added[0]["actor"] == head["recorder"]
        ledger.expect(known, "custody-records", "no-companion-entry", control)

    # 6.5 custody

    def finish_custody(self):
        ledger, fixed, said = self.ledger, self.fixed, self.said
        for name in CUSTODY:
            if name not in fixed:
                ledger.fail("members", "absent", name)
        if not all(name in fixed for name in CUSTODY):
            return
        try:
            checkpoint = read_checkpoint(fixed[CUSTODY[0]], self.card)
        except Broken as error:
            ledger.fail("custody-checkpoint", error.code, CUSTODY[0])
            return
        same = (checkpoint["origin"], checkpoint["size"], checkpoint["root"].hex())
        stated = (said["origin"], said["size"], said["root"])
        ledger.expect(same == stated, "custody-checkpoint", "other-checkpoint", CUSTODY[0])
        try:
            lines, paths, size, growth = read_proofs(fixed[CUSTODY[1]], fixed[CUSTODY[2]])
        except Broken as error:
            ledger.fail("custody-entries", error.code, CUSTODY[2])
            return
        self.newest = {**checkpoint, "growth": growth}
        self.growth(checkpoint, growth)
        try:
            entries = read_entries(lines, paths, size, checkpoint)
        except Broken as error:
            ledger.fail("custody-entries", error.code, error.where or CUSTODY[1])
            return
        ledger.made.add("custody-entries")
        self.entries = entries
        recipients = {digits for _, digits, _ in said["recipients"]}
        anchors = Anchors(self.anchors, checkpoint, growth, entries, recipients)
        anchors.check(ledger)
        sealing = [entry["seq"] for entry in entries if entry["object"] == said["bundle"]]
        if sealing:
            anchors.check_times(said, self.records, sealing[0], ledger)
        check_records_in_log(said, entries, self.records, ledger)
        check_sealing(said, entries, self.listed.get(CONDITIONS), ledger)

    def growth(self, checkpoint, growth):
        """Only where an earlier head was given; each of them must be by the signer, or it is an unusable file."""
        known = self.earlier and self.earlier.card["digits"] == self.card["digits"] and self.earlier.newest
        if not self.notes and not known:
            return
        try:
            seen = [read_checkpoint(note, self.card) for note in self.notes]
        except Broken:
            raise Usage("an earlier checkpoint is refused") from None
        self.ledger.made.add("custody-growth")
        try:
            check_growth(checkpoint, growth, [*seen, known] if known else seen, known)
        except Broken as error:
            self.ledger.fail("custody-growth", error.code, error.where)


# 6.8 against an earlier bundle


class Places:
    """What a tree shows, by path: values, trees below it and whether they show nothing, paragraphs."""

    def __init__(self, tree):
        self.values, self.trees, self.paragraphs = {}, {}, {}
        self.collect(tree)

    def collect(self, tree):
        self.trees[tree.path] = not tree.items
        for place, item in tree.items.items():
            if isinstance(item, Tree):
                self.collect(item)
            elif isinstance(item, Paragraph):
                self.paragraphs[item.path] = item
            else:
                name = tree.shape[1][place][0] if tree.shape[0] == "object" else str(place)
                self.values[f"{tree.path}/{name}" if tree.path else name] = item

    def beyond(self, other):
        """The paths that this shows and the other does not, in order."""
        found = [path for path in self.values if path not in other.values]
        found += [path for path, empty in self.trees.items() if empty and path not in other.trees]
        for path, paragraph in self.paragraphs.items():
            if path not in other.paragraphs:
                found.append(path)
            else:
                hidden = other.paragraphs[path]
                found += [f"{path}/{start}-{end - 1}" for start, end in uncovered(hidden, paragraph)]
        return sorted(found)

    def strange(self, other):
        """The paths at which both show something, and not the same; two trees of one root have none."""
        yield from (path for path, shown in self.values.items() if other.values.get(path, shown) != shown)
        for path in self.paragraphs.keys() & other.paragraphs.keys():
            atoms = [
                {one.place: (one.sign, one.text) for one in side.paragraphs[path].items if isinstance(one, Atom)}
                for side in (self, other)
            ]
            if any(atoms[1].get(place, atom) != atom for place, atom in atoms[0].items()):
                yield path


def uncovered(hiding, showing):
    """The runs of leaves that lie in gaps of the one paragraph and in none of the other, by a sweep over all edges."""
    edges = []
    for side, paragraph in enumerate((hiding, showing)):
        for gap in paragraph.items:
            if isinstance(gap, Gap):
                edges += [(gap.start, side, 1), (gap.start + gap.width, side, -1)]
    inside, since = [0, 0], 0
    for place, side, change in sorted(edges):
        if inside == [1, 0] and since < place:
            yield since, place
        inside[side] += change
        since = place


def order_of_revisions(before, after, digest):
    """The fault in number and history; none where the later revision is the same or the next."""
    if after == before:
        return None
    ahead = after["number"] - before["number"]
    if ahead < 0:
        return "earlier-newer"
    if ahead == 0 or after["since"] == digest:
        return None if ahead == 1 else "revision-number"
    return "other-since" if ahead == 1 else "revisions-between"


def faults_of_revision(old, new):
    """Every fault between two record files of one version, as code and path; notes in the new one how it stands."""
    if old["digest"] != new["digest"]:
        yield "other-head", ""
        return
    before, after = old["revision"], new["revision"]
    order = order_of_revisions(before, after, old["file"])
    if order:
        yield order, ""
    if order not in (None, "other-since"):
        return
    then, now = Places(old["shown"].tree), Places(new["shown"].tree)
    lifted, hidden = now.beyond(then), then.beyond(now)
    yield from (("block", path) for path in now.strange(then))
    same = before == after
    declared = set() if same else set(after["lifts"])
    yield from (("undeclared-lift", path) for path in lifted if path not in declared)
    both_answer = before["request"] is not None and after["request"] is not None
    carried = set(before["lifts"]) if both_answer else set()
    yield from (("not-hidden-before", path) for path in sorted(declared - carried - set(lifted)))
    if same or after["request"] is not None:
        yield from (("hidden-again", path) for path in hidden)
    step = "narrower" if hidden else "lifts" if lifted else "same"
    overlays = [{one.path: one.overlay for _, one in side["shown"].paragraphs() if one.overlay} for side in (old, new)]
    recoded = [path for path in {**overlays[0], **overlays[1]} if overlays[0].get(path) != overlays[1].get(path)]
    recoded.sort(key=lambda path: int(path.rpartition("/")[2]))
    new["earlier"] = {"hidden": hidden, "lifted": lifted, "recoded": recoded, "step": step}


def faults_of_version(old, new, entries):
    """Of a correction, the log names the version before it; notes in it how it stands."""
    new["earlier"] = {"hidden": [], "lifted": [], "recoded": [], "step": "corrected"}
    if old["head"]["version"] > new["head"]["version"]:
        yield "earlier-newer", ""
        return
    wanted = old["head"]["version"], old["head"]["root"], old["digest"]
    finished = [
        tuple(one["details"].get(name) for name in ("version", "root", "head"))
        for one in entries
        if one["object"] == new["head"]["record"] and one["kind"] in ("record.finish", "record.correct")
    ]
    if wanted not in finished:
        yield "other-version", ""


def hold_against(later, earlier, refused):
    """The check `revisions`: every fault between two bundles."""
    ledger = later.ledger
    ledger.made.add("revisions")
    if refused:
        ledger.fail("revisions", "earlier-refused", refused)
        return
    known = {record["head"]["record"]: record for record in earlier.records}
    shared = any(record["head"]["record"] in known for record in later.records)
    bodies = [one.said["recipients"][0][0] for one in (earlier, later)]
    if not shared or bodies[0] != bodies[1]:
        ledger.fail("revisions", "earlier-unrelated", earlier.said["bundle"])
    elif earlier.card["digits"] != later.card["digits"]:
        ledger.fail("revisions", "earlier-signer", later.card["code"])
    elif earlier.newest["size"] > later.newest["size"]:
        ledger.fail("revisions", "earlier-newer", earlier.said["bundle"])
    else:
        for record in later.records:
            old = known.get(record["head"]["record"])
            if old is None:
                record["earlier"] = {"hidden": [], "lifted": [], "recoded": [], "step": "not-there"}
            elif old["head"]["version"] != record["head"]["version"]:
                faults = faults_of_version(old, record, later.entries)
                fail_each(ledger, record, faults)
            else:
                fail_each(ledger, record, faults_of_revision(old, record))
        later.not_carried = sorted(known.keys() - {record["head"]["record"] for record in later.records})


def fail_each(ledger, record, faults):
    for code, path in faults:
        ledger.fail("revisions", code, f"{record['head']['control']} {path}".strip())


# ---- 13. Report (report-v1) and command (verifier-cli-v1) ----

NOT_PROVED = {
    "en": "What verification does not prove: that an account is true, that clock or place were right, that a person was "
    "free, who holds a key (compare the forty digits by another way), or what was withheld. It keeps no receiver from "
    "passing the bundle on, and nobody from being recognised by content, voice or combination. An edit to the custody log after the last head that is held outside cannot be detected, "
    "nor whether anything was done or said about a record, even a withdrawal, after the last entry that is shown.",
    "ar": "ما لا يثبته التحقق: أن الإفادة صحيحة، وأن الساعة أو المكان صحيحان، وأن الشخص كان حراً، ومن يحمل المفتاح (قارنوا "
    "الأرقام الأربعين بطريق آخر)، وما حُجب. ولا يمنع المستلم من نقلها، ولا التعرّف على شخص من المضمون أو الصوت أو اجتماع ما يظهر. ولا يمكن كشف تعديل في سجل الحيازة بعد آخر رأس محفوظ خارج "
    "الجهاز، ولا معرفة ما إذا جرى أو قيل شيء عن سجل، حتى سحب الموافقة، بعد آخر قيد ظاهر.",
}


def read_small(path, most):
    """A small file; one that is too long comes back one byte too long, and is refused by whoever reads it."""
    with open(path, "rb") as stream:
        return stream.read(most + 1)


def read_trust(path):
    """trust-v1."""
    data = read_small(path, 256 * KIB)
    try:
        if len(data) > 256 * KIB:
            raise ValueError
        found = set()
        for raw in data.decode("utf-8").replace("\r\n", "\n").split("\n"):
            line = raw.strip(" \t")
            if line and not line.startswith("#"):
                match = re.fullmatch(r"([0-9]{4}(?: ?[0-9]{4}){9})(?: +\S.{0,199})?", line)
                found.add(read_digits(match[1]))
    except (ValueError, TypeError, Broken):
        raise Usage("the trust file is refused") from None
    if not 1 <= len(found) <= 2000:
        raise Usage("the trust file is refused: it names nobody, or too many")
    return found


def read_identity(path):
    """The age recipient of the one secret key in a file; no word of the file is ever repeated."""
    lines = read_small(path, 64 * KIB).decode("utf-8", "replace").splitlines()
    keys = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    try:
        prefix, secret = bech32_read(keys[0]) if len(keys) == 1 else ("", b"")
    except ValueError:
        prefix, secret = "", b""
    if prefix != "AGE-SECRET-KEY-PQ-" or len(secret) != 32:
        raise Usage("the identity file is refused")
    return bech32_write("age1pq", hybrid_recipient(secret))


def examine_earlier(options, held):
    """The earlier bundle, and the check of it that fails or nothing; who may seal and open is asked of the later."""
    if options.earlier is None:
        return None, ""
    earlier = Examination(set(), None, [])
    rows, _, _, _, machine = examine(options.earlier, options, earlier, held)
    if machine:
        raise OSError
    failed = [row for row in rows if row["status"] == "fail"]
    if failed and all(row["code"] in (*UNOPENED, "not-for-you") for row in failed):
        hint = "; to open a sealed file, give --identity FILE" if failed[0]["code"] == "no-identity" else ""
        raise Usage(f"the earlier bundle could not be examined: {failed[0]['code']}{hint}")
    if verdict_of(rows) == "self-consistent":
        return earlier, ""
    return None, failed[0]["name"] if failed else "an unmade check"


def examine_both(options, trust, recipient, notes, held):
    """The bundle, held against the earlier one where one is given and everything else holds."""
    earlier, refused = examine_earlier(options, held)
    examination = Examination(trust, recipient, notes, earlier)
    rows, layers, digest, _, machine = examine(options.bundle, options, examination, held)
    if (earlier or refused) and verdict_of(rows) in ("pinned", "self-consistent"):
        hold_against(examination, earlier, refused)
        rows = examination.ledger.rows(layers, complete=True)
    return rows, layers, digest, examination, machine


def examine(path, options, examination, held):
    """Sort what was given into its layers, take every member, give back rows, layers, digest, examination, machine.

    `held` closes what was opened when the command ends.
    """
    layers, digest, complete, machine = [], None, False, False
    ledger, stream, opened = examination.ledger, None, None
    try:
        if os.path.isdir(path):
            members = folder_members(path)
        else:
            stream = Hashed(held.enter_context(open(path, "rb")))
            start = stream.peek(64)
            if start.startswith(b"age-encryption.org/v1\n"):
                layers = ["age-layer", "tar-layer"]
                if options.identity is None:
                    raise Broken("no-identity", "age", "age-layer")
                command = age_command(options.age_command)
                if command is None:
                    machine = True
                    raise Broken("machine", "age", "age-layer")
                opened = Opened(stream, command, options.identity)
                held.callback(opened.close)
                members = tar_members(opened)
            elif re.match(rb"age-encryption\.org/v[0-9]{1,19}\n", start):
                raise Broken("bundle-unsupported", "age", "age-layer")
            elif start.startswith(b"bagit.txt\0"):
                layers = ["tar-layer"]
                members = tar_members(stream)
            else:
                stream.start, stream = b"", None
                raise Broken("not-a-bundle", "the first bytes", "tar-layer")
        for name, size, read in members:
            examination.take(name, size, read)
        complete = True
        ledger.made.update(("age-layer", "tar-layer"))
    except Broken as error:
        if not machine:
            ledger.fail(error.check, error.code, error.where)
    if complete:
        examination.finish(layers)
    elif examination.tags:
        examination.seal()
    if opened is not None:
        opened.close()
    if stream is not None:
        digest = stream.hexdigest()
    return ledger.rows(layers, complete), layers, digest, examination, machine


def report(rows, layers, digest, examination, machine):
    """report-v1, section 1."""
    verdict = verdict_of(rows)
    whole = verdict in ("pinned", "self-consistent")
    with open(__file__, "rb") as stream:
        own = hex256(stream.read())
    return {
        "bundle_sha256": digest,
        "checks": rows,
        "erased": erased_rows(examination.entries) if whole else [],
        "exit": exit_of(rows, verdict, machine),
        "format": "testimony-vault report v1",
        "layers": layers,
        "not_carried": examination.not_carried if whole else None,
        "records": [record_row(record) for record in examination.records] if whole else [],
        "statement": None if examination.said is None else statement_of(examination.said),
        "trusted": sorted(examination.trust),
        "verdict": verdict,
        "verifier_sha256": own,
    }


def erased_rows(entries):
    """Each tombstone that travels: what the body was given once and the sender says it has erased."""
    return [
        {
            "claimed_time": entry["wall"],
            "record_id": entry["object"].removeprefix("tombstone/"),
            "root": entry["details"].get("root"),
        }
        for entry in entries
        if entry["kind"] == "erase.done"
    ]


def record_row(record):
    head, shown = record["head"], record["shown"]
    return {
        "control_number": head["control"],
        "record_id": head["record"],
        "revision": {**record["revision"], "earlier": record["earlier"]},
        "root": head["root"],
        "shown": len(shown.values) + len(shown.paragraphs()),
        "version": head["version"],
    }


def statement_of(said):
    kind, code, *_ = said["signer"].split(" ")
    return {
        "bundle_id": said["bundle"],
        "claimed_time": said["time"].isoformat(timespec="seconds"),
        "custody_origin": said["origin"],
        "custody_root": said["root"],
        "custody_size": said["size"],
        "practice": said["practice"] == "yes",
        "previous": None if said["previous"] == "none" else said["previous"],
        "profile": said["profile"],
        "purpose": said["purpose"],
        "recipients": [{"code": code, "fingerprint": digits} for code, digits, _ in said["recipients"]],
        "records": len(said["records"]),
        "signer": {"code": code, "fingerprint": said["signer"][-49:], "kind": kind},
        "withheld": [{"reason": reason, "record_id": record} for record, reason in said["withheld"]],
    }


def as_text(value, language, machine):
    """For people. What the bundle says passes as printable characters only."""

    def safe(text):
        return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in str(text))

    said = value["statement"] or {}
    lines = [f"verdict: {value['verdict'].upper()}", f"exit: {value['exit']}"]
    lines += ["this machine has no age 1.3 to open the file with; no check was made"] if machine else []
    if said.get("practice"):
        lines.append("PRACTICE: invented testimony")
    lines += [f"file: {value['bundle_sha256']}", f"verifier: {value['verifier_sha256']}"]
    lines += [f"{name}: {safe(said[name])}" for name in sorted(said) if not isinstance(said[name], (dict, list))]
    for row in value["checks"]:
        more = f" ({row['code']}; {safe(row['where'])})" if row["status"] == "fail" else ""
        lines.append(f"[{row['status']}] {row['name']}: {CHECKS[row['name']]}{more}")
    lines += [f"trusted: {digits}" for digits in value["trusted"]] or ["trusted: nobody"]
    for row in value["records"]:
        revision, earlier = row["revision"], row["revision"]["earlier"]
        lines.append(f"record: {row['control_number']} {row['record_id']} v{row['version']} R{revision['number']:02d}")
        lines += [f"  {name}: {revision[name]}" for name in ("since", "request") if revision[name] is not None]
        lines += [f"  says that it lifts: {path}" for path in revision["lifts"]]
        lines += [f"  beside the earlier bundle: {earlier['step']}"] if earlier else []
        lines += [f"  hidden again: {path}" for path in (earlier["hidden"] if earlier else ())]
        lines += [f"  other codes by the redactor: {path}" for path in (earlier["recoded"] if earlier else ())]
    lines += [f"in the earlier bundle and not in this one: {one}" for one in value["not_carried"] or ()]
    lines += [
        f"erased at the sender: {one['record_id']}, {one['claimed_time']} by its clock" for one in value["erased"]
    ]
    return "\n".join([*lines, "", NOT_PROVED[language]]) + "\n"


def main(arguments=None):
    """The command; gives back its exit code."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Checks a bundle; no option leaves a check out.")
    parser.add_argument("bundle", metavar="FILE|DIR")
    parser.add_argument("--identity", metavar="FILE")
    parser.add_argument("--trust", metavar="FILE")
    parser.add_argument("--seen", metavar="FILE", action="append")
    parser.add_argument("--earlier", metavar="FILE|DIR", help="an earlier bundle of this signer to the same body")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("en", "ar"), default="en")
    parser.add_argument("--age-command", metavar="COMMAND", help="opens the file in place of `age`")
    options = parser.parse_args(arguments)
    try:
        trust = read_trust(options.trust) if options.trust else set()
        recipient = read_identity(options.identity) if options.identity else None
        notes = [read_small(path, 1024) for path in options.seen or []]
        with contextlib.ExitStack() as held:
            found = examine_both(options, trust, recipient, notes, held)
        value = report(*found)
        text = canonical(value) + b"\n" if options.json else as_text(value, options.lang, found[-1]).encode("utf-8")
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except Usage as error:
        sys.stderr.write(f"verify.py: {error}\n")
        return 2
    except (OSError, MemoryError) as error:
        sys.stderr.write(f"verify.py: this machine could not read it: {type(error).__name__}\n")
        return 3
    return value["exit"]


# ---- 14. The arithmetic of the keys ----
#
# Ed25519 (RFC 8032): the curve -x² + y² = 1 + d x² y² over p = 2^255 - 19, points as (X, Y, Z, T), X·Y = Z·T.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1, 1, 0)


def point_add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_read(data):
    """The point of 32 bytes; None where y is not below p or no point has it."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def point_write(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=64)
def ed25519_key(key):
    """The negated point of a public key; None for no point, another spelling, or one of the eight of small order."""
    point = point_read(key)
    if point is None:
        return None
    eight = point
    for _ in range(3):
        eight = point_add(eight, eight)
    if point_write(eight) == point_write(NEUTRAL):
        return None
    return P - point[0], point[1], 1, P - point[3]


@lru_cache(maxsize=256)
def ed25519_holds(key, signature, message):
    """RFC 8032, 5.1.7, without the cofactor: S below L, and S·B - k·A, written, is R byte for byte."""
    negated, s = ed25519_key(key), int.from_bytes(signature[32:], "little")
    if negated is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    sums = (NEUTRAL, BASE, negated, point_add(BASE, negated))
    found = NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        found = point_add(found, found)
        which = (s >> bit & 1) + 2 * (k >> bit & 1)
        if which:
            found = point_add(found, sums[which])
    return point_write(found) == signature[:32]


# ML-DSA-44 (FIPS 204), verification: algorithms 3, 8, 21 to 23, 27 to 30, 32, 36, 40 to 42.

Q = 8380417
GAMMA_1, GAMMA_2, BETA, OMEGA = 1 << 17, (Q - 1) // 88, 78, 80


def bit_reversed(number, bits):
    return int(f"{number:0{bits}b}"[::-1], 2)


ZETAS = [pow(1753, bit_reversed(place, 8), Q) for place in range(256)]


def to_ntt(poly):
    w, m, width = list(poly), 0, 128
    while width:
        for start in range(0, 256, 2 * width):
            m += 1
            z = ZETAS[m]
            for j in range(start, start + width):
                t = z * w[j + width] % Q
                w[j + width], w[j] = w[j] - t, w[j] + t
        width >>= 1
    return [value % Q for value in w]


def from_ntt(poly):
    w, m, width = list(poly), 256, 1
    while width < 256:
        for start in range(0, 256, 2 * width):
            m -= 1
            z = Q - ZETAS[m]
            for j in range(start, start + width):
                t = w[j]
                w[j], w[j + width] = t + w[j + width], z * (t - w[j + width]) % Q
        width <<= 1
    return [value * 8347681 % Q for value in w]


def unpacked(data, bits):
    """Numbers of so many bits, lowest first."""
    whole, mask = int.from_bytes(data, "little"), (1 << bits) - 1
    return [whole >> place & mask for place in range(0, 8 * len(data), bits)]


def uniform(seed):
    """Algorithm 30: a polynomial in the NTT domain from a seed."""
    poly, size = [], 1024
    while len(poly) < 256:
        data = hashlib.shake_128(seed).digest(size)
        triples = (
            data[place] | data[place + 1] << 8 | (data[place + 2] & 127) << 16 for place in range(0, size - 2, 3)
        )
        poly, size = [value for value in triples if value < Q][:256], 2 * size
    return poly


@lru_cache(maxsize=16)
def ml_dsa_key(key):
    """The matrix A, the vector t1 · 2^d in the NTT domain, and the digest of the key."""
    matrix = [[uniform(key[:32] + bytes([s, r])) for s in range(4)] for r in range(4)]
    t1 = [to_ntt([value << 13 for value in unpacked(key[start : start + 320], 10)]) for start in range(32, 1312, 320)]
    return matrix, t1, hashlib.shake_256(key).digest(64)


def challenge(seed):
    """Algorithm 29: a polynomial with 39 coefficients of plus or minus one."""
    data = hashlib.shake_256(seed).digest(1024)
    signs, place, c = int.from_bytes(data[:8], "little"), 8, [0] * 256
    for i in range(256 - 39, 256):
        while data[place] > i:
            place += 1
        j = data[place]
        c[i], c[j] = c[j], 1 - 2 * (signs & 1)
        signs, place = signs >> 1, place + 1
    return c


def hints(data):
    """Algorithm 21: the places of the hints of each polynomial, from their one spelling; None for another."""
    found, index = [], 0
    for i in range(4):
        end = data[OMEGA + i]
        places = list(data[index:end])
        if not index <= end <= OMEGA or places != sorted(set(places)):
            return None
        found.append(frozenset(places))
        index = end
    return None if any(data[index:OMEGA]) else found


def high_bits(value, hinted):
    """Algorithms 36 and 40: the high bits of a coefficient, corrected by its hint."""
    low = value % (2 * GAMMA_2)
    low = low - 2 * GAMMA_2 if low > GAMMA_2 else low
    high, low = (0, low - 1) if value - low == Q - 1 else ((value - low) // (2 * GAMMA_2), low)
    return (high + (1 if low > 0 else -1)) % 44 if hinted else high


@lru_cache(maxsize=256)
def ml_dsa_44_holds(key, signature, message, context):
    """Algorithms 3 and 8."""
    matrix, t1, digest = ml_dsa_key(key)
    z = [[GAMMA_1 - value for value in unpacked(signature[start : start + 576], 18)] for start in range(32, 2336, 576)]
    places = hints(signature[2336:])
    if places is None or any(abs(value) >= GAMMA_1 - BETA for poly in z for value in poly):
        return False
    mu = hashlib.shake_256(digest + b"\0" + bytes([len(context)]) + context + message).digest(64)
    c, z = to_ntt(challenge(signature[:32])), [to_ntt(poly) for poly in z]
    packed = 0
    for r in range(4):
        row = [
            (a0 * z0 + a1 * z1 + a2 * z2 + a3 * z3 - ck * tk) % Q
            for a0, z0, a1, z1, a2, z2, a3, z3, ck, tk in zip(
                matrix[r][0], z[0], matrix[r][1], z[1], matrix[r][2], z[2], matrix[r][3], z[3], c, t1[r]
            )
        ]
        for place, value in enumerate(from_ntt(row)):
            packed |= high_bits(value, place in places[r]) << 6 * (256 * r + place)
    return hashlib.shake_256(mu + packed.to_bytes(768, "little")).digest(32) == signature[:32]


# The recipient of an age identity: ML-KEM-768 (FIPS 203, algorithms 13 and 16), X25519 (RFC 7748), Bech32 (BIP-173).

R = 3329
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@lru_cache(maxsize=256)
def hybrid_recipient(secret):
    """sealing-v1, section 3: 1,184 bytes ML-KEM-768 key, 32 bytes X25519 key."""
    data = hashlib.shake_256(secret).digest(96)
    return ml_kem_768_key(data[:32]) + x25519_key(data[64:])


def ml_kem_768_key(d):
    seeds = hashlib.sha3_512(d + b"\3").digest()
    rho, sigma = seeds[:32], seeds[32:]
    zetas = [pow(17, bit_reversed(place, 7), R) for place in range(128)]

    def ntt(poly):
        f, m, width = list(poly), 1, 128
        while width >= 2:
            for start in range(0, 256, 2 * width):
                z, m = zetas[m], m + 1
                for j in range(start, start + width):
                    t = z * f[j + width] % R
                    f[j + width], f[j] = (f[j] - t) % R, (f[j] + t) % R
            width >>= 1
        return f

    def noise(number):
        bits = unpacked(hashlib.shake_256(sigma + bytes([number])).digest(128), 1)
        return ntt([(bits[4 * i] + bits[4 * i + 1] - bits[4 * i + 2] - bits[4 * i + 3]) % R for i in range(256)])

    def sample(i, j):
        data, poly = hashlib.shake_128(rho + bytes([j, i])).digest(2048), []
        for place in range(0, 2046, 3):
            three = int.from_bytes(data[place : place + 3], "little")
            poly += [value for value in (three & 4095, three >> 12) if value < R]
        return poly[:256]

    def product(a, b):
        out = []
        for i in range(128):
            gamma = pow(17, 2 * bit_reversed(i, 7) + 1, R)
            a0, a1, b0, b1 = a[2 * i], a[2 * i + 1], b[2 * i], b[2 * i + 1]
            out += [a0 * b0 + a1 * b1 * gamma, a0 * b1 + a1 * b0]
        return out

    s, packed = [noise(number) for number in range(3)], 0
    for i in range(3):
        row = noise(3 + i)
        for j in range(3):
            row = [(one + other) % R for one, other in zip(row, product(sample(i, j), s[j]))]
        for place, value in enumerate(row):
            packed |= value << 12 * (256 * i + place)
    return packed.to_bytes(1152, "little") + rho


def x25519_key(secret):
    """RFC 7748, section 5, with the base point 9."""
    k = int.from_bytes(secret, "little") & ~7 & (1 << 254) - 1 | 1 << 254
    x2, z2, x3, z3, swap = 1, 0, 9, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        e = aa - bb
        x3, z3, x2, z2 = (da + cb) ** 2 % P, 9 * (da - cb) ** 2 % P, aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def bech32_check(prefix, values):
    total = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, total = total >> 25, (total & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            total ^= generator if top >> bit & 1 else 0
    return total


def bech32_write(prefix, data):
    number, width = int.from_bytes(data, "big"), -(-8 * len(data) // 5)
    number <<= 5 * width - 8 * len(data)
    values = [number >> 5 * place & 31 for place in range(width - 1, -1, -1)]
    check = bech32_check(prefix, [*values, *[0] * 6]) ^ 1
    return prefix + "1" + "".join(LETTERS[one] for one in values + [check >> 5 * (5 - i) & 31 for i in range(6)])


def bech32_read(text):
    if text not in (text.lower(), text.upper()) or len(text) > 4096:
        raise ValueError
    prefix, _, rest = text.lower().rpartition("1")
    values = [LETTERS.index(letter) for letter in rest]
    if not prefix or bech32_check(prefix, values) != 1:
        raise ValueError
    number, bits = 0, 5 * (len(values) - 6)
    for value in values[:-6]:
        number = number << 5 | value
    if bits % 8 > 4 or number & (1 << bits % 8) - 1:
        raise ValueError
    return (prefix.upper() if text.isupper() else prefix), (number >> bits % 8).to_bytes(bits // 8, "big")


if __name__ == "__main__":
    sys.exit(main())
