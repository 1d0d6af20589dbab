"""Stock-takes for tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.stocktake.models import Finding, LineAction, StockTake, StockTakeLine
from sijinak.animals.stocktake.services import (
    ActOnLine,
    BeginStockTake,
    CompareStock,
    ScanCodes,
    Verdict,
    act_on_line,
    begin_stock_take,
    compare_stock,
    scan_codes,
)
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, Actor
from tests.factories import LUNYUK_REA


def begin(village: str = LUNYUK_REA, *, by: Actor = OPERATOR, **fields: Any) -> StockTake:
    """Committed. Inside the app's context."""
    with transaction():
        return begin_stock_take(BeginStockTake(village=village, **fields), by=by)


def scan(taken: StockTake, *codes: str, by: Actor = OPERATOR) -> list[Verdict]:
    with transaction():
        return scan_codes(ScanCodes(stock_take_id=taken.id, codes=codes), by=by)


def compare(taken: StockTake, *, by: Actor = OPERATOR) -> None:
    with transaction():
        compare_stock(CompareStock(stock_take_id=taken.id), by=by)


def lines(taken: StockTake) -> dict[Finding, set[str]]:
    """The codes of each list; a list that is empty is left out."""
    db.session.expire_all()
    asked = select(StockTakeLine).where(StockTakeLine.stock_take_id == taken.id)
    found: dict[Finding, set[str]] = {}
    for line in db.session.scalars(asked):
        found.setdefault(line.finding, set()).add(line.code)
    return found


def line_with(taken: StockTake, code: str) -> StockTakeLine:
    asked = select(StockTakeLine).where(
        StockTakeLine.stock_take_id == taken.id, StockTakeLine.code == code
    )
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def act(
    taken: StockTake, code: str, action: LineAction, /, *, by: Actor = OPERATOR, **fields: Any
) -> StockTakeLine:
    line_id: UUID = line_with(taken, code).id
    command = ActOnLine(stock_take_id=taken.id, line_id=line_id, action=action, **fields)
    with transaction():
        return act_on_line(command, by=by)
