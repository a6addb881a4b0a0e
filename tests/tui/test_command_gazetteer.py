"""`testimony gazetteer`: places at the prompt."""

from pathlib import Path

from command_line import Commands, Pair, is_in

GOOD = "pcode,level,name_en,name_ar\nXA01,1,Upper Mills,الطواحين العليا\nXA0102,2,Old Ferry,العبّارة القديمة\n"


def _file(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_places_are_taken_in_and_found(command: Commands, pair: Pair) -> None:
    assert command("gazetteer", "import", pair.field, _file(pair.folder, GOOD), "--country", "XA").code == 0
    found = command("gazetteer", "find", pair.field, "old", "ferry", "--json").json["places"]
    assert [(one["pcode"], one["around"]) for one in found] == [("XA0102", ["XA01"])]
    shown = command("gazetteer", "find", pair.field, "العبارة").out
    assert "XA0102" in shown
    assert "Upper Mills" in shown
    assert command("gazetteer", "find", pair.field, "nowhere").code == 0


def test_every_bad_line_is_said_in_one_language_without_its_words(command: Commands, pair: Pair, language: str) -> None:
    bad = GOOD + "XA0102,2,Twice,\n" + "XA03,x,Quillfeather,\n" * 60
    said = command("gazetteer", "import", pair.field, _file(pair.folder, bad), "--country", "XA")
    assert said.code == 2
    assert is_in(language, said.err)
    assert len(said.err.splitlines()) == 53
    assert "4" in said.err.splitlines()[1]


def test_a_wrong_country_or_an_empty_file_is_refused(command: Commands, pair: Pair) -> None:
    assert command("gazetteer", "import", pair.field, _file(pair.folder, GOOD), "--country", "xa").code == 2
    assert command("gazetteer", "import", pair.field, _file(pair.folder, GOOD)).code == 2
    assert command("gazetteer", "import", pair.field, _file(pair.folder, ""), "--country", "XA").code == 2
