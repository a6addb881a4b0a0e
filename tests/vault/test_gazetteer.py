"""Gazetteers in a vault: whole or not at all, found in both scripts, and a source of coarse places."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import details_of, kinds_of, make_vault, recorded
from shared_data import shared_file

from testimony.answers import Given
from testimony.errors import GazetteerError
from vault.check import check_vault
from vault.errors import PolicyError
from vault.gazetteer import find_places, import_gazetteer, names
from vault.records import get_record
from vault.store import Vault

INVENTED = """pcode,level,name_en,name_ar
XA01,1,Upper Mills,الطواحين العليا
XA0102,2,Old Ferry,العبّارة القديمة
XA010203,3,Blue Kitchen,المطبخ الأزرق
XA010204,3,Millstone,حجر الرحى
XA02,1,Lower Mills,الطواحين السفلى
""".encode()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made:
        yield made


def _codes(vault: Vault, words: str) -> list[str]:
    return [found.place.pcode for found in find_places(vault, words)]


def test_the_places_of_a_country_come_in_and_the_log_names_their_file(vault: Vault) -> None:
    before = vault.log_state.size
    assert import_gazetteer(vault, INVENTED, "XA") == 5
    assert kinds_of(vault, before) == ["gazetteer.import"]
    (details,) = details_of(vault, "gazetteer.import")
    assert (details["country"], details["places"]) == ("XA", 5)
    assert check_vault(vault).holds


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("mill", ["XA01", "XA02", "XA010204"]),
        ("MILLS upper", ["XA01"]),
        ("الطواحين", ["XA01", "XA02"]),
        ("العباره", ["XA0102"]),
        ("المطبخ الازرق", ["XA010203"]),
        ("XA0102", ["XA0102", "XA010204", "XA010203"]),
        ("xa0102", ["XA0102", "XA010204", "XA010203"]),
        ("ills", []),
        ("nowhere", []),
        ("", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_place_is_found_by_words_of_either_script_and_by_its_code(vault: Vault, words: str, codes: list[str]) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    assert _codes(vault, words) == codes


@pytest.mark.case("RF-11")
@pytest.mark.parametrize("words", ["'); DROP TABLE places; --", 'mill" OR 1=1', "mill*", "NEAR(mill)", "-mill:"])
def test_what_is_looked_for_is_never_read_as_a_query(vault: Vault, words: str) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    find_places(vault, words)
    assert len(names(vault)) == 10


def test_a_place_is_told_with_the_places_around_it(vault: Vault) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    (found,) = find_places(vault, "Blue Kitchen")
    assert [one.name_en for one in found.around] == ["Upper Mills", "Old Ferry"]


def test_one_bad_line_and_everything_is_as_it_was(vault: Vault) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    before = (vault.log_state.size, names(vault))
    with pytest.raises(GazetteerError):
        import_gazetteer(vault, INVENTED.replace(b"Upper Mills", b"Renamed") + b"XA03,x,Bad,\n", "XA")
    assert (vault.log_state.size, names(vault)) == before


def test_a_later_file_replaces_its_country_and_no_other(vault: Vault) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    import_gazetteer(vault, INVENTED.replace(b"XA", b"XB"), "XB")
    import_gazetteer(vault, b"pcode,level,name_en,name_ar\nXA07,1,Only,\n", "XA")
    assert _codes(vault, "XA0") == ["XA07"]
    assert len(_codes(vault, "XB0")) == 5
    assert len(details_of(vault, "gazetteer.import")) == 3


@pytest.mark.parametrize("country", ["", "S", "SYR", "sy", "S1", "%%"])
def test_a_country_is_two_capitals(vault: Vault, country: str) -> None:
    with pytest.raises(PolicyError):
        import_gazetteer(vault, INVENTED, country)


def test_a_code_that_was_found_gives_the_coarse_places_of_a_record(vault: Vault) -> None:
    import_gazetteer(vault, INVENTED, "XA")
    (code,) = _codes(vault, "kitchen")
    place = {"verbatim": "the blue kitchen", "pcode": code}
    record_id = recorded(vault, session__place=place)
    stored = get_record(vault, record_id)
    assert stored.record is not None
    coarse = [stored.record.answers[f"session.place~{level}"] for level in ("governorate", "district")]
    assert coarse == [Given("XA01"), Given("XA0102")]


def test_the_places_of_a_whole_country_are_taken_in_and_found(vault: Vault) -> None:
    data = shared_file("data", "places-syria.csv").read_bytes()
    assert import_gazetteer(vault, data, "SY") == 348
    (first, *_) = find_places(vault, "حلب")
    assert first.place.pcode == "SY02"
    assert next(one.place.pcode for one in find_places(vault, "Aleppo")) == "SY02"
