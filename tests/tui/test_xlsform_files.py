"""`testimony form convert`: workbooks as files, hostile ones among them; no vault and no key is near."""

import struct
import zlib
from pathlib import Path

import pytest
from command_line import Commands, Pair, is_in
from workbooks import package, parts_of, place, sheet, workbook

from testimony.errors import FormError
from testimony.forms.reading import form_bytes, parse_form
from tui.xlsform.package import MAX_COLUMNS, MAX_ROWS
from tui.xlsform.workbook import read_workbook

SURVEY = (
    ("type", "name", "label::English (en)", "label::Arabic (ar)"),
    ("text", "seller", "Seller", "البائع"),
    ("select_one yn", "open", "Open", "مفتوح"),
)
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::Arabic (ar)"),
    ("yn", "yes", "Yes", "نعم"),
    ("yn", "no", "No", "لا"),
)
SETTINGS = (("form_title", "form_id"), ("Markets", "market-1"))


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "form.xlsx"
    path.write_bytes(data)
    return path


def test_a_workbook_becomes_a_form_that_a_vault_takes_in(command: Commands, pair: Pair) -> None:
    path, out = (
        _file(pair.folder, workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS)),
        pair.folder / "form.json",
    )
    made = command("form", "convert", path, "--out", out, passphrase=None)
    assert (made.code, made.err) == (0, "")
    assert parse_form(out.read_bytes()).id == "market-1"
    assert not out.with_name("form.json.unmapped.txt").exists()
    assert command("form", "import", pair.field, out).code == 0


def test_what_is_not_asked_is_printed_written_beside_the_form_and_told_by_the_exit_code(
    command: Commands, tmp_path: Path, language: str
) -> None:
    survey = (*SURVEY, ("geopoint", "where", "Where", "أين"), ("image", "photo", "Photo", "صورة"))
    path, out = _file(tmp_path, workbook(survey=survey, choices=CHOICES, settings=SETTINGS)), tmp_path / "form.json"
    made = command("form", "convert", path, "--out", out, passphrase=None)
    assert made.code == 1
    listed = out.with_name("form.json.unmapped.txt").read_text(encoding="utf-8")
    assert len(listed.splitlines()) == 2
    assert all(line in made.err for line in listed.splitlines())
    assert "geopoint" in listed
    assert "image" in listed
    assert is_in(language, listed)
    assert parse_form(out.read_bytes()).slot("own.open") is not None


def test_strict_writes_nothing_where_something_is_not_asked(command: Commands, tmp_path: Path) -> None:
    survey = (*SURVEY, ("geopoint", "where", "Where", "أين"))
    path, out = _file(tmp_path, workbook(survey=survey, choices=CHOICES, settings=SETTINGS)), tmp_path / "form.json"
    assert command("form", "convert", path, "--out", out, "--strict", passphrase=None).code == 4
    assert sorted(each.name for each in tmp_path.iterdir()) == ["form.xlsx"]


def test_nothing_is_overwritten(command: Commands, tmp_path: Path) -> None:
    path, out = _file(tmp_path, workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS)), tmp_path / "form.json"
    out.write_bytes(b"mine")
    assert command("form", "convert", path, "--out", out, passphrase=None).code == 2
    assert out.read_bytes() == b"mine"


def test_a_form_written_by_hand_gets_its_one_spelling(command: Commands, tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(form_bytes("core-1").replace(b'","', b'",\n "'))
    assert command("form", "convert", path, "--out", tmp_path / "out.json", passphrase=None).code == 0
    assert (tmp_path / "out.json").read_bytes() == form_bytes("core-1")


def test_computed_cells_are_listed_and_their_last_value_is_taken() -> None:
    survey = (SURVEY[0], ("text", '=CONCATENATE("a","b")', "A", "أ"))
    read = read_workbook(workbook(survey=survey))
    assert read.formulas == 1
    assert read.survey[1][1] == "computed"


@pytest.mark.parametrize("name", [place(MAX_COLUMNS, 1), place(1, MAX_ROWS)])
def test_a_cell_at_the_edge_of_the_bounds_is_read(name: str) -> None:
    edge = sheet(SURVEY).replace(
        "</sheetData>", f'<row><c r="{name}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    assert read_workbook(package(parts_of({"survey": edge}))).survey


def _with(xml: str) -> bytes:
    return package(parts_of({"survey": sheet(SURVEY).replace("</sheetData>", f"{xml}</sheetData>")}))


def _lying(data: bytes, size: int) -> bytes:
    """The package with a false size of its first deflated part, in the directory and in front of the part."""
    at, local = data.index(b"PK\x01\x02"), data.index(b"PK\x03\x04")
    changed = bytearray(data)
    struct.pack_into("<I", changed, at + 24, size)
    struct.pack_into("<I", changed, local + 22, size)
    return bytes(changed)


def _bomb() -> bytes:
    return package({**parts_of({"survey": sheet(SURVEY)}), "xl/media/image1.png": bytes(65 << 20)})


def _overlapping() -> bytes:
    """Many parts that are one and the same stretch of the file, each 1 MiB of zeros."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    held = packed.compress(bytes(1 << 20)) + packed.flush()
    crc = zlib.crc32(bytes(1 << 20))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(held), 1 << 20, 1, 0) + b"x"
    entries = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(held), 1 << 20, 4, 0, 0, 0, 0, 0, 0
        )
        + f"{number:04d}".encode()
        for number in range(100)
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 100, 100, len(entries), len(local) + len(held), 0)
    return local + held + entries + end


GOOD = workbook(survey=SURVEY)
HOSTILE = {
    "nothing": (b"", "not-a-workbook"),
    "a text": (b"type,name\ntext,a\n", "not-a-workbook"),
    "an old workbook by another name": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "old-workbook"),
    "a package of something else": (package({"word/document.xml": "<a/>"}), "not-a-workbook"),
    "half a file": (GOOD[: len(GOOD) // 2], "not-a-workbook"),
    "a file without its end": (GOOD[:-4], "not-a-workbook"),
    "no sheet of questions": (workbook(choices=CHOICES), "no-survey"),
    "a part of 65 MiB of zeros": (_bomb(), "workbook-too-large"),
    "parts that overlap": (_overlapping(), "workbook-too-large"),
    "a size that is too small": (_lying(GOOD, 5), "not-a-workbook"),
    "a size that is too large": (_lying(GOOD, 60 << 20), "not-a-workbook"),
    "a size of 4 GiB": (_lying(GOOD, 0xFFFFFFFF), "workbook-too-large"),
    "a part twice": (GOOD, "not-a-workbook"),
    "a million rows": (_with('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "workbook-too-large"),
    "the last column": (_with('<row r="4"><c r="XFD4"><v>1</v></c></row>'), "workbook-too-large"),
    "one row too many": (_with(f'<row><c r="A{MAX_ROWS + 1}"><v>1</v></c></row>'), "workbook-too-large"),
    "one column too many": (_with(f'<row><c r="{place(MAX_COLUMNS + 1, 4)}"><v>1</v></c></row>'), "workbook-too-large"),
    "cells that do not say where": (_with("<row>" + "<c><v>1</v></c>" * 70 + "</row>"), "workbook-too-large"),
    "a place in other quotes": (_with("<row><c r='XFD1048576'><v>1</v></c></row>"), "workbook-too-large"),
    "a place twice": (_with('<row><c r="A9" r="XFD1048576"><v>1</v></c></row>'), "workbook-too-large"),
    "a place in another name": (_with('<row><x:c r="XFD1048576"><v>1</v></x:c></row>'), "workbook-too-large"),
    "a place by an entity": (_with('<row><c r="&#88;FD9"><v>1</v></c></row>'), "workbook-too-large"),
    "a cell of 5,000 letters": (workbook(survey=(*SURVEY, ("text", "a", "x" * 5000))), "workbook-too-large"),
    "a sheet in UTF-16": (
        package(parts_of({"survey": ""}) | {"xl/worksheets/sheet1.xml": sheet(SURVEY).encode("utf-16")}),
        "not-a-workbook",
    ),
    "a sheet that is no XML": (package(parts_of({"survey": "<worksheet><sheetData><row"})), "not-a-workbook"),
    "a sheet that is not there": (
        package({name: part for name, part in parts_of({"survey": ""}).items() if "sheet1" not in name}),
        "not-a-workbook",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_by_its_class(name: str) -> None:
    data, code = HOSTILE[name]
    if name == "a part twice":
        at = data.index(b"PK\x01\x02")
        # The directory names a part of the same length by the name of another.
        data = data[:at] + data[at:].replace(b"_rels/.rels", b"_rels/.relz").replace(b"_rels/.relz", b"_rels/.rels")
        end = data.rindex(b"PK\x05\x06")
        entry = data[at : data.index(b"PK\x01\x02", at + 4)]
        count = struct.unpack_from("<H", data, end + 8)[0] + 1
        tail = bytearray(data[end:])
        struct.pack_into("<HH", tail, 8, count, count)
        data = data[:end] + entry + bytes(tail)
    with pytest.raises(FormError) as caught:
        read_workbook(data)
    assert caught.value.code == code


def test_an_entity_bomb_in_a_sheet_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 20}">' for number in range(1, 12))
    bomb = f'<!DOCTYPE w [<!ENTITY a0 "x">{levels}]>' + sheet((("type", "name"), ("text", "seller"))).replace(
        "seller", "&a11;"
    )
    try:
        read = read_workbook(package(parts_of({"survey": bomb})))
    except FormError:
        return
    assert sum(len(cell) for row in read.survey for cell in row) < 100


def test_every_bit_of_a_small_workbook_turned_ends_in_a_form_or_a_refusal() -> None:
    refused = 0
    for place_of_bit in range(0, len(GOOD) * 8, 37):
        changed = bytearray(GOOD)
        changed[place_of_bit // 8] ^= 1 << place_of_bit % 8
        try:
            read_workbook(bytes(changed))
        except FormError:
            refused += 1
    assert refused, "a turned bit is noticed"


def test_a_refusal_is_a_sentence_of_one_language(command: Commands, tmp_path: Path, language: str) -> None:
    out = tmp_path / "form.json"
    said = command("form", "convert", _file(tmp_path, b"PK no workbook"), "--out", out, "--id", "x-1", passphrase=None)
    assert said.code == 2
    assert not out.exists()
    assert is_in(language, said.err)
