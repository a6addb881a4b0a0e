"""The sentences in English, one file a part of the program."""
