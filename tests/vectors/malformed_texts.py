"""What is wrong with signed texts: the card, the head, the statement, and the fields of tar headers."""

from base64 import b64decode, b64encode
from collections.abc import Callable

from vectors.generate import HEAD, VECTORS, Bag, Vector, stranger, vector, world
from vectors.malformed_bags import stated
from vectors.malformed_layers import hostile_member

from keys.signature import BUNDLE, CARD
from testimony.bundle import names
from testimony.bundle.canonical_tar import END
from testimony.text_lines import with_signatures

# The card, signed by its own keys however it is spelled


def carded(change: Callable[[bytes], bytes], namespace: str = CARD) -> Bag:
    bag = Bag()
    before = world().card.text()
    text = change(before)
    bag.files[names.SIGNER_CARD] = with_signatures(text, world().device.sign(text, namespace))
    return bag.retag()


def card(name: str, code: str, old: bytes, new: bytes) -> None:
    def make() -> bytes:
        assert old in world().card.text(), old
        return carded(lambda text: text.replace(old, new, 1)).tar()

    VECTORS.append(Vector(f"card-{name}", make, frozenset({"signer-card"}), code, cases=("BU-10",)))


def line_of(key: bytes) -> bytes:
    return next(line for line in world().card.text().split(b"\n") if line.startswith(key))


card("of-another-version", "spelling", b"card v1", b"card v2")
card("of-an-unknown-kind", "spelling", b"kind: device", b"kind: court")
card("with-a-line-more", "spelling", b"practice: ", b"name: somebody\npractice: ")
card("of-a-device-with-names", "card-names", b"practice: ", "name-en: Somebody\nname-ar: أحد\npractice: ".encode())
card("with-a-code-of-two-words", "spelling", b"code: field-07", b"code: field 07")
card("with-carriage-returns", "spelling", b"\n", b"\r\n")
card("without-its-age-key", "spelling", b"\nage: ", b"\nagf: ")
card("with-two-blanks", "spelling", b"code: ", b"code:  ")


@vector("signer-card", "spelling", "BU-10")
def card_with_digits_of_other_keys() -> Bag:
    other = stranger().public.fingerprint.encode()
    return carded(lambda text: text.replace(world().device.public.fingerprint.encode(), other))


@vector("signer-card", "spelling", "BU-10")
def card_with_another_age_key_under_the_old_digits() -> Bag:
    other = stranger().public.recipient.encode()
    return carded(lambda text: text.replace(world().device.public.recipient.encode(), other))


@vector("signer-card", "card-signature", "BU-10")
def card_signed_for_another_purpose() -> Bag:
    return carded(lambda text: text, BUNDLE)


@vector("signer-card", "signature-missing", "BU-10")
def card_with_one_signature() -> Bag:
    bag = Bag()
    text = world().card.text()
    bag.files[names.SIGNER_CARD] = text + world().device.sign(text, CARD).ed25519
    return bag.retag()


@vector("signer-card", "card-signature", "BU-10")
def card_with_its_signatures_exchanged() -> Bag:
    bag = Bag()
    text = world().card.text()
    both = world().device.sign(text, CARD)
    bag.files[names.SIGNER_CARD] = text + both.hybrid + both.ed25519
    return bag.retag()


@vector("signer-card", "card-signature", "BU-10")
def card_signed_by_another_key() -> Bag:
    bag = Bag()
    text = world().card.text()
    bag.files[names.SIGNER_CARD] = with_signatures(text, stranger().sign(text, CARD))
    return bag.retag()


@vector("signer-card", "card-keys", "BU-10")
def card_with_a_key_of_small_order() -> Bag:
    """The point (0, 1): one signature would fit many texts."""

    def change(text: bytes) -> bytes:
        line = line_of(b"ed25519: ")
        blob = b64decode(line.split(b" ")[2])[:-32] + (1).to_bytes(32, "little")
        return text.replace(line, b"ed25519: ssh-ed25519 " + b64encode(blob))

    return carded(change)


@vector("signer-card", "card-keys", "BU-10")
def card_whose_two_keys_share_a_half() -> Bag:
    def change(text: bytes) -> bytes:
        line = line_of(b"hybrid: ")
        kind, blob = line.split(b" ")[1:]
        plain = b64decode(line_of(b"ed25519: ").split(b" ")[2])[-32:]
        return text.replace(line, b"hybrid: " + kind + b" " + b64encode(b64decode(blob)[:-32] + plain))

    return carded(change)


@vector("members signer-card", "absent", "BU-10")
def card_missing() -> Bag:
    bag = Bag()
    del bag.files[names.SIGNER_CARD]
    return bag.retag()


# The head, signed however it is spelled; the log then has no finishing of it

UNREAD = frozenset({"record-heads", "exhibits", "legal-files", "custody-records"})
READ = frozenset({"record-heads", "custody-records"})


def head(name: str, code: str, old: bytes, new: bytes, expect: frozenset[str] = UNREAD) -> None:
    def make() -> bytes:
        bag = Bag()
        assert old in bag.files[HEAD], old
        return bag.rehead(bag.files[HEAD].replace(old, new, 1)).anew().tar()

    VECTORS.append(Vector(f"head-{name}", make, expect, code))


head("of-another-version", "spelling", b"record head v1", b"record head v2")
head("with-a-line-more", "spelling", b"version: 1", b"place: nowhere\nversion: 1")
head("with-two-blanks", "spelling", b"version: 1", b"version:  1")
head("with-a-zero-before-its-version", "spelling", b"version: 1", b"version: 01")
head("with-a-root-in-capitals", "spelling", b"\nroot: ", b"\nroot: A")
head("with-leaves-of-nothing", "spelling", b"\nleaves: ", b"\nleaves: 0")
head("with-a-time-in-zulu", "spelling", b"+00:00\nclock", b"Z\nclock")
head("on-a-thirteenth-month", "spelling", b"claimed-time: 2031-05", b"claimed-time: 2031-13")
head("with-a-note-of-its-own", "spelling", b"clock-note: ok", b"clock-note: fine")
head("with-a-recorder-in-words", "spelling", b"recorder: I-09", b"recorder: I 09")
head("with-carriage-returns", "spelling", b"\n", b"\r\n")
head("of-another-practice", "differs", b"practice: yes", b"practice: no", READ | {"reading-copies"})
head("of-another-version-number", "differs", b"version: 1", b"version: 2", READ | {"reading-copies", "legal-files"})
head("of-another-recorder", "no-finish-entry", b"recorder: I-09", b"recorder: I-08", frozenset({"custody-records"}))


@vector("record-heads exhibits legal-files custody-records", "device")
def head_with_wrong_check_digits() -> Bag:
    bag = Bag()
    digits = world().device.public.fingerprint.encode()
    wrong = digits[:-2] + (b"00" if digits[-2:] != b"00" else b"01")
    text = bag.files[HEAD].replace(b"device: " + digits, b"device: " + wrong)
    text = text.replace(digits.replace(b" ", b""), wrong.replace(b" ", b""))
    return bag.rehead(text).anew()


@vector("record-heads exhibits legal-files custody-records", "device")
def head_whose_log_is_another_devices() -> Bag:
    bag = Bag()
    digits = world().device.public.fingerprint.replace(" ", "").encode()
    other = stranger().public.fingerprint.replace(" ", "").encode()
    return bag.rehead(bag.files[HEAD].replace(b"/device/" + digits, b"/device/" + other)).anew()


@vector("record-heads custody-records", "differs")
def head_that_knows_the_whole_log_before_it_was_written() -> Bag:
    bag = Bag()
    line = next(one for one in bag.files[HEAD].split(b"\n") if one.startswith(b"custody-size"))
    return bag.rehead(bag.files[HEAD].replace(line, b"custody-size: 5")).anew()


# The statement


def lines(start: bytes) -> bytes:
    return next(line for line in Bag().files[names.STATEMENT].split(b"\n") if line.startswith(start))


def statement(name: str, code: str, edit: Callable[[], tuple[bytes, bytes]]) -> None:
    VECTORS.append(Vector(f"statement-{name}", lambda: stated(edit()).tar(), frozenset({"statement"}), code))


def spelled(name: str, old: bytes, new: bytes) -> None:
    statement(name, "spelling", lambda: (old, new))


spelled("with-a-long-purpose", b"purpose: criminal", b"purpose: " + b"a" * 200)
spelled("with-a-purpose-that-ends-in-a-blank", b"investigation\n", b"investigation \n")
spelled("with-a-purpose-with-a-tab", b"criminal ", b"criminal\t")
spelled("with-an-invisible-letter", b"criminal", "crim\u200binal".encode())
spelled("with-previous-in-capitals", b"previous: none", b"previous: NONE")
spelled("with-practice-in-other-words", b"practice: yes", b"practice: true")
spelled("with-a-profile-in-capitals", b"profile: full", b"profile: Full")
spelled("with-a-size-of-many-zeros", b"custody-size: 5", b"custody-size: 005")
spelled("with-a-time-of-parts-of-seconds", b"30:00+00:00", b"30:00.5+00:00")
spelled("with-an-unknown-offset", b"+00:00\nnot-before", b"-00:00\nnot-before")
spelled("with-an-offset-of-a-day", b"+00:00\nnot-before", b"+24:00\nnot-before")
spelled("with-a-record-of-a-longer-number", b"record: TST-0000001", b"record: TST-00000001")
spelled("with-a-record-id-of-confusing-letters", b" K7F3-9Q00 ", b" K7F3-9QIO ")
spelled("with-guides-exchanged", b"guide: HOW-TO-VERIFY.txt", b"guide: HOW-TO-VERIFY.en.txt")
spelled("with-an-origin-of-two-words", b"custody-origin: ", b"custody-origin: my ")
spelled("without-its-manifest", b"\nmanifest: ", b"\nmanifests: ")
spelled("with-a-withheld-record-that-is-there", b"withheld: K7F3-9QZZ", b"withheld: K7F3-9Q00")
spelled("without-a-form-digest", b"form: core-1 ", b"form: core-1")
statement("with-a-form-twice", "spelling", lambda: (lines(b"form: "), lines(b"form: ") + b"\n" + lines(b"form: ")))
statement(
    "with-a-record-twice", "spelling", lambda: (lines(b"record: "), lines(b"record: ") + b"\n" + lines(b"record: "))
)
statement("of-no-records", "spelling", lambda: (lines(b"record: ") + b"\n", b""))
statement(
    "with-seventeen-recipients",
    "spelling",
    lambda: (
        lines(b"recipient: "),
        b"\n".join(
            b"recipient: court-a 0000 0000 0000 0000 0000 0000 0000 0000 0000 00%02d " % number + b"a" * 64
            for number in range(17)
        ),
    ),
)


@vector("members statement signatures", "absent")
def statement_missing() -> Bag:
    bag = Bag()
    del bag.files[names.STATEMENT]
    return bag.retag()


# Fields of a tar header


def header(name: str, offset: str, value: bytes) -> None:
    VECTORS.append(
        Vector(
            f"member-field-{name}",
            lambda: hostile_member(b"data/text/TST-0000009.txt", **{offset: value}),
            frozenset({"tar-layer"}),
            "tar-header",
            cases=("BU-17",),
        )
    )


header("mode", "at100", b"0000755\0")
header("owner", "at108", b"0001750\0")
header("size-with-blanks", "at124", b"          0 \0")
header("size-in-binary", "at124", b"\x80" + bytes(11))
header("time", "at136", b"14000000000\0")
header("link-name", "at157", b"/etc/passwd")
header("gnu-magic", "at257", b"ustar  \0")
header("owner-name", "at265", b"somebody")
header("device-number", "at329", b"0000001\0")
header("prefix", "at345", b"data/elsewhere")
header("last-bytes", "at500", b"hidden words")


@vector("tar-layer", "tar-filling")
def words_in_the_filling_of_a_member() -> bytes:
    """Behind the 64 zeros of the padding, up to its block."""
    tar = bytearray(Bag().tar())
    tar[-len(END) - 5 : -len(END)] = b"words"
    return bytes(tar)


@vector("tar-layer", "tar-header")
def words_in_the_end_mark() -> bytes:
    tar = Bag().tar()
    return tar[: -len(END)] + bytes(512) + b"words".ljust(512, b"\0")


@vector("members", "order", "BU-13")
def member_behind_the_padding() -> Bag:
    bag = Bag()
    bag.order = [*sorted(bag.files, key=names.order_key), names.PADDING]
    return bag


@vector("members legal-files manifests", "limit", "BU-21")
def conditions_over_their_limit() -> Bag:
    bag = Bag()
    bag.files[names.CONDITIONS] = b"x" * (names.MAX_CONDITIONS + 1)
    return bag.anew()


@vector("forms", "other-form", "BU-13")
def form_that_the_statement_does_not_name() -> Bag:
    bag = Bag()
    bag.files[names.form_member("other-1")] = b"{}"
    return bag.anew()
