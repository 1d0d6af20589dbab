"""What people may ask of us, and who looked at them; how a name goes when its owner wishes."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
# The one field of each guarded table that may be emptied, for a person who was forgotten.
NAMES = {
    "receipts": "payer_name",
    "skrd": "payer_name",
    "payment_attempts": "payer_name",
    "collections": "payer",
    "events": "actor_name",
    "journals": "actor_name",
    "consents": "by_name",
    "quota_entries": "by_name",
    "arrival_statements": "by_name",
    "observations": "by_name",
}
# And words within a column: the hamlet where the owner of an animal lived, what people typed.
IN_JSON = {"observations": ("before", "after"), "events": ("facts",)}
WORDS = {"observations": ("hamlet",), "events": ("because", "device", "note", "reason")}
LIVE = "state <> 'dropped'"
# Of the trigger's two arguments the first are columns, the second words within those of JSON.
REFUSE_UNLESS_ERASED = """<<guard>> DECLARE field text; BEGIN
    IF TG_OP = 'UPDATE' THEN FOREACH field IN ARRAY string_to_array(TG_ARGV[0], ',') LOOP
        IF to_jsonb(NEW) - guard.field = to_jsonb(OLD) - guard.field
            AND ((to_jsonb(NEW) ->> field = '' AND to_jsonb(OLD) ->> field <> '')
                OR (jsonb_typeof(to_jsonb(OLD) -> field) = 'object' AND EXISTS (
                    SELECT 1 FROM unnest(string_to_array(TG_ARGV[1], ',')) AS word
                    WHERE jsonb_exists(to_jsonb(OLD) -> field, word) AND to_jsonb(NEW) -> field
                        = (to_jsonb(OLD) -> field) || jsonb_build_object(word, ''))))
            AND EXISTS (SELECT 1 FROM erased_values AS e JOIN person_keys AS p ON p.id = e.keeper_id
                WHERE e.row_id = OLD.id AND e.field = guard.field
                AND e.kind = TG_TABLE_NAME AND p.destroyed_at IS NOT NULL)
        THEN RETURN NEW; END IF;
    END LOOP; END IF;
    RAISE EXCEPTION '%: append-only', TG_TABLE_NAME; END"""


def upgrade() -> None:
    with op.batch_alter_table("keepers") as batch_op:
        batch_op.add_column(sa.Column("erased_at", MOMENT, nullable=True))
    for column in ("subject_id", "actor_id"):
        op.drop_index(f"ix_events_{column}", table_name="events")
        op.create_index(f"ix_events_{column}_happened_at", "events", [column, "happened_at"])
    op.add_column("collections", sa.Column("keeper_id", ID, nullable=True))
    op.create_index(op.f("ix_collections_keeper_id"), "collections", ["keeper_id"])
    _tell_whose_money()
    _erased_values()
    _privacy_requests()
    _erasures()
    if _on_sqlite():
        _guard_sqlite()
    else:
        _guard_postgresql()


def _tell_whose_money() -> None:
    """Of money that came before: who owes its bill. The guards look away for one statement."""
    connection = op.get_bind()
    first = "SELECT bill_id FROM attempt_bills AS a WHERE a.attempt_id = collections.attempt_id"
    whose = (
        "UPDATE collections SET keeper_id = (SELECT s.keeper_id FROM skrd AS s WHERE s.id = "
        f"coalesce(collections.bill_id, ({first} ORDER BY a.position LIMIT 1)))"
    )
    if not _on_sqlite():
        op.execute("ALTER TABLE collections DISABLE TRIGGER USER")
        op.execute(whose)
        op.execute("ALTER TABLE collections ENABLE TRIGGER USER")
        return
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    guards = connection.exec_driver_sql(asked, ("collections",)).all()
    for name, _ in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    op.execute(whose)
    for _, sql in guards:
        connection.exec_driver_sql(sql)


def _erased_values() -> None:
    op.create_table(
        "erased_values",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_erased_values_keeper_id_keepers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_values")),
        sa.UniqueConstraint(
            "row_id", "field", "kind", name=op.f("uq_erased_values_row_id_field_kind")
        ),
    )
    op.create_index(op.f("ix_erased_values_keeper_id"), "erased_values", ["keeper_id"])


def _privacy_requests() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            _one_of("requestkind", "access", "correction", "erasure", "objection"),
            nullable=False,
        ),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("state", _one_of("requeststate", "open", "answered", "refused"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "legal_reason",
            _one_of(
                "legalreason",
                "public-task",
                "retention",
                "proceedings",
                "disease",
                "not-proven",
                "unfounded",
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_privacy_requests_answered")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (legal_reason IS NOT NULL)",
            name=op.f("ck_privacy_requests_refused"),
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_privacy_requests_keeper_id_keepers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
    )
    op.create_index(op.f("ix_privacy_requests_keeper_id"), "privacy_requests", ["keeper_id"])
    op.create_index("ix_privacy_requests_clock", "privacy_requests", ["state", "due_at"])


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("state", _one_of("erasurestate", "proposed", "done", "dropped"), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("emptied", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_erasures_four_eyes")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)", name=op.f("ck_erasures_decided")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_erasures_keeper_id_keepers")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_requests.id"],
            name=op.f("fk_erasures_request_id_privacy_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_keeper_id"), "erasures", ["keeper_id"])
    op.create_index(
        "uq_erasures_live",
        "erasures",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _guard_sqlite() -> None:
    for table, field in NAMES.items():
        _let_go_sqlite(table, field)
    refuse = "BEGIN SELECT RAISE(ABORT, '{0}: append-only'); END"
    for table in ("erased_values", "privacy_requests", "erasures"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse.format(table)}"
        )
    table = "erased_values"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse.format(table)}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE id = NEW.id OR "
        "(row_id = NEW.row_id AND field = NEW.field AND kind = NEW.kind)) "
        f"{refuse.format(table)}"
    )


def _let_go_sqlite(table: str, field: str) -> None:
    """Each guard of the table's updates as it was, but for a name that was let go."""
    connection = op.get_bind()
    names = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    changes = [(field, f"NEW.{field} = '' AND OLD.{field} <> ''")]
    words = WORDS.get(table, ())
    changes += [(one, _without(one, word)) for one in IN_JSON.get(table, ()) for word in words]
    erased = " OR ".join(_erased_sqlite(table, names, *change) for change in changes)
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    for name, sql in connection.exec_driver_sql(asked, (table,)).all():
        found = re.fullmatch(
            r"(.*? BEFORE UPDATE\b(?! OF state\b).*?)(?: WHEN (.*?))?( BEGIN .*)", sql, re.DOTALL
        )
        if found is None:
            continue
        head, when, end = found.groups()
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(f"{head} WHEN ({when or '1'}) AND NOT ({erased}){end}")


def _without(field: str, name: str) -> str:
    """The text as it was, but for what stood between two quotes; triggers may not ask JSON."""
    word = f"""'"{name}": "'"""
    end = f"instr(OLD.{field}, {word}) + {len(name) + 5}"
    rest = f"substr(NEW.{field}, {end})"
    return (
        f"instr(OLD.{field}, {word}) > 0 AND substr({rest}, 1, 1) = '\"' "
        f"AND substr(NEW.{field}, 1, {end} - 1) = substr(OLD.{field}, 1, {end} - 1) "
        f"AND {rest} = substr(OLD.{field}, -length({rest}))"
    )


def _erased_sqlite(table: str, names: list[str], field: str, change: str) -> str:
    same = " AND ".join(f'OLD."{name}" IS NEW."{name}"' for name in names if name != field)
    return (
        f"({change} AND {same} AND EXISTS (SELECT 1 FROM erased_values AS e "
        "JOIN person_keys AS p ON p.id = e.keeper_id WHERE e.row_id = OLD.id "
        f"AND e.field = '{field}' AND e.kind = '{table}' AND p.destroyed_at IS NOT NULL))"
    )


def _guard_postgresql() -> None:
    connection = op.get_bind()
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute(
        "CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {schema}, pg_temp AS $$ {REFUSE_UNLESS_ERASED} $$"
    )
    for table, field in NAMES.items():
        _let_go_postgresql(table, field)
    for table in ("erased_values", "privacy_requests", "erasures"):
        events = "UPDATE OR DELETE" if table == "erased_values" else "DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE {events} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _let_go_postgresql(table: str, field: str) -> None:
    connection = op.get_bind()
    asked = (
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        f"AND tgrelid = '{table}'::regclass ORDER BY tgname"
    )
    for name, sql in connection.exec_driver_sql(asked).all():
        if "FOR EACH ROW" not in sql or " UPDATE" not in sql or "UPDATE OF state ON" in sql:
            continue
        if "refuse_change()" not in sql:
            continue
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
        fields = ",".join((field, *IN_JSON.get(table, ())))
        let_go = f"refuse_unless_erased('{fields}', '{','.join(WORDS.get(table, ()))}')"
        connection.exec_driver_sql(sql.replace("refuse_change()", let_go))


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
