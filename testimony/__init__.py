"""The record and its proofs: forms, consent, redaction, custody, bundle and verification."""
