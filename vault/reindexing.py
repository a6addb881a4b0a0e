"""The search index built anew from the records: after a change of the folding or of the stems, and after damage."""

from vault.finishing import searchable_of as own_searchable
from vault.received import get_received
from vault.received import searchable_of as received_searchable
from vault.records import get_record
from vault.search import Searchable, clear_index, index_record
from vault.store import Vault


def rebuild_index(vault: Vault) -> int:
    """How many records and disclosures can be found now; all of it in one transaction, the old index or the new.

    Raises:
        VaultDamagedError: A record cannot be read; the index stays as it was.
        StorageFullError: No room; the index stays as it was.
    """
    count = 0
    with vault.transaction() as tx:
        clear_index(tx)
        for searchable in (*_own(vault), *_received(vault)):
            index_record(tx, searchable)
            count += 1
    return count


def _own(vault: Vault) -> list[Searchable]:
    rows = vault.read("SELECT id, record_id, version FROM records WHERE stage = 'finished' ORDER BY id")
    found = ((source, get_record(vault, record_id, version).record) for source, record_id, version in rows)
    return [own_searchable(record, source) for source, record in found if record is not None]


def _received(vault: Vault) -> list[Searchable]:
    rows = vault.read("SELECT DISTINCT record_id FROM received_records")
    found = [one for (record_id,) in rows for one in get_received(vault, record_id)]
    # In the order in which they came, which is the order that hits are shown in.
    return [received_searchable(one) for one in sorted(found, key=lambda one: one.source)]
