"""BagIt manifests in one spelling: `<SHA-256>  <name>` lines in tar order (RFC 8493, section 2.1.3)."""

from collections.abc import Mapping

from testimony.bundle.names import MAX_MEMBERS, SHA256, is_member_name, order_key
from testimony.errors import BundleError

_DIGEST_LENGTH = 64


def manifest_text(digests: Mapping[str, str]) -> bytes:
    """The manifest of these members: name to lower hex SHA-256."""
    lines = [f"{digests[name]}  {name}\n" for name in sorted(digests, key=order_key)]
    return "".join(lines).encode("ascii")


def parse_manifest(data: bytes, where: str) -> dict[str, str]:
    """Name to lower hex SHA-256, from the one accepted spelling.

    Raises:
        BundleError: Any other spelling, a name listed twice, or lines out of order ("manifest").
    """
    listed: dict[str, str] = {}
    lines = data.split(b"\n")
    if lines.pop() != b"" or len(lines) > MAX_MEMBERS or not data.isascii():
        raise BundleError("manifest-spelling", where)
    for line in lines:
        text = line.decode("ascii")
        digest, gap, name = text[:_DIGEST_LENGTH], text[_DIGEST_LENGTH : _DIGEST_LENGTH + 2], text[_DIGEST_LENGTH + 2 :]
        if SHA256.fullmatch(digest) is None or gap != "  " or not is_member_name(name):
            raise BundleError("manifest-spelling", where)
        if name in listed:
            raise BundleError("listed-twice", where)
        listed[name] = digest
    if manifest_text(listed) != data:
        raise BundleError("manifest-order", where)
    return listed
