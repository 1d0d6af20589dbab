"""What is handed to auditors: whole, of one moment, and right by a checker that is not ours."""

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Connection, delete, insert, select, update

from sijinak.audit.cli import audit
from sijinak.audit.verifying import periksa
from sijinak.audit.verifying.export import CannotWrite, Wish, write_export
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.proofs.logkey import logkey
from sijinak.proofs.queries import latest_checkpoint
from sijinak.retribution.receipts.models import Receipt
from tests.audit.verifying import rewriting
from tests.audit.verifying.labs import Lab
from tests.databases import Databases

TABLES = rewriting.TABLES


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab.opened(databases, tmp_path_factory.mktemp("office")) as lab:
        yield lab


@pytest.fixture
def office(lab: Lab) -> Lab:
    lab.restore()
    return lab


def command(lab: Lab, *arguments: object) -> Result:
    return lab.app.test_cli_runner().invoke(audit, [str(one) for one in arguments])


def exported(lab: Lab, folder: Path, *options: object) -> Result:
    shutil.rmtree(folder, ignore_errors=True)
    done = command(lab, "export", folder, *options)
    assert done.exit_code == 0, done.output
    return done


def checked(*arguments: object) -> tuple[int, str]:
    """With a copy that the auditor brought, and no package of anybody's."""
    asked = [sys.executable, "-I", "-S", periksa.__file__, *map(str, arguments), "--en"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def anchors_of(lab: Lab) -> list[str]:
    return [option for kept in lab.world.kept for option in ("--jangkar", kept.words)]


def test_an_export_is_right_and_opens_what_is_hidden(office: Lab, tmp_path: Path):
    folder = tmp_path / "export"
    done = exported(office, folder, "--with-openings")
    size, words = done.output.split("Size and words: ")[1].split()
    code, said = checked(folder, "--kunci", logkey.signer.vkey, *anchors_of(office))
    assert code == 0, said
    assert f": {size} records, " in said
    assert f"Its root in words: {words}" in said
    assert f"{len(office.world.kept)} anchors from outside agree" in said
    openings = [json.loads(one) for one in (folder / "openings.jsonl").read_text().splitlines()]
    names = {one["value"] for one in openings if one["column"] == "payer_name"}
    assert names >= set(db.session.scalars(select(Receipt.payer_name)))
    for name in ("receipts", "journals", "statements", "matches", "documents", "balances"):
        assert (folder / f"{name}.csv").read_text().count("\n") > 1, name
    assert not (tmp_path / "export.partial").exists()
    event = db.session.scalars(select(Event).where(Event.name == "audit.exported")).one()
    assert event.facts == {"size": int(size), "with_openings": True}


def test_without_being_asked_nobody_is_named(office: Lab, tmp_path: Path):
    exported(office, tmp_path / "export")
    names = set(db.session.scalars(select(Receipt.payer_name)))
    assert names
    for path in (tmp_path / "export").rglob("*"):
        text = path.read_text() if path.is_file() else ""
        assert not [name for name in names if name in text], path


def test_an_older_size_is_exported_as_it_was(office: Lab, tmp_path: Path):
    kept = office.world.kept[1]
    exported(office, tmp_path / "export", "--size", kept.size)
    code, said = checked(tmp_path / "export", "--jangkar", kept.words)
    assert (code, f": {kept.size} records, " in said) == (0, True), said
    done = command(office, "export", tmp_path / "other", "--size", kept.size + 1)
    assert done.exit_code == 1
    assert f"no checkpoint has the size {kept.size + 1}" in done.output


def test_what_comes_while_it_is_written_waits_for_the_next(office: Lab, tmp_path: Path):
    """Rows that are in no checkpoint are in no list: all is of one moment."""
    exported(office, tmp_path / "first")
    with office.as_owner() as connection:
        row = dict(connection.execute(select(TABLES["bank_statements"])).mappings().first() or {})
        row |= {"id": uuid7(), "place": 99}
        connection.execute(insert(TABLES["bank_statements"]).values(row))
        line = dict(connection.execute(select(TABLES["bank_lines"])).mappings().first() or {})
        line |= {"id": uuid7(), "statement_id": row["id"], "key": "new"}
        connection.execute(insert(TABLES["bank_lines"]).values(line))
        waiting = {"id": uuid7(), "kind": "bank_statements", "subject_id": row["id"]}
        waiting |= {"written_at": office.world.kept and row_moment(connection), "body": "x|1|{}"}
        connection.execute(insert(TABLES["log_waiting"]).values(waiting))
    checkpoint = latest_checkpoint()
    assert checkpoint
    write_export(Wish(folder=tmp_path / "second", checkpoint=checkpoint), by=OPERATOR)
    assert checked(tmp_path / "second")[0] == 0


def row_moment(connection: Connection) -> Any:
    return connection.execute(select(TABLES["log_leaves"].c.written_at)).scalars().first()


def test_a_folder_that_is_not_empty_is_left_alone(office: Lab, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("keep")
    done = command(office, "export", tmp_path / "mine")
    assert done.exit_code == 1
    assert "mine is there, and not empty" in done.output
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]
    (tmp_path / "empty").mkdir()
    exported_into = command(office, "export", tmp_path / "empty")
    assert exported_into.exit_code == 0
    (tmp_path / "half.partial").mkdir()
    done = command(office, "export", tmp_path / "half")
    assert (done.exit_code, "half.partial is there" in done.output) == (1, True)


def test_a_full_disk_leaves_nothing(office: Lab, tmp_path: Path):
    checkpoint = latest_checkpoint()
    assert checkpoint
    wish = Wish(folder=tmp_path / "export", checkpoint=checkpoint)
    with files_of_at_most(20_000), pytest.raises(CannotWrite):
        write_export(wish, by=OPERATOR)
    assert not list(tmp_path.iterdir())


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses what is longer, as it refuses what has no place left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, was)


def test_a_number_is_proved_without_us(office: Lab, tmp_path: Path):
    receipt = db.session.scalars(select(Receipt).order_by(Receipt.no).limit(1)).one()
    file = tmp_path / "receipt.tlog-proof"
    done = command(office, "proof", receipt.number, "-o", file)
    assert done.exit_code == 0, done.output
    code, said = checked("bukti", file, "--kunci", logkey.signer.vkey)
    assert code == 0, said
    assert f"number: {receipt.number}\n" in said
    assert f"amount: {receipt.amount}\n" in said
    done = command(office, "proof", "TBP/none")
    assert (done.exit_code, "nothing has the number TBP/none" in done.output) == (1, True)


Tampering = Callable[[Connection], object]


def _edit(table: str, **values: Any) -> Tampering:
    """The first row of a table says something else."""

    def tamper(connection: Connection) -> None:
        first = connection.execute(_ids(table)).scalars().first()
        connection.execute(update(TABLES[table]).where(TABLES[table].c.id == first).values(values))

    return tamper


def _remove(table: str) -> Tampering:
    def tamper(connection: Connection) -> None:
        last = connection.execute(_ids(table)).scalars().all()[-1]
        connection.execute(delete(TABLES[table]).where(TABLES[table].c.id == last))

    return tamper


def _ids(table: str) -> Any:
    return select(TABLES[table].c.id).order_by(TABLES[table].c.id)


def _past_the_log(connection: Connection) -> None:
    row = dict(connection.execute(select(TABLES["receipts"])).mappings().first() or {})
    row |= {"id": uuid7(), "no": 999, "number": "TBP/FALSE", "round": 9}
    connection.execute(insert(TABLES["receipts"]).values(row))


def _leaf(position: int, old: str, new: str) -> Tampering:
    return lambda connection: rewriting.retell(
        connection, position, lambda body: body.replace(old, new)
    )


def _leaf_gone(connection: Connection) -> None:
    leaves = TABLES["log_leaves"]
    connection.execute(delete(leaves).where(leaves.c.position == 7))


def _leaf_gone_and_closed(connection: Connection) -> None:
    _leaf_gone(connection)
    rewriting.close_gaps(connection)
    rewriting.regrow(connection)


def _signed_anew(connection: Connection) -> None:
    """Somebody who has the key, too."""
    _leaf_gone_and_closed(connection)
    rewriting.sign_anew(connection)


def _checkpoint(connection: Connection) -> None:
    table = TABLES["log_checkpoints"]
    first = select(table.c.note).order_by(table.c.size).limit(1)
    note = connection.execute(first).scalar_one()
    size = note.split("\n")[1]
    changed = note.replace(f"\n{size}\n", f"\n{int(size) - 1}\n")
    connection.execute(update(table).where(table.c.size == int(size)).values(note=changed))


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "a receipt is less": (_edit("receipts", amount=1), "receipts.csv, line 2, says"),
    "a receipt is gone": (_remove("receipts"), "receipts.csv lacks this record"),
    "a receipt past the log": (_past_the_log, "no record tells of receipts.csv"),
    "a posting": (_edit("postings", amount=7), "journals.csv, line "),
    "a posting is gone": (_remove("postings"), "journals.csv"),
    "the day of a journal": (_edit("journals", kind="other"), "journals.csv, line "),
    "a line of the bank": (_edit("bank_lines", amount=1), "statements.csv, line 2, says"),
    "its remark": (_edit("bank_lines", remark="QRIS X"), "statements.csv, line 2, says"),
    "a part of a match": (_edit("match_parts", amount=1), "matches.csv, line "),
    "a paper": (_edit("signed_papers", sha256=bytes(32)), "documents.csv, line "),
    "a leaf": (_leaf(0, '"at":"2', '"at":"1'), "the root of the first "),
    "a leaf is gone": (_leaf_gone, "its number is 8, not 7"),
    "a leaf is gone, and the tree grown anew": (_leaf_gone_and_closed, "the root of the first "),
    "a leaf is gone, and all signed anew": (_signed_anew, "the root of the first "),
    "a checkpoint": (_checkpoint, "the signature on checkpoints/"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_in_the_database_is_named(office: Lab, tmp_path: Path, name: str):
    tamper, sentence = TAMPERINGS[name]
    anchors = anchors_of(office)
    with office.as_owner() as connection:
        tamper(connection)
    exported(office, tmp_path / "export")
    code, said = checked(tmp_path / "export", "--kunci", logkey.signer.vkey, *anchors)
    assert code == 1, said
    assert sentence in said
