"""Sheets of KoboToolbox and ODK: read within bounds, in a process that holds no key."""
