"""What looks wrong, who answered, and who closed it."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
FINDINGS, PEOPLE = "audit_findings", "audit_finding_people"
NOTES, LOOKS = "audit_finding_notes", "audit_looks"
OUTCOMES = ("explained", "mended", "proven", "false-alarm")
NOTE_KINDS = ("note", "answer", "sent-back", "closed", "reopened", "gone", "seen-again")
# The same steps as in the code: whoever writes past it can take no other.
STEPS = (
    "(OLD.state = 'open' AND NEW.state = 'answered')"
    " OR (OLD.state = 'open' AND NEW.state = 'closed' AND NEW.unanswered)"
    " OR (OLD.state = 'answered' AND NEW.state = 'open')"
    " OR (OLD.state = 'answered' AND NEW.state = 'closed' AND NOT NEW.unanswered)"
    " OR (OLD.state = 'closed' AND NEW.state = 'open')"
)
RANK = (
    "CASE severity WHEN 'high' THEN 3 WHEN 'middle' THEN 2 ELSE 1 END"
    " + CASE state WHEN 'closed' THEN 0 ELSE 3 END"
)
# What was seen stays as it was seen. Columns of JSON are compared as text on both databases.
SEEN = (
    "id", "code", "subject_type", "subject_id", "key", "severity", "title", "region", "amount",
    "happened_on", "facts", "evidence", "raised_at", "raised_by", "raised_by_name",
)  # fmt: skip
LIKE_TEXT = frozenset({"facts", "evidence"})
# A second look at the same check finds its row by this.
SAME = {
    PEOPLE: "id = NEW.id OR (finding_id = NEW.finding_id AND person_id = NEW.person_id)",
    NOTES: "id = NEW.id",
}


def upgrade() -> None:
    _keep_findings()
    _keep_people()
    _keep_notes()
    _keep_looks()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in (PEOPLE, NOTES):
        (_guard_sqlite if sqlite else _guard_postgresql)(table)
    (_keep_steps_sqlite if sqlite else _keep_steps_postgresql)()


def _keep_findings() -> None:
    op.create_table(
        FINDINGS,
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("severity", _words("severity", "high", "middle", "low"), nullable=False),
        sa.Column("rank", sa.BigInteger(), sa.Computed(RANK, persisted=True), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("raised_by", ID, nullable=False),
        sa.Column("raised_by_name", sa.String(), nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("state", _words("findingstate", "open", "answered", "closed"), nullable=False),
        sa.Column("outcome", _words("outcome", *OUTCOMES), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_audit_findings_closed")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_audit_findings_closer")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_audit_findings_outcome")
        ),
        sa.CheckConstraint(
            "state = 'closed' OR NOT unanswered", name=op.f("ck_audit_findings_unanswered")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_findings")),
        sa.UniqueConstraint(
            "code", "subject_id", "key", name=op.f("uq_audit_findings_code_subject_id_key")
        ),
    )
    op.create_index("ix_audit_findings_subject_id", FINDINGS, ["subject_id"])
    op.create_index("ix_audit_findings_region", FINDINGS, ["region"])
    op.create_index("ix_audit_findings_state", FINDINGS, ["state", "severity"])
    op.create_index("ix_audit_findings_rank", FINDINGS, ["rank", "id"])
    op.create_index("ix_audit_findings_code_seen", FINDINGS, ["code", "last_seen_at"])


def _keep_people() -> None:
    op.create_table(
        PEOPLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("finding_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_findings.id"],
            name=op.f("fk_audit_finding_people_finding_id_audit_findings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding_people")),
        sa.UniqueConstraint(
            "finding_id", "person_id", name=op.f("uq_audit_finding_people_finding_id_person_id")
        ),
    )  # fmt: skip
    op.create_index("ix_audit_finding_people_person_id", PEOPLE, ["person_id"])


def _keep_notes() -> None:
    op.create_table(
        NOTES,
        sa.Column("id", ID, nullable=False),
        sa.Column("finding_id", ID, nullable=False),
        sa.Column("kind", _words("notekind", *NOTE_KINDS), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("outcome", _words("outcome", *OUTCOMES), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_findings.id"],
            name=op.f("fk_audit_finding_notes_finding_id_audit_findings"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"],
            name=op.f("fk_audit_finding_notes_file_id_stored_files"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding_notes")),
    )  # fmt: skip
    op.create_index("ix_audit_finding_notes_finding_id", NOTES, ["finding_id"])


def _keep_looks() -> None:
    op.create_table(
        LOOKS,
        sa.Column("id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_looks")),
    )


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _changed(test: str) -> str:
    return " OR ".join(
        f"CAST(NEW.{c} AS TEXT) {test} CAST(OLD.{c} AS TEXT)"
        if c in LIKE_TEXT
        else f'NEW."{c}" {test} OLD."{c}"'
        for c in SEEN
    )


def _keep_steps_sqlite() -> None:
    bad = f"{_changed('IS NOT')} OR (NEW.state <> OLD.state AND NOT ({STEPS}))"
    bad += " OR (NEW.state = OLD.state AND NEW.closed_by IS NOT OLD.closed_by)"
    bad += " OR (NEW.state = OLD.state AND NEW.unanswered IS NOT OLD.unanswered)"
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_steps BEFORE UPDATE ON {FINDINGS} WHEN {bad} "
        f"BEGIN SELECT RAISE(ABORT, '{FINDINGS}: no such step'); END"
    )
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_stay BEFORE DELETE ON {FINDINGS} "
        f"BEGIN SELECT RAISE(ABORT, '{FINDINGS}: nothing is deleted'); END"
    )
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_open BEFORE INSERT ON {FINDINGS} WHEN NEW.state <> 'open' "
        f"OR EXISTS (SELECT 1 FROM {FINDINGS} WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{FINDINGS}: each begins open'); END"
    )


def _keep_steps_postgresql() -> None:
    bad = f"{_changed('IS DISTINCT FROM')} OR (NEW.state <> OLD.state AND NOT ({STEPS}))"
    bad += " OR (NEW.state = OLD.state AND NEW.closed_by IS DISTINCT FROM OLD.closed_by)"
    bad += " OR (NEW.state = OLD.state AND NEW.unanswered IS DISTINCT FROM OLD.unanswered)"
    op.execute(
        f"CREATE FUNCTION keep_audit_finding() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {_schema()}, pg_temp AS $$BEGIN "
        f"IF TG_OP = 'INSERT' THEN IF NEW.state <> 'open' THEN "
        f"RAISE EXCEPTION '{FINDINGS}: each begins open' USING ERRCODE = '23514'; END IF; "
        f"ELSIF {bad} THEN "
        f"RAISE EXCEPTION '{FINDINGS}: no such step' USING ERRCODE = '23514'; END IF; "
        f"RETURN NEW; END$$"
    )
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_steps BEFORE INSERT OR UPDATE ON {FINDINGS} "
        "FOR EACH ROW EXECUTE FUNCTION keep_audit_finding()"
    )
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_stay BEFORE DELETE ON {FINDINGS} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {FINDINGS}_no_truncate BEFORE TRUNCATE ON {FINDINGS} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE {SAME[table]}) {refuse}"
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


def downgrade() -> None:
    for table in (NOTES, PEOPLE, LOOKS, FINDINGS):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_audit_finding()")


def _schema() -> str:
    asked = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())")
    return str(asked.scalar_one())
