"""The sender whose form is no form of an organisation: with it, whatever it asks could be shown to anybody."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from broken_forms import BROKEN, WEAKER
from vectors.generate import Bag, members_of, vector, world
from vectors.world import World

from keys.digests import sha256
from keys.signature import RECORD
from testimony.bundle import names
from testimony.bundle.parcel import PackedRecord
from testimony.canonical import encode
from testimony.forms.reading import form_bytes, parse_form
from testimony.model import Record
from testimony.redaction.head import RecordHead

FAILS = "forms disclosures exhibits legal-files"


@dataclass
class Organisation(World):
    """A sender of a record with a form of its own, whose answers are those of the core form."""

    changes: Callable[[Any], None] = field(default=lambda _: None)

    def record(self, number: int) -> Record:
        record = super().record(number)
        form = parse_form(encode(own()))
        return replace(record, form=form, interview=replace(record.interview, form=form))

    def form(self, record: Record) -> bytes:
        return record.form.content

    def asks(self) -> bytes:
        """The form that goes out."""
        form = own()
        self.changes(form)
        return encode(form)

    def head(self, record: Record, custody_size: int) -> RecordHead:
        return replace(super().head(record, custody_size), form_sha256=sha256(self.asks()).hex())

    def packed(self, record: Record, head: RecordHead) -> PackedRecord:
        """The product packs under a form that it reads; the other one and its head are put in place of it."""
        made = super().packed(record, replace(head, form_sha256=record.form.digest))
        text = head.to_text()
        digest = sha256(text).hex()
        return replace(
            made,
            line=replace(made.line, head_sha256=digest),
            head=text,
            signatures=self.device.sign(text, RECORD),
            file=made.file.replace(made.line.head_sha256.encode(), digest.encode()),
            form=self.asks(),
        )


def own() -> dict[str, Any]:
    """The core form under an id of an organisation."""
    form: dict[str, Any] = json.loads(form_bytes("core-1"))
    return form | {"id": "own-1"}


def asked(changes: Callable[[Any], None] = lambda _: None) -> Bag:
    """The bundle of such a sender, whose form has this change."""
    good = world()
    sender = Organisation(device=good.device, body=good.body, bundle_id=good.bundle_id, changes=changes)
    return Bag(files=dict(members_of(sender.sealed()[1], good.body)) | {names.PADDING: bytes(64)})


@vector(FAILS, "other-core-field")
def form_in_which_anybody_may_know_the_witness() -> Bag:
    return asked(WEAKER["a name that anybody may see"])


@vector(FAILS, "missing-field")
def form_that_does_not_ask_for_consent() -> Bag:
    return asked(BROKEN["without consent"][0])


@vector(FAILS, "missing-field")
def form_of_a_companion_under_another_id() -> Bag:
    return asked(lambda form: form.update(kind="translation"))


@vector(FAILS, "not-a-list")
def form_with_a_word_in_place_of_its_members() -> Bag:
    return asked(BROKEN["members that are no list"][0])
