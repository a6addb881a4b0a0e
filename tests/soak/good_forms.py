"""Good gazetteers and workbooks of an invented world."""

from soak.spoiling import LIMIT
from workbooks import workbook

from testimony.canonical import as_list, as_object, as_text, decode, encode
from testimony.forms.sheets import Workbook
from testimony.forms.xlsform import convert_workbook
from tui.xlsform.workbook import read_workbook

_SHEETS = ("survey", "choices", "settings")


def gazetteer() -> bytes:
    lines = ('XA01,1,"Ferry, the ""old""",طاحونة', "XA0102,2,Mill,", "XA010203,3,Yard,ساحة")
    return "".join(f"{line}\r\n" for line in ("pcode,level,name_en,name_ar", *lines)).encode()


def workbook_file() -> bytes:
    return workbook(
        survey=(
            ("type", "name", "label::English (en)", "label::Arabic (ar)", "relevant", "required"),
            ("begin group", "market", "Market", "سوق", "", ""),
            ("text", "seller", "Seller", "البائع", "", "yes"),
            ("select_one yn", "open", "Open", "مفتوح", "", ""),
            ("integer", "stalls", "Stalls", "أكشاك", "${open} = 'yes'", ""),
            ("end group", "", "", "", "", ""),
            ("geopoint", "where", "Where", "أين", "", ""),
        ),
        choices=(
            ("list_name", "name", "label::English (en)", "label::Arabic (ar)"),
            ("yn", "yes", "Yes", "نعم"),
            ("yn", "no", "No", "لا"),
        ),
        settings=(("form_title", "form_id"), ("Markets", "market-1")),
    )


def read_workbook_file(data: bytes) -> object:
    return convert_workbook(read_workbook(data))


def sheets() -> bytes:
    """The sheets of a workbook as JSON, so that what stands in them is spoiled and not the package."""
    book = read_workbook(workbook_file())
    return encode({name: [list(row) for row in getattr(book, name)] for name in _SHEETS})


def read_sheets(data: bytes) -> object:
    """What a workbook with these cells becomes; whatever is no list of rows of cells is none of its reader."""
    found = as_object(decode(data, limit=LIMIT, where="sheets"), "sheets", required=_SHEETS)
    rows = {
        name: [
            [as_text(cell, name) for cell in as_list(row, name, limit=64)]
            for row in as_list(found[name], name, limit=5_000)
        ]
        for name in _SHEETS
    }
    return convert_workbook(Workbook(**rows))
