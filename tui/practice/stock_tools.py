"""The tools of other people with which a bundle is opened again: age, tar, sha256sum, ssh-keygen."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tui.practice.expert import open_ourselves
from tui.practice.folder import PracticeFolder

Outcome = Literal["passed", "failed", "absent", "replaced"]

_AGE_NEEDED: Final = (1, 3)  # the first age that knows mlkem768x25519 recipients
_PATIENCE: Final = 300  # seconds a tool may take
_OPEN_WITH_NODE: Final = """
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const [folder, identity, sealed, opened] = process.argv.slice(1);
const require = createRequire(pathToFileURL(folder + '/').href);
const { Decrypter } = await import(pathToFileURL(require.resolve('age-encryption')).href);
const { createReadStream, createWriteStream, readFileSync } = await import('node:fs');
const { Readable, Writable } = await import('node:stream');
const decrypter = new Decrypter();
for (const line of readFileSync(identity, 'utf8').split('\\n')) {
  if (line.startsWith('AGE-SECRET-KEY-')) decrypter.addIdentity(line.trim());
}
const plain = await decrypter.decrypt(Readable.toWeb(createReadStream(sealed)));
await plain.pipeTo(Writable.toWeb(createWriteStream(opened)));
"""


@dataclass(frozen=True, kw_only=True)
class ToolRun:
    """One command of a stock tool as it was run, and how it ended."""

    tool: str
    outcome: Outcome


def open_again(sealed: Path, folder: PracticeFolder, principal: str) -> Iterator[ToolRun]:
    """Open the bundle, unpack it, compare every digest and check the seal: HOW-TO-VERIFY.txt by other hands.

    Each run is told as it ends.  Where no age is at hand that knows hybrid recipients, this program opens the file
    in its place, so that the other tools, and the reader of HOW-TO-VERIFY.txt, find what is in it.
    """
    opened = folder.path / "opened.tar"
    first = open_with_age(sealed, folder.identity, opened)
    yield first
    if first.outcome == "failed":
        return
    if first.outcome == "absent":
        open_ourselves(sealed, folder, opened.name)
        yield ToolRun(tool="age", outcome="replaced")
    yield unpack(opened, folder.unpacked)
    yield compare_digests(folder.unpacked, "manifest-sha256.txt")
    yield compare_digests(folder.unpacked, "tagmanifest-sha256.txt")
    yield check_signature(folder.unpacked, folder.allowed_signers, principal)


def open_with_age(sealed: Path, identity: Path, opened: Path) -> ToolRun:
    """Open a sealed bundle into a tar with `age` 1.3 or newer, or with npm's age-encryption."""
    if _age_version() >= _AGE_NEEDED:
        return _run("age", ["age", "--decrypt", "--identity", str(identity), "--output", str(opened), str(sealed)])
    folder = _npm_folder()
    if folder is None or shutil.which("node") is None:
        return ToolRun(tool="age", outcome="absent")
    script = ["node", "--input-type=module", "--eval", _OPEN_WITH_NODE, "--"]
    return _run("age-encryption (npm)", [*script, str(folder), str(identity), str(sealed), str(opened)])


def unpack(opened: Path, folder: Path) -> ToolRun:
    """Unpack the tar into a folder with `tar`."""
    return _run("tar", ["tar", "-x", "-f", str(opened), "-C", str(folder)])


def compare_digests(folder: Path, manifest: str) -> ToolRun:
    """Compare every file that a manifest of the unpacked bag names, with `sha256sum -c`."""
    return _run(f"sha256sum, {manifest}", ["sha256sum", "--check", "--strict", "--quiet", manifest], folder=folder)


def check_signature(folder: Path, allowed_signers: Path, principal: str) -> ToolRun:
    """Check the signature over the statement of the unpacked bag with `ssh-keygen -Y verify`."""
    command = ["ssh-keygen", "-Y", "verify", "-f", str(allowed_signers), "-I", principal]
    command += ["-n", "bundle@testimony-vault", "-s", "bundle.txt.sig"]
    return _run("ssh-keygen", command, folder=folder, stdin=folder / "bundle.txt")


def _run(tool: str, command: Sequence[str], *, folder: Path | None = None, stdin: Path | None = None) -> ToolRun:
    if shutil.which(command[0]) is None:
        return ToolRun(tool=tool, outcome="absent")
    source = subprocess.DEVNULL if stdin is None else stdin.open("rb")
    try:
        done = subprocess.run(command, cwd=folder, stdin=source, capture_output=True, check=False, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return ToolRun(tool=tool, outcome="failed")
    finally:
        if not isinstance(source, int):
            source.close()
    return ToolRun(tool=tool, outcome="failed" if done.returncode else "passed")


def _age_version() -> tuple[int, ...]:
    if shutil.which("age") is None:
        return ()
    done = subprocess.run(["age", "--version"], capture_output=True, text=True, check=False, timeout=_PATIENCE)
    found = re.search(r"(\d+)\.(\d+)", done.stdout)
    return () if found is None else (int(found[1]), int(found[2]))


def _npm_folder() -> Path | None:
    """The folder whose node_modules holds age-encryption: TESTIMONY_NPM, or .interop here."""
    for candidate in (os.environ.get("TESTIMONY_NPM"), ".interop"):
        if candidate and (folder := Path(candidate).absolute()).joinpath("node_modules", "age-encryption").is_dir():
            return folder
    return None
