"""Rows about money: what may change in them and in which order, and what is never added later.

All that the services do not change stays as it was written, whoever holds the application's role.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The columns that the services change; every other one stays.
CHANGES = {
    "payment_attempts": "state instructions pay_code ask_again_at asked missing_since is_unwanted",
    "attempt_bills": "is_live",
    "refunds": "state decree number proof approved_by approved_by_name ask_again_at asked done_at",
    "discrepancies": "state amount facts opened_at owner_id owner_name resolution plan reason decree"
    " proposed_by proposed_by_name proposed_at approved_by approved_by_name ended_at",
    "tariffs": "approved_by approved_by_name approved_at refused_why valid_until",
    "skrd": "state",
    "write_offs": "approved_by approved_by_name refused_why ended_at",
    "void_requests": "state note answered_by answered_by_name answered_at",
    "receipt_links": "ended_at",
    "cash_holders": "held floats closed_on",
    "holidays": "is_example asked_by asked_by_name agreed_by agreed_by_name removed_at"
    " removed_by_name removed_why",
    "cash_moves": "state amount",
    "handovers": "state number year no counted why ended_at",
    "change_floats": "state accepted_at taken_back_by taken_back_by_name ended_at",
    "cash_closings": "state signed_by signed_by_name signed_at rejected_why",
    "ticket_series": "",
    "ticket_blocks": "state next holder_id holder_name condemned_by condemned_by_name destroyed_by"
    " destroyed_by_name destroyed_why",
    "ticket_ways": "state taker_id taker_name ended_at",
    "deposits": "state deposited_on slip slip_file_id late_days ended_at booked_on match_id line_id why",
    "deposit_lines": "",
    "bank_files": "state decided_at decided_by decided_by_name answer",
    "match_holds": "",
    "match_proposal_holds": "",
    "match_proposals": "state decided_at decided_by decided_by_name answer",
    "match_proposal_parts": "",
    "wallets": "state balance moves bank_balance bank_balance_at",
    "wallet_top_ups": "collection_id",
}
HOLDS = ("match_holds", "match_proposal_holds")  # let go when it is over
# The steps of their flows; a test compares the two.
MOVES = {
    "payment_attempts": "created>submitted submitted>pending submitted>unknown submitted>rejected"
    " unknown>pending unknown>rejected pending>expired pending>cancelled pending>failed"
    " created>succeeded submitted>succeeded pending>succeeded unknown>succeeded rejected>succeeded"
    " failed>succeeded expired>succeeded cancelled>succeeded reversed>succeeded succeeded>reversed",
    "refunds": "requested>approved requested>refused approved>submitted approved>failed"
    " approved>done submitted>unknown submitted>done submitted>failed unknown>done unknown>failed",
    "discrepancies": "open>proposed proposed>open proposed>resolved open>settled proposed>settled"
    " settled>open",
    "skrd": "open>paid open>cancelled open>written-off paid>open",
    "void_requests": "asked>issued asked>refused",
    "handovers": "offered>accepted offered>refused offered>withdrawn",
    "change_floats": "offered>held offered>withdrawn held>returning returning>held"
    " returning>returned",
    "cash_closings": "counted>closed counted>rejected",
    "ticket_blocks": "stored>offered offered>stored offered>held held>used-up held>returning"
    " returning>held returning>stored returning>used-up stored>condemned condemned>stored"
    " condemned>destroyed",
    "deposits": "prepared>deposited prepared>withdrawn deposited>matched matched>deposited",
    "bank_files": "waiting>confirmed waiting>rejected",
    "match_proposals": "proposed>approved proposed>refused",
    "wallets": "open>frozen frozen>open open>closed frozen>closed",
}
STEP = "OLD.state || '>' || NEW.state"
# What changes only together with a step, or once: columns, and when they may not.
ONLY_THEN = {
    # Whoever approves ends what was proposed, and nothing else.
    ("discrepancies", "resolution plan reason decree proposed_by proposed_by_name proposed_at"): (
        f"{STEP} NOT IN ('open>proposed', 'proposed>open', 'settled>open')"
    ),
    ("discrepancies", "amount facts opened_at"): f"{STEP} <> 'settled>open'",
    ("discrepancies", "approved_by approved_by_name"): "OLD.state <> 'proposed'",
    ("discrepancies", "owner_id owner_name"): "OLD.state IN ('resolved', 'settled')",
    ("deposits", "deposited_on slip slip_file_id"): f"{STEP} <> 'prepared>deposited'",
    ("deposits", "late_days booked_on match_id line_id"): (
        f"{STEP} NOT IN ('prepared>deposited', 'deposited>matched', 'matched>deposited')"
    ),
    ("refunds", "decree number approved_by approved_by_name"): "OLD.state <> 'requested'",
    ("refunds", "proof"): "OLD.proof <> ''",
    ("tariffs", "approved_by approved_by_name approved_at refused_why"): (
        "OLD.approved_by IS NOT NULL OR OLD.refused_why <> ''"
    ),
    ("write_offs", CHANGES["write_offs"]): "OLD.ended_at IS NOT NULL",
    ("void_requests", CHANGES["void_requests"]): "OLD.state <> 'asked'",
    ("receipt_links", "ended_at"): "OLD.ended_at IS NOT NULL",
    ("bank_files", CHANGES["bank_files"]): "OLD.state <> 'waiting'",
    ("match_proposals", CHANGES["match_proposals"]): "OLD.state <> 'proposed'",
    ("wallet_top_ups", "collection_id"): "OLD.collection_id IS NOT NULL",
}
# How each begins.
BEGINS = {
    "discrepancies": "NEW.state = 'open'",
    "skrd": "NEW.state = 'open'",
    "write_offs": "NEW.ended_at IS NULL",
    "void_requests": "NEW.state = 'asked'",
    "cash_holders": "NEW.closed_on IS NULL",
    "cash_moves": "NEW.state = 'reserved'",
    "handovers": "NEW.state = 'offered'",
    "change_floats": "NEW.state = 'offered'",
    "cash_closings": "NEW.state = 'counted'",
    "ticket_blocks": "NEW.state = 'stored' AND NEW.next = NEW.first",
    "ticket_ways": "NEW.state = 'open'",
    "deposits": "NEW.state = 'prepared'",
    "bank_files": "NEW.state = 'waiting'",
    "match_proposals": "NEW.state = 'proposed'",
    "wallets": "NEW.state = 'open' AND NEW.balance = 0 AND NEW.moves = 0",
    "wallet_top_ups": "NEW.collection_id IS NULL",
}
# Who holds cash closes a day after the one before, and none to come.
CLOSED = {
    "sqlite": "NEW.closed_on > date('now', '+1 day')",
    "postgresql": "NEW.closed_on > (now() AT TIME ZONE 'UTC')::date + 1",
}
REOPENED = "OLD.closed_on IS NOT NULL AND (NEW.closed_on IS NULL OR NEW.closed_on < OLD.closed_on)"
# A hold goes when its match was undone.
STILL_HELD = "NOT EXISTS (SELECT 1 FROM matches WHERE undoes_id = OLD.match_id)"
TOO_MANY = """(SELECT sum(amount) FROM attempt_bills WHERE attempt_id = NEW.attempt_id) + NEW.amount
    > (SELECT amount FROM payment_attempts WHERE id = NEW.attempt_id)"""
# Written in the transaction of what it belongs to, or never: a row that is never changed says which
# that was, the other row itself, or, where that one has states, one beside the new one.
WRITTEN_WITH = {
    "bank_lines": ("bank_statements", "id", "statement_id"),
    "match_parts": ("matches", "id", "match_id"),
    "match_holds": ("matches", "id", "match_id"),
    "allocations": ("receipts", "id", "receipt_id"),
    "skrd_lines": ("skrd_lines", "skrd_id", "skrd_id"),
    "deposit_lines": ("deposit_lines", "deposit_id", "deposit_id"),
    "match_proposal_parts": ("match_proposal_parts", "proposal_id", "proposal_id"),
}
# What this transaction did, or a savepoint of it, is seen while it is in progress. The xmin of a row
# has half of a transaction's number; the other half is near that of our own.
REFUSE_LATE = """DECLARE made xid; own bigint; since bigint; BEGIN
    EXECUTE format('SELECT xmin FROM %I WHERE %I = ($1).%I LIMIT 1',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO made USING NEW;
    IF made IS NULL THEN RETURN NEW; END IF;
    own := pg_current_xact_id()::text::bigint;
    since := (made::text::bigint - own) & 4294967295;
    IF since < 2147483648 AND pg_xact_status((own + since)::text::xid8) = 'in progress' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%: append-only, and not by this', TG_TABLE_NAME; END"""


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        _functions()
    _keep_rows()
    _keep_steps()
    _refuse("cash_holders_closed", "UPDATE OF closed_on ON cash_holders", CLOSED[_dialect()])
    _refuse("cash_holders_reopened", "UPDATE OF closed_on ON cash_holders", REOPENED)
    if on_sqlite:
        _refuse("match_holds_held", "DELETE ON match_holds", STILL_HELD)
        _refuse("attempt_bills_within", "INSERT ON attempt_bills", TOO_MANY)
        return
    _check("match_holds_held", "DELETE ON match_holds", STILL_HELD, "OLD")
    _check("attempt_bills_within", "INSERT ON attempt_bills", TOO_MANY, "NEW")
    for table, (place, key, own) in WRITTEN_WITH.items():
        op.execute(
            f"CREATE TRIGGER {table}_not_later BEFORE INSERT ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION refuse_late('{place}', '{key}', '{own}')"
        )


def _dialect() -> str:
    return op.get_bind().dialect.name


def _functions() -> None:
    """Those of the first guards look into our own tables, too, whatever the caller's path."""
    for name in ("refuse_change", "refuse_gap"):
        op.execute(f"ALTER FUNCTION {name}() SET search_path = {_schema()}, pg_temp")
    _function("refuse_late", REFUSE_LATE)


def _schema() -> str:
    asked = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())")
    return str(asked.scalar_one())


def _function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {_schema()}, pg_temp AS $$ {body} $$"
    )


def _keep_rows() -> None:
    inspector = sa.inspect(op.get_bind())
    for table, changing in CHANGES.items():
        columns = [column["name"] for column in inspector.get_columns(table)]
        kept = [f'"{name}"' for name in columns if name not in changing.split()]
        _refuse(f"{table}_kept", f"UPDATE OF {', '.join(kept)} ON {table}")
        if table not in HOLDS:
            _refuse(f"{table}_not_deleted", f"DELETE ON {table}")
        if table in BEGINS:
            _refuse(f"{table}_begins", f"INSERT ON {table}", f"NOT ({BEGINS[table]})")


def _keep_steps() -> None:
    for table, moves in MOVES.items():
        known = ", ".join(f"'{move}'" for move in moves.split())
        wrong = f"NEW.state <> OLD.state AND {STEP} NOT IN ({known})"
        _refuse(f"{table}_steps", f"UPDATE OF state ON {table}", wrong)
    for number, ((table, columns), wrong) in enumerate(ONLY_THEN.items()):
        named = ", ".join(f'"{name}"' for name in columns.split())
        _refuse(f"{table}_only_then_{number}", f"UPDATE OF {named} ON {table}", wrong)


def _refuse(name: str, event: str, condition: str = "1 = 1") -> None:
    if _dialect() == "sqlite":
        table = event.rpartition(" ")[2]
        end = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} {end}")
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN ({condition}) "
        "EXECUTE FUNCTION refuse_change()"
    )


def _check(name: str, event: str, condition: str, row: str) -> None:
    """PostgreSQL looks at other tables in functions only."""
    words = f"{event.rpartition(' ')[2]}: append-only"
    checked = f"IF {condition} THEN RAISE EXCEPTION '{words}'; END IF; RETURN {row};"
    _function(f"refuse_{name}", f"BEGIN {checked} END")
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()"
    )
