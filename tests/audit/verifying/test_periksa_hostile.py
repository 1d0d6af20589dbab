"""The stand-alone checker over files that somebody wrote to mislead it, or to make it fall over."""

import ast
import csv
import json
import os
import runpy
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sijinak.audit.verifying import periksa
from tests.audit.verifying import hand

CHECKER = Path(periksa.__file__)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    hand.export(folder, hand.world(), CHECKER)
    return folder


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def ask(*arguments: object) -> tuple[int, str]:
        code = periksa.main([*map(str, arguments), "--en"])
        return code, capsys.readouterr().out

    return ask


Ask = Callable[..., tuple[int, str]]


def says(answer: tuple[int, str], sentence: str) -> None:
    code, said = answer
    assert code == 1, said
    assert said.startswith(f"WRONG: {sentence}"), said
    for good in ("ALL IS RIGHT", "PROVEN", "CONSISTENT"):
        assert good not in said


def in_time(command: list[Any], **more: Any) -> tuple[int, str]:
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, timeout=60, check=False, **more
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


# ---- What the manifest says


def _in_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


EMPTY = {"sha256": sha256(b"").hexdigest(), "bytes": 0}
ENTRIES: list[object] = [
    {}, None, [], "", 0, {**EMPTY, "more": 1}, {"sha256": EMPTY["sha256"]}, {"bytes": 0},
    {**EMPTY, "bytes": False}, {**EMPTY, "bytes": -1}, {**EMPTY, "bytes": 0.0},
    {**EMPTY, "sha256": None}, {**EMPTY, "sha256": "E3" * 32}, {**EMPTY, "sha256": "e3" * 31},
]  # fmt: skip


NAMED = [*(("openings.jsonl", one) for one in ENTRIES), ("leaves.jsonl", {}), ("more.txt", {})]


@pytest.mark.parametrize(("name", "entry"), NAMED)
def test_openings_and_all_else_that_is_listed_are_looked_at(
    folder: Path, ask: Ask, name: str, entry: object
):
    """An entry that says nothing let openings pass that nobody had read."""
    (folder / "openings.jsonl").write_text('{"i": 1, "column": "payer_name", "value": "Forged"}\n')
    _in_manifest(folder, lambda manifest: manifest["files"].update({name: entry}))
    says(ask(folder), f"manifest.json does not rightly say sha256 and bytes of {name}")


def test_an_empty_list_of_openings_is_looked_at(folder: Path, ask: Ask):
    (folder / "openings.jsonl").write_text("")
    hand.list_files(folder)
    code, said = ask(folder)
    assert (code, "0 opened personal values agree" in said) == (0, True), said
    (folder / "openings.jsonl").unlink()
    says(ask(folder), "the file openings.jsonl cannot be read")


MANIFESTS: dict[str, Callable[[Path], None]] = {
    "files is a list": lambda f: _in_manifest(f, lambda m: m.update(files=[*m["files"]])),
    "origin is a list": lambda f: _in_manifest(f, lambda m: m.update(origin=[m["origin"]])),
    "origin is an object": lambda f: _in_manifest(f, lambda m: m.update(origin={})),
    "origin is a number": lambda f: _in_manifest(f, lambda m: m.update(origin=1)),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_of_another_shape(folder: Path, ask: Ask, name: str):
    MANIFESTS[name](folder)
    says(ask(folder), "manifest.json is not one of sijinak-audit/1")


# ---- What the rows say


def test_a_very_long_account(folder: Path, ask: Ask):
    hand.edit_csv(folder, "balances.csv", lambda rows: rows.append(["a" * 200_000, "0"]))
    hand.list_files(folder)
    says(ask(folder), "the file balances.csv cannot be read: field larger than")


@pytest.mark.parametrize("account", [7, None, True])
def test_an_account_that_is_no_text(folder: Path, ask: Ask, account: object):
    shown = "" if account is None else str(account)
    hand.edit_leaf(folder, 2, lambda row: row["lines"][0].update(account=account))
    hand.edit_csv(folder, "journals.csv", lambda rows: rows[1].__setitem__(3, shown))
    hand.sign(folder)
    says(ask(folder), "the record is not whole")


def _claims(moment: str, at: str = "2026-11-03T02:00:00.000000Z") -> list[hand.Leaf]:
    kind, id_, _, row = hand.receipt(50, 4, 3000, issued_at=moment)
    leaves = hand.world()
    leaves.insert(7, (kind, id_, at, row))
    return leaves


def _at(place: int, moment: str) -> list[hand.Leaf]:
    leaves = hand.world()
    leaves.insert(place, ("skrd", hand.uid(50), moment, {}))
    return leaves


MOMENTS = {
    "no such day, claimed": _claims("9999-99-99T99:99:99.999999Z"),
    "no such hour, claimed": _claims("2026-11-03T24:00:00.000000Z"),
    "no such second, claimed": _claims("2026-11-03T02:00:60.000000Z"),
    "no such day": _at(7, "9999-99-99T99:99:99.999999Z"),
    "the last hour of all": _claims(
        "9999-12-31T23:45:00.000000Z", "9999-12-31T23:30:00.000000Z"
    ),
    "the first year": _at(2, "0001-01-01T00:00:00.000000Z"),
    "the year before it": _at(2, "0000-01-01T00:00:00.000000Z"),
}  # fmt: skip


@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_that_no_calendar_has(tmp_path: Path, ask: Ask, name: str):
    hand.export(tmp_path / "export", MOMENTS[name], CHECKER)
    says(ask(tmp_path / "export"), "the record is not whole")


def _proof_of(number: object) -> str:
    leaves = hand.world()
    leaves[1][3]["number"] = number
    return hand.proof(1, [hand.text_of(leaf) for leaf in leaves])


@pytest.mark.parametrize("number", [[1, 2], {"a": 1}, [[[]]]])
def test_a_proof_is_read_before_it_is_called_proven(tmp_path: Path, ask: Ask, number: object):
    (tmp_path / "x.tlog-proof").write_text(_proof_of(number))
    answer = ask("bukti", tmp_path / "x.tlog-proof", "--kunci", hand.vkey())
    says(answer, "the record is not whole: number")


def test_a_proof_of_what_is_no_text(tmp_path: Path, ask: Ask):
    """What would be shown is not what was proven."""
    leaf = hand.text_of(hand.world()[1]).encode().replace(b"cash", b"c\xffsh")
    end = hand.note(1, sha256(b"\x00" + leaf).digest())
    head = f"c2sp.org/tlog-proof@v1\nextra {b64encode(leaf).decode()}\nindex 0\n"
    (tmp_path / "x.tlog-proof").write_text(f"{head}\n{end}")
    answer = ask("bukti", tmp_path / "x.tlog-proof", "--kunci", hand.vkey())
    says(answer, "the record is not canonical")


@pytest.mark.parametrize("line", ["old", "new"])
def test_a_line_above_the_hashes_that_says_nothing(tmp_path: Path, ask: Ask, line: str):
    texts = [hand.text_of(leaf) for leaf in hand.world()]
    (tmp_path / "old").write_text(hand.note(6, hand.root_of(texts[:6])))
    (tmp_path / "new").write_text(hand.note(13, hand.root_of(texts)))
    hashes = hand.hashes_text(hand.proof_between(6, texts))
    (tmp_path / "proof").write_text(f"{line}\n{hashes}")
    three = [tmp_path / name for name in ("old", "new", "proof")]
    says(ask("selaras", *three, "--kunci", hand.vkey()), "not a proper proof")


# ---- Keys


@pytest.mark.parametrize("what", ["bukti", "selaras"])
def test_a_key_beside_a_proof_speaks_for_nobody(folder: Path, ask: Ask, what: str):
    """Who hands over a forged proof hands over his own key with it."""
    texts = [hand.text_of(leaf) for leaf in hand.world()]
    (folder / "x.tlog-proof").write_text(hand.proof(1, texts))
    (folder / "proof").write_text(hand.hashes_text(hand.proof_between(6, texts)))
    notes = [folder / "checkpoints/6.note", folder / "checkpoints/13.note"]
    asked = {"bukti": [folder / "x.tlog-proof"], "selaras": [*notes, folder / "proof"]}[what]
    says(ask(what, *asked), "there is no key: give --kunci")
    command = [sys.executable, "-I", folder / "periksa.py", what, *asked, "--en"]
    says(in_time(command), "there is no key: give --kunci")


def test_more_keys_than_a_log_has(folder: Path, ask: Ask):
    (folder / "keys.txt").write_text(f"{hand.vkey()}\n" * 101)
    hand.list_files(folder)
    says(ask(folder), "the file keys.txt cannot be read")


# ---- Files that are not there to be read


def test_a_manifest_of_three_gigabytes(folder: Path):
    with (folder / "manifest.json").open("r+b") as file:
        file.truncate(3 << 30)
    _with_little_memory(folder, "the file manifest.json cannot be read: too long")


def test_an_anchor_of_three_gigabytes(folder: Path):
    with (folder.parent / "anchor").open("wb") as file:
        file.truncate(3 << 30)
    anchor = folder.parent / "anchor"
    _with_little_memory(folder, "this anchor cannot be read", "--jangkar", anchor)


def _with_little_memory(folder: Path, sentence: str, *more: object) -> None:
    limited = f"ulimit -v {1 << 20}; exec " + '"$@"'
    command = [sys.executable, "-I", "-S", CHECKER, folder, *more, "--en"]
    says(in_time(["sh", "-c", limited, "sh", *command]), sentence)


@pytest.mark.parametrize("name", ["manifest.json", "leaves.jsonl", "balances.csv", "keys.txt"])
def test_a_pipe_is_not_waited_for(folder: Path, name: str):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    command = [sys.executable, "-I", "-S", CHECKER, folder, "--en"]
    says(in_time(command), f"the file {name} cannot be read: not a regular file")


def test_a_pipe_as_a_proof_or_an_anchor_is_not_waited_for(folder: Path):
    os.mkfifo(folder.parent / "pipe")
    pipe = folder.parent / "pipe"
    command = [sys.executable, "-I", "-S", CHECKER, "--kunci", hand.vkey(), "--en"]
    says(in_time([*command, "bukti", pipe]), "the file pipe cannot be read")
    says(in_time([*command, folder, "--jangkar", pipe]), "this anchor cannot be read")


def test_a_pipe_that_is_not_listed_is_told(folder: Path, ask: Ask):
    os.mkfifo(folder / "pipe")
    code, said = ask(folder)
    assert (code, "Not listed, and not looked at: pipe" in said) == (0, True), said


def test_folders_in_folders_do_not_spoil_the_answer(folder: Path, ask: Ask):
    """Either answer is one; what must not be is a good one with a fall after it."""
    deep = os.open(folder, os.O_DIRECTORY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=deep)
        below = os.open("d", os.O_DIRECTORY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    code, said = ask(folder)
    subprocess.run(["rm", "-rf", str(folder / "d")], check=True)
    assert code == (0 if "ALL IS RIGHT" in said else 1), said


def test_an_anchor_of_notes_without_an_end_is_read_in_time(folder: Path):
    anchor = folder.parent / "anchor"
    anchor.write_text(f"x\n1\n{'A' * 43}=\n" * 100_000)
    command = [sys.executable, "-I", "-S", CHECKER, folder, "--jangkar", anchor, "--en"]
    says(in_time(command), "this anchor cannot be read")


@pytest.mark.parametrize(
    "error", [ValueError, TypeError, OverflowError, MemoryError, RecursionError, csv.Error]
)
def test_what_nobody_thought_of_is_a_fault_too(
    folder: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    def fall(_: object) -> None:
        raise error("\x1b[31m")

    monkeypatch.setattr(periksa.Export, "check", fall)
    says(ask(folder), "what is checked is malformed: ")
    assert "\x1b" not in ask(folder)[1]


# ---- What lies beside the program

HOSTILE = "import pathlib; pathlib.Path(__file__).with_name('marker').touch()\n"
BESIDE = (
    "__future__", "argparse", "base64", "binascii", "collections", "cryptography", "csv",
    "datetime", "email", "encodings", "functools", "gettext", "hashlib", "json", "ntpath", "os",
    "pathlib", "re", "sqlite3", "stat", "types", "typing", "urllib",
)  # fmt: skip


@pytest.fixture
def trap(folder: Path) -> Path:
    """A genuine checker, among modules that are none of Python's."""
    for name in BESIDE:
        (folder / f"{name}.py").write_text(HOSTILE)
    assert (folder / "periksa.py").read_bytes() == CHECKER.read_bytes()
    return folder


@pytest.mark.parametrize("options", [[], ["-S"], ["-I"], ["-P", "-S"]])
def test_it_runs_nothing_that_lies_beside_it(trap: Path, options: list[str]):
    code, said = in_time([sys.executable, *options, trap / "periksa.py", trap, "--en"])
    assert (code, "ALL IS RIGHT" in said) == (0, True), said
    assert not (trap / "marker").exists()


def test_it_runs_nothing_that_lies_beside_it_however_it_is_named(trap: Path, tmp_path: Path):
    (tmp_path / "linked").symlink_to(trap)
    (tmp_path / "link.py").symlink_to(trap / "periksa.py")
    for name in ("./periksa.py", tmp_path / "linked/periksa.py", tmp_path / "link.py"):
        assert in_time([sys.executable, name, "."], cwd=trap)[0] == 0
    with (trap / "periksa.py").open() as source:
        assert in_time([sys.executable, "-", "."], cwd=trap, stdin=source)[0] == 0
    assert not (trap / "marker").exists()


def test_who_imports_it_keeps_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for first in (str(tmp_path), ""):
        monkeypatch.setattr(sys, "path", [first, *sys.path])
        before = list(sys.path)
        runpy.run_path(str(CHECKER), run_name="periksa")
        with pytest.raises(SystemExit), monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["periksa.py", "--help"])
            patched.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
            runpy.run_path(str(CHECKER), run_name="__main__")
        assert sys.path == before


def test_its_annotations_are_read_by_python_3_9():
    """It cannot ask the future for help: __future__ is a module as any other."""
    tree = ast.parse(CHECKER.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    told = [arg.annotation for one in functions for arg in (*one.args.args, *one.args.kwonlyargs)]
    told += [one.returns for one in functions]
    assert not [
        ast.unparse(one) for one in told
        if one and any(isinstance(node, ast.BitOr) for node in ast.walk(one))
    ]  # fmt: skip
