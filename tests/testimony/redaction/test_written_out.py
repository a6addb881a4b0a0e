"""The format page followed a second time with hashlib alone: what is committed is what the page says."""

import base64
import hashlib
import hmac

from testimony.redaction.atoms import Atom, AtomKind, atoms_of
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.leaves import Branch, Leaf, LeafType, Mention, Padding, Paragraph
from testimony.redaction.selection import ParagraphView, Selection


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with an empty salt and one block."""
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, info + b"\x01", "sha256")


def salt(tree_seed: bytes, depth: int, index: int) -> bytes:
    for level in range(depth - 1, -1, -1):
        tree_seed = hmac.digest(tree_seed, b"testimony/ggm/v1" + bytes([index >> level & 1]), "sha256")
    return tree_seed


def root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:]))


def tree_root(record_seed: bytes, path: str, leaves: list[tuple[str, int, bytes]]) -> bytes:
    tree_seed = hkdf(record_seed, b"testimony/seed/v1\x00" + path.encode())
    depth = (len(leaves) - 1).bit_length()
    hashes = []
    for index, (leaf_path, kind, value) in enumerate(leaves):
        name = leaf_path.encode()
        entry = b"testimony/leaf/v1\x00" + salt(tree_seed, depth, index)
        entry += len(name).to_bytes(2, "big") + name + bytes([kind]) + len(value).to_bytes(8, "big") + value
        hashes.append(sha256(b"\x00" + entry))
    return root(hashes)


def subtree(size: int, hashed: bytes) -> bytes:
    return size.to_bytes(8, "big") + hashed


def test_a_record_with_an_object_a_list_and_a_paragraph_has_the_root_of_the_format_page(seed):
    text = "I saw Quillon there."
    paragraph = Paragraph(path="account.text/0", text=text, mentions=(Mention(start=6, end=13, code="P-7F3K"),))
    tree = Branch(
        path="",
        padding=Padding.OBJECT,
        children=(
            Leaf(path="record.case_code", type=LeafType.TEXT, value=b"Q2R7"),
            Branch(
                path="session.place",
                padding=Padding.OBJECT,
                children=(
                    Leaf(path="session.place/verbatim", type=LeafType.TEXT, value="قرب الفرن".encode()),
                    Leaf(path="session.place/pcode", type=LeafType.ABSENT, value=b"unknown"),
                ),
            ),
            Branch(path="account.text", padding=Padding.LIST, children=(paragraph,)),
        ),
    )
    place = tree_root(
        seed,
        "session.place",
        [("session.place/verbatim", 2, "قرب الفرن".encode()), ("session.place/pcode", 1, b"unknown")],
    )
    atoms = [written_out(atom) for atom in atoms_of(paragraph, seed)]
    words = tree_root(seed, "account.text/0", atoms)
    account = tree_root(
        seed,
        "account.text",
        [("account.text/0", 6, subtree(len(atoms), words)), *[("account.text", 0, b"")] * 3],
    )
    whole = tree_root(
        seed,
        "",
        [
            ("record.case_code", 2, b"Q2R7"),
            ("session.place", 6, subtree(2, place)),
            ("account.text", 6, subtree(4, account)),
            ("", 0, b""),
        ],
    )
    assert commit(tree, seed).root == whole
    assert commit(tree, seed).n == 4


def written_out(atom: Atom) -> tuple[str, int, bytes]:
    path, kind = {
        AtomKind.WORD: ("account.text/0/w", 2),
        AtomKind.NAME: ("account.text/0/@", 2),
        AtomKind.CODE: ("account.text/0/@", 7),
        AtomKind.VOID: ("account.text/0", 0),
    }[atom.kind]
    return path, kind, atom.text.encode()


def test_voids_fall_where_the_coins_of_the_format_page_say(seed):
    paragraph = Paragraph(path="account.text/4", text="one two three four five six seven")
    key = hkdf(seed, b"testimony/voids/v1\x00account.text/4")
    coins = "".join(f"{byte:08b}" for byte in hmac.digest(key, bytes(4), "sha256"))
    expected: list[str] = []
    for word in ("one ", "two ", "three ", "four ", "five ", "six ", "seven"):
        expected.append(word)
        while coins.startswith("1"):
            expected.append("")
            coins = coins[1:]
        coins = coins[1:]
    expected += [""] * (64 - len(expected))
    assert [atom.text for atom in atoms_of(paragraph, seed)] == expected


def test_a_disclosure_shows_seeds_and_hashes_of_the_blocks_the_format_page_names(seed):
    leaves = tuple(Leaf(path=f"f{place}", type=LeafType.TEXT, value=b"x%d" % place) for place in range(8))
    tree = Branch(path="", children=leaves, padding=Padding.OBJECT)
    shown = disclose(tree, seed, Selection(shown=frozenset({"f3", "f4", "f5", "f6", "f7"})))
    tree_seed = hkdf(seed, b"testimony/seed/v1\x00")
    hide, show = shown["runs"]
    framed = []
    for place in range(8):
        entry = b"testimony/leaf/v1\x00" + salt(tree_seed, 3, place) + b"\x00\x02f%d" % place + b"\x02"
        framed.append(sha256(b"\x00" + entry + (2).to_bytes(8, "big") + b"x%d" % place))
    first_two = sha256(b"\x01" + framed[0] + framed[1])
    assert hide == ["hide", 3, base64.b64encode(first_two + framed[2]).decode()]
    assert show[1] == base64.b64encode(salt(tree_seed, 3, 3) + salt(tree_seed, 1, 1)).decode()
    assert [leaf["value"] for leaf in show[2:]] == ["x3", "x4", "x5", "x6", "x7"]


def test_a_paragraph_without_a_view_shows_nothing_even_when_its_account_is_shown(seed):
    account = Branch(path="account.text", padding=Padding.LIST, children=(Paragraph(path="account.text/0", text="no"),))
    hidden = disclose(account, seed, Selection(shown=frozenset({"account.text"})))
    assert [run[0] for run in hidden["runs"]] == ["hide"]
    view = Selection(shown=frozenset(), paragraphs={"account.text/0": ParagraphView()})
    assert [run[0] for run in disclose(account, seed, view)["runs"]] == ["show"]
