"""A colleague's signature on a head, and the file that goes to the colleague (docs/format/cosignature-v1.md)."""

from dataclasses import replace

import pytest
from shared_data import REPOSITORY
from vectors.generate import stranger, world

from keys.identity import Identity
from keys.secret import Secret
from keys.signature import COSIGNATURE, RECEIPT
from testimony.cosignature import Cosignature, head_file, parse_cosignature, parse_head_file
from testimony.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from testimony.custody.growth import Growth
from testimony.errors import AnchorError
from testimony.text_lines import moment, with_signatures


@pytest.fixture(scope="module")
def page() -> str:
    return (REPOSITORY / "docs/format/cosignature-v1.md").read_text("utf-8")


@pytest.fixture(scope="module")
def said() -> Cosignature:
    return Cosignature(
        checkpoint=Checkpoint(origin=origin_of(world().device.public), size=5, root=bytes(range(32))),
        cosigner="field-08",
        fingerprint=stranger().public.fingerprint,
        at=moment("2031-05-06T09:00:00+02:00"),
    )


def test_the_example_of_the_page_is_what_is_written(page: str) -> None:
    text = page.split("```\n")[1].encode()
    both = stranger().sign(text, COSIGNATURE)
    signed = parse_cosignature(with_signatures(text, both))
    found = Cosignature(
        checkpoint=Checkpoint(
            origin="testimony-vault.invalid/device/4372670397205439209839705096676948017504",
            size=5,
            root=bytes.fromhex("2d08d09309f497e105acb8dd819d2164fb60b10a0fb51731501bdbb17ea470f1"),
        ),
        cosigner="field-08",
        fingerprint="7367 4911 2866 0374 3229 7629 1126 0483 4682 5768",
        at=moment("2031-05-06T09:00:00+02:00"),
    )
    assert (found.text(), signed.fingerprint) == (text, found.fingerprint)


def test_the_file_for_a_colleague_on_the_page_comes_out(page: str) -> None:
    example = page.split("```\n")[3].encode()
    note, growth = parse_head_file(example)
    assert [one.since for one in growth] == [2]
    assert parse_checkpoint(note, Identity.from_secret(Secret(bytes(range(128)))).public).size == 3
    assert head_file(note, growth) == example


def test_a_cosignature_reads_back_as_what_was_signed(said: Cosignature) -> None:
    assert parse_cosignature(said.to_text(stranger())).check(stranger().public) == said


def test_nobody_signs_in_the_name_of_another(said: Cosignature) -> None:
    with pytest.raises(AnchorError):
        said.to_text(world().body)
    with pytest.raises(AnchorError) as caught:
        parse_cosignature(said.to_text(stranger())).check(world().body.public)
    assert caught.value.code == "cosigner"


def test_a_signature_of_another_purpose_is_no_cosignature(said: Cosignature) -> None:
    data = with_signatures(said.text(), stranger().sign(said.text(), RECEIPT))
    with pytest.raises(AnchorError) as caught:
        parse_cosignature(data).check(stranger().public)
    assert caught.value.code == "signature"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"cosignature v1", b"cosignature v2"),
        (b"custody-size: 5", b"custody-size: 05"),
        (b"custody-size: 5", b"custody-size: 4294967297"),
        (b"custody-origin: testimony-vault.invalid", b"custody-origin: example.invalid"),
        (b"custody-root: 0", b"custody-root: A"),
        (b"seen: 2031-05-06", b"seen: 2031-05-32"),
        (b"+02:00", b"Z"),
        (b"cosigner: field-08", b"cosigner: field 08"),
        (b"\nseen", b"\n\nseen"),
        (b"\n", b"\r\n"),
    ],
)
def test_another_spelling_is_refused(said: Cosignature, old: bytes, new: bytes) -> None:
    text = said.text()
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(AnchorError) as caught:
        parse_cosignature(with_signatures(changed, stranger().sign(changed, COSIGNATURE)))
    assert caught.value.code == "spelling"


def test_what_is_too_long_or_unsigned_is_refused(said: Cosignature) -> None:
    with pytest.raises(AnchorError) as caught:
        parse_cosignature(said.text())
    assert caught.value.code == "signature-missing"
    with pytest.raises(AnchorError) as caught:
        parse_cosignature(said.to_text(stranger()) + bytes(1 << 16))
    assert caught.value.code == "too-long"


def test_the_file_for_a_colleague_reads_back() -> None:
    head = Checkpoint(origin=origin_of(world().device.public), size=9, root=bytes(32))
    note = head.signed(world().device)
    for growth in ((), (Growth(since=7, path=(bytes(32), b"x" * 32)), Growth(since=1, path=()))):
        assert parse_head_file(head_file(note, growth)) == (note, growth)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\n\n",
        b"old 1\n",
        b"old 01\n\nnote",
        b"old x\n\nnote",
        b"x" * 44 + b"\n\nnote",
        b"old 1\nAAAA\n\nnote",
        b"old 1\n" + b"A" * 43 + b"B\n\nnote",
        b"old 0\nold 0\n\nnote",
        b"old 1\nold 0\n\nnote",
        b"old 1\n" * 513 + b"\nnote",
        b"old 1\n" + (b"A" * 43 + b"=\n") * 65 + b"\nnote",
        b"A" * (2 << 20),
    ],
)
def test_a_file_for_a_colleague_in_another_spelling_is_refused(broken: bytes) -> None:
    with pytest.raises(AnchorError):
        parse_head_file(broken)


def test_a_head_in_another_size_is_another_text(said: Cosignature) -> None:
    longer = replace(said, checkpoint=replace(said.checkpoint, size=6))
    data = with_signatures(longer.text(), stranger().sign(said.text(), COSIGNATURE))
    with pytest.raises(AnchorError):
        parse_cosignature(data).check(stranger().public)
