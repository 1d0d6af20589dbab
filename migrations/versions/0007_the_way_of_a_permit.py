"""The whole way of a permit: who took part, what is enclosed, what other offices wrote, how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MOMENTS = (
    *("complete_at", "accepted_at", "certified_at", "appealed_at", "heard_at"),
    *("departed_at", "arrived_at"),
)
PEOPLE = ("accepted_by", "certified_by", "heard_by", "departed_by")
WORDS = (
    *("certified_by_name", "certified_mandate", "certified_role", "decided_role", "decided_for"),
    *("appeal", "heard_by_name", "departed_port"),
)
CHECKS = {
    "inspector_is_not_certifier": "inspected_by <> certified_by",
    "certifier_is_not_signer": "certified_by <> decided_by",
    "certifier_is_not_biller": "certified_by <> billed_by",
    "applicant_is_no_other_officer": "applied_by <> certified_by AND applied_by <> accepted_by "
    "AND applied_by <> heard_by",
    "signer_hears_no_appeal": "heard_by <> decided_by",
    "departed_was_issued": "state NOT IN ('departed', 'arrived') OR (number IS NOT NULL "
    "AND departed_at IS NOT NULL)",
}
# What was recorded before: in its state since the last step that the trail knows.
FILLED = """UPDATE permits SET
    state_at = COALESCE((SELECT MAX(happened_at) FROM events
        WHERE subject_id = permits.id AND subject_type = 'permits'), created_at),
    complete_at = submitted_at,
    version = CASE WHEN number IS NULL THEN 0 ELSE 1 END,
    accepted_at = (SELECT MAX(happened_at) FROM events
        WHERE subject_id = permits.id AND name = 'permit.accept'),
    accepted_by = (SELECT actor_id FROM events
        WHERE subject_id = permits.id AND name = 'permit.accept'
        ORDER BY happened_at DESC LIMIT 1)"""


def upgrade() -> None:
    _widen_permits()
    _enclose_documents()
    _keep_external_papers()
    _ask_for_more_days()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite("external_papers")
    else:
        _guard_postgresql("external_papers")


def _widen_permits() -> None:
    with op.batch_alter_table("permits") as table:
        table.add_column(sa.Column("state_at", MOMENT))
        for name in MOMENTS:
            table.add_column(sa.Column(name, MOMENT))
        for name in PEOPLE:
            table.add_column(sa.Column(name, ID))
        for name in WORDS:
            table.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("skkh_number", sa.String()))
        table.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("departed_heads", sa.BigInteger()))
    op.execute(FILLED)
    with op.batch_alter_table("permits") as table:
        table.alter_column("state_at", existing_type=MOMENT, nullable=False)
        table.create_unique_constraint(op.f("uq_permits_skkh_number"), ["skkh_number"])
        table.create_index(op.f("ix_permits_complete_at"), ["complete_at"])
        for name, says in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_permits_{name}"), says)
    with op.batch_alter_table("permit_animals") as table:
        table.add_column(sa.Column("departed", sa.Boolean()))
        table.add_column(sa.Column("arrival", _words("arrival", "received", "dead", "rejected")))


def _enclose_documents() -> None:
    op.create_table(
        "permit_documents",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column(
            "kind",
            _words(
                "documentkind",
                *("application", "deed", "nib", "npwp", "entry-recommendation", "statement"),
                *("sklb", "association", "sale-letter"),
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("in_order", sa.Boolean()),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("checked_by", ID),
        sa.Column("checked_by_name", sa.String(), nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.CheckConstraint("added_by <> checked_by", name=op.f("ck_permit_documents_four_eyes")),
        sa.CheckConstraint(
            "in_order IS NULL OR in_order OR note <> ''", name=op.f("ck_permit_documents_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_permit_documents_permit_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_permit_documents_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_documents")),
    )
    op.create_index(op.f("ix_permit_documents_permit_id"), "permit_documents", ["permit_id"])


def _keep_external_papers() -> None:
    op.create_table(
        "external_papers",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column(
            "kind",
            _words(
                "externalkind",
                *("province-recommendation", "veterinary-certificate", "dpmptsp", "kh11"),
                "disinfection",
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("days", sa.BigInteger()),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("file_id", ID),
        sa.Column("supersedes_id", ID),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name=op.f("ck_external_papers_days")),
        sa.CheckConstraint("valid_until >= issued_on", name=op.f("ck_external_papers_dates")),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_external_papers_permit_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_external_papers_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["external_papers.id"], name=op.f("fk_external_papers_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_papers")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_external_papers_supersedes_id")),
    )
    op.create_index(op.f("ix_external_papers_permit_id"), "external_papers", ["permit_id"])


def _ask_for_more_days() -> None:
    op.create_table(
        "permit_extensions",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("granted_until", sa.Date()),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", ID),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("mandate", sa.String(), nullable=False),
        sa.CheckConstraint("asked_by <> answered_by", name=op.f("ck_permit_extensions_four_eyes")),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_permit_extensions_permit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_extensions")),
    )
    op.create_index(op.f("ix_permit_extensions_permit_id"), "permit_extensions", ["permit_id"])
    op.create_index(
        "uq_permit_extensions_open",
        "permit_extensions",
        ["permit_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _guard_sqlite(table: str) -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE id = NEW.id OR supersedes_id = NEW.supersedes_id) {refuse}"
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
