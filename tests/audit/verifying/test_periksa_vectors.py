"""The checker's own arithmetic against what others published.

RFC 8032, 7.1; the log of eight leaves of Certificate Transparency and transparency-dev/merkle;
golang.org/x/mod/sumdb/note; C2SP tlog-proof.
"""

import ast
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from sijinak.audit.verifying import periksa
from sijinak.audit.verifying.periksa import Key, Wrong

# Key, message and signature, as they stand in the text.
ED25519 = [
    [text.replace(" ", "") for text in one.split(",")]
    for one in """
d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,
,
e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b;
3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,
72,
92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00;
fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,
af82,
6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac
18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a;
ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,
ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,
dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589
09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
""".replace("\n", "").split(";")
]
UNFIT_KEYS = [
    "0100000000000000000000000000000000000000000000000000000000000000",  # of order 1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # 2
    "0000000000000000000000000000000000000000000000000000000000000000",  # 4
    "0000000000000000000000000000000000000000000000000000000000000080",  # 4
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # 8
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",  # 8
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 1
    "0200000000000000000000000000000000000000000000000000000000000000",  # on no curve
]
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
A, B, C, D = (
    bytes.fromhex(one)
    for one in (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    )
)
E, F, G = (
    bytes.fromhex(one)
    for one in (
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    )
)
INCLUSION = [
    (0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[3]]), (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], B, D]),
]  # fmt: skip
CONSISTENCY = [
    (1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D]),
    (6, 7, [F, G, ROOTS[3]]),
]  # fmt: skip
SOME = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")
EMPTY = sha256(b"").digest()

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETERS = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
ENOCHS = (
    "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLo"
    "x33WWd1RvMc+QQ=\n"
)


@pytest.fixture(params=["by hand", "by cryptography"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by hand":
        monkeypatch.setattr(periksa, "Ed25519PublicKey", None)


@pytest.mark.usefixtures("arithmetic")
@pytest.mark.parametrize(("public", "message", "signature"), ED25519)
def test_ed25519_as_published(public: str, message: str, signature: str):
    key, said, signed = (bytes.fromhex(text) for text in (public, message, signature))
    assert periksa.ed25519_ok(key, said, signed)
    assert not periksa.ed25519_ok(key, said + b"x", signed)
    assert not periksa.ed25519_ok(key, said, signed[:-1])
    assert not periksa.ed25519_ok(key, said, signed + b"\0")
    for place in (0, 31, 32, 60):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert not periksa.ed25519_ok(key, said, bytes(changed))


@pytest.mark.usefixtures("arithmetic")
def test_one_message_has_one_signature():
    key, message, signed = (bytes.fromhex(text) for text in ED25519[1])
    larger = int.from_bytes(signed[32:], "little") + periksa.ORDER
    assert not periksa.ed25519_ok(key, message, signed[:32] + larger.to_bytes(32, "little"))


@pytest.mark.usefixtures("arithmetic")
@pytest.mark.parametrize("public", UNFIT_KEYS)
def test_a_key_that_signs_anything_is_refused(public: str):
    """Under a key of small order R = A and S = 0 sign one message in eight or so."""
    key = bytes.fromhex(public)
    signature = bytes.fromhex(UNFIT_KEYS[0]) + bytes(32)
    assert not any(periksa.ed25519_ok(key, bytes([i]), signature) for i in range(16))


def test_roots_as_published():
    tree = periksa.Tree()
    assert tree.root() == EMPTY
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(periksa.leaf_hash(leaf))
        assert tree.root() == root


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_as_published(index: int, size: int, path: list[bytes]):
    leaf, root = periksa.leaf_hash(LEAVES[index]), ROOTS[size - 1]
    assert _leads(index, size, leaf, path, root)
    wrong = [
        (index - 1, size, leaf, path, root),
        (index + 1, size, leaf, path, root),
        (index ^ 2, size, leaf, path, root),
        (index, size * 2, leaf, path, root),
        (index, size // 2, leaf, path, root),
        (index, 0, leaf, path, root),
        (index, size, b"WrongLeaf", path, root),
        (index, size, b"", path, root),
        (index, size, leaf, path, EMPTY),
        (index, size, leaf, path, SOME),
        (index, size, leaf, [*path, b""], root),
        (index, size, leaf, [*path, root], root),
        (index, size, leaf, [b"", *path], root),
        (index, size, leaf, [root, *path], root),
        *((index, size, leaf, changed, root) for changed in _changed(path)),
    ]
    assert not [one for one in wrong if _leads(*one)]


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_consistency_as_published(old: int, new: int, path: list[bytes]):
    one, two = ROOTS[old - 1], ROOTS[new - 1]
    assert _agree(old, new, one, two, path)
    wrong = [
        (old - 1, new, one, two, path),
        (old + 1, new, one, two, path),
        (old ^ 2, new, one, two, path),
        (old, new * 2, one, two, path),
        (old, new // 2, one, two, path),
        (0, new, EMPTY, two, path),
        (0, 0, EMPTY, EMPTY, []),
        (old, new, b"WrongRoot", two, path),
        (old, new, one, b"WrongRoot", path),
        (old, new, one, two, [*path, b""]),
        (old, new, one, two, [*path, one]),
        (old, new, one, two, [*path, two]),
        (old, new, one, two, [b"", *path]),
        (old, new, one, two, [one, *path]),
        (old, new, one, two, [two, *path]),
        *((old, new, one, two, changed) for changed in _changed(path)),
    ]
    if path:
        wrong += [(old, new, two, one, path), (old, new, one, two, [])]
    assert not [one for one in wrong if _agree(*one)]


def test_nothing_follows_from_an_empty_log():
    with pytest.raises(Wrong):
        periksa.check_consistency(0, 1, (EMPTY, ROOTS[0]), [])
    for index, size in ((0, 0), (1, 0), (1, 1), (2, 1), (-1, 1)):
        assert not _leads(index, size, ROOTS[0], [], ROOTS[0])


def _changed(path: list[bytes]) -> list[list[bytes]]:
    flipped = [[*path[:i], bytes([h[0] ^ 8, *h[1:]]), *path[i + 1 :]] for i, h in enumerate(path)]
    return [*flipped, *([path[:-1]] if path else []), *([[*path[1:], SOME]] if path[1:] else [])]


def _leads(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    try:
        return periksa.root_of_path(index, size, leaf, path) == root
    except Wrong:
        return False


def _agree(old: int, new: int, one: bytes, two: bytes, path: list[bytes]) -> bool:
    try:
        periksa.check_consistency(old, new, (one, two), path)
    except Wrong:
        return False
    return True


@pytest.mark.usefixtures("arithmetic")
def test_a_note_as_published():
    keys = [Key(PETER)]
    for signatures in (PETERS, PETERS + ENOCHS, ENOCHS + PETERS, PETERS + PETERS):
        assert periksa.open_note(f"{TEXT}\n{signatures}", keys, "") == TEXT
    assert periksa.open_note(f"{TEXT}\n{PETERS}{ENOCHS}", [*keys, Key(ENOCH)], "") == TEXT
    refused = [
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{PETERS[:-1]}",
        f"\x01{TEXT}\n{PETERS}",
        f"{TEXT}\n{PETERS.replace('PeterNeumann', 'Bad Name')}",
        f"{TEXT}\n{PETERS}Unexpected line.\n",
        f"{TEXT}\n{PETERS * 101}",
        f"{TEXT}\n{PETERS[:60]}ABCD{PETERS[60:]}",
        f"{TEXT}\n{ENOCHS}",
        f"{TEXT.replace('answer', 'Answer')}\n{PETERS}",
    ]
    assert not [note for note in refused if _opens(note, keys)]
    assert not _opens(f"{TEXT}\n{PETERS}", [])
    spoilt = ENOCHS.replace("zmZa0", "zmZb0")
    assert _opens(f"{TEXT}\n{PETERS}{spoilt}", keys)
    assert not _opens(f"{TEXT}\n{PETERS}{spoilt}", [*keys, Key(ENOCH)])


def _opens(note: str, keys: list[Key]) -> bool:
    try:
        periksa.open_note(note, keys, "")
    except Wrong:
        return False
    return True


def test_a_key_is_refused_when_any_of_it_is_wrong():
    mangled = [PETER[i:j] for i in range(len(PETER) + 1) for j in range(i + 1, len(PETER) + 1)]
    mangled = [text for text in mangled if text != PETER]
    mangled += [PETER[:i] + chr(ord(letter) + 1) + PETER[i + 1 :] for i, letter in enumerate(PETER)]
    mangled += [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ]
    for text in mangled:
        with pytest.raises(Wrong):
            Key(text)


H1, H2 = (b64encode(sha256(text).digest()).decode() for text in (b"hash1", b"hash2"))


def test_a_proof_as_published():
    text = f"c2sp.org/tlog-proof@v1\nextra {b64encode(b'leaf').decode()}\nindex 5\n{H1}\n{H2}\n\n"
    index, hashes, leaf, note = periksa.read_proof(f"{text}checkpoint\n\nsigned\n")
    assert (index, leaf, note) == (5, b"leaf", "checkpoint\n\nsigned\n")
    assert hashes == [sha256(b"hash1").digest(), sha256(b"hash2").digest()]


@pytest.mark.parametrize(
    "text",
    [
        "wrong-header\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex notanumber\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex 0\n{b64encode(bytes(64)).decode()}\n\nc\n",
        f"c2sp.org/tlog-proof@v1\nindex 5\n{H1}\n\ncheckpoint\n",  # does not say what it proves
        "",
    ],
)
def test_a_proof_is_refused_as_published(text: str):
    with pytest.raises(Wrong):
        periksa.read_proof(text)


def test_the_words_of_a_root():
    assert periksa.words_of(bytes(32)) == "-".join(["0000"] * 8)
    assert periksa.words_of(bytes([255] * 32)) == "-".join(["ZZZZ"] * 8)
    assert periksa.words_of(ROOTS[0]).startswith("DRT0-Q77Z")


def test_it_needs_nothing_but_the_standard_library():
    source = Path(periksa.__file__).read_text()
    ast.parse(source, feature_version=(3, 9))
    names = set(re.findall(r"^(?:from|import) (\w+)", source, flags=re.MULTILINE))
    assert "sijinak" not in names
    assert names <= {
        "argparse", "base64", "binascii", "csv", "email", "hashlib", "json", "os", "re", "sqlite3",
        "stat", "sys", "collections", "datetime", "functools", "pathlib", "typing",
    }  # fmt: skip
