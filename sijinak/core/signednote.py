"""Signed notes, checkpoints and proofs of a log, as C2SP writes them: texts in, texts out.

signed-note and tlog-checkpoint with Ed25519 (algorithm byte 0x01), tlog-proof v1, and the words
under which a root stands on paper. What is not written exactly so is refused.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sijinak.core.codes import ALPHABET
from sijinak.core.merkle import EMPTY_ROOT

ED25519 = b"\x01"
PROOF = "c2sp.org/tlog-proof@v1"
DASH = "\u2014 "
KEY_ID = 4
HASH = 32
MOST_LETTERS = 100_000
MOST_SIGNATURES = 64
MOST_HASHES = 63
MOST_LEAVES = 2**63 - 1  # what the databases count to
WORDS, WORD = 8, 4  # 160 bits of the root, five bits a letter
_NUMBER = re.compile(r"0|[1-9]\d{0,18}", flags=re.ASCII)
_MISREAD = str.maketrans("OIL", "011", " -\u2013\u2026.\t\r\n")


class BadNote(Exception):
    """Not a note, a checkpoint or a proof that may be believed; the text says why."""


class Checkpoint(NamedTuple):
    """What a log says of itself: so many leaves, under this root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """``leaf``: what the file says that it proves; nothing vouches for it but the path."""

    index: int
    path: tuple[bytes, ...]
    note: str
    leaf: bytes | None


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    id: bytes
    public: Ed25519PublicKey


class Signer:
    """A private key under the name by which others know it. Raises BadNote for an unfit name."""

    def __init__(self, key_name: str, key: Ed25519PrivateKey) -> None:
        _check_name(key_name)
        self.name = key_name
        self._key = key
        self._public = key.public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        """The public key, as it is handed to whoever checks."""
        hint = _key_id(self.name, self._public).hex()
        return f"{self.name}+{hint}+{_base64(ED25519 + self._public)}"

    def sign(self, text: str) -> str:
        """The note. Raises BadNote when the text cannot be one's text."""
        _check_text(text)
        signature = _key_id(self.name, self._public) + self._key.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {_base64(signature)}\n"


def open_note(note: str, vkeys: Iterable[str]) -> str:
    """The text, signed by at least one of the keys. Signatures of unknown keys are passed over.

    Raises BadNote, also when one of several known keys signed something else.
    """
    known = [_read_vkey(vkey) for vkey in vkeys]
    text, lines = _split(note)
    good = False
    for line in lines:
        name, signature = _read_signature(line)
        for key in known:
            if (key.name, key.id) == (name, signature[:KEY_ID]):
                _verify(key, signature[KEY_ID:], text)
                good = True
    if not good:
        raise BadNote("no key that we know signed it")
    return text


def check_vkey(vkey: str) -> None:
    """Raises BadNote."""
    _read_vkey(vkey)


def name_of(vkey: str) -> str:
    """Whose key it is, as its notes and checkpoints name them."""
    return vkey.partition("+")[0]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Three lines, to be signed. Raises BadNote."""
    text = f"{origin}\n{size}\n{_base64(root)}\n"
    read_checkpoint(text)
    return text


def read_checkpoint(text: str) -> Checkpoint:
    """The text of a note that was opened; lines after the third say nothing to us.

    Raises BadNote.
    """
    _check_text(text)
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < len(Checkpoint._fields) or not all(lines):
        raise BadNote("a checkpoint is three lines, none of them empty")
    size, root = _number(lines[1]), _hash(lines[2])
    if size == 0 and root != EMPTY_ROOT:
        raise BadNote("an empty log has one root, and not this one")
    return Checkpoint(lines[0], size, root)


def proof_text(index: int, path: Sequence[bytes], note: str, leaf: bytes) -> str:
    """That the leaf is the ``index``-th under the note's root; it stands in the file, too."""
    lines = [PROOF, f"extra {_base64(leaf)}", f"index {index}", *map(_base64, path), "", note]
    return "\n".join(lines)


def read_proof(text: str) -> Proof:
    """Raises BadNote. Nothing is proved yet: open the note, then follow the path."""
    head, found, note = text[:MOST_LETTERS].partition("\n\n")
    lines = head.split("\n")
    if not found or len(text) > MOST_LETTERS or lines.pop(0) != PROOF:
        raise BadNote(f"it does not begin with {PROOF}")
    leaf = None
    if lines and lines[0].startswith("extra "):
        leaf = _bytes(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise BadNote("it does not say which leaf")
    index = _number(lines.pop(0).removeprefix("index "))
    if len(lines) > MOST_HASHES:
        raise BadNote("no log is so large")
    return Proof(index, tuple(_hash(line) for line in lines), note, leaf)


def words_of(root: bytes) -> str:
    """The first 160 bits of a root, to be compared by eye: 7K3M-9QX4-…, eight words."""
    number = int.from_bytes(root[: WORDS * WORD * 5 // 8])
    shifts = range((WORDS * WORD - 1) * 5, -1, -5)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in shifts)
    return "-".join(letters[i : i + WORD] for i in range(0, len(letters), WORD))


def spelt_words(typed: str) -> str:
    """What was typed from a paper, in the one spelling; so much of it as there is."""
    letters = typed.upper().translate(_MISREAD)
    return "-".join(letters[i : i + WORD] for i in range(0, len(letters), WORD))


def same_words(typed: str, root: bytes) -> bool:
    """Whether all eight words are those of the root; small letters and O for 0 are no matter."""
    return spelt_words(typed) == words_of(root)


def _split(note: str) -> tuple[str, list[str]]:
    """The text, and the lines below the last empty one."""
    if len(note) > MOST_LETTERS or not note.endswith("\n"):
        raise BadNote("it is too long, or its last line is not ended")
    text, found, below = note[:-1].rpartition("\n\n")
    lines = below.split("\n")
    if not found or len(lines) > MOST_SIGNATURES:
        raise BadNote("it has no signatures, or too many")
    _check_text(f"{text}\n")
    return f"{text}\n", lines


def _read_signature(line: str) -> tuple[str, bytes]:
    name, found, text = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not found:
        raise BadNote("a line below the text is no signature")
    _check_name(name)
    signature = _bytes(text)
    if len(signature) <= KEY_ID:
        raise BadNote("a signature is too short")
    return name, signature


def _read_vkey(vkey: str) -> _Key:
    name, hint, text = [*vkey.split("+", 2), "", ""][:3]
    _check_name(name)
    algorithm, public = _bytes(text)[:1], _bytes(text)[1:]
    if algorithm != ED25519 or len(public) != HASH:
        raise BadNote(f"the key of {name} is not one of Ed25519")
    if hint != _key_id(name, public).hex():
        raise BadNote(f"the key of {name} was misspelt")
    return _Key(name, bytes.fromhex(hint), Ed25519PublicKey.from_public_bytes(public))


def _verify(key: _Key, signature: bytes, text: str) -> None:
    try:
        key.public.verify(signature, text.encode())
    except InvalidSignature:
        raise BadNote(f"{key.name} did not sign this") from None


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name) or not _is_text(name):
        raise BadNote("the name of a key is one word, without +")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or not text.strip("\n"):
        raise BadNote("a text ends with its last line")
    if any(c < " " and c != "\n" for c in text) or not _is_text(text):
        raise BadNote("a text has no control characters")


def _is_text(text: str) -> bool:
    """No half characters, which UTF-8 cannot write."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID]


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MOST_LEAVES:
        raise BadNote("a number has digits only, and does not begin with 0")
    return int(text)


def _hash(text: str) -> bytes:
    found = _bytes(text)
    if len(found) != HASH:
        raise BadNote(f"a hash has {HASH} bytes")
    return found


def _bytes(text: str) -> bytes:
    """Base64 in its one spelling: other bits behind the last byte are refused, too."""
    try:
        found = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise BadNote("not base64") from None
    if _base64(found) != text:
        raise BadNote("not base64 as it is written")
    return found


def _base64(content: bytes) -> str:
    return b64encode(content).decode()
