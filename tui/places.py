"""Where vaults stand when nobody names another place."""

from pathlib import Path
from typing import Final

SUFFIX: Final = ".vault"


def vaults_folder() -> Path:
    """The folder of this person's vaults."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only the first screens need it

    return user_data_path("testimony-vault", appauthor=False)


def vaults_here(folder: Path) -> list[Path]:
    """The vaults in a folder, by name; none where the folder is absent or closed to us."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX) and path.is_dir())
    except OSError:
        return []
