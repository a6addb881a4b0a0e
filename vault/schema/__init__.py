"""The steps that make and migrate the database, as plain SQL, one numbered file a step (docs/format/vault-v1.md)."""
