"""Lists of places: every bad line is named by its number, and the words of none of them."""

import re
from pathlib import Path

import pytest

from testimony.errors import GazetteerError, LimitExceededError
from testimony.gazetteer import MAX_GAZETTEER, MAX_PLACES, Place, read_gazetteer

HEADING = "pcode,level,name_en,name_ar\n"


def _read(text: str, country: str = "XA") -> list[Place]:
    return list(read_gazetteer(text.encode("utf-8"), country))


def _refused(data: bytes, country: str = "XA") -> list[tuple[int, str]]:
    with pytest.raises(GazetteerError) as caught:
        list(read_gazetteer(data, country))
    return [(one.number, one.rule) for one in caught.value.lines]


def test_the_example_on_the_page_is_read(repository: Path) -> None:
    page = (repository / "docs" / "format" / "gazetteer-v1.md").read_text(encoding="utf-8")
    example = re.search(r"```csv\n(.*?)```", page, re.DOTALL)
    assert example is not None
    places = _read(example[1])
    assert [(one.pcode, one.level) for one in places] == [("XA01", 1), ("XA0102", 2), ("XA010203", 3)]
    assert places[1].name_en == "Ferry, the old"
    assert places[2].name_ar == ""


@pytest.mark.parametrize(
    "text",
    [
        HEADING + "XA01,1,Mill,طاحونة\n",
        HEADING + "XA01,1,Mill,طاحونة",
        (HEADING + "XA01,1,Mill,طاحونة\n").replace("\n", "\r\n"),
        "\ufeff" + HEADING + "XA01,1,Mill,طاحونة\n",
        "name_ar,name_en,level,pcode\nطاحونة,Mill,1,XA01\n",
        HEADING + '"XA01","1","Mill","طاحونة"\n',
    ],
)
def test_spellings_of_one_file_give_the_same_place(text: str) -> None:
    assert _read(text) == [Place(pcode="XA01", level=1, name_en="Mill", name_ar="طاحونة")]


def test_quotes_are_undone_as_rfc_4180_says() -> None:
    assert _read(HEADING + 'XA01,1,"The ""old"" mill, upper",\n')[0].name_en == 'The "old" mill, upper'


LINES = {
    "three cells": ("XA01,1,Mill", "cells"),
    "five cells": ("XA01,1,Mill,طاحونة,x", "cells"),
    "a quote in a cell": ('XA01,1,Mi"ll,x', "cells"),
    "a quote that stays open": ('XA01,1,"Mill,x', "cells"),
    "words behind a quote": ('XA01,1,"Mill"x,x', "cells"),
    "no code": (",1,Mill,x", "pcode"),
    "a code in small letters": ("xa01,1,Mill,x", "pcode"),
    "a code with a blank": ("XA 01,1,Mill,x", "pcode"),
    "a code in Arabic digits": ("XA٠١,1,Mill,x", "pcode"),
    "a long code": (f"XA{'0' * 19},1,Mill,x", "pcode"),
    "a code of another country": ("XB01,1,Mill,x", "other-country"),
    "level 0": ("XA01,0,Mill,x", "level"),
    "level 10": ("XA01,10,Mill,x", "level"),
    "no level": ("XA01,,Mill,x", "level"),
    "no name": ("XA01,1,,", "name"),
    "a name of blanks": ("XA01,1, , ", "name"),
    "a name with an escape": ("XA01,1,Mi\x1b]52;c;eA==\x07ll,x", "name"),
    "a name with a zero byte": ("XA01,1,Mi\x00ll,x", "name"),
    "a name of 201 letters": (f"XA01,1,{'m' * 201},x", "name"),
    "an empty line": ("", "cells"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_bad_line_is_named_by_its_number_and_rule(name: str) -> None:
    line, rule = LINES[name]
    assert _refused(f"{HEADING}XA09,1,Before,قبل\n{line}\nXA08,1,After,بعد\n".encode()) == [(3, rule)]


def test_every_bad_line_is_named() -> None:
    text = HEADING + "XA01,1,Mill,x\nXA01,1,Mill,x\nXA02,x,Mill,x\nXA03,1,Mill,x\nXA04\n"
    assert _refused(text.encode()) == [(3, "pcode-twice"), (4, "level"), (6, "cells")]


@pytest.mark.parametrize(
    "heading", ["pcode,level,name_en", "pcode,level,name_en,name_ar,lat", "a,b,c,d", "", "pcode;level;name_en;name_ar"]
)
def test_other_columns_are_refused_and_none_is_dropped_in_silence(heading: str) -> None:
    assert _refused(f"{heading}\nXA01,1,Mill,x\n".encode()) == [(1, "columns")]


def test_what_is_no_utf_8_is_named_by_its_line() -> None:
    assert _refused(HEADING.encode() + "XA01,1,Mill,طاحونة\n".encode("cp1256")) == [(2, "not-utf-8")]
    assert _refused((HEADING + "XA01,1,Mill,x\n").encode("utf-16"))[0][1] == "not-utf-8"


@pytest.mark.parametrize("data", [b"", HEADING.encode(), b"\xef\xbb\xbf"])
def test_a_file_without_a_place_is_refused(data: bytes) -> None:
    with pytest.raises(GazetteerError):
        list(read_gazetteer(data, "XA"))


def test_a_file_that_is_too_long_is_refused_before_it_is_read() -> None:
    for data in (bytes(MAX_GAZETTEER + 1), HEADING.encode() + b"\n" * (MAX_PLACES + 1)):
        with pytest.raises(LimitExceededError):
            next(read_gazetteer(data, "XA"))
