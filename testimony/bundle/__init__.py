"""The sealed bundle: age file, canonical tar, BagIt bag, signed statement (docs/format/bundle-v1.md)."""
