"""The texts of this release that are read out before consent: one file each, its bytes fixed."""
