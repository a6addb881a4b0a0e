"""An invented organisation's form: the core form, and a section of its own about the weather."""

import json
from typing import Any

from testimony.canonical import encode
from testimony.forms.reading import form_bytes

FORM_ID = "own-1"


def _label(words: str) -> dict[str, str]:
    return {"ar": f"عن {words}", "en": words}


def _term(value: str) -> dict[str, Any]:
    return {"label": _label(value), "value": value}


WEATHER: list[dict[str, Any]] = [
    {"class": "S1", "id": "weather.sky", "type": "choice", "vocabulary": [_term("clear"), _term("storm")]},
    {"class": "S1", "id": "weather.signs", "type": "texts", "vocabulary": [_term("wind"), _term("hail")]},
    {
        "class": "S2",
        "id": "weather.told",
        "type": "text",
        "required": True,
        "relevant": {"field": "weather.sky", "value": "storm"},
    },
    {
        "class": "S1",
        "id": "weather.hail",
        "type": "integer",
        "required": True,
        "relevant": {"field": "weather.signs", "value": "hail"},
    },
]


def own_form(form_id: str = FORM_ID, **changes: Any) -> dict[str, Any]:
    """The form as JSON of its own to change."""
    form: dict[str, Any] = json.loads(form_bytes("core-1")) | {"id": form_id, "title": _label("our form")}
    form["sections"].append({"id": "weather", "label": _label("weather")})
    form["fields"] += [{"label": _label(field["id"]), "section": "weather", **field} for field in WEATHER]
    return form | changes


def own_form_bytes(form_id: str = FORM_ID, **changes: Any) -> bytes:
    """The same in its one spelling."""
    return encode(own_form(form_id, **changes))
