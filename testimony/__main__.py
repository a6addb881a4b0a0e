"""testimony-verify: the expert's command (docs/format/verifier-cli-v1.md).

This module is the only one of its package that reads files and prints.
"""

import argparse
import os
import stat
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NoReturn, cast

from keys.errors import KeysError
from keys.public_identity import PublicIdentity
from keys.sealing import HybridIdentity
from testimony.bundle.names import BAGIT, MAX_MEMBERS, STATEMENT, order_key
from testimony.bundle.unseal import BundleFile, BundleSource, Member
from testimony.custody.checkpoint import MAX_CHECKPOINT, parse_checkpoint
from testimony.custody.growth import SeenHead
from testimony.earlier_bundle import heads_of, held_against
from testimony.errors import BundleDamagedError, LimitExceededError, NotABundleError, TestimonyError
from testimony.report import exit_code, is_unexamined, report_json, report_text, terminal_safe
from testimony.report_words import Language
from testimony.trust import MAX_TRUST, Trust, parse_trust
from testimony.verify import Examination, examine_bundle

_USAGE: Final = 2
_MACHINE: Final = 3
_INTERRUPTED: Final = 130
_MAX_IDENTITY: Final = 64 * 1024
_MAX_DEPTH: Final = 8
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class FolderBundle:
    """The unpacked folder of a bundle.  Links and devices are refused, never followed."""

    layers: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def members(self) -> Iterator[Member]:
        """Every file, in the order of the tar.

        Raises:
            NotABundleError: The folder has neither bagit.txt nor bundle.txt.
            BundleDamagedError: Something in it is no regular file.
            LimitExceededError: Too many files, or too deep.
        """
        names = sorted(self._names(self._folder, "", 0), key=order_key)
        if not {BAGIT, STATEMENT} & set(names):
            raise NotABundleError(None, "the folder")
        for name in names:
            with _opened(self._folder / name) as stream:
                yield _FileMember(name, os.fstat(stream.fileno()).st_size, stream)

    def finish(self) -> str | None:
        """None: a folder has no one digest."""
        return None

    def _names(self, folder: Path, prefix: str, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise LimitExceededError("depth", "the folder")
        with os.scandir(folder) as entries:
            for entry in entries:
                self._count += 1
                if self._count > 2 * MAX_MEMBERS:  # files and the folders around them
                    raise LimitExceededError("members", "the folder")
                name = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    yield from self._names(folder / entry.name, f"{name}/", depth + 1)
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    raise BundleDamagedError("not-a-file", "the folder")


class _FileMember:
    def __init__(self, name: str, size: int, stream: BinaryIO) -> None:
        self.name = name
        self.size = size
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        return self._stream.read(size)


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine the bundle that the arguments name, print the report; the exit code."""
    sys.excepthook = _crash
    options = _parser().parse_args(arguments)
    try:
        examination = _examination(options)
    except _UnusableFileError as error:
        return _refuse(str(error), _USAGE)
    except OSError as error:
        what = _which(error, options)
        return _refuse(f"cannot read {what}: {error.strerror or type(error).__name__}", _MACHINE)
    except MemoryError:
        return _refuse("not enough memory", _MACHINE)
    except KeyboardInterrupt:
        return _refuse("interrupted", _INTERRUPTED)
    return _print(options, examination)


def _which(error: OSError, options: argparse.Namespace) -> str:
    """The argument whose file it was; its path is not repeated."""
    for name in ("identity", "trust", "earlier"):
        given = getattr(options, name)
        if given is not None and error.filename == str(given):
            return f"the file of --{name}"
    return "the bundle" if error.filename == str(options.bundle) else "a file"


class _UnusableFileError(Exception):
    """The trust or the identity file cannot be used."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="testimony-verify",
        description="Verify a bundle of testimony-vault: a sealed .age file, the tar inside it, or its folder.",
        epilog="Exit codes: 0 every check holds; 1 a check failed or could not be made; 2 usage, or not a bundle; "
        "3 this machine could not read it; 4 sealed for or addressed to somebody else.",
        allow_abbrev=False,
    )
    parser.add_argument("bundle", metavar="FILE|DIR", type=Path, help="the sealed file, the tar, or the folder")
    parser.add_argument("--identity", metavar="FILE", type=Path, help="your age secret key (AGE-SECRET-KEY-PQ-1...)")
    parser.add_argument("--trust", metavar="FILE", type=Path, help="forty digits of whoever's seal you expect")
    parser.add_argument(
        "--seen", metavar="FILE", type=Path, action="append", help="checkpoint.txt of an earlier bundle of this signer"
    )
    parser.add_argument(
        "--earlier", metavar="FILE|DIR", type=Path, help="an earlier bundle of this signer to the same body"
    )
    parser.add_argument("--json", action="store_true", help="the report as canonical JSON")
    parser.add_argument("--lang", choices=("en", "ar"), default="en", help="the language of the report")
    return parser


def _examination(options: argparse.Namespace) -> Examination:
    trust = Trust.nobody() if options.trust is None else _trust(options.trust)
    identity = None if options.identity is None else _identity(options.identity)
    recipient = None if identity is None else identity.recipient()
    notes = [_bounded(path, MAX_CHECKPOINT) for path in options.seen or ()]
    earlier = None if options.earlier is None else _earlier(options.earlier, identity)
    with _source(options.bundle, identity) as source:
        found = examine_bundle(source, trust=trust, recipient=recipient, seen=_EarlierHeads(notes, earlier))
    return found if earlier is None else held_against(found, earlier)


def _earlier(path: Path, identity: HybridIdentity | None) -> Examination:
    """The earlier bundle, examined like every other; who may be trusted and who opened it is asked of the later."""
    with _source(path, identity) as source:
        found = examine_bundle(source, trust=Trust.nobody(), recipient=None)
    if is_unexamined(found):
        code = found.failures[0].code
        hint = "; to open a sealed file, give --identity FILE" if code == "no-identity" else ""
        raise _UnusableFileError(f"the earlier bundle could not be examined: {code}{hint}")
    return found


@contextmanager
def _source(path: Path, identity: HybridIdentity | None) -> Iterator[BundleSource]:
    if path.is_dir():
        yield FolderBundle(path)
        return
    with path.open("rb") as stream:
        yield BundleFile(stream, [] if identity is None else [identity])


class _EarlierHeads:
    """The checkpoints of earlier bundles; each has to be the signer's, or it could accuse whoever did nothing."""

    def __init__(self, notes: Sequence[bytes], earlier: Examination | None) -> None:
        self._notes = notes
        self._earlier = earlier

    def __call__(self, signer: PublicIdentity) -> tuple[SeenHead, ...]:
        try:
            heads = [parse_checkpoint(note, signer) for note in self._notes]
        except TestimonyError as error:
            raise _UnusableFileError(f"an earlier checkpoint is refused: {error}") from None
        known = () if self._earlier is None else heads_of(self._earlier, signer)
        return (*(SeenHead(size=head.size, root=head.root) for head in heads), *known)


def _trust(path: Path) -> Trust:
    try:
        return parse_trust(_bounded(path, MAX_TRUST))
    except TestimonyError as error:
        raise _UnusableFileError(f"the trust file is refused: {error}") from None


def _identity(path: Path) -> HybridIdentity:
    lines = _bounded(path, _MAX_IDENTITY).decode("utf-8", "replace").splitlines()
    keys = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len(keys) != 1:
        raise _UnusableFileError("the identity file is refused: exactly one secret key is expected")
    try:
        return HybridIdentity.parse(keys[0])
    except KeysError:
        # No word of the file is repeated: it may hold a secret of another kind.
        raise _UnusableFileError("the identity file is refused: not a hybrid age secret key") from None


def _bounded(path: Path, limit: int) -> bytes:
    """The content of a small file; more than the limit comes back one byte too long, and is refused by its reader."""
    with path.open("rb") as stream:
        return stream.read(limit + 1)


def _opened(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS)
    stream = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        stream.close()
        raise BundleDamagedError("not-a-file", "the folder")
    return stream


def _print(options: argparse.Namespace, examination: Examination) -> int:
    report = (
        report_json(examination)
        if options.json
        else report_text(examination, cast("Language", options.lang)).encode("utf-8")
    )
    try:
        sys.stdout.buffer.write(report)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader went away; Python must not find the closed pipe again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_code(examination)


def _refuse(message: str, code: int) -> int:
    sys.stderr.write(f"testimony-verify: {terminal_safe(message)}\n")
    return code


def _crash(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> NoReturn:
    """Says where the program broke, never with which data."""
    frames = traceback.extract_tb(trace)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "start"
    sys.stderr.write(f"testimony-verify: internal error {kind.__name__} in {place}\n")
    sys.stderr.flush()
    os._exit(_MACHINE)


if __name__ == "__main__":
    sys.exit(main())
