"""Redaction that still verifies: salted leaves, one signed root, disclosures of any part."""
