"""What stands over a screen for a moment: help, the list of keys, one question."""
