"""Statements of the bank, matches of their lines, and what the month is measured by."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What is only added to, and which other keys of it INSERT OR REPLACE must not slip past.
SAME = {
    "bank_statements": " OR (account = NEW.account AND place = NEW.place)",
    "bank_lines": " OR (account = NEW.account AND key = NEW.key)"
    " OR (statement_id = NEW.statement_id AND position = NEW.position)",
    "bank_line_notes": "",
    "matches": " OR undoes_id = NEW.undoes_id",
    "match_parts": " OR (match_id = NEW.match_id AND position = NEW.position)"
    " OR (match_id = NEW.match_id AND thing_id = NEW.thing_id)",
    "revenue_targets": "",
    "regional_figures": "",
}


def upgrade() -> None:
    _keep_files()
    _keep_statements()
    _keep_matches()
    _keep_proposals()
    _keep_figures()
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table in SAME:
        guard(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _keep_files() -> None:
    op.create_table(
        "bank_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_id", ID, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", ID, nullable=False),
        sa.Column("taken_by_name", sa.String(), nullable=False),
        sa.Column("state", _words("filestate", "waiting", "confirmed", "rejected"), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state <> 'rejected' OR answer <> ''", name=op.f("ck_bank_files_answer")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_by IS NULL)", name=op.f("ck_bank_files_decided")
        ),
        sa.CheckConstraint("decided_by <> taken_by", name=op.f("ck_bank_files_four_eyes")),
        sa.ForeignKeyConstraint(
            ["stored_id"], ["stored_files.id"], name=op.f("fk_bank_files_stored_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
    )
    op.create_index("ix_bank_files_account", "bank_files", ["account"])
    op.create_index("ix_bank_files_state", "bank_files", ["state"])
    stands = sa.text("state <> 'rejected'")
    op.create_index(
        "uq_bank_files_sha256",
        "bank_files",
        ["sha256"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _keep_statements() -> None:
    op.create_table(
        "bank_statements",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("serial_no", sa.BigInteger(), nullable=True),
        sa.Column("serial_page", sa.BigInteger(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_bank_statements_place")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_files.id"], name=op.f("fk_bank_statements_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statements")),
        sa.UniqueConstraint("account", "place", name=op.f("uq_bank_statements_account_place")),
    )
    op.create_index("ix_bank_statements_file_id", "bank_statements", ["file_id"])
    op.create_table(
        "bank_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("statement_id", ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_bank_lines_amount")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statements.id"], name=op.f("fk_bank_lines_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_lines")),
        sa.UniqueConstraint("account", "key", name=op.f("uq_bank_lines_account_key")),
        sa.UniqueConstraint(
            "statement_id", "position", name=op.f("uq_bank_lines_statement_id_position")
        ),
    )
    op.create_index("ix_bank_lines_booked_on", "bank_lines", ["booked_on"])
    op.create_table(
        "bank_line_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("noted_by", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_bank_line_notes_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line_notes")),
    )
    op.create_index("ix_bank_line_notes_line_id", "bank_line_notes", ["line_id"])


def _keep_matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", _words("matchkind", "match", "unmatch"), nullable=False),
        sa.Column(
            "method",
            _words(
                "method",
                "money-id",
                "pay-code",
                "settlement",
                "bill-code",
                "deposit",
                "refund",
                "fee",
                "by-hand",
            ),
            nullable=False,
        ),
        sa.Column("undoes_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("matched_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "method <> 'by-hand' OR asked_by IS NOT NULL", name=op.f("ck_matches_asked")
        ),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_matches_fee")),
        sa.CheckConstraint("asked_by <> made_by", name=op.f("ck_matches_four_eyes")),
        sa.CheckConstraint(
            "(kind = 'unmatch') = (undoes_id IS NOT NULL)", name=op.f("ck_matches_undoes")
        ),
        sa.CheckConstraint(
            "kind <> 'unmatch' OR asked_by IS NOT NULL", name=op.f("ck_matches_unmatch_asked")
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["matches.id"], name=op.f("fk_matches_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_matches_undoes_id")),
    )
    op.create_table(
        "match_parts",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", _words("partkind", "line", "collection", "deposit", "outflow"), nullable=False
        ),
        sa.Column("thing_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_match_parts_amount")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_match_parts_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_parts")),
        sa.UniqueConstraint("match_id", "position", name=op.f("uq_match_parts_match_id_position")),
        sa.UniqueConstraint("match_id", "thing_id", name=op.f("uq_match_parts_match_id_thing_id")),
    )
    op.create_index("ix_match_parts_thing_id", "match_parts", ["thing_id"])
    op.create_table(
        "match_holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_match_holds_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_holds")),
    )
    op.create_index("ix_match_holds_match_id", "match_holds", ["match_id"])


def _keep_proposals() -> None:
    op.create_table(
        "match_proposals",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", _words("proposalkind", "match", "money", "unmatch"), nullable=False),
        sa.Column(
            "state", _words("proposalstate", "proposed", "approved", "refused"), nullable=False
        ),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=True),
        sa.Column("bill_id", ID, nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)", name=op.f("ck_match_proposals_decided")
        ),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_match_proposals_fee")),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_match_proposals_four_eyes")),
        sa.CheckConstraint(
            "(kind = 'unmatch') = (match_id IS NOT NULL)", name=op.f("ck_match_proposals_match")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_match_proposals_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_match_proposals_match_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposals")),
    )
    op.create_index("ix_match_proposals_line_id", "match_proposals", ["line_id"])
    op.create_index("ix_match_proposals_state", "match_proposals", ["state"])
    op.create_table(
        "match_proposal_parts",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", _words("partkind", "line", "collection", "deposit", "outflow"), nullable=False
        ),
        sa.Column("thing_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["match_proposals.id"],
            name=op.f("fk_match_proposal_parts_proposal_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposal_parts")),
        sa.UniqueConstraint(
            "proposal_id", "thing_id", name=op.f("uq_match_proposal_parts_proposal_id_thing_id")
        ),
    )
    op.create_table(
        "match_proposal_holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["match_proposals.id"],
            name=op.f("fk_match_proposal_holds_proposal_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposal_holds")),
    )
    op.create_index("ix_match_proposal_holds_proposal_id", "match_proposal_holds", ["proposal_id"])


def _keep_figures() -> None:
    op.create_table(
        "revenue_targets",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.BigInteger(), nullable=False),
        sa.Column("law_code", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_revenue_targets_amount")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_revenue_targets_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revenue_targets")),
    )
    op.create_index(
        "ix_revenue_targets_year_law_code", "revenue_targets", ["year", "law_code", "month"]
    )
    op.create_table(
        "regional_figures",
        sa.Column("id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regional_figures")),
    )
    op.create_index("ix_regional_figures_month", "regional_figures", ["month"])


def _guard_sqlite(table: str) -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE id = NEW.id{SAME[table]}) {refuse}"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
