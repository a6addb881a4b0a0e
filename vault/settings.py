"""What is chosen when a vault is made (docs/format/vault-v1.md, section 4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from keys.chance import random_choices
from keys.kdf_cost import FLOOR, KdfCost
from testimony.card import CODE
from vault.errors import PolicyError, VaultDamagedError

Profile = Literal["real", "practice"]
Role = Literal["field", "legal"]
Language = Literal["en", "ar"]

_PREFIX: Final = re.compile(r"[A-Z0-9]{2,6}")
_PREFIX_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, without digits
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("real", "practice"),
    "role": ("field", "legal"),
    "language": ("en", "ar"),
}


@dataclass(frozen=True, kw_only=True)
class VaultSettings:
    """Profile, the person's code, role, prefix of control numbers, language, device code, and what a guess costs.

    An empty prefix or device, or no cost, is filled in when the vault is made.
    """

    profile: Profile
    code: str
    role: Role = "field"
    prefix: str = ""
    language: Language = "en"
    device: str = ""
    cost: KdfCost | None = None

    def __post_init__(self) -> None:
        for name, words in _WORDS.items():
            if getattr(self, name) not in words:
                raise PolicyError(name)
        if not CODE.fullmatch(self.code) or not CODE.fullmatch(self.device or "x"):
            raise PolicyError("code")
        if self.prefix and not _PREFIX.fullmatch(self.prefix):
            raise PolicyError("prefix")
        if self.profile == "real" and self.cost is not None and self._is_cheap(self.cost):
            raise PolicyError("cheap-cost")

    @property
    def practice(self) -> bool:
        """Whether everything in this vault is invented."""
        return self.profile == "practice"

    def filled(self) -> "VaultSettings":
        """The same, with a prefix by chance and a device code where none was given."""
        prefix = self.prefix or "".join(random_choices(_PREFIX_LETTERS, 3))
        return replace(self, prefix=prefix, device=self.device or f"{self.code[:37]}-D1")

    def rows(self) -> dict[str, str]:
        """What the database keeps; the cost stands in each key slot instead."""
        return {
            "code": self.code,
            "device": self.device,
            "language": self.language,
            "prefix": self.prefix,
            "profile": self.profile,
            "role": self.role,
        }

    @staticmethod
    def _is_cheap(cost: KdfCost) -> bool:
        return cost.memory_kib < FLOOR.memory_kib or cost.passes < FLOOR.passes


def settings_from(rows: Mapping[str, str]) -> VaultSettings:
    """The settings in a database.

    Raises:
        VaultDamagedError: One is missing or not among those allowed.
    """
    try:
        return VaultSettings(
            profile=cast("Profile", rows["profile"]),
            code=rows["code"],
            role=cast("Role", rows["role"]),
            prefix=rows["prefix"],
            language=cast("Language", rows["language"]),
            device=rows["device"],
        )
    except (KeyError, PolicyError) as error:
        raise VaultDamagedError("settings", "database") from error
