"""What a file is, by its first bytes: said beside its name, believed by nobody, opened by nothing here."""

import re
from typing import Final

UNKNOWN: Final = "application/octet-stream"
HEAD: Final = 32
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,16}")
_MAGIC: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
)


def media_type_of(head: bytes) -> str:
    """The media type that the first bytes suggest."""
    for place, magic, name in _MAGIC:
        if head[place : place + len(magic)] == magic:
            return name
    return UNKNOWN


def extension_of(name: str) -> str:
    """The extension in small letters, where it is a plain one; else none."""
    extension = name.rpartition(".")[2].lower() if "." in name[1:] else ""
    return extension if _EXTENSION.fullmatch(extension) else ""
