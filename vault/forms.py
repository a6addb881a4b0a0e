"""Forms of this vault: those an interview can be begun with, and those of records taken in.

docs/format/vault-v1.md, section 9.  `core-1` is part of the program and stands in no row; another form of the same
name has another digest, and a row of its own.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Literal

from testimony.custody.moments import wall_text
from testimony.errors import FormError
from testimony.forms.form import Form
from testimony.forms.reading import COMPANION_FORM_IDS, CORE_FORM_ID, TESTIMONY, core_form, parse_form
from vault._sqlcipher import Row, Value
from vault.custody import VAULT, append
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.store import Transaction, Vault

MAX_FORMS: Final = 1_000

ReadOne = Callable[[str, Sequence[Value]], Row | None]


def import_form(vault: Vault, data: bytes) -> Form:
    """The form in these bytes, with which interviews can be begun from now on; the same one again changes nothing.

    Raises:
        FormError: The bytes are no form, not in its one spelling, or that of a companion ("companion-form").
        PolicyError: Another form stands under its id ("form-id-taken"), or there are too many ("too-many-forms").
    """
    form = parse_form(data)
    if form.kind != TESTIMONY:
        raise FormError("companion-form", form.id)
    if form.id in COMPANION_FORM_IDS:
        # A bundle with it would be refused: under these ids only the forms of this release may stand.
        raise PolicyError("form-id-taken", form.id)
    with vault.transaction() as tx:
        named = _digest_of(tx.one, form.id)
        if named not in (None, form.digest):
            raise PolicyError("form-id-taken", form.id)
        rows = tx.one("SELECT count(*) FROM forms WHERE origin = 'own'", ())
        if named is None and rows is not None and rows[0] >= MAX_FORMS:
            raise PolicyError("too-many-forms")
        if named is None:
            _add(tx, vault, form, origin="own")
    return form


def keep_form(tx: Transaction, vault: Vault, form: Form) -> None:
    """Keep the form of a record that is taken in, so that the record can be read by it."""
    if _row(tx.one, form.digest) is None and form.digest != core_form().digest:
        _add(tx, vault, form, origin="received")


def list_forms(vault: Vault) -> tuple[Form, ...]:
    """The forms an interview can be begun with: the core form, then those of the organisation by id.

    Raises:
        VaultDamagedError: One cannot be read.
    """
    rows = vault.read("SELECT digest, content FROM forms WHERE origin = 'own' ORDER BY form_id LIMIT ?", (MAX_FORMS,))
    return (core_form(), *(_form(digest, content) for digest, content in rows))


def own_form(vault: Vault, form_id: str) -> Form:
    """The form of that id, if an interview can be begun with it.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: It cannot be read.
    """
    digest = _digest_of(vault.read_one, form_id)
    if digest is None:
        raise NotFoundError("form", form_id)
    return form_of_digest(vault.read_one, digest)


def form_of_digest(read_one: ReadOne, digest: str) -> Form:
    """The form with these bytes; `read_one` is that of a vault or of a transaction.

    Raises:
        VaultDamagedError: It is not here, or cannot be read.
    """
    if digest == core_form().digest:
        return core_form()
    row = _row(read_one, digest)
    if row is None:
        raise VaultDamagedError("content", "forms")
    return _form(digest, row[0])


def _digest_of(read_one: ReadOne, form_id: str) -> str | None:
    if form_id == CORE_FORM_ID:
        return core_form().digest
    row = read_one("SELECT digest FROM forms WHERE form_id = ? AND origin = 'own'", (form_id,))
    return None if row is None else str(row[0])


def _row(read_one: ReadOne, digest: str) -> Row | None:
    return read_one("SELECT content FROM forms WHERE digest = ?", (digest,))


def _add(tx: Transaction, vault: Vault, form: Form, *, origin: Literal["own", "received"]) -> None:
    """Add the row, or make a received form one of the organisation's."""
    if not tx.execute("UPDATE forms SET origin = ? WHERE digest = ?", (origin, form.digest)):
        tx.execute(
            "INSERT INTO forms (digest, form_id, origin, added_at, content) VALUES (?, ?, ?, ?, ?)",
            (form.digest, form.id, origin, wall_text(vault.clock.now().wall), form.content),
        )
    append(tx, vault, "form.add", VAULT, {"form": form.id, "digest": form.digest, "origin": origin})


@lru_cache(maxsize=32)
def _parsed(content: bytes) -> Form:
    return parse_form(content)


def _form(digest: str, content: bytes) -> Form:
    try:
        form = _parsed(content)
    except FormError as error:
        raise VaultDamagedError("content", "forms") from error
    if form.digest != digest:
        raise VaultDamagedError("content", "forms")
    return form
