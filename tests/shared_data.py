"""Where tests find the data that is delivered beside the repository, and how they do without it."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_root() -> Path | None:
    """The folder of shared data: TESTIMONY_SHARED, or `shared` beside the repository; None where neither exists."""
    named = os.environ.get("TESTIMONY_SHARED")
    root = Path(named) if named else REPOSITORY.parent / "shared"
    return root if root.is_dir() else None


def shared_file(*parts: str) -> Path:
    """One file or folder of the shared data; the running test (or module) is skipped with a reason where it is absent."""
    root = shared_root()
    if root is None:
        pytest.skip("no shared data: set TESTIMONY_SHARED to its folder", allow_module_level=True)
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data has no {'/'.join(parts)}", allow_module_level=True)
    return path


def shared_names(*parts: str) -> list[str]:
    """Sorted names of the files in a shared folder, for parametrize; empty where the folder is absent."""
    root = shared_root()
    folder = None if root is None else root.joinpath(*parts)
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file()) if folder and folder.is_dir() else []
