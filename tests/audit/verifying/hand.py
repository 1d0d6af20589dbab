"""A small export, written by hand from docs/audit-format.md: nothing here is the application's."""

import csv
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "sijinak.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SALT = bytes(range(16))
CHECKPOINTS = (3, 6)

Row = dict[str, Any]
Leaf = tuple[str, str, str, Row]  # kind, id, at, row


def uid(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


def at(minute: int) -> str:
    return f"2026-11-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00.000000Z"


def hidden(text: str) -> Row:
    return {"sha256": sha256(SALT + text.encode()).hexdigest()}


def receipt(of: int, no: int, minute: int, **more: Any) -> Leaf:
    row = {
        "kind": "receipt", "number": f"TBP/2026/{no:06d}", "series": "TBP", "year": 2026, "no": no,
        "skrd_id": uid(900 + no), "round": 1, "voids_id": None, "amount": 75_000 + no,
        "payer_name": hidden("Amaq Râhim"), "channel": "cash", "issued_at": at(minute),
        "lines": [], **more,
    }  # fmt: skip
    return "receipts", uid(of), at(minute), row


def void(own: int, no: int, minute: int, of: int, amount: int) -> Leaf:
    return receipt(own, no, minute, kind="void", voids_id=uid(of), amount=amount)


def journal(number: int, minute: int, *amounts: int) -> Leaf:
    accounts = ("cash", "revenue:4.1.02", "suspense")
    lines = [
        {"position": i + 1, "effective_on": "2026-11-01", "account": accounts[i], "about": None,
         "amount": amount}
        for i, amount in enumerate(amounts)
    ]  # fmt: skip
    row = {
        "idem": f"j:{number}", "kind": "paid", "effective_on": "2026-11-01",
        "recorded_at": at(minute), "size": len(amounts), "zero": 0, "lines": lines,
    }  # fmt: skip
    return "journals", uid(number), at(minute), row


def world() -> list[Leaf]:
    line = {
        "account": "bri", "position": 1, "booked_on": "2026-11-02", "amount": 75_001,
        "remark": 'SETORAN, "TBP" 1', "refs": ["BRI1", "S-1"],
    }  # fmt: skip
    parts = [
        {"position": 1, "kind": "line", "thing_id": uid(800), "amount": 75_001},
        {"position": 2, "kind": "deposit", "thing_id": uid(801), "amount": 75_001},
    ]
    match = {"kind": "match", "method": "by-hand", "undoes_id": None, "made_at": at(3003)}
    paper = {"kind": "health-letter", "number": "524/1/2026", "sha256": "ab" * 32, "size": 9000}
    return [
        ("skrd", uid(1), at(0), {"state": "open", "total": 75_001}),
        receipt(2, 1, 1),
        journal(3, 1, 75_001, -75_001),
        ("skrd", uid(1), at(2), {"state": "paid", "total": 75_001}),
        receipt(4, 2, 1500),
        journal(5, 1500, 75_002, -75_000, -2),
        receipt(6, 3, 3000),
        void(7, 4, 3001, of=6, amount=75_003),
        ("bank_statements", uid(8), at(3002), {"account": "bri", "lines": [line]}),
        ("matches", uid(9), at(3003), {**match, "lines": parts}),
        ("matches", uid(10), at(3004), {**match, "kind": "unmatch", "undoes_id": uid(9),
                                        "made_at": at(3004), "lines": []}),
        ("signed_papers", uid(11), at(3005), {**paper, "made_at": at(3005)}),
        receipt(12, 1, 3006, series="K-01", number="K/1"),
    ]  # fmt: skip


def text_of(leaf: Leaf) -> str:
    kind, id_, when, row = leaf
    body = {"id": id_, "at": when, "row": row}
    said = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{kind}|1|{said}"


def root_of(texts: Sequence[str]) -> bytes:
    """MTH, as RFC 6962 defines it."""
    if not texts:
        return sha256(b"").digest()
    if len(texts) == 1:
        return sha256(b"\x00" + texts[0].encode()).digest()
    k = 1 << (len(texts) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(texts[:k]) + root_of(texts[k:])).digest()


def path_of(index: int, texts: Sequence[str]) -> list[bytes]:
    """PATH, as RFC 6962 defines it."""
    if len(texts) == 1:
        return []
    k = 1 << (len(texts) - 1).bit_length() - 1
    if index < k:
        return [*path_of(index, texts[:k]), root_of(texts[k:])]
    return [*path_of(index - k, texts[k:]), root_of(texts[:k])]


def proof_between(old: int, texts: Sequence[str], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF, as RFC 6962 defines it."""
    if old == len(texts):
        return [] if whole else [root_of(texts)]
    k = 1 << (len(texts) - 1).bit_length() - 1
    if old <= k:
        return [*proof_between(old, texts[:k], whole=whole), root_of(texts[k:])]
    return [*proof_between(old - k, texts[k:], whole=False), root_of(texts[:k])]


def hashes_text(hashes: Iterable[bytes]) -> str:
    return "".join(f"{b64encode(one).decode()}\n" for one in hashes)


def words_of(root: bytes) -> str:
    bits = f"{int.from_bytes(root[:20]):0160b}"
    letters = "".join(LETTERS[int(bits[i : i + 5], 2)] for i in range(0, 160, 5))
    return "-".join(letters[i : i + 4] for i in range(0, 32, 4))


def vkey(key: Ed25519PrivateKey = KEY, name: str = ORIGIN) -> str:
    raw = b"\x01" + key.public_key().public_bytes_raw()
    return f"{name}+{_hint(raw, name).hex()}+{b64encode(raw).decode()}"


def _hint(raw: bytes, name: str) -> bytes:
    return sha256(name.encode() + b"\n" + raw).digest()[:4]


def note(
    size: int, root: bytes, key: Ed25519PrivateKey = KEY, *, origin: str = ORIGIN
) -> str:  # fmt: skip
    text = f"{origin}\n{size}\n{b64encode(root).decode()}\n"
    hint = _hint(b"\x01" + key.public_key().public_bytes_raw(), ORIGIN)
    signature = b64encode(hint + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {ORIGIN} {signature}\n"


def proof(index: int, texts: Sequence[str]) -> str:
    extra = b64encode(texts[index].encode()).decode()
    path = hashes_text(path_of(index, texts))
    end = note(len(texts), root_of(texts))
    return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{path}\n{end}"


def export(folder: Path, leaves: Sequence[Leaf], checker: Path) -> list[str]:
    """The texts of its leaves."""
    texts = [text_of(leaf) for leaf in leaves]
    (folder / "checkpoints").mkdir(parents=True)
    lines = [json.dumps({"i": i, "leaf": text}) for i, text in enumerate(texts)]
    (folder / "leaves.jsonl").write_text("".join(f"{line}\n" for line in lines))
    (folder / "keys.txt").write_text(f"{vkey()}\n")
    (folder / "periksa.py").write_bytes(checker.read_bytes())
    for name, (header, rows) in _tables(leaves).items():
        _write_csv(folder / name, [header.split(","), *rows])
    openings = [
        {"i": i, "column": "payer_name", "salt": SALT.hex(), "value": "Amaq Râhim"}
        for i, leaf in enumerate(leaves)
        if leaf[0] == "receipts"
    ]
    (folder / "openings.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in openings))
    sign(folder)
    return texts


def sign(folder: Path, sizes: Iterable[int] = CHECKPOINTS) -> None:
    """Checkpoints over what now stands in leaves.jsonl, and the manifest."""
    lines = (folder / "leaves.jsonl").read_text().splitlines()
    texts = [json.loads(line)["leaf"] for line in lines]
    for old in (folder / "checkpoints").iterdir():
        old.unlink()
    for size in {*sizes, len(texts)}:
        (folder / f"checkpoints/{size}.note").write_text(note(size, root_of(texts[:size])))
    list_files(folder, len(texts))


def list_files(folder: Path, size: int | None = None) -> None:
    """The manifest of what now stands in the folder."""
    manifest = folder / "manifest.json"
    if size is None:
        size = json.loads(manifest.read_text())["size"]
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != manifest
    }  # fmt: skip
    said = {"format": "sijinak-audit/1", "origin": ORIGIN, "made_at": at(9000), "size": size}
    manifest.write_text(json.dumps({**said, "files": files}))


def edit_csv(folder: Path, name: str, change: Callable[[list[list[str]]], object]) -> None:
    with (folder / name).open(newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    _write_csv(folder / name, rows)


def edit_leaf(folder: Path, index: int, change: Callable[[Row], object]) -> None:
    """One record says something else, and is as canonical as before."""
    lines = (folder / "leaves.jsonl").read_text().splitlines()
    kind, _, said = json.loads(lines[index])["leaf"].split("|", 2)
    body = json.loads(said)
    change(body["row"])
    text = text_of((kind, body["id"], body["at"], body["row"]))
    lines[index] = json.dumps({"i": index, "leaf": text})
    (folder / "leaves.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _tables(leaves: Sequence[Leaf]) -> dict[str, tuple[str, list[list[Any]]]]:
    receipts, journals, statements, matches, papers = [], [], [], [], []
    balances: dict[str, int] = {}
    for i, (kind, id_, _, row) in enumerate(leaves):
        if kind == "receipts":
            names = "number kind series year no skrd_id amount channel issued_at voids_id"
            receipts.append([*(row[name] for name in names.split()), i])
        if kind == "journals":
            begin = [id_, row["effective_on"], row["kind"]]
            for line in row["lines"]:
                journals.append([*begin, line["account"], line["about"], line["amount"], i])
                balances[line["account"]] = balances.get(line["account"], 0) + line["amount"]
        if kind == "bank_statements":
            statements += [
                [line["account"], line["booked_on"], " ".join(line["refs"]), line["amount"],
                 sha256(line["remark"].encode()).hexdigest(), i]
                for line in row["lines"]
            ]  # fmt: skip
        if kind == "matches":
            matches += [
                [id_, row["method"], p["position"], p["kind"], p["thing_id"], p["amount"], i]
                for p in row["lines"]
            ] or [[id_, row["kind"], None, None, row["undoes_id"], None, i]]
        if kind == "signed_papers":
            papers.append([*(row[n] for n in ("kind", "number", "sha256", "size", "made_at")), i])
    return {
        "receipts.csv": (
            "number,kind,series,year,no,bill,amount,channel,issued_at,voids,leaf", receipts
        ),
        "journals.csv": ("journal,effective_on,kind,account,about,amount,leaf", journals),
        "statements.csv": ("account,day,reference,amount,remark_sha256,leaf", statements),
        "matches.csv": ("match,level,part,kind,row,amount,leaf", matches),
        "documents.csv": ("kind,number,sha256,bytes,made_at,leaf", papers),
        "balances.csv": ("account,balance", [[a, n] for a, n in sorted(balances.items())]),
    }  # fmt: skip


def _write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    text = StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), newline="")
