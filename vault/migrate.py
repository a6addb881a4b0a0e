"""The steps that bring a database to this release's schema (docs/format/vault-v1.md, section 6)."""

from functools import cache
from importlib.resources import files

from keys.digests import lp, sha256
from vault._sqlcipher import APPLICATION_ID, Connection, memory_database
from vault.errors import VaultDamagedError, VaultTooNewError, VaultTooOldError

SCHEMA_VERSION = 1


def build_schema(connection: Connection) -> None:
    """Make every table of a new vault in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in range(1, SCHEMA_VERSION + 1):
        for statement in statements_of(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


def statements_of(step: int) -> list[str]:
    """The statements of one step; each ends with a semicolon at the end of a line.

    They run one by one: `executescript` would commit the transaction that makes a step whole or nothing.
    """
    text = files("vault.schema").joinpath(f"{step:04}.sql").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("--"))
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]


def check_schema(connection: Connection) -> None:
    """Return when the database is ours, of this version, and has exactly the tables that this release makes.

    Raises:
        VaultTooNewError: A newer release wrote it.
        VaultTooOldError: No step leads from its version to ours.
        VaultDamagedError: Another application's file, or a trigger, view, table or column added or missing.
    """
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise VaultDamagedError("application", "database")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise VaultTooNewError("schema", str(version))
    if version < SCHEMA_VERSION:
        raise VaultTooOldError("schema", str(version))
    if _schema_digest(connection) != _expected_digest():
        raise VaultDamagedError("schema", "database")


@cache
def _expected_digest() -> bytes:
    connection = memory_database()
    try:
        build_schema(connection)
        return _schema_digest(connection)
    finally:
        connection.close()


def _schema_digest(connection: Connection) -> bytes:
    rows = connection.execute(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_schema ORDER BY type, name"
    )
    return sha256(lp(*(lp(*(str(cell).encode() for cell in row)) for row in rows)))
