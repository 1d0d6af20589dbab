"""The stand-alone checker, as an auditor runs it: no package of ours, none of anybody else's."""

import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from sijinak.audit.verifying import periksa
from sijinak.core.clock import now
from sijinak.notices.mailing import Letter, written
from tests.audit.verifying import hand

CHECKER = Path(__file__).parents[3] / "sijinak/audit/verifying/periksa.py"


def run(*arguments: object) -> tuple[int, str]:
    """No site-packages, no environment: signatures are verified by the checker's own arithmetic."""
    command = [sys.executable, "-I", "-S", str(CHECKER), *map(str, arguments), "--en"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    hand.export(folder, hand.world(), CHECKER)
    return folder


def texts_in(folder: Path) -> list[str]:
    lines = (folder / "leaves.jsonl").read_text().splitlines()
    return [json.loads(line)["leaf"] for line in lines]


def test_an_honest_export_is_right_and_its_limits_are_told(folder: Path):
    root = hand.root_of(texts_in(folder)[:6])
    code, said = run(folder, "--kunci", hand.vkey(), "--jangkar", f"6 {hand.words_of(root)}")
    assert code == 0, said
    assert "ALL IS RIGHT" in said
    assert "Log sijinak.example/log: 13 records, " in said
    assert "3 checkpoints" in said
    assert "4 receipts and 1 voids, net Rp 225004" in said
    assert "TBP 2026: 1 to 4" in said
    assert "K-01 2026: 1 to 1" in said
    assert "2 journals" in said
    assert "5 opened personal values agree" in said
    assert "nothing in records 0 to 5" in said
    assert "Records 6 to 12 are newer than any anchor" in said
    assert "It cannot prove that all money was ever written down" in said


def test_it_answers_in_indonesian(folder: Path):
    command = [sys.executable, "-I", "-S", str(CHECKER), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "SEMUA COCOK" in done.stdout
    assert "Ini tidak dapat membuktikan" in done.stdout


def test_without_a_key_or_an_anchor_it_says_whose_word_it_is(folder: Path):
    code, said = run(folder)
    assert code == 0
    assert (
        f"MIND: the keys were taken from the export itself. Compare them with paper: {hand.vkey()}"
        in said
    )
    assert "MIND: no anchor from outside" in said


def _line(index: int, change: Callable[[str], str]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = (folder / "leaves.jsonl").read_text().splitlines()
        lines[index] = change(lines[index])
        (folder / "leaves.jsonl").write_text("".join(f"{one}\n" for one in lines if one))

    return tamper


def _leaf(index: int, **values: object) -> Callable[[Path], None]:
    return lambda folder: hand.edit_leaf(folder, index, lambda row: row.update(values))


def _csv(name: str, row: int, column: int, value: str) -> Callable[[Path], None]:
    def change(rows: list[list[str]]) -> None:
        rows[row][column] = value

    return lambda folder: hand.edit_csv(folder, name, change)


def _no_csv_row(name: str, row: int) -> Callable[[Path], None]:
    return lambda folder: hand.edit_csv(folder, name, lambda rows: rows.pop(row))


def _one_more(name: str, row: list[str]) -> Callable[[Path], None]:
    return lambda folder: hand.edit_csv(folder, name, lambda rows: rows.append(row))


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def _cut(folder: Path) -> None:
    lines = (folder / "leaves.jsonl").read_text().splitlines(keepends=True)
    (folder / "leaves.jsonl").write_text("".join(lines[:-1]))


# What somebody changes in the files, who then writes a manifest that fits.
FILES = {
    "the amount of a receipt": (_leaf(4, amount=5_002), "receipts.csv, line 3", 4),
    "a state, which is in no list": (_leaf(3, state="open"), "between records 3 and 5", 3),
    "a salted name": (_leaf(1, payer_name=hand.hidden("Other")), "the opening in line 1", 1),
    "an id": (_line(2, lambda line: line.replace("0003", "0099", 1)), "journals.csv, line 2", 2),
    "a record is gone": (_line(4, lambda _: ""), "its number is 5, not 4", 4),
    "two change places": (_line(4, lambda line: line.replace('"i": 4', '"i": 5')), "is 5", 4),
    "not canonical": (_line(0, lambda line: line.replace(":75001", ": 75001")), "canonical", 0),
    "a fraction": (_line(0, lambda line: line.replace(":75001", ":75001.0")), "canonical", 0),
    "a member twice": (
        _line(0, lambda line: line.replace(r"{\"at\"", r"{\"at\":1,\"at\"")), "canonical", 0
    ),
    "another version": (_line(0, lambda line: line.replace("|1|", "|2|")), "canonical", 0),
    "not JSON": (_line(0, lambda line: line[:-9]), "malformed", 0),
    "half a character": (
        _line(0, lambda line: line.replace("open", r"\ud800")), "canonical", 0
    ),
    "the end cut off": (_cut, "ends after 12 records, there should be 13", None),
    "a receipt in the list": (_csv("receipts.csv", 2, 6, "1"), "receipts.csv, line 3", 4),
    "a receipt not in the list": (_no_csv_row("receipts.csv", 1), "receipts.csv, line 2", 1),
    "the last receipt not in the list": (_no_csv_row("receipts.csv", 5), "lacks this record", 12),
    "a receipt without a record": (
        _one_more("receipts.csv", ["TBP/2026/000005", *[""] * 10]),
        "no record tells of receipts.csv, line 7: TBP/2026/000005", None,
    ),
    "a posting": (_csv("journals.csv", 1, 5, "75000"), "journals.csv, line 2", 2),
    "a balance": (_csv("balances.csv", 1, 1, "1"), "balance of cash is 1 in balances.csv", None),
    "an account": (_one_more("balances.csv", ["bank", "5"]), "balance of bank is 5", None),
    "an account twice": (_one_more("balances.csv", ["cash", "5"]), "balances.csv, line 5", None),
    "a line of the bank": (_csv("statements.csv", 1, 3, "75002"), "statements.csv, line 2", 8),
    "a match": (_csv("matches.csv", 2, 4, hand.uid(5)), "matches.csv, line 3", 9),
    "an unmatch": (_no_csv_row("matches.csv", 3), "lacks this record", 10),
    "a paper": (_csv("documents.csv", 1, 2, "cd" * 32), "documents.csv, line 2", 11),
    "a header": (_csv("documents.csv", 0, 0, "type"), "the header of documents.csv", None),
    "an opening": (
        _write("openings.jsonl", json.dumps(
            {"i": 2, "column": "payer_name", "salt": "00", "value": ""}
        )), "the opening in line 1", 2,
    ),
    "an opening too many": (
        _write("openings.jsonl", json.dumps(
            {"i": 99, "column": "payer_name", "salt": "00", "value": ""}
        )), "the opening in line 1", None,
    ),
    "the newest checkpoint": (
        lambda folder: (folder / "checkpoints/13.note").unlink(),
        "there is no checkpoint of size 13", None,
    ),
    "a checkpoint of another key": (
        _write("checkpoints/6.note", hand.note(6, bytes(32), hand.OTHER_KEY)),
        "checkpoints/6.note is not signed by a key that is known", None,
    ),
    "a checkpoint of another log": (
        _write("checkpoints/6.note", hand.note(6, bytes(32), origin="else.example")),
        "checkpoints/6.note is of another log: else.example", None,
    ),
    "a checkpoint under another name": (
        _write("checkpoints/5.note", hand.note(6, bytes(32))), "says that its size is 6", None,
    ),
    "a root": (
        _write("checkpoints/6.note", hand.note(6, bytes(32))),
        "the root of the first 6 records is not that of checkpoints/6.note", 3,
    ),
}  # fmt: skip


def test_words_within_a_column_are_opened_by_their_path(tmp_path: Path):
    folder = tmp_path / "export"
    told = {"note": hand.hidden("Surat palsu"), "number": "P-1"}
    row = {"name": "permit.revoke", "happened_at": hand.at(3007), "facts": told}
    leaves = [*hand.world(), ("events", hand.uid(20), hand.at(3007), row)]
    for value, right in (("Surat palsu", 0), ("Surat asli", 1)):
        shutil.rmtree(folder, ignore_errors=True)
        hand.export(folder, leaves, CHECKER)
        one = {"i": 13, "column": "facts.note", "salt": hand.SALT.hex(), "value": value}
        (folder / "openings.jsonl").write_text(json.dumps(one) + "\n")
        hand.list_files(folder)
        code, said = run(folder, "--kunci", hand.vkey())
        assert (code, "the opening in line 1 does not fit" in said) == (right, bool(right)), said


@pytest.mark.parametrize("name", FILES)
def test_what_was_changed_in_a_file_is_named(folder: Path, name: str):
    tamper, sentence, record = FILES[name]
    tamper(folder)
    hand.list_files(folder)
    says_wrong(run(folder, "--kunci", hand.vkey()), sentence, record, folder)


def says_wrong(answer: tuple[int, str], sentence: str, record: int | None, folder: Path) -> None:
    code, said = answer
    assert code == 1, said
    assert sentence in said
    named = re.search(r"Record number (\d+): (.*)", said)
    assert (int(named[1]) if named else None) == record, said
    if named:
        line = (folder / "leaves.jsonl").read_text().splitlines()[int(named[1])]
        assert named[2] == line


def test_a_file_that_is_not_as_the_manifest_says(folder: Path):
    with (folder / "leaves.jsonl").open("a") as file:
        file.write(" ")
    code, said = run(folder)
    assert (code, "leaves.jsonl" in said) == (1, True)
    hand.list_files(folder)
    (folder / "keys.txt").write_text(f"{hand.vkey()}\n\n")
    code, said = run(folder)
    assert code == 1
    assert "keys.txt is not what manifest.json says" in said


@pytest.mark.parametrize("name", ["leaves.jsonl", "receipts.csv", "keys.txt", "manifest.json"])
def test_a_file_that_is_not_there(folder: Path, name: str):
    (folder / name).unlink()
    code, said = run(folder)
    assert code == 1
    assert name in said


def _with(place: int, leaf: hand.Leaf) -> list[hand.Leaf]:
    leaves = hand.world()
    leaves.insert(place, leaf)
    return leaves


def _without(place: int) -> list[hand.Leaf]:
    leaves = hand.world()
    del leaves[place]
    return leaves


# What the office itself may have written and signed, lists and all.
SIGNED = {
    "a receipt is missing": (_without(4), "number 2 of the series TBP 2026 is missing", 5),
    "the first receipt is missing": (_without(1), "number 1 of the series TBP 2026", 3),
    "a number twice": (_with(5, hand.receipt(50, 2, 1501)), "number 2 of the series", 5),
    "a receipt twice": (
        _with(7, hand.receipt(4, 4, 3000)), f"re {hand.uid(4).replace('-', '')} is told twice", 7
    ),
    "a journal twice": (_with(6, hand.journal(5, 1501, 1, -1)), "before by record 5", 6),
    "a journal that is not zero": (_with(6, hand.journal(50, 1501, 5, -4)), "comes to 1", 6),
    "a journal of one line": (_with(6, hand.journal(50, 1501, 0)), "1 lines", 6),
    "the void of nothing": (
        _with(8, hand.void(50, 5, 3001, of=99, amount=1)), "that is not there before it", 8
    ),
    "the void of a void": (
        _with(8, hand.void(50, 5, 3001, of=7, amount=75_003)), "that is not there before it", 8
    ),
    "a void twice": (
        _with(8, hand.void(50, 5, 3001, of=6, amount=75_003)), "by record 7 already", 8
    ),
    "a void of another amount": (
        _with(8, hand.void(50, 5, 3001, of=4, amount=1)), "the void says 1, its receipt 75002", 8
    ),
    "a receipt dated back": (
        _with(7, hand.receipt(50, 4, 3000, issued_at=hand.at(1))), "says that it is of", 7
    ),
    "a receipt dated ahead": (
        _with(7, hand.receipt(50, 4, 3000, issued_at=hand.at(9000))), "but it was written at", 7
    ),
    "a record written back": (
        _with(8, ("skrd", hand.uid(50), hand.at(3), {})), "a checkpoint before it binds", 8
    ),
    "a receipt without an amount": (
        _with(7, hand.receipt(50, 4, 3000, amount="1")), "the record is not whole", 7
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNED)
def test_what_the_office_itself_signed_is_named(tmp_path: Path, name: str):
    leaves, sentence, record = SIGNED[name]
    folder = tmp_path / "export"
    hand.export(folder, leaves, CHECKER)
    says_wrong(run(folder), sentence, record, folder)


def test_two_receipts_that_changed_places_are_no_gap(tmp_path: Path):
    leaves = hand.world()
    leaves[4], leaves[6] = hand.receipt(6, 3, 1500), hand.receipt(4, 2, 3000)
    hand.export(tmp_path / "export", leaves, CHECKER)
    assert run(tmp_path / "export")[0] == 0


def test_who_has_the_key_writes_another_past_and_paper_tells(folder: Path):
    """Everything was made anew, and signed: only what others kept is against it."""
    before = texts_in(folder)
    hand.edit_leaf(folder, 3, lambda row: row.update(state="open"))
    hand.sign(folder)
    assert run(folder)[0] == 0
    words = hand.words_of(hand.root_of(before[:6])).lower().replace("0", "o")
    answer = run(folder, "--jangkar", f"6 {words}")
    says_wrong(answer, f"not that of 6 {words}; what was changed is between records 3 and 5", 3,
               folder)  # fmt: skip


def test_an_anchor_beyond_the_end_says_that_records_are_missing(folder: Path):
    hand.export(folder.parent / "short", hand.world()[:11], CHECKER)
    words = hand.words_of(hand.root_of(texts_in(folder)))
    code, said = run(folder.parent / "short", "--jangkar", f"13 {words}")
    assert code == 1
    assert "binds 13 records, but the export has 11: some are missing" in said


def test_a_note_that_came_by_mail_is_an_anchor(folder: Path, tmp_path: Path):
    mail = EmailMessage()
    mail["Subject"] = "Titik periksa – hari ini"
    root = hand.root_of(texts_in(folder)[:6])
    mail.set_content(f"Simpan ini:\n\n{hand.note(6, root)}\nSalam –\n")
    (tmp_path / "right.eml").write_bytes(bytes(mail))
    code, said = run(folder, "--jangkar", tmp_path / "right.eml")
    assert code == 0, said
    assert "1 anchors from outside agree; the largest binds 6 records" in said
    sent = Letter(
        name="n", to="inspektorat@example.go.id", who="Inspektorat", subject="Titik periksa",
        body="Terlampir.", attachments={"catatan-6.note": hand.note(6, root)}, at=now(),
    )  # fmt: skip
    (tmp_path / "attached.eml").write_bytes(written(sent, "sijinak@example.go.id").as_bytes())
    code, said = run(folder, "--jangkar", tmp_path / "attached.eml")
    assert (code, "1 anchors from outside agree" in said) == (0, True), said
    (tmp_path / "plain.txt").write_text(hand.note(6, bytes(32)).replace("\n", "\r\n"))
    code, said = run(folder, "--jangkar", tmp_path / "plain.txt")
    assert (code, "the root of the first 6 records" in said) == (1, True)
    (tmp_path / "forged.txt").write_text(hand.note(6, root, hand.OTHER_KEY))
    code, said = run(folder, "--jangkar", tmp_path / "forged.txt")
    assert (code, "not signed by a key that is known" in said) == (1, True)
    (tmp_path / "none.txt").write_text("nothing")
    code, said = run(folder, "--jangkar", tmp_path / "none.txt")
    assert (code, "this anchor cannot be read" in said) == (1, True)


@pytest.mark.parametrize("name", ["leaves.jsonl", "openings.jsonl", "receipts.csv"])
def test_one_file_does_not_say_two_things(folder: Path, name: str):
    """Another program, or a pair of eyes, would read the first of the two."""
    path = folder / name
    twice = {
        "leaves.jsonl": ('"leaf": ', '"leaf": "receipts|1|{}", "leaf": '),
        "openings.jsonl": ('"value": ', '"value": "Somebody else", "value": '),
        "receipts.csv": ("number,kind", '"number,kind"'),
    }
    was = path.read_text()
    path.write_text(was.replace(*twice[name], 1))
    assert path.read_text() != was
    manifest = json.loads((folder / "manifest.json").read_text())
    raw = path.read_bytes()
    manifest["files"][name] = {"sha256": sha256(raw).hexdigest(), "bytes": len(raw)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, said = run(folder, "--kunci", hand.vkey())
    assert (code, "WRONG" in said) == (1, True), said


def test_a_proof_says_what_is_proven(folder: Path, tmp_path: Path):
    file = tmp_path / "receipt.tlog-proof"
    for index in range(13):
        file.write_text(hand.proof(index, texts_in(folder)))
        code, said = run("bukti", file, "--kunci", hand.vkey())
        assert code == 0, said
        assert f"PROVEN: record number {index} is in the log" in said
    assert "number: K/1" in said
    assert "amount: 75001" in said
    assert f"issued_at: {hand.at(3006)}" in said


def test_a_proof_that_was_changed_proves_nothing(folder: Path, tmp_path: Path):
    texts = texts_in(folder)
    right, file = hand.proof(4, texts), tmp_path / "receipt.tlog-proof"
    other = hand.proof(4, [*texts[:4], texts[4].replace("75002", "95002"), *texts[5:]])
    changed = [
        right.replace("index 4", "index 5"),
        right.replace("index 4", "index 04"),
        right.replace("index 4", "index 13"),
        "\n".join([right.split("\n")[0], other.split("\n")[1], *right.split("\n")[2:]]),
        re.sub(r"extra .*\n", "", right),
        re.sub(r"(index 4\n).*\n", r"\1", right),
        right.replace("index 4\n", f"index 4\n{'A' * 43}=\n"),
        right.replace("index 4\n", "index 4\nAAAA\n"),
        right.replace("tlog-proof@v1", "tlog-proof@v2"),
        right.replace("\n13\n", "\n14\n"),
        right[:-3] + "A=\n",
    ]
    for text in changed:
        assert text != right
        file.write_text(text)
        code, said = run("bukti", file, "--kunci", hand.vkey())
        assert (code, "WRONG" in said) == (1, True), text
    file.write_text(right)
    code, said = run("bukti", file, "--kunci", hand.vkey(hand.OTHER_KEY))
    assert (code, "not signed by a key that is known" in said) == (1, True)


def test_a_proof_without_a_key_is_not_believed(folder: Path, tmp_path: Path):
    (tmp_path / "x.tlog-proof").write_text(hand.proof(1, texts_in(folder)))
    code, said = run("bukti", tmp_path / "x.tlog-proof")
    assert (code, "there is no key: give --kunci" in said) == (1, True)


def test_two_checkpoints_of_one_log_agree(folder: Path, tmp_path: Path):
    texts = texts_in(folder)
    for old in range(1, 14):
        _agreement(tmp_path, texts, old)
        code, said = run("selaras", *_three(tmp_path), "--kunci", hand.vkey())
        assert (code, f"holds all {old} old ones" in said) == (0, True), said
    other = [texts[0].replace("open", "paid"), *texts[1:]]
    _agreement(tmp_path, texts, 6)
    (tmp_path / "old").write_text(hand.note(6, hand.root_of(other[:6])))
    code, said = run("selaras", *_three(tmp_path), "--kunci", hand.vkey())
    assert (code, "does not lead to the root" in said) == (1, True)
    told = f"old 6 {b64encode(hand.root_of(texts[:6])).decode()}\nnew 13\n"
    _agreement(tmp_path, texts, 6)
    hashes = (tmp_path / "proof").read_text()
    (tmp_path / "proof").write_text(told + hashes)
    assert run("selaras", *_three(tmp_path), "--kunci", hand.vkey())[0] == 0
    (tmp_path / "proof").write_text(told.replace("new 13", "new 12") + hashes)
    assert run("selaras", *_three(tmp_path), "--kunci", hand.vkey())[0] == 1
    (tmp_path / "old").write_text(hand.note(0, hand.root_of([])))
    (tmp_path / "proof").write_text("")
    code, said = run("selaras", *_three(tmp_path), "--kunci", hand.vkey())
    assert (code, "nothing can be proved from size 0" in said) == (1, True)


def _agreement(folder: Path, texts: list[str], old: int) -> None:
    (folder / "old").write_text(hand.note(old, hand.root_of(texts[:old])))
    (folder / "new").write_text(hand.note(13, hand.root_of(texts)))
    (folder / "proof").write_text(hand.hashes_text(hand.proof_between(old, texts)))


def _three(folder: Path) -> list[Path]:
    return [folder / name for name in ("old", "new", "proof")]


def test_damage_is_told_and_never_makes_it_fall_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    chance = Random(1)  # noqa: S311 - no secret
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for turn in range(300):
        path = chance.choice(files)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + chance.choice(DAMAGE) + whole[place + 1 :])
        is_stale = bool(turn % 2) and path.name != "manifest.json"
        if not is_stale and path.name != "manifest.json":
            hand.list_files(folder)
        code = periksa.main([str(folder), "--kunci", hand.vkey(), "--en"])
        said = capsys.readouterr().out
        assert code == (0 if "ALL IS RIGHT" in said else 1), said
        if is_stale and path.read_bytes() != whole:
            assert code == 1, (path, place, said)
        path.write_bytes(whole)
        hand.list_files(folder)


DAMAGE = (b"", b"\xff", b"\n", b"\x00", b'"', b"9", b",", b"}", b"\xc2\x9b")


def test_nothing_that_a_file_says_commands_the_terminal(folder: Path):
    tamper = _line(0, lambda line: line.replace("open", "\x9b31m\u202eopen"))
    tamper(folder)
    hand.list_files(folder)
    code, said = run(folder)
    assert code == 1
    assert r"\x9b31m\u202eopen" in said
