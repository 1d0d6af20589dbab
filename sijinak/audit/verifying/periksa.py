#!/usr/bin/env python3
"""Checks an audit export of SiJINAK, a proof of one record, or that two checkpoints agree.

Written from docs/audit-format.md, RFC 6962, RFC 8032 and C2SP signed-note, tlog-checkpoint and
tlog-proof alone; it shares no code with what it checks. One file, Python 3.9 or later, nothing to
install. It changes nothing, and keeps what it must remember in a temporary file of its own.

    python3 -I periksa.py FOLDER [--kunci KEY]... [--jangkar FILE | --jangkar "SIZE WORDS"]...
    python3 -I periksa.py bukti FILE --kunci KEY...
    python3 -I periksa.py selaras OLD.note NEW.note PROOF --kunci KEY...

Run a copy that you got elsewhere: the one in an export may be another program. It answers in
Indonesian, or with --en in English. 0: all is right, 1: something is wrong.
"""

import sys

if __name__ == "__main__" and not sys.flags.isolated:
    # What lies beside this file is not Python's, whatever its name (also __future__, which is why
    # nothing here comes from there). Python looks there first.
    first = sys.path.pop(0)
    from pathlib import Path

    script = Path(sys.argv[0])
    if Path(first).resolve() not in {script.resolve().parent, script.parent.resolve()}:
        sys.path.insert(0, first)

import argparse
import base64
import binascii
import csv
import email
import email.errors
import email.policy
import hashlib
import json
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # then by the arithmetic below, which takes some milliseconds more
    Ed25519PublicKey = None  # type: ignore[assignment, misc]

FORMAT = "sijinak-audit/1"
PROOF = "c2sp.org/tlog-proof@v1"
LONGEST = 1 << 24  # bytes of a line, or of a file that is read at once
AT_ONCE = 20_000  # ids that wait in memory on their way to the temporary file
AHEAD = 1000  # receipts of a series that may stand before the one that is missing
PATIENCE = timedelta(hours=1)  # between what a row says of itself and when it was written
DASH = "\u2014 "
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HEADERS = {
    "receipts.csv": "number,kind,series,year,no,bill,amount,channel,issued_at,voids,leaf",
    "journals.csv": "journal,effective_on,kind,account,about,amount,leaf",
    "statements.csv": "account,day,reference,amount,remark_sha256,leaf",
    "matches.csv": "match,level,part,kind,row,amount,leaf",
    "documents.csv": "kind,number,sha256,bytes,made_at,leaf",
}
READ_ONCE = ("leaves.jsonl", "openings.jsonl", *HEADERS)
NEEDED = ("keys.txt", "leaves.jsonl", "balances.csv", "periksa.py", *HEADERS)
# The moment that a row says it was written, for the kinds of which it is believed.
CLAIMS = {
    "journals": "recorded_at",
    "receipts": "issued_at",
    "matches": "made_at",
    "signed_papers": "made_at",
    "closed_days": "closed_at",
    "events": "happened_at",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
TABLE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
FILE = re.compile(r"(checkpoints/)?[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
NOTE = re.compile(
    r"^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n){0,99}\n(?:" + DASH + r"[^ \n]+ [^ \n]+\n)+",
    re.MULTILINE,
)
# What a proof shows of a row.
PROVEN = (
    "number", "kind", "version", "amount", "total", "channel", "issued_at", "issued_on",
    "recorded_at", "effective_on", "made_at", "state", "species", "heads", "sha256", "voids_id",
)  # fmt: skip
CHECKPOINT_LINES, SIGNATURES, KEYS, PATH, LETTERS_OF_WORDS = 3, 100, 100, 64, 32
# What may befall who reads something that nobody thought of: the last net, in main.
UNFORESEEN = (
    AttributeError, LookupError, MemoryError, OverflowError, RecursionError, TypeError, ValueError,
    csv.Error, email.errors.MessageError,
)  # fmt: skip

# ---- What it says ---------------------------------------------------------------------------

# fmt: off
TEXTS = {
    "all-right": ("SEMUA COCOK", "ALL IS RIGHT"),
    "wrong": ("SALAH: {text}", "WRONG: {text}"),
    "record": ("  Catatan nomor {leaf}: {content}", "  Record number {leaf}: {content}"),
    "unreadable": (
        "berkas {name} tidak dapat dibaca: {why}",
        "the file {name} cannot be read: {why}"),
    "manifest": ("manifest.json bukan manifest {format}", "manifest.json is not one of {format}"),
    "not-listed": ("manifest.json tidak menyebut {name}", "manifest.json does not list {name}"),
    "entry": (
        "manifest.json tidak menyebut sha256 dan bytes dari {name} dengan benar",
        "manifest.json does not rightly say sha256 and bytes of {name}"),
    "digest": (
        "isi {name} tidak sama dengan yang disebut manifest.json",
        "{name} is not what manifest.json says"),
    "key": ("kunci ini bukan kunci log: {key}", "this is no key of a log: {key}"),
    "no-key": ("tidak ada kunci: berikan --kunci", "there is no key: give --kunci"),
    "note": (
        "{name} bukan catatan bertanda tangan yang benar ({why})",
        "{name} is not a proper signed note ({why})"),
    "unsigned": (
        "{name} tidak ditandatangani kunci yang dikenal",
        "{name} is not signed by a key that is known"),
    "signature": ("tanda tangan pada {name} salah", "the signature on {name} is wrong"),
    "other-log": ("{name} berasal dari log lain: {origin}", "{name} is of another log: {origin}"),
    "file-name": ("{name} menyebut ukuran {size}", "{name} says that its size is {size}"),
    "anchor": ("jangkar ini tidak terbaca: {name}", "this anchor cannot be read: {name}"),
    "no-checkpoint": (
        "tidak ada titik periksa untuk ukuran {size}",
        "there is no checkpoint of size {size}"),
    "beyond": (
        "{name} mengikat {size} catatan, tetapi ekspor berisi {there}: ada yang hilang",
        "{name} binds {size} records, but the export has {there}: some are missing"),
    "root": (
        "akar {until} catatan pertama tidak sama dengan {name}; yang berubah ada di antara "
        "catatan {leaf} dan {last}",
        "the root of the first {until} records is not that of {name}; what was changed is "
        "between records {leaf} and {last}"),
    "too-few": (
        "leaves.jsonl berakhir sesudah {there} catatan, seharusnya {size}",
        "leaves.jsonl ends after {there} records, there should be {size}"),
    "too-many": (
        "leaves.jsonl berisi lebih dari {size} catatan",
        "leaves.jsonl has more than {size} records"),
    "line": ("baris leaves.jsonl tidak berbentuk benar", "the line of leaves.jsonl is malformed"),
    "order": ("nomornya {number}, seharusnya {leaf}", "its number is {number}, not {leaf}"),
    "canonical": ("catatan tidak dalam bentuk baku", "the record is not canonical"),
    "members": ("catatan tidak lengkap: {why}", "the record is not whole: {why}"),
    "told-twice": (
        "{kind} {id} diceritakan dua kali, sebelumnya oleh catatan {before}",
        "{kind} {id} is told twice, before by record {before}"),
    "number-twice": (
        "nomor {no} seri {series} {year} dipakai dua kali",
        "number {no} of the series {series} {year} is used twice"),
    "gap": (
        "nomor {no} seri {series} {year} hilang sebelum catatan ini",
        "number {no} of the series {series} {year} is missing before this record"),
    "void-of-nothing": (
        "pembatalan menunjuk kuitansi {id} yang tidak ada sebelumnya",
        "the void names a receipt {id} that is not there before it"),
    "void-twice": (
        "kuitansi {id} sudah dibatalkan oleh catatan {before}",
        "the receipt {id} was voided by record {before} already"),
    "void-amount": (
        "pembatalan menyebut {amount}, kuitansinya {was}",
        "the void says {amount}, its receipt {was}"),
    "journal": (
        "jurnal tidak nol: jumlahnya {total}, {lines} baris",
        "the journal is not zero: it comes to {total}, {lines} lines"),
    "back-dated": (
        "baris mengaku dari {claimed}, padahal titik periksa sebelumnya sudah mengikat catatan "
        "dari {floor}",
        "the row says that it is of {claimed}, but a checkpoint before it binds records of "
        "{floor}"),
    "ahead": (
        "baris mengaku dari {claimed}, tetapi ditulis {at}",
        "the row says that it is of {claimed}, but it was written at {at}"),
    "csv-header": ("kepala {name} seharusnya {want}", "the header of {name} should be {want}"),
    "csv-row": (
        "{name} baris {line} menyebut {row}, menurut catatan seharusnya {want}",
        "{name}, line {line}, says {row}; by the record it should be {want}"),
    "csv-short": ("{name} tidak memuat catatan ini: {want}", "{name} lacks this record: {want}"),
    "csv-more": (
        "{name} baris {line} tidak ada catatannya: {row}",
        "no record tells of {name}, line {line}: {row}"),
    "balance": (
        "saldo {account} menurut balances.csv {said}, menurut jurnal {is_}",
        "the balance of {account} is {said} in balances.csv, {is_} by the journals"),
    "opening": (
        "pembuka baris {line} tidak cocok dengan catatan: {row}",
        "the opening in line {line} does not fit the record: {row}"),
    "proof-form": ("bukan berkas bukti yang benar ({why})", "not a proper proof ({why})"),
    "proof-wrong": (
        "bukti tidak menuju akar pada titik periksa",
        "the proof does not lead to the root in the checkpoint"),
    "proof-sizes": (
        "dari ukuran {old} ke {new} tidak ada yang dapat dibuktikan",
        "nothing can be proved from size {old} to {new}"),
    "no-leaf": (
        "berkas bukti tidak memuat catatannya (baris extra)",
        "the proof does not hold the record (its extra line)"),
    "malformed": (
        "yang diperiksa tidak berbentuk benar: {why}",
        "what is checked is malformed: {why}"),
    "memory": (
        "berkas sementara tidak dapat ditulis: {why}",
        "the temporary file cannot be written: {why}"),
}
SUMMARY = {
    "log": (
        "Log {origin}: {size} catatan, {first} sampai {last}.",
        "Log {origin}: {size} records, {first} to {last}."),
    "words": ("Akarnya sebagai kata: {words}", "Its root in words: {words}"),
    "checkpoints": (
        "{many} titik periksa: semua tanda tangan dan akarnya cocok.",
        "{many} checkpoints: all signatures and roots are right."),
    "keys-given": ("Kunci: yang Anda berikan.", "Keys: those that you gave."),
    "keys-own": (
        "PERHATIAN: kunci diambil dari ekspor itu sendiri. Bandingkan dengan yang di kertas: "
        "{keys}",
        "MIND: the keys were taken from the export itself. Compare them with paper: {keys}"),
    "anchors": (
        "{many} jangkar dari luar cocok; yang terbesar mengikat {size} catatan.",
        "{many} anchors from outside agree; the largest binds {size} records."),
    "no-anchors": (
        "PERHATIAN: tidak ada jangkar dari luar. Semua ini hanya kata kantor itu sendiri; "
        "berikan --jangkar dari surat atau slip setoran.",
        "MIND: no anchor from outside. All this is the office's own word; give --jangkar from a"
        " mail or a deposit slip."),
    "receipts": (
        "{many} kuitansi dan {voids} pembatalan, bersih Rp {net}; nomor tanpa celah:",
        "{many} receipts and {voids} voids, net Rp {net}; numbers without a gap:"),
    "series": ("  {series} {year}: 1 sampai {last}", "  {series} {year}: 1 to {last}"),
    "journals": (
        "{many} jurnal, masing-masing nol; neraca saldo cocok.",
        "{many} journals, each of them zero; the trial balance agrees."),
    "openings": ("{many} nilai pribadi yang dibuka cocok.", "{many} opened personal values agree."),
    "unlisted": (
        "Tidak disebut manifest, tidak diperiksa: {names}",
        "Not listed, and not looked at: {names}"),
    "proves": (
        "Ini membuktikan bahwa catatan 0 sampai {last} tidak diubah, dihapus atau disisipi "
        "sejak jangkar dari luar dibuat, dan daftar ekspor ini sama dengan catatannya.",
        "This proves that nothing in records 0 to {last} was changed, removed or put in between"
        " since the anchors outside were made, and that the lists say the same."),
    "proves-own": (
        "Ini membuktikan bahwa catatan dan daftar ekspor ini cocok satu sama lain dan dengan "
        "tanda tangan kantor.",
        "This proves that records and lists agree with each other and with what the office "
        "signed."),
    "after": (
        "Catatan {first} sampai {last} lebih baru daripada jangkar: hanya kata kantor.",
        "Records {first} to {last} are newer than any anchor: the office's word alone."),
    "cannot": (
        "Ini tidak dapat membuktikan bahwa semua uang pernah dicatat, bahwa yang dicatat itu "
        "benar, atau apa yang terjadi sesudah catatan terakhir.",
        "It cannot prove that all money was ever written down, that what was written is true, "
        "or what happened after the last record."),
    "proof": (
        "TERBUKTI: catatan nomor {index} ada dalam log {origin}, di antara {size} catatan.",
        "PROVEN: record number {index} is in the log {origin}, among {size} records."),
    "proof-row": ("  {name}: {value}", "  {name}: {value}"),
    "proof-limit": (
        "Bandingkan kata ini dengan kertas: {words}. Bukti ini tidak mengatakan apakah catatan "
        "yang lebih baru membatalkan atau mengubahnya.",
        "Compare these words with paper: {words}. The proof does not say whether a newer record"
        " voids or changes it."),
    "agree": (
        "SELARAS: log {origin} dengan {new} catatan memuat semua {old} catatan lama, tanpa "
        "perubahan.",
        "CONSISTENT: the log {origin} of {new} records holds all {old} old ones, unchanged."),
}
# fmt: on


class Wrong(Exception):
    """``leaf``: the record that is wrong, or the first that may be; ``until``: how many may be."""

    def __init__(
        self, code: str, *, leaf: "int | None" = None, until: int = 0, **facts: Any
    ) -> None:
        super().__init__(code)
        self.code, self.leaf, self.until, self.facts, self.content = code, leaf, until, facts, ""

    def found(self) -> int:
        """How many records had been read when it showed."""
        return self.until or (self.leaf or 0)


class Voice:
    """Says it in one of the two languages."""

    def __init__(self, *, english: bool) -> None:
        self._place = 1 if english else 0

    def say(self, what: str, **facts: Any) -> None:
        print(SUMMARY[what][self._place].format(**self._told(facts)))

    def wrong(self, wrong: Wrong) -> None:
        facts = self._told({"leaf": wrong.leaf, "until": wrong.until, **wrong.facts})
        text = TEXTS[wrong.code][self._place].format(**facts)
        print(TEXTS["wrong"][self._place].format(text=text))
        if wrong.leaf is not None:
            content = shown(wrong.content)
            print(TEXTS["record"][self._place].format(leaf=wrong.leaf, content=content))

    def right(self) -> None:
        print(TEXTS["all-right"][self._place])

    def _told(self, facts: dict[str, Any]) -> dict[str, str]:
        return {name: shown(value) for name, value in facts.items()}


def shown(value: Any) -> str:
    """Nothing that a file says commands the terminal."""
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text if len(text) <= 4000 else text[:4000] + " \u2026"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# ---- Ed25519, RFC 8032 section 5.1 ----------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)  # a point is X, Y, Z and T: x = X/Z, y = Y/Z, xy = T/Z


def add(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_of(raw: bytes) -> Any:
    """None for what is no point, or not its one spelling."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(raw) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=64)
def negated_key(public: bytes) -> Any:
    """None for a key that nobody should have: no point, or one of small order."""
    point = point_of(public)
    if point is None:
        return None
    eightfold = point
    for _ in range(3):
        eightfold = add(eightfold, eightfold)
    if eightfold[0] == 0 and eightfold[1] == eightfold[2]:
        return None
    return P - point[0], point[1], 1, P - point[3]


def ed25519_ok(public: bytes, message: bytes, signature: bytes) -> bool:
    negated, scalar = negated_key(public), int.from_bytes(signature[32:], "little")
    fit = len(signature) == 64 and scalar < ORDER and point_of(signature[:32]) is not None
    if negated is None or not fit:
        return False
    if Ed25519PublicKey is None:
        return _ed25519_by_hand(negated, public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _ed25519_by_hand(negated: Any, public: bytes, message: bytes, signature: bytes) -> bool:
    """[S]B - [k]A = R, both multiples at once."""
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k, s = int.from_bytes(digest, "little") % ORDER, int.from_bytes(signature[32:], "little")
    sums = (NEUTRAL, BASE, negated, add(BASE, negated))
    here = NEUTRAL
    for bit in range(max(k.bit_length(), s.bit_length()) - 1, -1, -1):
        here = add(here, here)
        which = (s >> bit & 1) | (k >> bit & 1) << 1
        if which:
            here = add(here, sums[which])
    inverse = pow(here[2], P - 2, P)
    x, y = here[0] * inverse % P, here[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ---- Signed notes and checkpoints, C2SP -----------------------------------------------------


class Key:
    """As it is handed out: name, four bytes of its hash, algorithm and key."""

    def __init__(self, text: str) -> None:
        name, _, rest = text.partition("+")
        hint, _, encoded = rest.partition("+")
        raw = from_base64(encoded)
        if raw is None or len(raw) != 33 or raw[:1] != b"\x01" or not is_key_name(name):
            raise Wrong("key", key=text)
        self.text, self.name, self.public = text, name, raw[1:]
        self.hint = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        if hint != self.hint.hex() or negated_key(self.public) is None:
            raise Wrong("key", key=text)


class Checkpoint:
    def __init__(self, text: str, name: str) -> None:
        lines = text[:-1].split("\n")
        root = from_base64(lines[2]) if len(lines) >= CHECKPOINT_LINES else None
        if root is None or len(root) != 32 or not NUMBER.fullmatch(lines[1]) or not all(lines):
            raise Wrong("note", name=name, why="checkpoint")
        self.name, self.origin, self.size, self.root = name, lines[0], int(lines[1]), root


def open_checkpoint(note: str, keys: list[Key], name: str) -> Checkpoint:
    return Checkpoint(open_note(note, keys, name), name)


def open_note(note: str, keys: list[Key], name: str) -> str:
    """The text. A known key whose signature is wrong spoils it; unknown keys are passed over."""
    text, signatures = split_note(note, name)
    signed = False
    for who, signature in signatures:
        for key in keys:
            if (key.name, key.hint) == (who, signature[:4]):
                if not ed25519_ok(key.public, text.encode(), signature[4:]):
                    raise Wrong("signature", name=name)
                signed = True
    if not signed:
        raise Wrong("unsigned", name=name)
    return text


def split_note(note: str, name: str) -> tuple[str, list[tuple[str, bytes]]]:
    head, found, tail = note[:-1].rpartition("\n\n")
    lines = tail.split("\n")
    if not found or not note.endswith("\n") or len(lines) > SIGNATURES:
        raise Wrong("note", name=name, why="no signatures")
    if any(c < " " and c != "\n" for c in note):
        raise Wrong("note", name=name, why="control characters")
    return head + "\n", [_signature(line, name) for line in lines]


def _signature(line: str, name: str) -> tuple[str, bytes]:
    who, _, encoded = line[len(DASH) :].partition(" ")
    signature = from_base64(encoded)
    if not line.startswith(DASH) or not is_key_name(who) or not signature or len(signature) < 5:
        raise Wrong("note", name=name, why=line)
    return who, signature


def is_key_name(text: str) -> bool:
    return bool(text) and "+" not in text and not any(c.isspace() or c < " " for c in text)


def from_base64(text: str) -> "bytes | None":
    """None for what is not base64 in its one spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encoded(raw) == text else None


def words_of(root: bytes) -> str:
    """The first 160 bits, as they stand on paper."""
    number = int.from_bytes(root[:20], "big")
    letters = [LETTERS[number >> shift & 31] for shift in range(155, -1, -5)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, LETTERS_OF_WORDS, 4))


# ---- The tree, RFC 6962 section 2.1 ---------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The roots of the whole subtrees at the right edge, the largest first: enough to go on."""

    def __init__(self) -> None:
        self.size, self.edge = 0, list[bytes]()

    def append(self, here: bytes) -> None:
        size, edge = self.size, self.edge
        while size & 1:
            here = hashlib.sha256(b"\x01" + edge.pop() + here).digest()
            size >>= 1
        edge.append(here)
        self.size += 1

    def root(self) -> bytes:
        if not self.edge:
            return hashlib.sha256(b"").digest()
        here = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            here = node_hash(left, here)
        return here


def largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def root_of_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """Section 2.1.1, read backwards: the last hash of a path is the sister under the root."""
    if not 0 <= index < size or any(len(one) != 32 for one in [leaf, *path]):
        raise Wrong("proof-wrong")
    if size == 1 or not path:
        if size != 1 or path:
            raise Wrong("proof-wrong")
        return leaf
    k, sister = largest_power_below(size), path[-1]
    if index < k:
        return node_hash(root_of_path(index, k, leaf, path[:-1]), sister)
    return node_hash(sister, root_of_path(index - k, size - k, leaf, path[:-1]))


def check_consistency(old: int, new: int, roots: tuple[bytes, bytes], path: list[bytes]) -> None:
    """Section 2.1.2. Of an empty log nothing can be proved."""
    if not 0 < old <= new:
        raise Wrong("proof-sizes", old=old, new=new)
    if any(len(one) != 32 for one in [*roots, *path]):
        raise Wrong("proof-wrong")
    rest = list(path)
    if _both_roots(old, new, roots[0], rest) != roots or rest:
        raise Wrong("proof-wrong")


def _both_roots(
    old: int, new: int, known: "bytes | None", path: list[bytes]
) -> tuple[bytes, bytes]:
    """SUBPROOF: the roots of the first ``old`` leaves and of all ``new`` of this subtree."""
    if old == new and known is not None:
        return known, known
    if not path:
        raise Wrong("proof-wrong")
    sister = path.pop()
    if old == new:
        return sister, sister
    k = largest_power_below(new)
    if old <= k:
        before, after = _both_roots(old, k, known, path)
        return before, node_hash(after, sister)
    before, after = _both_roots(old - k, new - k, None, path)
    return node_hash(sister, before), node_hash(sister, after)


# ---- Files ----------------------------------------------------------------------------------


def opened(path: Path) -> IO[bytes]:
    """A pipe would let us wait for ever. Raises OSError or ValueError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("not a regular file")
    return path.open("rb", buffering=1 << 20)


def read_bytes(path: Path) -> bytes:
    """Raises OSError or ValueError."""
    with opened(path) as file:
        if path.stat().st_size > LONGEST:
            raise ValueError("too long")
        return file.read(LONGEST)


def read_text(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8")
    except (OSError, ValueError) as error:
        raise Wrong("unreadable", name=path.name, why=error) from None


class File:
    """Lines, read once; what all of them hash to is compared with the manifest at the end."""

    def __init__(self, folder: Path, name: str, told: dict[str, Any]) -> None:
        self.name, self._told, self._path = name, told, folder / name
        self._hash, self._bytes = hashlib.sha256(), 0

    def lines(self) -> Iterator[bytes]:
        try:
            with opened(self._path) as file:
                for line in iter(partial(file.readline, LONGEST), b""):
                    if len(line) == LONGEST:
                        raise Wrong("unreadable", name=self.name, why="long line")
                    self._hash.update(line)
                    self._bytes += len(line)
                    yield line
        except OSError as error:
            raise Wrong("unreadable", name=self.name, why=error) from None

    def check(self) -> None:
        if {"sha256": self._hash.hexdigest(), "bytes": self._bytes} != self._told:
            raise Wrong("digest", name=self.name)


class Table(File):
    """A CSV whose rows come in the order of the records that tell of them."""

    def __init__(self, folder: Path, name: str, told: dict[str, Any]) -> None:
        super().__init__(folder, name, told)
        self._rows = csv.reader(line.decode("utf-8") for line in self.lines())
        want = HEADERS[name]
        if self.next() != want.split(","):
            raise Wrong("csv-header", name=name, want=want)

    def next(self) -> "list[str] | None":
        try:
            return next(self._rows, None)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Wrong("unreadable", name=self.name, why=error) from None

    def expect(self, want: list[str]) -> None:
        row, line = self.next(), self._rows.line_num
        if row is None:
            raise Wrong("csv-short", name=self.name, want=want)
        if row != want:
            raise Wrong("csv-row", name=self.name, line=line, row=row, want=want)

    def end(self) -> None:
        row = self.next()
        if row is not None:
            raise Wrong("csv-more", name=self.name, line=self._rows.line_num, row=row)
        self.check()


class Openings(File):
    """Salts and values of what is hidden, in the order of the records."""

    def __init__(self, folder: Path, name: str, told: dict[str, Any]) -> None:
        super().__init__(folder, name, told)
        self._lines, self.line, self.many = self.lines(), 0, 0
        self._next = self._read()

    def _read(self) -> "dict[str, Any] | None":
        raw, self.line = next(self._lines, None), self.line + 1
        if raw is None:
            return None
        try:
            row: dict[str, Any] = json.loads(raw, object_pairs_hook=named_once)
            whole(row["i"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Wrong("opening", line=self.line, row=raw.decode("utf-8", "replace")) from None
        return row

    def check_record(self, i: int, row: dict[str, Any]) -> None:
        while self._next is not None and self._next["i"] <= i:
            if self._next["i"] < i or not opens(row, self._next):
                raise Wrong("opening", line=self.line, row=json.dumps(self._next))
            self.many += 1
            self._next = self._read()

    def end(self) -> None:
        if self._next is not None:
            raise Wrong("opening", line=self.line, row=json.dumps(self._next))
        self.check()


def opens(row: Any, opening: dict[str, Any]) -> bool:
    """``column`` may lead into the lines of a row: lines.0.remark."""
    hidden = row
    try:
        for part in opening["column"].split("."):
            hidden = hidden[int(part)] if isinstance(hidden, list) else hidden[part]
        salt, value = bytes.fromhex(opening["salt"]), opening["value"].encode("utf-8")
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        return False
    digest = hashlib.sha256(salt + value).hexdigest()
    return len(salt) == 16 and bool(hidden == {"sha256": digest})


class Told:
    """Which rows were told by which record, in a temporary file that SQLite takes away again."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in ("cache_size = -8192", "journal_mode = OFF", "synchronous = OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(
            "CREATE TABLE told (id BLOB PRIMARY KEY, leaf INTEGER, amount INTEGER, voided INTEGER)"
            " WITHOUT ROWID"
        )
        self._wait: list[tuple[bytes, int, int | None]] = []

    def add(self, kind: str, id_: str, leaf: int, amount: "int | None" = None) -> None:
        """``amount``: of a receipt that can be voided."""
        self._wait.append((kind[:2].encode() + bytes.fromhex(id_.replace("-", "")), leaf, amount))
        if len(self._wait) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Raises Wrong for the first row that was told before."""
        wait, self._wait = self._wait, []
        self._db.execute("BEGIN")
        try:
            for row in wait:
                self._db.execute("INSERT INTO told VALUES (?, ?, ?, NULL)", row)
        except sqlite3.IntegrityError:
            before = self._db.execute("SELECT leaf FROM told WHERE id = ?", row[:1]).fetchone()[0]
            kind, id_ = row[0][:2].decode(), row[0][2:].hex()
            raise Wrong("told-twice", leaf=row[1], before=before, kind=kind, id=id_) from None
        finally:
            self._db.execute("COMMIT")

    def void(self, receipt: str, leaf: int, amount: int) -> None:
        self.flush()
        name = b"re" + bytes.fromhex(receipt.replace("-", ""))
        asked = self._db.execute("SELECT amount, voided FROM told WHERE id = ?", (name,))
        was, voided = asked.fetchone() or (None, None)
        if was is None:
            raise Wrong("void-of-nothing", id=receipt)
        if voided is not None:
            raise Wrong("void-twice", id=receipt, before=voided)
        if was != amount:
            raise Wrong("void-amount", amount=amount, was=was)
        self._db.execute("UPDATE told SET voided = ? WHERE id = ?", (leaf, name))


class Series:
    """Numbers of receipts from 1 without a gap; two that changed places are no gap."""

    def __init__(self) -> None:
        self.last, self.ahead = 0, dict[int, int]()

    def take(self, no: int, leaf: int) -> bool:
        """False for a number that was there."""
        if no <= self.last or no in self.ahead:
            return False
        self.ahead[no] = leaf
        while self.last + 1 in self.ahead:
            self.last += 1
            del self.ahead[self.last]
        return True


# ---- An export ------------------------------------------------------------------------------


def refuse(_: str) -> Any:
    raise ValueError("not a whole number")


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Who reads the first of two values sees something else than who reads the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


SCAN = json.JSONDecoder(parse_float=refuse, parse_constant=refuse).scan_once  # type: ignore[attr-defined]
ENCODE = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


SCAN_LINE = json.JSONDecoder(  # of a leaf, its own form says that no name is there twice
    parse_float=refuse, parse_constant=refuse, object_pairs_hook=named_once
).scan_once  # type: ignore[attr-defined]


def decode(text: str, scan: Any = SCAN) -> Any:
    """JSON with nothing around it. Raises ValueError."""
    try:
        found, end = scan(text, 0)
    except StopIteration:
        raise ValueError("not JSON") from None
    if end != len(text):
        raise ValueError("not JSON only")
    return found


class Export:
    def __init__(self, folder: Path, keys: list[str], anchors: list[str]) -> None:
        self.folder = folder
        self.files = self._manifest()
        self._check_small_files()
        self.keys_given = bool(keys)
        self.keys = [Key(text) for text in keys or self._own_keys()]
        self.wanted = dict[int, list[tuple[str, str]]]()  # at a size: words or root, and whose
        self.checkpoints = set[int]()
        self._read_checkpoints()
        self.anchors = [size for anchor in anchors for size in self._read_anchor(anchor)]
        self._check_sizes()
        self.tree, self.told, self.series = Tree(), Told(), dict[tuple[str, int], Series]()
        self.balances = dict[str, int]()
        self.many = {"receipt": 0, "void": 0, "journals": 0}
        self.net, self.sound = 0, 0  # up to ``sound`` a root agreed
        self.first = self.newest = self.floor = ""
        self.leaves = File(folder, "leaves.jsonl", self.files["leaves.jsonl"])
        self.tables = {name: Table(folder, name, self.files[name]) for name in HEADERS}
        self.openings = None
        if "openings.jsonl" in self.files:
            self.openings = Openings(folder, "openings.jsonl", self.files["openings.jsonl"])
        self._checks = {
            "receipts": self._receipt,
            "journals": self._journal,
            "bank_statements": self._statement,
            "matches": self._match,
            "signed_papers": self._paper,
        }

    # -- what is known before the records are read

    def _manifest(self) -> dict[str, Any]:
        try:
            text = read_text(self.folder / "manifest.json")
            told = json.loads(text, object_pairs_hook=named_once)
            files, self.origin, self.size = told["files"], told["origin"], told["size"]
            good = told["format"] == FORMAT and type(self.size) is int and self.size > 0
            good = good and type(self.origin) is str and type(files) is dict
            good = good and all(FILE.fullmatch(name) for name in files)
        except (ValueError, TypeError, KeyError, RecursionError):
            good = False
        if not good:
            raise Wrong("manifest", format=FORMAT)
        for name in NEEDED:
            if name not in files:
                raise Wrong("not-listed", name=name)
        for name, told in files.items():
            if not is_entry(told):
                raise Wrong("entry", name=name)
        return dict(files)

    def _check_small_files(self) -> None:
        for name in self.files:
            if name not in READ_ONCE:
                file = File(self.folder, name, self.files[name])
                for _ in file.lines():
                    pass
                file.check()

    def _own_keys(self) -> list[str]:
        own = [text for text in read_text(self.folder / "keys.txt").split("\n") if text.strip()]
        if len(own) > KEYS:
            raise Wrong("unreadable", name="keys.txt", why=f"more than {KEYS} keys")
        return own

    def _read_checkpoints(self) -> None:
        for name in sorted(self.files):
            if name.startswith("checkpoints/"):
                found = open_checkpoint(read_text(self.folder / name), self.keys, name)
                if name != f"checkpoints/{found.size}.note":
                    raise Wrong("file-name", name=name, size=found.size)
                self._want(found)
                self.checkpoints.add(found.size)

    def _want(self, found: Checkpoint) -> None:
        if found.origin not in {self.origin, *(key.name for key in self.keys)}:
            raise Wrong("other-log", name=found.name, origin=found.origin)
        self.wanted.setdefault(found.size, []).append((found.root.hex(), found.name))

    def _read_anchor(self, text: str) -> list[int]:
        """The sizes that it binds: of a file with signed notes, or of a line from paper."""
        number, _, words = text.strip().partition(" ")
        number = number.replace(".", "").replace(",", "")
        letters = re.sub(r"[\s\u2013-]", "", words).upper().translate(str.maketrans("OIL", "011"))
        if NUMBER.fullmatch(number) and len(letters) == LETTERS_OF_WORDS:
            spelt = "-".join(letters[i : i + 4] for i in range(0, LETTERS_OF_WORDS, 4))
            self.wanted.setdefault(int(number), []).append((spelt, text))
            return [int(number)]
        sizes = []
        for note in notes_in(Path(text)):
            found = open_checkpoint(note, self.keys, text)
            self._want(found)
            sizes.append(found.size)
        return sizes

    def _check_sizes(self) -> None:
        for size in sorted(self.wanted):
            if size > self.size:
                name = self.wanted[size][0][1]
                raise Wrong("beyond", name=name, size=size, there=self.size)
        if self.size not in self.checkpoints:
            raise Wrong("no-checkpoint", size=self.size)

    # -- the records

    def check(self) -> None:
        self._check_root()
        i = -1
        raw = b""
        try:
            for i, raw in enumerate(self.leaves.lines()):
                self._record(i, raw)
                if i + 1 in self.wanted:
                    self._check_root()
                if i % 100_000 == 0 and sys.stderr.isatty():
                    print(f"\r{i:,} / {self.size:,} ", end="", file=sys.stderr, flush=True)
            self._check_end(i + 1)
        except Wrong as wrong:
            if wrong.leaf is None and not wrong.until:
                wrong.leaf, wrong.content = i, raw.decode("utf-8", "replace").rstrip("\n")
            raise self._with_content(self._first_of(wrong)) from None

    def _first_of(self, wrong: Wrong) -> Wrong:
        """What shows late may stand before what showed first."""
        found = [wrong]
        try:
            self.told.flush()
        except Wrong as earlier:
            found.append(earlier)
        if wrong.code == "root":
            found += self._gaps()
        return min(found, key=Wrong.found)

    def _gaps(self) -> list[Wrong]:
        return [
            Wrong("gap", leaf=min(one.ahead.values()), no=one.last + 1, series=name, year=year)
            for (name, year), one in self.series.items()
            if one.ahead
        ]

    def _with_content(self, wrong: Wrong) -> Wrong:
        if wrong.leaf is not None and not wrong.content:
            lines = File(self.folder, "leaves.jsonl", {}).lines()
            raw = next((raw for i, raw in enumerate(lines) if i == wrong.leaf), b"")
            wrong.content = raw.decode("utf-8", "replace").rstrip("\n")
        return wrong

    def _record(self, i: int, raw: bytes) -> None:
        if i >= self.size:
            raise Wrong("too-many", size=self.size)
        try:
            record = decode(raw[:-1].decode("utf-8"), SCAN_LINE)
            text, number = record["leaf"], record["i"]
            if len(record) != 2 or type(number) is not int or type(text) is not str:
                raise ValueError
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Wrong("line") from None
        if number != i:
            raise Wrong("order", number=number)
        kind, body, leaf = read_leaf(text)
        self.tree.append(leaf_hash(leaf))
        self._moment(kind, body)
        check = self._checks.get(kind)
        if check is not None:
            try:
                check(i, body["id"], body["row"])
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
                raise Wrong("members", why=repr(error)) from None
        if self.openings:
            self.openings.check_record(i, body["row"])

    def _check_root(self) -> None:
        """At a size that somebody bound."""
        size = self.tree.size
        for said, name in self.wanted.get(size, ()):
            root = self.tree.root()
            if said not in {root.hex(), words_of(root)}:
                first, last = min(self.sound, size - 1), size - 1
                raise Wrong("root", leaf=max(first, 0), until=size, name=name, last=last)
        self.sound = size
        if size and size in self.checkpoints:
            self.floor = max(self.floor, moment(moment_of(self.newest) - PATIENCE))

    def _moment(self, kind: str, body: dict[str, Any]) -> None:
        """Nothing is of a time that a checkpoint before it had passed, or of one yet to come."""
        at = body["at"]
        claimed = body["row"].get(CLAIMS[kind]) if kind in CLAIMS else at
        try:
            is_ahead = claimed != at and moment_of(claimed) > moment_of(at) + PATIENCE
        except ValueError:
            raise Wrong("members", why=CLAIMS.get(kind, "at")) from None
        if at < self.floor or claimed < self.floor:
            floor = moment(moment_of(self.floor) + PATIENCE)
            raise Wrong("back-dated", claimed=min(at, claimed), floor=floor)
        if is_ahead:
            raise Wrong("ahead", claimed=claimed, at=at)
        self.first = self.first or at
        self.newest = at

    # -- the kinds of records that lists are made of

    def _receipt(self, i: int, id_: str, row: dict[str, Any]) -> None:
        kind, amount, voids = row["kind"], whole(row["amount"]), row["voids_id"]
        key = str(row["series"]), whole(row["year"])
        series = self.series.setdefault(key, Series())
        if not series.take(whole(row["no"]), i):
            raise Wrong("number-twice", no=row["no"], series=key[0], year=key[1])
        if len(series.ahead) > AHEAD:
            raise self._gaps()[0]
        if (kind == "void") != (voids is not None) or kind not in {"receipt", "void"}:
            raise Wrong("members", why="kind")
        self.told.add("receipts", id_, i, amount if kind == "receipt" else None)
        if kind == "void":
            self.told.void(voids, i, amount)
        self.many[kind] += 1
        self.net += amount if kind == "receipt" else -amount
        names = ("number", "kind", "series", "year", "no", "skrd_id", "amount", "channel",
                 "issued_at", "voids_id")  # fmt: skip
        self.tables["receipts.csv"].expect(cells([row[name] for name in names], i))

    def _journal(self, i: int, id_: str, row: dict[str, Any]) -> None:
        lines, total = row["lines"], 0
        for line in lines:
            amount, account = whole(line["amount"]), line["account"]
            if type(account) is not str:
                raise ValueError(f"not an account: {account}")
            total += amount
            self.balances[account] = self.balances.get(account, 0) + amount
        if total or len(lines) < 2:
            raise Wrong("journal", total=total, lines=len(lines))
        self.told.add("journals", id_, i)
        self.many["journals"] += 1
        table, begin = self.tables["journals.csv"], [id_, row["effective_on"], row["kind"]]
        for line in lines:
            table.expect(cells([*begin, line["account"], line["about"], line["amount"]], i))

    def _statement(self, i: int, id_: str, row: dict[str, Any]) -> None:
        self.told.add("bank_statements", id_, i)
        for line in row["lines"]:
            remark, refs = line["remark"], " ".join(line["refs"])
            hidden = remark["sha256"] if isinstance(remark, dict) else sha256_of(remark)
            values = [line["account"], line["booked_on"], refs, whole(line["amount"]), hidden]
            self.tables["statements.csv"].expect(cells(values, i))

    def _match(self, i: int, id_: str, row: dict[str, Any]) -> None:
        self.told.add("matches", id_, i)
        table, parts = self.tables["matches.csv"], row["lines"]
        for part in parts:
            amount = whole(part["amount"])
            values = [id_, row["method"], part["position"], part["kind"], part["thing_id"], amount]
            table.expect(cells(values, i))
        if not parts:
            table.expect(cells([id_, row["kind"], "", "", row["undoes_id"], ""], i))

    def _paper(self, i: int, id_: str, row: dict[str, Any]) -> None:
        self.told.add("signed_papers", id_, i)
        values = [row["kind"], row["number"], row["sha256"], whole(row["size"]), row["made_at"]]
        self.tables["documents.csv"].expect(cells(values, i))

    # -- when all were read

    def _check_end(self, there: int) -> None:
        if there < self.size:
            raise Wrong("too-few", until=self.size, there=there, size=self.size)
        self.told.flush()
        for gap in self._gaps():
            raise gap
        try:
            for file in (*self.tables.values(), self.openings):
                if file:
                    file.end()
            self._check_balances()
            self.leaves.check()
        except Wrong as wrong:
            wrong.until = self.size  # no record is wrong by itself
            raise

    def _check_balances(self) -> None:
        lines = read_text(self.folder / "balances.csv").splitlines()
        try:
            rows = list(csv.reader(lines))
        except csv.Error as error:
            raise Wrong("unreadable", name="balances.csv", why=error) from None
        if not rows or rows[0] != ["account", "balance"]:
            raise Wrong("csv-header", name="balances.csv", want="account,balance")
        said: dict[str, str] = {}
        for line, row in enumerate(rows[1:], start=2):
            if len(row) != 2 or row[0] in said:
                raise Wrong("csv-more", name="balances.csv", line=line, row=row)
            said[row[0]] = row[1]
        for account in sorted({*said, *self.balances}):
            is_ = self.balances.get(account, 0)
            if said.get(account, "0") != str(is_):
                raise Wrong("balance", account=account, said=said.get(account, "-"), is_=is_)


def read_leaf(text: str) -> tuple[str, dict[str, Any], bytes]:
    """Its kind, what it says, and its bytes."""
    try:
        raw = text.encode("utf-8")
        kind, version, said = text.split("|", 2)
        body = decode(said)
        canonical = ENCODE(body) == said and version == "1" and TABLE.fullmatch(kind)
    except (ValueError, TypeError, RecursionError):
        canonical = None
    if not canonical:
        raise Wrong("canonical")
    try:
        if len(body) != 3 or type(body["row"]) is not dict:
            raise ValueError("id, at, row")
        if not UUID.fullmatch(body["id"]):
            raise ValueError("id")
        moment_of(body["at"])
    except (ValueError, TypeError, KeyError) as error:
        raise Wrong("members", why=error) from None
    return kind, body, raw


def whole(value: Any) -> int:
    if type(value) is not int or not -(2**63) < value < 2**63:
        raise ValueError(f"not a whole number: {value}")
    return value


def is_entry(told: Any) -> bool:
    """What a manifest says of a file: nothing less, and nothing more."""
    if type(told) is not dict or set(told) != {"sha256", "bytes"}:
        return False
    digest, size = told["sha256"], told["bytes"]
    fits = type(digest) is str and SHA256.fullmatch(digest) is not None
    return fits and type(size) is int and size >= 0


def cells(values: list[Any], leaf: int) -> list[str]:
    return ["" if value is None else str(value) for value in (*values, leaf)]


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def moment_of(text: Any) -> datetime:
    """Raises ValueError, and for the first and last year as well: an hour either way must fit."""
    if type(text) is not str or not MOMENT.fullmatch(text):
        raise ValueError("not a moment")
    found = datetime.fromisoformat(text[:-1])
    if not 1 < found.year < 9999:
        raise ValueError("not a moment")
    return found


def moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds") + "Z"


def notes_in(path: Path) -> list[str]:
    """A file with signed notes, or a mail as it was saved."""
    try:
        raw = read_bytes(path)
    except (OSError, ValueError):
        raise Wrong("anchor", name=path) from None
    found = NOTE.findall(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    if not found:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        found = NOTE.findall("\n".join(map(text_of, parts)).replace("\r\n", "\n"))
    if not found:
        raise Wrong("anchor", name=path)
    return list(found)


def text_of(part: Any) -> str:
    """Of a part of a mail: its words, or those of the file that came with it."""
    raw = bytes(part.get_payload(decode=True) or b"")
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


# ---- What it is asked -----------------------------------------------------------------------


def check_export(folder: Path, keys: list[str], anchors: list[str], voice: Voice) -> None:
    export = Export(folder, keys, anchors)
    export.check()
    unlisted = sorted(set(files_in(folder)) - {*export.files, "manifest.json"})
    voice.right()
    say_contents(export, voice)
    if unlisted:
        voice.say("unlisted", names=unlisted)
    say_keys(export.keys, voice, given=export.keys_given)
    say_limits(export, voice)


def say_contents(export: Export, voice: Voice) -> None:
    voice.say("log", origin=export.origin, size=export.size, first=export.first, last=export.newest)
    voice.say("words", words=words_of(export.tree.root()))
    voice.say("checkpoints", many=len(export.checkpoints))
    many, voids = export.many["receipt"], export.many["void"]
    voice.say("receipts", many=many, voids=voids, net=export.net)
    for (name, year), series in sorted(export.series.items()):
        voice.say("series", series=name, year=year, last=series.last)
    voice.say("journals", many=export.many["journals"])
    if export.openings:
        voice.say("openings", many=export.openings.many)


def say_limits(export: Export, voice: Voice) -> None:
    bound = max(export.anchors, default=0)
    if export.anchors:
        voice.say("anchors", many=len(export.anchors), size=bound)
    else:
        voice.say("no-anchors")
    if bound:
        voice.say("proves", last=bound - 1)
    else:
        voice.say("proves-own")
    if 0 < bound < export.size:
        voice.say("after", first=bound, last=export.size - 1)
    voice.say("cannot")


def files_in(folder: Path) -> list[str]:
    """Pipes as well: all that is no folder."""
    found = [Path(place) / name for place, _, names in os.walk(folder) for name in names]
    return [path.relative_to(folder).as_posix() for path in found]


def say_keys(keys: list[Key], voice: Voice, *, given: bool) -> None:
    if given:
        voice.say("keys-given")
    else:
        voice.say("keys-own", keys=[key.text for key in keys])


def keys_of(given: list[str]) -> list[Key]:
    """None from beside a proof: who forged one would put his key there."""
    if not given:
        raise Wrong("no-key")
    return [Key(text) for text in given]


def check_proof(path: Path, given: list[str], voice: Voice) -> None:
    keys = keys_of(given)
    index, hashes, leaf, note = read_proof(read_text(path))
    checkpoint = open_checkpoint(note, keys, path.name)
    root = root_of_path(index, checkpoint.size, leaf_hash(leaf), hashes)
    if root != checkpoint.root:
        raise Wrong("proof-wrong")
    kind, body, _ = read_leaf(leaf.decode("utf-8", "surrogateescape"))
    rows = [("table", kind), ("at", body["at"]), *shown_of(body["row"])]
    voice.say("proof", index=index, origin=checkpoint.origin, size=checkpoint.size)
    for name, value in rows:
        voice.say("proof-row", name=name, value=value)
    say_keys(keys, voice, given=True)
    voice.say("proof-limit", words=words_of(root))


def shown_of(row: dict[str, Any]) -> list[tuple[str, Any]]:
    told = [(name, row[name]) for name in PROVEN if row.get(name) is not None]
    for name, value in told:
        if type(value) not in {str, int, bool}:
            raise Wrong("members", why=name)
    return told


def read_proof(text: str) -> tuple[int, list[bytes], bytes, str]:
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    leaf = None
    if lines.pop(0) != PROOF:
        raise Wrong("proof-form", why=PROOF)
    if lines and lines[0].startswith("extra "):
        leaf = from_base64(lines.pop(0)[6:])
        if leaf is None:
            raise Wrong("proof-form", why="extra")
    number = lines.pop(0) if lines else ""
    if not number.startswith("index ") or not NUMBER.fullmatch(number[6:]):
        raise Wrong("proof-form", why="index")
    hashes = read_hashes(lines)
    if leaf is None:
        raise Wrong("no-leaf")
    return int(number[6:]), hashes, leaf, note


def read_hashes(lines: list[str]) -> list[bytes]:
    hashes = [raw for raw in map(from_base64, lines) if raw is not None and len(raw) == 32]
    if len(hashes) != len(lines) or len(lines) > PATH:
        raise Wrong("proof-form", why="hash")
    return hashes


def check_agreement(paths: list[str], given: list[str], voice: Voice) -> None:
    keys = keys_of(given)
    old, new = (open_checkpoint(read_text(Path(p)), keys, p) for p in paths[:2])
    if old.origin != new.origin:
        raise Wrong("other-log", name=new.name, origin=new.origin)
    ends = {"old": old, "new": new}
    lines = read_text(Path(paths[2])).partition("\n\n")[0].splitlines()
    while lines and lines[0].split(" ")[0] in ends:
        check_end(lines[0], ends[lines.pop(0).split(" ")[0]])
    check_consistency(old.size, new.size, (old.root, new.root), read_hashes(lines))
    say_keys(keys, voice, given=True)
    voice.say("agree", origin=new.origin, old=old.size, new=new.size)


def check_end(line: str, checkpoint: Checkpoint) -> None:
    """A line above the hashes may say of which size and root they are."""
    size = str(checkpoint.size)
    if line.split(" ")[1:] not in ([size], [size, encoded(checkpoint.root)]):
        raise Wrong("proof-form", why=line)


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="periksa.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--kunci", "--key", action="append", default=[], metavar="KEY")
    parser.add_argument("--jangkar", "--anchor", action="append", default=[], metavar="ANCHOR")
    parser.add_argument("--en", action="store_true", help="answer in English")
    options = parser.parse_args(argv)
    voice = Voice(english=options.en)
    try:
        if not answer(options, voice):
            parser.error("FOLDER | bukti FILE | selaras OLD NEW PROOF")
    except Wrong as wrong:
        voice.wrong(wrong)
        return 1
    except sqlite3.Error as error:
        voice.wrong(Wrong("memory", why=error))
        return 1
    except UNFORESEEN as error:
        voice.wrong(Wrong("malformed", why=repr(error)))
        return 1
    return 0


def answer(options: argparse.Namespace, voice: Voice) -> bool:
    """False for a question that it does not know."""
    what, keys = options.what, options.kunci
    if what[0] == "bukti" and len(what) == 2:
        check_proof(Path(what[1]), keys, voice)
    elif what[0] == "selaras" and len(what) == 4:
        check_agreement(what[1:], keys, voice)
    elif len(what) == 1:
        check_export(Path(what[0]), keys, options.jangkar, voice)
    else:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
