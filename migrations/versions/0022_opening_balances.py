"""What was there before the books gets its journals, as if they had been kept from the beginning.

Each bill, each money and each receipt is named in the books as it would be today, so that it can be
voided, refunded and deposited like any other. Cash lies with whom counted it until its deposit is
recorded; money without a receipt waits in suspense for two people.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BY, BY_NAME = UUID(int=2), "sijinak command line"
WHY = "Saldo awal"
AT_ONCE = 500
HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}

KINDS = {
    "receivable": "asset",
    "cash": "asset",
    "clearing": "asset",
    "suspense": "liability",
    "revenue": "revenue",
}
ISSUED = """SELECT s.id, s.region, s.issued_on, s.total, s.state, l.law_code, l.amount,
    (SELECT max(e.happened_at) FROM events e
     WHERE e.subject_id = s.id AND e.name = 'skrd.cancelled') AS cancelled_at
    FROM skrd s JOIN skrd_lines l ON l.skrd_id = s.id ORDER BY s.id, l.position"""
CAME = """SELECT c.id, c.region, c.adapter, c.amount, c.happened_at, c.seen_by
    FROM collections c ORDER BY c.id"""
PAID = """SELECT r.id, r.region, r.skrd_id, r.issued_at, a.collection_id, a.amount
    FROM receipts r JOIN allocations a ON a.receipt_id = r.id ORDER BY r.id, a.id"""
# Money that paid nothing: what was wrong with it, as far as it can be told.
LOOSE = """SELECT c.id, c.region, c.amount, c.seen_at, b.bill_id,
    CASE WHEN s.id IS NULL THEN 'unknown-bill'
        WHEN s.state = 'cancelled' THEN 'after-cancel'
        WHEN s.state = 'paid' THEN 'double'
        WHEN c.amount < s.total THEN 'short'
        WHEN c.amount > s.total THEN 'over'
        ELSE 'unknown-bill' END AS kind
    FROM collections c
    LEFT JOIN attempt_bills b ON b.attempt_id = c.attempt_id AND b.position = 1
    LEFT JOIN skrd s ON s.id = coalesce(c.bill_id, b.bill_id)
    WHERE NOT EXISTS (SELECT 1 FROM allocations a WHERE a.collection_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM discrepancies d WHERE d.collection_id = c.id)
    ORDER BY c.id"""
COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("id", "skrd_id", "collection_id", "seen_by", "bill_id"), ID),
    **dict.fromkeys(("happened_at", "issued_at", "seen_at", "cancelled_at"), MOMENT),
    "issued_on": sa.Date(),
}

Line = tuple[str, int, Any]
Rows = list[dict[str, Any]]


def upgrade() -> None:
    _keep(_journals())
    _open_cases()
    if op.get_bind().dialect.name == "postgresql":
        # Here and now: nobody can change a table that has checks to come.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")


def _journals() -> Iterator[tuple[dict[str, Any], list[Line]]]:
    """Each with its lines, in an order in which one that is reversed comes first."""
    for rows in _grouped(ISSUED):
        bill = rows[0]
        lines = [("receivable", bill.total, bill.id)]
        lines += [(f"revenue:{row.law_code}", -row.amount, None) for row in rows]
        name = f"skrd.issued:{_uuid(bill.id)}"
        issued = _journal(name, "skrd.issued", bill.issued_on, bill.region)
        yield issued, lines
        if bill.state == "cancelled":
            on = _day(bill.cancelled_at) if bill.cancelled_at else bill.issued_on
            undone = _journal(f"reversal:{name}", "reversal", on, bill.region)
            undone["reverses_id"] = issued["id"]
            yield undone, [(account, -amount, about) for account, amount, about in lines]
    for (money,) in _grouped(CAME):
        into = ("cash", money.seen_by) if money.adapter == "cash" else (
            f"clearing:{money.adapter}", None
        )  # fmt: skip
        lines = [(into[0], money.amount, into[1]), ("suspense", -money.amount, money.id)]
        yield (
            _journal(f"money:{_uuid(money.id)}", "money", _day(money.happened_at), money.region),
            lines,
        )
    for rows in _grouped(PAID):
        receipt = rows[0]
        lines = [("suspense", row.amount, row.collection_id) for row in rows]
        lines.append(("receivable", -sum(row.amount for row in rows), receipt.skrd_id))
        yield (
            _journal(f"paid:{_uuid(receipt.id)}", "paid", _day(receipt.issued_at), receipt.region),
            lines,
        )


def _journal(idem: str, kind: str, on: date, region: str) -> dict[str, Any]:
    return {
        "id": _id(uuid4()),
        "idem": idem,
        "kind": kind,
        "effective_on": on,
        "recorded_at": datetime.now(UTC),
        "region": region,
        "actor_id": _id(BY),
        "actor_name": BY_NAME,
        "reason": WHY,
        "reverses_id": None,
        "zero": 0,
    }


def _keep(journals: Iterator[tuple[dict[str, Any], list[Line]]]) -> None:
    bind, meta, opened = op.get_bind(), sa.MetaData(), set[str]()
    journal_table = sa.Table("journals", meta, autoload_with=bind)
    posting_table = sa.Table("postings", meta, autoload_with=bind)
    while some := list(islice(journals, AT_ONCE)):
        rows, lines = [], []
        for journal, written in some:
            told = [line for line in written if line[1]]
            if len(told) < 2:  # noqa: PLR2004 - a bill of nothing owes nothing
                continue
            rows.append(journal | {"size": len(told)})
            lines += [_line(journal, place, line) for place, line in enumerate(told, start=1)]
        _open_accounts({line["account"] for line in lines} - opened)
        opened |= {line["account"] for line in lines}
        if rows:
            bind.execute(_typed(journal_table), rows)
            bind.execute(_typed(posting_table), lines)


def _line(journal: dict[str, Any], place: int, line: Line) -> dict[str, Any]:
    account, amount, about = line
    return {
        "id": _id(uuid4()),
        "journal_id": journal["id"],
        "position": place,
        "effective_on": journal["effective_on"],
        "account": account,
        "about": about,
        "amount": amount,
    }


def _open_accounts(codes: set[str]) -> None:
    bind = op.get_bind()
    table = sa.Table("ledger_accounts", sa.MetaData(), autoload_with=bind)
    known = set(bind.execute(sa.select(table.c.code)).scalars())
    for code in sorted(codes - known):
        family, _, rest = code.partition(":")
        law_code = rest if family == "revenue" else ""
        row = {"id": _id(uuid4()), "code": code, "kind": KINDS[family], "law_code": law_code}
        bind.execute(_typed(table), row)


def _open_cases() -> None:
    bind = op.get_bind()
    table = sa.Table("discrepancies", sa.MetaData(), autoload_with=bind)
    empty = {
        "state": "open", "facts": {}, "plan": {}, "reason": "", "decree": "", "owner_name": "",
        "proposed_by_name": "", "approved_by_name": "", "about_type": "collections",
    }  # fmt: skip
    for (money,) in _grouped(LOOSE):
        row = {
            "id": _id(uuid4()),
            "kind": money.kind,
            "about_id": money.id,
            "collection_id": money.id,
            "bill_id": money.bill_id,
            "region": money.region,
            "amount": money.amount,
            "opened_at": _aware(money.seen_at),
        }
        bind.execute(_typed(table), row | empty)


def _typed(table: sa.Table) -> sa.Insert:
    """With our own types: what the database says of its columns is less on SQLite."""
    kinds: dict[str, Any] = {
        **dict.fromkeys(("recorded_at", "opened_at"), MOMENT),
        **dict.fromkeys(("facts", "plan"), sa.JSON()),
        "effective_on": sa.Date(),
    }
    columns = [sa.column(c.name, kinds.get(c.name, c.type)) for c in table.columns]
    return sa.insert(sa.table(table.name, *columns))


def _grouped(sql: str) -> Iterator[list[Any]]:
    """The rows of each thing together. All are read first: the driver writes in between."""
    names = sql.partition("FROM")[0]
    typed = {name: kind for name, kind in COLUMNS.items() if name in names}
    found = op.get_bind().execute(sa.text(sql).columns(**typed)).all()
    group: list[Any] = []
    for row in found:
        if group and row.id != group[0].id:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _day(moment: datetime) -> date:
    """The accounting day of the office."""
    zone = os.environ.get("SIJINAK_ZONE", "WITA")
    return (_aware(moment).astimezone(UTC) + timedelta(hours=HOURS[zone])).date()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _id(value: UUID) -> Any:
    return value.bytes if op.get_bind().dialect.name == "sqlite" else value


def _uuid(value: Any) -> UUID:
    return UUID(bytes=value) if isinstance(value, bytes) else value
