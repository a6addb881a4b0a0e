"""A writer of small workbooks, and of broken ones; the product reads workbooks and can write none."""

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def place(column: int, row: int) -> str:
    """The name of a cell, both numbers from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def sheet(rows: Sequence[Sequence[str]]) -> str:
    """A sheet; a cell that begins with = is a formula whose last value is `computed`."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(place(column, number), text) for column, text in enumerate(row, start=1) if text)
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(name: str, text: str) -> str:
    if text.startswith("="):
        return f'<c r="{name}" t="str"><f>{escape(text[1:])}</f><v>computed</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def parts_of(sheets: Mapping[str, str]) -> dict[str, str]:
    """Every part of a package with these sheets, each given as its XML."""
    numbered = list(enumerate(sheets, start=1))
    tabs = "".join(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in numbered)
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in numbered
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number, _ in numbered
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"'
        f' ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONS}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        **{f"xl/worksheets/sheet{number}.xml": sheets[name] for number, name in numbered},
    }


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a file."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(**sheets: Sequence[Sequence[str]]) -> bytes:
    """A workbook with these sheets, given as rows of cells."""
    return package(parts_of({name: sheet(rows) for name, rows in sheets.items()}))
