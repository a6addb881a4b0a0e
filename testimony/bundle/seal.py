"""Seals a parcel: canonical tar of a BagIt bag, streamed into an age file (docs/format/bundle-v1.md, section 5)."""
