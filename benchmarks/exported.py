"""The stand-alone checker over an export with a million receipts, each with a journal of two lines.

The floor is a program that only hashes the same bytes. The note has how much memory it took.
"""

import csv
import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.databases import scratch_folder
from benchmarks.measuring import Result
from sijinak.audit.verifying import periksa

RECEIPTS, A_DAY = 1_000_000, 1_400
ORIGIN, KEY = "sijinak.example/log", Ed25519PrivateKey.from_private_bytes(bytes(32))
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def audit_check_million_seconds() -> Result:
    with scratch_folder() as folder:
        write_export(folder / "export", RECEIPTS)
        command = [sys.executable, periksa.__file__, str(folder / "export"), "--kunci", vkey()]
        began = time.perf_counter()
        checker = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        _, status, used = os.wait4(checker.pid, 0)
        seconds = time.perf_counter() - began
        assert status == 0, status
        began = time.perf_counter()
        _hash_all(folder / "export")
        floor = round(time.perf_counter() - began, 1)
        note = f"{used.ru_maxrss // 1024} MB at most; hashing alone {floor} s"
        return Result(seconds, floor, note, unit="s")


def vkey() -> str:
    raw = b"\x01" + KEY.public_key().public_bytes_raw()
    return f"{ORIGIN}+{_hint(raw).hex()}+{b64encode(raw).decode()}"


def write_export(folder: Path, receipts: int) -> None:
    """By hand, and past the application: what is measured is who reads it."""
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "keys.txt").write_text(f"{vkey()}\n")
    (folder / "periksa.py").write_bytes(Path(periksa.__file__).read_bytes())
    for name in ("statements.csv", "matches.csv", "documents.csv"):
        (folder / name).write_text(periksa.HEADERS[name] + "\r\n")
    total = receipts * 75_000
    (folder / "balances.csv").write_text(
        f"account,balance\r\nreceivable,{-total}\r\nsuspense,{total}\r\n"
    )
    with ExitStack() as stack:
        leaves, first, second = (
            stack.enter_context((folder / name).open("w", newline=""))
            for name in ("leaves.jsonl", "receipts.csv", "journals.csv")
        )
        _write_rows(folder, receipts, leaves, (first, second))
    _list_files(folder, receipts * 2)


def _write_rows(folder: Path, many: int, leaves: TextIO, tables: tuple[TextIO, TextIO]) -> None:
    tree = periksa.Tree()
    receipts, journals = (csv.writer(table) for table in tables)
    tables[0].write(periksa.HEADERS["receipts.csv"] + "\r\n")
    tables[1].write(periksa.HEADERS["journals.csv"] + "\r\n")
    for kind, uid, at, row in _rows(many):
        body = {"id": uid, "at": at, "row": row}
        text = f"{kind}|1|" + json.dumps(body, sort_keys=True, separators=(",", ":"))
        i = tree.size
        leaves.write(json.dumps({"i": i, "leaf": text}) + "\n")
        tree.append(periksa.leaf_hash(text.encode()))
        if kind == "receipts":
            receipts.writerow([row["number"], "receipt", "TBP", row["year"], row["no"],
                               row["skrd_id"], row["amount"], "cash", at, "", i])  # fmt: skip
        else:
            for line in row["lines"]:
                journals.writerow([uid, row["effective_on"], "paid", line["account"],
                                   line["about"], line["amount"], i])  # fmt: skip
        if tree.size % (A_DAY * 2) == 0 or tree.size == many * 2:
            (folder / f"checkpoints/{tree.size}.note").write_text(_note(tree.size, tree.root()))


def _rows(many: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for no in range(1, many + 1):
        at = periksa.moment(BEGIN + timedelta(seconds=40 * no))
        bill, who = _uid(no, 2), _uid(no % 50, 9)
        digest = {"sha256": sha256(bill.encode()).hexdigest()}
        lines = [
            {"position": place, "effective_on": at[:10], "account": account, "about": bill,
             "amount": amount}
            for place, account, amount in ((1, "suspense", 75_000), (2, "receivable", -75_000))
        ]  # fmt: skip
        yield "journals", _uid(no, 1), at, {
            "idem": f"paid:{bill}", "kind": "paid", "effective_on": at[:10], "recorded_at": at,
            "region": "52.04.02.2001", "actor_id": who, "actor_name": digest, "reason": digest,
            "reverses_id": None, "size": 2, "zero": 0, "lines": lines,
        }  # fmt: skip
        yield "receipts", _uid(no, 0), at, {
            "kind": "receipt", "number": f"TBP/52.04.02/2025/{no:07d}-K", "series": "TBP",
            "year": 2025, "no": no, "skrd_id": bill, "round": 1, "voids_id": None,
            "voided_from": None, "keeper_id": who, "region": "52.04.02.2001", "amount": 75_000,
            "payer_name": digest, "channel": "cash", "reason": digest, "asked_by": None,
            "asked_by_name": digest, "issued_at": at, "issued_by": who, "issued_by_name": digest,
            "lines": [{"collection_id": bill, "amount": 75_000}],
        }  # fmt: skip


def _uid(number: int, kind: int) -> str:
    return (
        f"{0x190_0000_0000 + number >> 16:08x}-{number & 0xFFFF:04x}-7000-8{kind:03x}-{number:012x}"
    )


def _hint(raw: bytes) -> bytes:
    return sha256(ORIGIN.encode() + b"\n" + raw).digest()[:4]


def _note(size: int, root: bytes) -> str:
    text = f"{ORIGIN}\n{size}\n{b64encode(root).decode()}\n"
    hint = _hint(b"\x01" + KEY.public_key().public_bytes_raw())
    return f"{text}\n\u2014 {ORIGIN} {b64encode(hint + KEY.sign(text.encode())).decode()}\n"


def _list_files(folder: Path, size: int) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"sha256": _digest(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    said = {"format": periksa.FORMAT, "origin": ORIGIN, "made_at": "", "size": size}
    (folder / "manifest.json").write_text(json.dumps({**said, "files": files}))


def _hash_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _digest(path)


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
