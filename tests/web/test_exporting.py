"""Tables on their way out of the house: on bad days, in the trail, and by one writer alone."""

import ast
import io
import re
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, g
from openpyxl import load_workbook
from sqlalchemy import BigInteger, ColumnElement, func, literal, literal_column, select
from sqlalchemy.exc import DBAPIError

import sijinak
from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.web import exporting, sheets
from sijinak.web.exporting import Export, ManyExports, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.sheets import NoRoom, book_of
from sijinak.web.streams import Broken, Question
from tests.factories import actor_for, make_user, signed_in
from tests.web.routes import fill
from tests.web.worlds import make_world

HEAD = ["n"]
# The empty example of a list; and what needs something made first, or a role of its own: the
# module at its end is looked at by ``test_no_other_module_lays_down_a_table``.
ELSEWHERE = {
    "animals_import.template", "animals_import_repairs.refused", "auditdesk_samples.population",
    "privacy_search.breach_csv",
}  # fmt: skip


def numbers(until: int, bad: int) -> Question:
    """So many rows; the database stumbles over a bad one."""
    n = select(literal(1).label("n")).cte("n", recursive=True)
    n = n.union_all(select(n.c.n + 1).where(n.c.n < until))
    least: ColumnElement[int] = literal_column("-9223372036854775807 - 1")
    stumbling = func.abs(least + func.abs(n.c.n - bad), type_=BigInteger())
    return Question(select(n.c.n, stumbling))


@contextmanager
def somebody(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        g._login_user = actor_for(Role.AUDITOR)  # noqa: SLF001
        yield


def told() -> list[tuple[str, Any]]:
    asked = select(Event).where(Event.name.startswith("export.")).order_by(Event.id)
    return [(one.name, one.facts.get("rows")) for one in db.session.scalars(asked)]


def export() -> Export:
    return Export(what="numbers", name="angka", head=HEAD, asked={"until": 2000})


def pieces(answer: Response) -> Iterator[bytes]:
    return iter(answer.response)  # type: ignore[arg-type]


def test_a_file_that_breaks_off_says_so_and_is_no_whole_one(app: Flask):
    with somebody(app):
        found, got = pieces(hand_out("csv", export(), numbers(2000, bad=1700))), b""
        with pytest.raises(Broken):
            for piece in found:
                got += piece
        lines = got.decode().splitlines()
        assert lines[1].startswith("1;")
        assert lines[-1].startswith(_("THIS FILE IS NOT COMPLETE"))
        assert lines[-2].startswith(lines[-1].rpartition(";")[2] + ";")
        assert told() == [("export.made", None), ("export.broken", len(lines) - 2)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_fails_before_the_first_letter_is_an_error_like_any(app: Flask, kind: str):
    with somebody(app):
        with pytest.raises((Broken, DBAPIError)):
            hand_out(kind, export(), numbers(2000, bad=1))
        assert told() == [("export.made", None), ("export.broken", 0)]
        assert exporting.AT_ONCE.acquire(blocking=False)
        exporting.AT_ONCE.release()


def test_who_goes_away_early_is_noted_with_what_they_have(app: Flask):
    with somebody(app):
        answer = hand_out("csv", export(), numbers(2000, bad=0))
        found = pieces(answer)
        next(found)
        answer.close()
        assert told() == [("export.made", None), ("export.broken", 500)]


def test_a_fifth_at_once_is_asked_to_wait(app: Flask):
    with somebody(app):
        others = [hand_out("csv", export(), numbers(2000, bad=0)) for _ in range(4)]
        with pytest.raises(ManyExports):
            hand_out("csv", export(), numbers(2000, bad=0))
        for one in others:
            one.close()
        hand_out("csv", export(), numbers(2, bad=0)).close()


def test_more_rows_than_a_sheet_holds_make_several(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    file, count = book_of(HEAD, ([n] for n in range(7)))
    with file:
        book = load_workbook(file)
    found = [[cell.value for cell in sheet["A"]] for sheet in book]
    assert (count, found) == (7, [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]])


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(NoRoom):
            book_of(HEAD, ([f"baris {n}"] for n in range(5_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_a_sheet_lies_in_no_folder_while_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file, _ = book_of(HEAD, [["a"], [date(2026, 1, 2)]])
    assert not list(tmp_path.iterdir())
    with file:
        assert load_workbook(io.BytesIO(file.read())).active


def test_every_file_of_a_table_is_in_the_trail(app: Flask):
    with app.app_context():
        world = make_world()
        clients = [signed_in(app, make_user(role)) for role in Role if role is not Role.TRADER]
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if re.search(r"csv|xlsx|unduh", rule.rule) and rule.endpoint not in ELSEWHERE
    ]
    silent = []
    for rule in rules:
        ids = world.ids_for(rule.rule) | {"what": "receipts", "year": 2026, "month": 1}
        asked = f"?tag={world.animal_tag}" if "telusur" in rule.rule else "?wilayah=52.04"
        for kind in ("csv", "xlsx") if "xlsx" in rule.rule else ("csv",):
            address = fill(rule.rule, {**ids, "kind": kind}) + asked
            if not any(_leaves_a_trace(app, client, address) for client in clients):
                silent.append(address)
    assert len(rules) > 20
    assert not silent


def _leaves_a_trace(app: Flask, client: Any, address: str) -> bool:
    with app.app_context():
        before = len(told())
        db.session.rollback()
    answer = client.get(address, buffered=True)
    if answer.status_code != 200 or answer.mimetype == "text/html":
        return False
    with app.app_context():
        return [name for name, _ in told()[before:]] == ["export.made", "export.ended"]


def test_no_other_module_lays_down_a_table():
    """What may write CSV: the writers, what a bank or a phone reads, and the example of a list."""
    allowed = ("web/", "sandboxbank/", "animals/imports/pages.py")
    root = Path(sijinak.__file__).parent
    others = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if not str(path.relative_to(root)).startswith(allowed)
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Constant)
            and str(node.value).startswith(("text/csv", sheets.MEDIA_TYPE))
        )
        or (
            isinstance(node, ast.ImportFrom)
            and node.module in {"sijinak.web.tables", "sijinak.web.sheets"}
        )
    ]
    assert not others
