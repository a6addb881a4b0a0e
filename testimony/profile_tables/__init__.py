"""The profiles as data: one table from classes to actions each (docs/format/profile-v1.md)."""
