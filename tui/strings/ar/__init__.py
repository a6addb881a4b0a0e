"""The sentences in Arabic, one file a part of the program."""
