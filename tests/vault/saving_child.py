"""A program for the kill tests: it saves numbered drafts and says after each which one is safe.

Usage: saving_child.py FOLDER.  Each line on stdin is `honest VAULT`, `early VAULT` or `making VAULT`; for each a child
process begins, whose number is printed, and whose words follow.  `early` speaks before the save: the control.
"""

import os
import sys
import time
from pathlib import Path

from practice_vaults import interview_json, make_vault, passphrase

from testimony.interview import parse_interview
from vault.attachments import attach
from vault.drafts import list_drafts, load_draft, new_draft, save_draft
from vault.store import Vault


def say(word: object) -> None:
    os.write(1, f"{word}\n".encode())


def numbered(number: int) -> object:
    return parse_interview(interview_json(note=f"{number:06d}"))


def save_for_ever(path: Path, *, early: bool) -> None:
    vault = Vault.unlock(path, passphrase())
    known = list_drafts(vault)
    record_id = known[0].record_id if known else new_draft(vault, numbered(0))
    # Numbers go on where the last round ended: an older save must never look like a newer one.
    first = int(load_draft(vault, record_id).note) + 1
    say("open")
    for number in range(first, first + 100_000):
        if early:
            say(number)
            time.sleep(0.03)
        save_draft(vault, record_id, numbered(number))
        if not early:
            say(number)
        if number % 7 == 0:
            attach(vault, record_id, path.parent / "picture.png", kind="photo")
        if number % 11 == 0:
            vault.settle()


def make_for_ever(path: Path) -> None:
    say("open")
    for number in range(100_000):
        make_vault(path, f"made-{os.getpid()}-{number}").lock()
        say(number)


def main() -> None:
    for line in sys.stdin:
        mode, place = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            if mode == "making":
                make_for_ever(Path(place))
            else:
                save_for_ever(Path(place), early=mode == "early")
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("ended")


main()
