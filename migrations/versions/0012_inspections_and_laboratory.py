"""What inspectors see, photograph and sample, and what laboratories find."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
DISEASES = ("pmk", "lsd", "se", "anthrax", "brucellosis", "rabies", "jembrana")
METHODS = ("rbt", "cft", "pcr", "elisa", "elisa-nsp", "culture", "microscopy")
FINDINGS = ("negative", "positive", "unclear", "unusable")
# What makes a row the same as one that is there, beside its id.
SAME = {
    "lab_samples": " OR (number = NEW.number AND disease = NEW.disease AND method = NEW.method)",
    "lab_sample_animals": " OR (sample_id = NEW.sample_id AND animal_id = NEW.animal_id)",
    "lab_results": " OR supersedes_id = NEW.supersedes_id"
    " OR (sample_id = NEW.sample_id AND supersedes_id IS NULL AND NEW.supersedes_id IS NULL)",
}


def upgrade() -> None:
    _keep_samples()
    _keep_results()
    _widen_inspections()
    _keep_photos()
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table in SAME:
        guard(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _keep_samples() -> None:
    op.create_table(
        "lab_samples",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("disease", _words("disease", *DISEASES), nullable=False),
        sa.Column("method", _words("method", *METHODS), nullable=False),
        sa.Column("is_pooled", sa.Boolean(), nullable=False),
        sa.Column("permit_id", ID, nullable=True),
        sa.Column("village", REGION, nullable=False),
        sa.Column("lab", sa.String(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", ID, nullable=False),
        sa.Column("taken_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_samples")),
        sa.UniqueConstraint(
            "number", "disease", "method", name=op.f("uq_lab_samples_number_disease_method")
        ),
    )
    op.create_index(op.f("ix_lab_samples_permit_id"), "lab_samples", ["permit_id"])
    op.create_index(op.f("ix_lab_samples_village"), "lab_samples", ["village"])
    op.create_table(
        "lab_sample_animals",
        sa.Column("id", ID, nullable=False),
        sa.Column("sample_id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_lab_sample_animals_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["lab_samples.id"], name=op.f("fk_lab_sample_animals_sample_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_sample_animals")),
        sa.UniqueConstraint(
            "sample_id", "animal_id", name=op.f("uq_lab_sample_animals_sample_id_animal_id")
        ),
    )
    op.create_index(op.f("ix_lab_sample_animals_animal_id"), "lab_sample_animals", ["animal_id"])


def _keep_results() -> None:
    op.create_table(
        "lab_results",
        sa.Column("id", ID, nullable=False),
        sa.Column("sample_id", ID, nullable=False),
        sa.Column("finding", _words("finding", *FINDINGS), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("lab", sa.String(), nullable=False),
        sa.Column("report_number", sa.String(), nullable=False),
        sa.Column("report_id", ID, nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_by_name", sa.String(), nullable=False),
        sa.Column("supersedes_id", ID, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "supersedes_id IS NULL OR note <> ''", name=op.f("ck_lab_results_correction_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["lab_samples.id"], name=op.f("fk_lab_results_sample_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["stored_files.id"], name=op.f("fk_lab_results_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["lab_results.id"], name=op.f("fk_lab_results_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_results")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_lab_results_supersedes_id")),
    )
    op.create_index(op.f("ix_lab_results_sample_id"), "lab_results", ["sample_id"])
    first = sa.text("supersedes_id IS NULL")
    op.create_index(
        "uq_lab_results_first", "lab_results", ["sample_id"], unique=True,
        sqlite_where=first, postgresql_where=first,
    )  # fmt: skip


def _widen_inspections() -> None:
    with op.batch_alter_table("permit_animals") as table:
        table.add_column(
            sa.Column("was_absent", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(
            sa.Column("weight_method", _words("weighingmethod", "scale", "tape", "estimate"))
        )
        table.add_column(sa.Column("looked_at", MOMENT))


def _keep_photos() -> None:
    op.create_table(
        "inspection_photos",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("view", _words("inspectionview", "side", "tag", "vehicle"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", ID, nullable=True),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_inspection_photos_permit_id")
        ),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_inspection_photos_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_inspection_photos_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_photos")),
    )
    op.create_index(op.f("ix_inspection_photos_permit_id"), "inspection_photos", ["permit_id"])
    op.create_index(
        op.f("ix_inspection_photos_device_id_sha256"), "inspection_photos", ["device_id", "sha256"]
    )
    op.create_table(
        "field_photos",
        sa.Column("id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_photos_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_field_photos_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_photos")),
        sa.UniqueConstraint("device_id", "sha256", name=op.f("uq_field_photos_device_id_sha256")),
    )
    op.create_table(
        "field_inspections",
        sa.Column("id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_inspections_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_inspections")),
    )
    op.create_index(op.f("ix_field_inspections_permit_id"), "field_inspections", ["permit_id"])


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
