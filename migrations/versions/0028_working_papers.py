"""Samples that auditors draw, what they wrote down, and the indexes that find any receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What is only added to, and which other keys of it INSERT OR REPLACE must not slip past.
SAME = {
    "audit_sample_items": " OR (sample_id = NEW.sample_id AND position = NEW.position)"
    " OR (sample_id = NEW.sample_id AND receipt_id = NEW.receipt_id)",
    "audit_sample_results": "",
    "audit_notes": "",
    "audit_file_parts": " OR (file_id = NEW.file_id AND subject_id = NEW.subject_id)",
}
# A plan never changes, a draw is made once; an audit that was closed stays so.
PLAN = ("id", "title", "region", "method", "size", "words", "planned_at", "by_id")
FILE = ("id", "title", "region", "first_day", "last_day", "opened_at", "opened_by")
OVER = {
    "audit_samples": ("drawn_at IS NOT NULL", PLAN, "audit_samples: the plan and the draw stand"),
    "audit_files": ("state = 'closed'", FILE, "audit_files: what was closed stays"),
}
TOLD = {"audit_samples": ("wanted",)}
INDEXES = {
    "ix_receipts_newest": (
        "receipts", ["issued_at", "id", "region", "kind", "channel", "amount"],
    ),
    "ix_receipts_channel": ("receipts", ["channel", "issued_at", "id"]),
    "ix_receipts_officer": ("receipts", ["issued_by", "issued_at", "id", "channel", "amount"]),
    "ix_receipts_amount": ("receipts", ["amount", "issued_at", "id", "channel", "issued_by"]),
    "ix_receipts_village": ("receipts", ["region", "issued_at", "id", "channel", "amount"]),
    "ix_skrd_levied": ("skrd", ["issued_on", "region", "state", "total"]),
    "ix_deposits_slip": ("deposits", ["slip"]),
    "ix_deposit_lines_reference": ("deposit_lines", ["reference"]),
    "ix_collections_money_id": ("collections", ["money_id"]),
    "ix_keepers_nik_tail": ("keepers", ["nik_tail"]),
    "ix_bank_lines_amount": ("bank_lines", ["amount", "booked_on"]),
}  # fmt: skip


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    voids = sa.text("kind = 'void'")
    op.create_index(
        "ix_receipts_voids", "receipts", ["issued_at", "id"],
        sqlite_where=voids, postgresql_where=voids,
    )  # fmt: skip
    for same in ("issued_at", "region"):  # others begin with the same column
        op.drop_index(f"ix_receipts_{same}", "receipts")
    _samples()
    _results()
    _notes()
    _files()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in SAME:
        (_guard_sqlite if is_sqlite else _guard_postgresql)(table)
    for table in OVER:
        (_keep_sqlite if is_sqlite else _keep_postgresql)(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _samples() -> None:
    op.create_table(
        "audit_samples",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("method", _words("method", "simple", "by-amount"), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("checkpoint_id", ID, nullable=True),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=True),
        sa.Column("among", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size BETWEEN 1 AND 1000", name=op.f("ck_audit_samples_size")),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (checkpoint_id IS NULL)", name=op.f("ck_audit_samples_drawn")
        ),
        sa.CheckConstraint("drawn_at IS NULL OR seed <> ''", name=op.f("ck_audit_samples_seed")),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["log_checkpoints.id"], name=op.f("fk_audit_samples_checkpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_samples")),
    )
    op.create_index("ix_audit_samples_region", "audit_samples", ["region"])
    op.create_table(
        "audit_sample_items",
        sa.Column("id", ID, nullable=False),
        sa.Column("sample_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("hits >= 1", name=op.f("ck_audit_sample_items_hits")),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_samples.id"], name=op.f("fk_audit_sample_items_sample_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_audit_sample_items_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample_items")),
        sa.UniqueConstraint(
            "sample_id", "position", name=op.f("uq_audit_sample_items_sample_id_position")
        ),
        sa.UniqueConstraint(
            "sample_id", "receipt_id", name=op.f("uq_audit_sample_items_sample_id_receipt_id")
        ),
    )
    op.create_index("ix_audit_sample_items_receipt_id", "audit_sample_items", ["receipt_id"])


def _results() -> None:
    op.create_table(
        "audit_sample_results",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("result", _words("result", "right", "wrong", "not-found"), nullable=False),
        sa.Column("right_amount", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(result = 'wrong') = (right_amount IS NOT NULL)",
            name=op.f("ck_audit_sample_results_right_amount"),
        ),
        sa.CheckConstraint("right_amount >= 0", name=op.f("ck_audit_sample_results_amount")),
        sa.CheckConstraint(
            "result = 'right' OR words <> ''", name=op.f("ck_audit_sample_results_words")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["audit_sample_items.id"], name=op.f("fk_audit_sample_results_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_audit_sample_results_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample_results")),
    )
    op.create_index("ix_audit_sample_results_item_id", "audit_sample_results", ["item_id"])


def _notes() -> None:
    op.create_table(
        "audit_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_audit_notes_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_notes")),
    )
    op.create_index("ix_audit_notes_region", "audit_notes", ["region"])
    op.create_index("ix_audit_notes_subject", "audit_notes", ["subject_type", "subject_id"])


def _files() -> None:
    op.create_table(
        "audit_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", _words("auditfilestate", "open", "closed"), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", ID, nullable=False),
        sa.Column("opened_by_name", sa.String(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_audit_files_days")),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_audit_files_closed")
        ),
        sa.CheckConstraint(
            "state = 'open' OR conclusion <> ''", name=op.f("ck_audit_files_conclusion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_files")),
    )
    op.create_index("ix_audit_files_region", "audit_files", ["region"])
    op.create_table(
        "audit_file_parts",
        sa.Column("id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["audit_files.id"], name=op.f("fk_audit_file_parts_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_file_parts")),
        sa.UniqueConstraint(
            "file_id", "subject_id", name=op.f("uq_audit_file_parts_file_id_subject_id")
        ),
    )
    op.create_index("ix_audit_file_parts_subject_id", "audit_file_parts", ["subject_id"])


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id{SAME[table]}) {refuse}"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    _no_truncate(table)


def _keep_sqlite(table: str) -> None:
    over, fixed, words = OVER[table]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    changed = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in (*fixed, *TOLD.get(table, ())))
    op.execute(
        f"CREATE TRIGGER {table}_stand BEFORE UPDATE ON {table} "
        f"WHEN OLD.{over} OR {changed} {refuse}"
    )
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
    )


def _keep_postgresql(table: str) -> None:
    over, fixed, words = OVER[table]
    told = [f"{one}::text" for one in TOLD.get(table, ())]  # JSON knows no equality
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in (*fixed, *told))
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {_schema()}, pg_temp AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{words}'; END IF; "
        f"IF OLD.{over} OR {changed} THEN RAISE EXCEPTION '{words}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stand BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
    )
    _no_truncate(table)


def _no_truncate(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    tables = ("audit_file_parts", "audit_files", "audit_notes", "audit_sample_results",
              "audit_sample_items", "audit_samples")  # fmt: skip
    for table in tables:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in OVER:
            op.execute(f"DROP FUNCTION keep_{table}()")
    op.drop_index("ix_receipts_voids", "receipts")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    for same in ("issued_at", "region"):
        op.create_index(f"ix_receipts_{same}", "receipts", [same])


def _schema() -> str:
    asked = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())")
    return str(asked.scalar_one())
