"""The example on the format page is what the program reads."""

import re
from pathlib import Path

from keys.passphrase import normalise
from keys.secret import Secret
from keys.slots import VaultKey
from vault.bindings import BOUND
from vault.header import HeaderCopy, parse_header
from vault.layout import Layout
from vault.migrate import statements_of


def test_the_header_on_the_page_opens_with_the_passphrase_on_the_page(repository: Path, tmp_path: Path):
    from vault.header import open_header

    page = (repository / "docs" / "format" / "vault-v1.md").read_text(encoding="utf-8")
    line = re.search(r'^\{"cipher".*\}$', page, re.MULTILINE)
    assert line is not None
    data = line[0].encode() + b"\n"
    header, code = parse_header(data, "page")
    key = VaultKey(Secret(bytes(range(32))))
    assert HeaderCopy(place=0, header=header, code=code).is_of(key)
    assert header.to_bytes(key) == data
    (tmp_path / "header.A").write_bytes(data)
    opened = open_header(Layout(folder=tmp_path), normalise("an example passphrase for this page"))
    assert opened.key.vault_id == key.vault_id
    assert opened.damaged == ("header.B",)


def test_the_page_names_every_bound_table(repository: Path):
    page = (repository / "docs" / "format" / "vault-v1.md").read_text(encoding="utf-8")
    assert [table for table in BOUND if f"`{table}`" not in page] == []


def test_every_table_of_the_schema_is_bound_or_known_not_to_be():
    made = set(re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", "\n".join(statements_of(1))))
    free = {
        "drafts",
        "custody",
        "bindings",
        "checkpoints",
        "places",
        "search_paragraphs",
        "search_words",
        "search_names",
    }
    assert made - free == set(BOUND)
