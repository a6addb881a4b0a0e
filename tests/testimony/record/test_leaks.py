import base64
import random
import unicodedata
from urllib.parse import quote

import pytest
from invented_interview import arabic, english, record_of

from testimony.canonical import encode
from testimony.forms.form import Klass
from testimony.leaks import LeakScan, Needle, scan, strings_of
from testimony.model import Exhibit

CANARY = Needle(path="witness.name/given", klass=Klass.S4, text="وردان", parts=True)
LATIN = Needle(path="mentions/0/who", klass=Klass.S3, text="Bellamy Quince", parts=True)
NUMBER = Needle(path="witness.contact/0/value", klass=Klass.S4, text="0700 555 0142")


def test_every_identifying_text_of_a_record_is_a_needle():
    texts = {needle.text for needle in strings_of(record_of(english()))}
    assert {"Tamsin", "Orrin", "Veldhuis", "Tamzin Veldhuys", "0700 555 0142", "Bellamy", "the schoolteacher"} <= texts
    assert "the blue kitchen behind the mill" in texts


def test_words_of_the_account_relations_and_codes_are_no_needles():
    needles = strings_of(record_of(english()))
    assert not {"neighbour", "I-09", "victim", "criminal investigation"} & {needle.text for needle in needles}


def test_the_name_of_an_exhibit_file_is_a_needle():
    sketch = Exhibit(kind="sketch", original_name="tamsin yard.png", sha256="0" * 64, size=1)
    assert "tamsin yard.png" in {needle.text for needle in strings_of(record_of(english(), sketch))}


def test_only_the_asked_classes_are_needles():
    needles = strings_of(record_of(english()), [Klass.S4])
    assert {needle.klass for needle in needles} == {Klass.S4}


ENCODINGS = {
    "as it is": lambda text: text.encode(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "upper case": lambda text: text.upper().encode(),
    "in canonical JSON": lambda text: encode({"a": f"x\n{text}\n"}),
    "in escaped JSON": lambda text: ('{"a":"\\n' + "".join(f"\\u{ord(letter):04x}" for letter in text) + '"}').encode(),
    "in an address": lambda text: f"https://x.invalid/?q={quote(text)}".encode(),
    "base64": lambda text: base64.b64encode(f"what was said: {text}.".encode()),
    "base64, shifted by one": lambda text: base64.b64encode(f"at was said: {text}.".encode()),
    "base64, shifted by two": lambda text: base64.b64encode(f"t was said: {text}.".encode()),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"it was said: {text}?".encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "upper hex": lambda text: text.encode().hex().upper().encode(),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "utf-16, big-endian": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: text.encode("utf-32-le"),
    "utf-32, big-endian": lambda text: text.encode("utf-32-be"),
    "utf-16 of another case and normal form": lambda text: (
        unicodedata.normalize("NFD", text).swapcase().encode("utf-16-le")
    ),
    "html, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text).encode(),
    "html, hex": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text).encode(),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()).encode(),
    "backwards": lambda text: f"(before {text[::-1]} behind)".encode(),
    "base64 of another spelling": lambda text: base64.b64encode(f"to {spaced(text)}, then".encode()),
    "hex of another spelling": lambda text: f"to {spaced(text)}, then".encode().hex().encode(),
    "base64 behind letters": lambda text: b"data" + base64.b64encode(f"so it was {text} who came".encode()),
}


def spaced(text: str) -> str:
    """The name with tatweel or in capitals, which no list of spellings holds."""
    return text.replace(" ", "  ").swapcase() if text.isascii() else "\u0640".join(text)


@pytest.mark.case("RF-19")
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("needle", [CANARY, LATIN], ids=["arabic", "latin"])
def test_a_canary_is_found_in_every_encoding_and_nothing_in_the_same_file_without_it(encoding: str, needle: Needle):
    spell = ENCODINGS[encoding]
    assert [hit.needle for hit in scan("out.json", spell(needle.text), [needle])] == [0]
    assert scan("out.json", spell("nobody at all"), [needle]) == ()


@pytest.mark.case("RF-19")
@pytest.mark.parametrize("text", ["ووردان", "وَرْدَان", "لوردان،", "وردانـ", "ﻭﺭﺩﺍﻥ"])
def test_an_arabic_name_is_found_in_its_other_spellings(text: str):
    assert scan("x", f"ثم جاء {text} إلى البيت".encode(), [CANARY])


def test_one_word_of_a_name_is_enough_and_one_word_of_a_place_is_not():
    place = Needle(path="session.place/verbatim", klass=Klass.S3, text="the blue kitchen behind the mill")
    assert scan("x", b"QUINCE was there", [LATIN])
    assert scan("x", b"in the kitchen", [place]) == ()
    assert scan("x", b"The  Blue Kitchen, behind the mill", [place])


@pytest.mark.parametrize("text", ["07005550142", "+44 700 555-0142", "٠٧٠٠ ٥٥٥ ٠١٤٢"])
def test_a_number_is_found_however_it_is_grouped(text: str):
    assert scan("x", f"call {text} now".encode(), [NUMBER])


def test_a_name_in_a_file_name_is_found():
    assert [hit.offset for hit in scan("data/quince-interview.txt", b"", [LATIN])] == [0]


def test_keys_and_digests_are_not_taken_for_names():
    chance = random.Random(7)
    short = Needle(path="mentions/0/who", klass=Klass.S3, text="Abd", parts=True)
    digests = [chance.randbytes(32).hex() for _ in range(3000)]
    hashes = [base64.b64encode(chance.randbytes(96)).decode() for _ in range(3000)]
    assert scan("proof.json", encode([digests, hashes]), [short]) == ()
    assert scan("proof.json", encode([digests, "Abd", hashes]), [short])


def test_the_offset_is_in_bytes():
    assert scan("x", "قال Quince".encode(), [LATIN])[0].offset == len("قال ".encode())


def test_a_name_across_the_border_of_two_chunks_is_found():
    data = b"z " * 700_000 + b"Bellamy Quince" + b" z" * 700_000
    for size in (1000, 65_536, 1_400_003):
        chunks = [data[start : start + size] for start in range(0, len(data), size)]
        assert {hit.needle for hit in scan("x", chunks, [LATIN])} == {0}


@pytest.mark.parametrize("before", range(0, 16, 3))
def test_a_name_across_the_border_of_what_is_looked_at_together_is_found(before):
    name = Needle(path="mentions/0/who", klass=Klass.S3, text="Thistlewoodsman", parts=True)
    data = b"z" * ((1 << 20) - before - 1) + b" Thistlewoodsman " + b"z " * 200_000
    assert {hit.needle for hit in scan("x", data, [name])} == {0}


@pytest.mark.case("AT-13")
def test_a_name_inside_a_file_of_another_kind_is_found():
    photo = (
        b"\xff\xd8\xff\xe1"
        + random.Random(1).randbytes(5000)
        + b"Artist\x00Bellamy Quince\x00"
        + random.Random(2).randbytes(5000)
    )
    assert scan("x", photo, [LATIN])
    assert scan("x", photo.replace(b"Bellamy Quince", b"Nobody Nothing"), [LATIN]) == ()


def test_a_name_inside_a_file_in_another_encoding_is_found():
    noise = random.Random(3).randbytes(40_000)
    for form in ENCODINGS["utf-16"], ENCODINGS["utf-32, big-endian"], ENCODINGS["hex"], ENCODINGS["base64"]:
        assert scan("x", noise + form("Bellamy Quince") + noise, [LATIN])
    assert scan("x", noise + noise, [LATIN]) == ()


def test_a_short_word_backwards_is_another_word():
    short = Needle(path="mentions/0/who", klass=Klass.S3, text="Nod", parts=True)
    assert scan("x", b"don and nodding", [short]) == ()
    assert scan("x", b"a nod", [short])


def test_nothing_here_shows_the_words_it_looks_for():
    found = scan("x", b"Bellamy Quince", [LATIN])
    assert "Bellamy" not in repr(found) + repr(LATIN) + repr(LeakScan([LATIN]))


def test_a_record_unredacted_is_full_of_findings():
    for make in (english, arabic):
        record = record_of(make())
        needles = strings_of(record)
        hit = {found.needle for found in scan("record.json", record.to_bytes(), needles)}
        assert hit == set(range(len(needles)))
