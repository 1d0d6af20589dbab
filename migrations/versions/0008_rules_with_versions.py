"""Rules with everything they may ask, as versions that nobody alters once they are written."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TOLD_BY = sa.Enum("office", "news", "example", name="toldby", native_enum=False, length=32)
APPLICANT = sa.Enum("firm", "anybody", name="applicantkind", native_enum=False, length=32)
STANDS = sa.text("withdrawn_at IS NULL")
# What may be set later: the end of a version, and that it was a mistake.
KEPT = {
    "permit_rules": (
        "id, code, species, purpose, scope, sexes, unproductive_females, min_weight_kg, min_teeth,"
        " pregnant_may_leave, vaccines, tests, isolation_days, clinical, disinfection, documents,"
        " external_papers, validity_days, needs_quota, applicant, legal_basis, source, told_by,"
        " valid_from, replaces_id"
    ),
    "destination_rules": (
        "id, region, requires_rbt, vaccines, tests, external_papers, is_closed, reason,"
        " legal_basis, source, told_by, valid_from, replaces_id"
    ),
}
NAMED_BY = {"permit_rules": "code", "destination_rules": "region"}


def upgrade() -> None:
    _widen_rules()
    _widen_destinations()
    with op.batch_alter_table("permits") as batch_op:
        batch_op.add_column(sa.Column("destination_rule_ids", sa.JSON(), nullable=True))
    with op.batch_alter_table("permit_animals") as batch_op:
        batch_op.add_column(
            sa.Column("female_letter", sa.String(), nullable=False, server_default="")
        )
    with op.batch_alter_table("permit_animals") as batch_op:
        batch_op.alter_column("female_letter", existing_type=sa.String(), server_default=None)
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table, column in NAMED_BY.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("replaces_id", ID, nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_replaces_id"), ["replaces_id"])
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_replaces_id"), table, ["replaces_id"], ["id"]
            )
        op.create_index(
            f"uq_{table}_{column}_valid_from",
            table,
            [column, "valid_from"],
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )
        guard(table, column)


def _widen_rules() -> None:
    whole, yes, words = sa.BigInteger(), sa.Boolean(), sa.JSON()
    new = {
        "sexes": words,
        "unproductive_females": yes,
        "min_teeth": whole,
        "pregnant_may_leave": yes,
        "tests": words,
        "isolation_days": whole,
        "clinical": yes,
        "disinfection": yes,
        "documents": words,
        "external_papers": words,
        "validity_days": whole,
        "needs_quota": yes,
        "applicant": APPLICANT,
        "told_by": TOLD_BY,
        "withdrawn_at": MOMENT,
    }
    with op.batch_alter_table("permit_rules") as batch_op:
        batch_op.drop_constraint("uq_permit_rules_code_valid_from", type_="unique")
        for name, kind in new.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    _rewrite_rules()
    with op.batch_alter_table("permit_rules") as batch_op:
        batch_op.alter_column("told_by", existing_type=TOLD_BY, nullable=False)
        batch_op.drop_column("sex")
        batch_op.create_check_constraint(
            op.f("ck_permit_rules_min_weight"), "min_weight_kg BETWEEN 0 AND 2000"
        )
        batch_op.create_check_constraint(
            op.f("ck_permit_rules_min_teeth"), "min_teeth BETWEEN 0 AND 4"
        )


def _widen_destinations() -> None:
    with op.batch_alter_table("destination_rules") as batch_op:
        batch_op.drop_constraint("uq_destination_rules_region_valid_from", type_="unique")
        for name in ("tests", "external_papers"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("legal_basis", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("told_by", TOLD_BY, nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", MOMENT, nullable=True))
    _rewrite_destinations()
    with op.batch_alter_table("destination_rules") as batch_op:
        for name in ("tests", "external_papers"):
            batch_op.alter_column(name, existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("legal_basis", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("told_by", existing_type=TOLD_BY, nullable=False)


def _rewrite_rules() -> None:
    """Who may apply stood in the program until now: out of the province only a firm."""
    json = sa.JSON(none_as_null=True)
    rules = sa.table(
        "permit_rules",
        sa.column("id"),
        sa.column("scope"),
        sa.column("sex"),
        sa.column("source"),
        sa.column("vaccines", json),
        sa.column("sexes", json),
        sa.column("applicant"),
        sa.column("told_by"),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(rules)).all():
        changes = {
            "sexes": [row.sex] if row.sex else None,
            "vaccines": None if row.vaccines is None else _needs(row.vaccines),
            "applicant": "firm" if row.scope == "out-of-province" else "anybody",
            "told_by": _told_by(row.source),
        }
        bind.execute(rules.update().where(rules.c.id == row.id).values(changes))


def _rewrite_destinations() -> None:
    rules = sa.table(
        "destination_rules",
        sa.column("id"),
        sa.column("source"),
        sa.column("vaccines", sa.JSON()),
        sa.column("tests", sa.JSON()),
        sa.column("external_papers", sa.JSON()),
        sa.column("legal_basis"),
        sa.column("told_by"),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(rules)).all():
        changes = {
            "vaccines": _needs(row.vaccines),
            "tests": [],
            "external_papers": [],
            "legal_basis": "",
            "told_by": _told_by(row.source),
        }
        bind.execute(rules.update().where(rules.c.id == row.id).values(changes))


def _needs(doses: dict[str, int]) -> list[dict[str, object]]:
    return [{"disease": name, "doses": least} for name, least in doses.items()]


def _told_by(source: str) -> str:
    known = {"Berita": "news", "Seperti": "news", "CONTOH": "example"}
    return next((kind for word, kind in known.items() if source.startswith(word)), "office")


def _guard_sqlite(table: str, column: str) -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: a version is never altered'); END"
    op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {KEPT[table]} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_is_new BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table}"
        f" WHERE id = NEW.id OR ({column} = NEW.{column} AND valid_from = NEW.valid_from AND"
        f" withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL)) {refuse}"
    )


def _guard_postgresql(table: str, _column: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {KEPT[table]} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
