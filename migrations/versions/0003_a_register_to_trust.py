"""A register to trust: evidence, mutations, SKKT, tag stock, stock-take, duplicates, counts."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NUMBER = (
    "(kind = 'person' AND nik_lookup IS NOT NULL) OR (kind = 'firm' AND nib IS NOT NULL)"
    " OR kind = 'group'"
)
# One for each animal, so that the animal's id serves.
OBSERVED = """INSERT INTO observations (id, animal_id, kind, basis, made_at, recorded_at, by_id,
    by_name, village, before, after, reason)
    SELECT id, id, 'registered', verification, coalesce(seen_at, registered_at), registered_at,
    coalesce(seen_by, :nobody), '', village, '{}', '{}', '' FROM animals"""
KEEPER_WORD = "INSERT INTO keeper_words (id, keeper_id, word, village) VALUES (:id, :keeper_id, :word, :village)"
NAME_WORD = "INSERT INTO name_words (id, word) VALUES (:id, :word)"
COUNTED = """INSERT INTO population_changes (id, village, species, sex, birth_date, seen_at, heads)
    SELECT id, village, species, sex, birth_date,
    CASE verification WHEN 'seen' THEN seen_at END, 1 FROM animals"""


def upgrade() -> None:
    op.create_table(
        "duplicate_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_rules")),
        sa.UniqueConstraint("code", name=op.f("uq_duplicate_rules_code")),
    )
    op.create_table(
        "name_words",
        sa.Column("id", ID, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_words")),
        sa.UniqueConstraint("word", name=op.f("uq_name_words_word")),
    )
    op.create_table(
        "population",
        sa.Column("id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column(
            "species",
            sa.Enum(
                "cattle",
                "buffalo",
                "horse",
                "goat",
                "sheep",
                "pig",
                name="species",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "age_class",
            sa.Enum(
                "calf",
                "yearling",
                "young-adult",
                "adult",
                "old",
                "unknown",
                name="ageclass",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seen_recently", sa.BigInteger(), nullable=False),
        sa.Column("seen_earlier", sa.BigInteger(), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population")),
        sa.UniqueConstraint(
            "village",
            "species",
            "sex",
            "age_class",
            name=op.f("uq_population_village_species_sex_age_class"),
        ),
    )
    op.create_table(
        "population_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column(
            "species",
            sa.Enum(
                "cattle",
                "buffalo",
                "horse",
                "goat",
                "sheep",
                "pig",
                name="species",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_changes")),
    )
    op.create_index(op.f("ix_population_changes_village"), "population_changes", ["village"])

    op.create_table(
        "population_counts",
        sa.Column("id", ID, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column("corrected", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_counts")),
    )
    op.create_table(
        "stored_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("kept_by", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "printers",
        sa.Column("id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("left_mm", sa.Double(), nullable=False),
        sa.Column("top_mm", sa.Double(), nullable=False),
        sa.Column("across_mm", sa.Double(), nullable=False),
        sa.Column("down_mm", sa.Double(), nullable=False),
        sa.Column("measured_at", MOMENT, nullable=False),
        sa.Column("measured_by", ID, nullable=False),
        sa.Column("measured_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printers")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_printers_region_name")),
    )
    op.create_table(
        "tag_runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", ID, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_runs")),
    )
    op.create_index(op.f("ix_tag_runs_region"), "tag_runs", ["region"])

    op.create_table(
        "brands",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("letters", sa.String(), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "left-thigh",
                "right-thigh",
                "left-shoulder",
                "right-shoulder",
                "left-cheek",
                "right-cheek",
                "neck",
                "other",
                name="brandplace",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("is_drawing", sa.Boolean(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by", ID, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_brands_file_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_brands_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
    )
    op.create_index(op.f("ix_brands_keeper_id"), "brands", ["keeper_id"])

    op.create_table(
        "keeper_words",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_keeper_words_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keeper_words")),
        sa.UniqueConstraint("keeper_id", "word", name=op.f("uq_keeper_words_keeper_id_word")),
    )
    op.create_index(
        "ix_keeper_words_word_village", "keeper_words", ["word", "village", "keeper_id"]
    )

    op.create_table(
        "memberships",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by", ID, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["keepers.id"], name=op.f("fk_memberships_group_id")),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_memberships_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_keeper_id"), "memberships", ["keeper_id"])
    op.create_index(
        "uq_memberships_open",
        "memberships",
        ["group_id", "keeper_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )

    op.create_table(
        "mutations",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "birth",
                "purchase",
                "sale",
                "gift",
                "inheritance",
                "sharing",
                "sharing-end",
                "move",
                "death",
                "slaughter",
                "theft",
                "found",
                "retag",
                "correction",
                name="mutationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "done",
                "refused",
                "cancelled",
                "expired",
                "undone",
                name="mutationstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region", REGION, nullable=False),
        sa.Column("from_keeper_id", ID, nullable=True),
        sa.Column("to_keeper_id", ID, nullable=True),
        sa.Column("to_village", REGION, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_by_name", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("village_no", sa.BigInteger(), nullable=True),
        sa.Column("kecamatan_no", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.CheckConstraint(
            "from_keeper_id IS NULL OR from_keeper_id <> to_keeper_id",
            name=op.f("ck_mutations_sides"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_mutations_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_keeper_id"], ["keepers.id"], name=op.f("fk_mutations_from_keeper_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_keeper_id"], ["keepers.id"], name=op.f("fk_mutations_to_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutations")),
        sa.UniqueConstraint(
            "region", "year", "village_no", name=op.f("uq_mutations_region_year_village_no")
        ),
    )
    op.create_index(op.f("ix_mutations_from_keeper_id"), "mutations", ["from_keeper_id"])
    op.create_index("ix_mutations_recorded_at", "mutations", ["recorded_at", "id"])
    op.create_index("ix_mutations_region_state", "mutations", ["region", "state"])
    op.create_index(op.f("ix_mutations_to_keeper_id"), "mutations", ["to_keeper_id"])

    op.create_table(
        "sheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "issued",
                "superseded",
                "void",
                name="sheetstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("no", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("public_code", sa.String(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("prepared_by", ID, nullable=False),
        sa.Column("prepared_by_name", sa.String(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", ID, nullable=True),
        sa.Column("signed_by_name", sa.String(), nullable=True),
        sa.Column("signed_as", sa.String(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("superseded_by_id", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state <> 'issued' OR number IS NOT NULL", name=op.f("ck_sheets_number")
        ),
        sa.CheckConstraint("prepared_by <> signed_by", name=op.f("ck_sheets_four_eyes")),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_sheets_keeper_id")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["sheets.id"], name=op.f("fk_sheets_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheets")),
        sa.UniqueConstraint("number", name=op.f("uq_sheets_number")),
        sa.UniqueConstraint("public_code", name=op.f("uq_sheets_public_code")),
        sa.UniqueConstraint("series", "year", "no", name=op.f("uq_sheets_series_year_no")),
    )
    op.create_index(op.f("ix_sheets_keeper_id"), "sheets", ["keeper_id"])
    op.create_index(
        "uq_sheets_issued",
        "sheets",
        ["keeper_id", "part"],
        unique=True,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_index(
        "uq_sheets_draft",
        "sheets",
        ["keeper_id", "part"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(op.f("ix_sheets_village"), "sheets", ["village"])
    op.create_index(
        "ix_sheets_village_draft",
        "sheets",
        ["village"],
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )

    op.create_table(
        "stock_takes",
        sa.Column("id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("keeper_id", ID, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("begun_by", ID, nullable=False),
        sa.Column("begun_by_name", sa.String(), nullable=False),
        sa.Column("compared_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_stock_takes_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_takes")),
    )
    op.create_index(op.f("ix_stock_takes_keeper_id"), "stock_takes", ["keeper_id"])
    op.create_index(op.f("ix_stock_takes_village"), "stock_takes", ["village"])

    op.create_table(
        "suspensions",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("suspended_by", ID, nullable=False),
        sa.Column("suspended_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", ID, nullable=True),
        sa.Column("lifted_because", sa.String(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_suspensions_days")),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_suspensions_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index(op.f("ix_suspensions_keeper_id"), "suspensions", ["keeper_id"])

    op.create_table(
        "animal_photos",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column(
            "view",
            sa.Enum(
                "muzzle",
                "left-side",
                "right-side",
                "brand",
                "carcass",
                "other",
                name="photoview",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_animal_photos_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_animal_photos_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_animal_photos")),
    )
    op.create_index(op.f("ix_animal_photos_animal_id"), "animal_photos", ["animal_id"])

    op.create_table(
        "consent_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("mutation_id", ID, nullable=False),
        sa.Column(
            "side",
            sa.Enum("giver", "receiver", "village", name="side", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["mutation_id"], ["mutations.id"], name=op.f("fk_consent_links_mutation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_consent_links_digest")),
    )
    op.create_index(op.f("ix_consent_links_mutation_id"), "consent_links", ["mutation_id"])

    op.create_table(
        "consents",
        sa.Column("id", ID, nullable=False),
        sa.Column("mutation_id", ID, nullable=False),
        sa.Column(
            "side",
            sa.Enum("giver", "receiver", "village", name="side", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("account", "link", "office", name="answerway", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mutation_id"], ["mutations.id"], name=op.f("fk_consents_mutation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("mutation_id", "side", name=op.f("uq_consents_mutation_id_side")),
    )
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "different", "merged", name="pairstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pairs_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["animals.id"], name=op.f("fk_duplicate_pairs_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["animals.id"], name=op.f("fk_duplicate_pairs_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_duplicate_pairs_first_id_second_id")
        ),
    )
    op.create_index("ix_duplicate_pairs_region_state", "duplicate_pairs", ["region", "state"])
    op.create_index(op.f("ix_duplicate_pairs_second_id"), "duplicate_pairs", ["second_id"])

    op.create_table(
        "merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("gone_id", ID, nullable=False),
        sa.Column("identifiers", sa.JSON(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("merged_by", ID, nullable=False),
        sa.Column("merged_by_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("unmerged_at", MOMENT, nullable=True),
        sa.Column("unmerged_by", ID, nullable=True),
        sa.Column("unmerged_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["gone_id"], ["animals.id"], name=op.f("fk_merges_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["animals.id"], name=op.f("fk_merges_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"])
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"])

    op.create_table(
        "observations",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "registered",
                "seen",
                "mutated",
                "corrected",
                "updated",
                "undone",
                "merged",
                "unmerged",
                name="observationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum("seen", "declared", name="verification", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cause_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_observations_animal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    )
    op.create_index(op.f("ix_observations_animal_id"), "observations", ["animal_id"])

    op.create_table(
        "sheet_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("sheet_id", ID, nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column(
            "basis",
            sa.Enum("seen", "declared", name="verification", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("struck_at", MOMENT, nullable=True),
        sa.Column("struck_because", sa.String(), nullable=False),
        sa.Column("cause_id", ID, nullable=True),
        sa.CheckConstraint(
            "basis <> 'seen' OR no BETWEEN 1 AND 30", name=op.f("ck_sheet_lines_no")
        ),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_sheet_lines_animal_id")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name=op.f("fk_sheet_lines_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_lines")),
        sa.UniqueConstraint(
            "sheet_id", "animal_id", name=op.f("uq_sheet_lines_sheet_id_animal_id")
        ),
        sa.UniqueConstraint(
            "sheet_id", "basis", "no", name=op.f("uq_sheet_lines_sheet_id_basis_no")
        ),
    )
    op.create_index(op.f("ix_sheet_lines_animal_id"), "sheet_lines", ["animal_id"])
    op.create_index(
        "ix_sheet_lines_cause_id",
        "sheet_lines",
        ["cause_id"],
        sqlite_where=sa.text("cause_id IS NOT NULL"),
        postgresql_where=sa.text("cause_id IS NOT NULL"),
    )

    op.create_table(
        "sightings",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_sightings_animal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_animal_id_seen_at", "sightings", ["animal_id", "seen_at"])

    op.create_table(
        "stock_take_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("stock_take_id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column(
            "finding",
            sa.Enum(
                "here",
                "elsewhere",
                "unknown",
                "missing",
                name="finding",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scanned_at", MOMENT, nullable=True),
        sa.Column("scanned_by", ID, nullable=True),
        sa.Column(
            "action",
            sa.Enum(
                "confirmed",
                "still-there",
                "sold",
                "dead",
                "stolen",
                "slaughtered",
                "moved",
                "tag-lost",
                "registered",
                "nothing",
                name="lineaction",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("action_note", sa.String(), nullable=False),
        sa.Column("mutation_id", ID, nullable=True),
        sa.Column("acted_at", MOMENT, nullable=True),
        sa.Column("acted_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_stock_take_lines_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["mutation_id"], ["mutations.id"], name=op.f("fk_stock_take_lines_mutation_id")
        ),
        sa.ForeignKeyConstraint(
            ["stock_take_id"], ["stock_takes.id"], name=op.f("fk_stock_take_lines_stock_take_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_take_lines")),
        sa.UniqueConstraint(
            "stock_take_id", "code", name=op.f("uq_stock_take_lines_stock_take_id_code")
        ),
    )
    op.create_index("ix_stock_take_lines_animal_id", "stock_take_lines", ["animal_id"])
    op.create_index(
        "ix_stock_take_lines_stock_take_id_scanned_at",
        "stock_take_lines",
        ["stock_take_id", "scanned_at"],
    )

    op.create_table(
        "tag_alarms",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "two-places",
                "not-issued",
                "dead-tag",
                "stolen-animal",
                name="alarmkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.Column("last_read_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_tag_alarms_animal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_alarms")),
    )
    op.create_index(op.f("ix_tag_alarms_animal_id"), "tag_alarms", ["animal_id"])
    op.create_index("ix_tag_alarms_region_closed_at", "tag_alarms", ["region", "closed_at"])
    op.create_index(
        "uq_tag_alarms_open",
        "tag_alarms",
        ["kind", "code"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "tags",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "printed",
                "received",
                "issued",
                "applied",
                "replaced",
                "lost",
                "broken",
                "retired",
                "stolen",
                name="tagstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holder_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state <> 'applied' OR animal_id IS NOT NULL", name=op.f("ck_tags_applied")
        ),
        sa.CheckConstraint(
            "state <> 'issued' OR holder_id IS NOT NULL", name=op.f("ck_tags_issued")
        ),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_tags_animal_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_tags_holder_id")),
        sa.ForeignKeyConstraint(["run_id"], ["tag_runs.id"], name=op.f("fk_tags_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("code", name=op.f("uq_tags_code")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_tags_run_id_position")),
    )
    op.create_index(op.f("ix_tags_animal_id"), "tags", ["animal_id"])
    op.create_index("ix_tags_holder_id_state", "tags", ["holder_id", "state"])
    op.create_index("ix_tags_region_state", "tags", ["region", "state"])

    op.create_table(
        "weighings",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("kg", sa.BigInteger(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "scale", "tape", "estimate", name="weighingmethod", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("girth_cm", sa.BigInteger(), nullable=True),
        sa.Column("weighed_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.CheckConstraint("kg BETWEEN 1 AND 2000", name=op.f("ck_weighings_kg")),
        sa.ForeignKeyConstraint(["animal_id"], ["animals.id"], name=op.f("fk_weighings_animal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighings")),
    )
    op.create_index(op.f("ix_weighings_animal_id"), "weighings", ["animal_id"])

    op.create_table(
        "mutation_animals",
        sa.Column("id", ID, nullable=False),
        sa.Column("mutation_id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column(
            "refused_by",
            sa.Enum("giver", "receiver", "village", name="side", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("refused_because", sa.String(), nullable=False),
        sa.Column("observation_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_mutation_animals_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["mutation_id"], ["mutations.id"], name=op.f("fk_mutation_animals_mutation_id")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observations.id"], name=op.f("fk_mutation_animals_observation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutation_animals")),
        sa.UniqueConstraint(
            "mutation_id", "animal_id", name=op.f("uq_mutation_animals_mutation_id_animal_id")
        ),
    )
    op.create_index(op.f("ix_mutation_animals_animal_id"), "mutation_animals", ["animal_id"])
    op.create_index(
        "uq_mutation_animals_open",
        "mutation_animals",
        ["animal_id"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )

    op.create_table(
        "tag_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("tag_id", ID, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "printed",
                "received",
                "issued",
                "applied",
                "replaced",
                "lost",
                "broken",
                "retired",
                "stolen",
                name="tagstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holder_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("cause_id", ID, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_steps_tag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_steps")),
    )
    op.create_index(op.f("ix_tag_steps_cause_id"), "tag_steps", ["cause_id"])
    op.create_index(op.f("ix_tag_steps_tag_id"), "tag_steps", ["tag_id"])

    _animals()
    _keepers_and_lists()
    _write_down_what_was_known()


def _animals() -> None:
    with op.batch_alter_table("animals") as table:
        table.add_column(sa.Column("registered_by", ID))
        table.add_column(
            sa.Column(
                "state",
                _words("present", "stolen", "dead", "slaughtered", "merged", "withdrawn"),
                nullable=False,
                server_default="present",
            )
        )
        table.add_column(sa.Column("state_at", MOMENT))
        table.add_column(sa.Column("raiser_id", ID))
        table.add_column(
            sa.Column("origin", _words("born-here", "bought", "government-aid", "other"))
        )
        table.add_column(sa.Column("use", _words("breeding", "slaughter", "work", "racing")))
        for name in ("dam_id", "sire_id", "merged_into_id"):
            table.add_column(sa.Column(name, ID))
            table.create_foreign_key(op.f(f"fk_animals_{name}"), "animals", [name], ["id"])
            table.create_index(op.f(f"ix_animals_{name}"), [name])
        table.create_foreign_key(op.f("fk_animals_raiser_id"), "keepers", ["raiser_id"], ["id"])
        table.create_index(op.f("ix_animals_raiser_id"), ["raiser_id"])
        table.create_check_constraint(
            op.f("ck_animals_merged"), "state <> 'merged' OR merged_into_id IS NOT NULL"
        )
        table.create_check_constraint(
            op.f("ck_animals_raiser"), "raiser_id IS NULL OR raiser_id <> keeper_id"
        )
    with op.batch_alter_table("identifiers") as table:
        table.add_column(sa.Column("given_by", ID))
        table.add_column(
            sa.Column(
                "end_reason",
                _words("lost", "broken", "stolen", "reprinted", "merged", "withdrawn", "mistake"),
            )
        )
        table.add_column(sa.Column("replaced_by_id", ID))
        table.create_foreign_key(
            op.f("fk_identifiers_replaced_by_id"), "identifiers", ["replaced_by_id"], ["id"]
        )


def _keepers_and_lists() -> None:
    with op.batch_alter_table("keepers") as table:
        table.add_column(sa.Column("is_woman", sa.Boolean()))
        table.add_column(sa.Column("npwp", sa.String()))
        table.add_column(
            sa.Column(
                "legal_form",
                _words("pt", "cv", "ud", "cooperative", "bumdes", "foundation", "other"),
            )
        )
        table.add_column(sa.Column("licence", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("licence_until", sa.Date()))
        table.add_column(sa.Column("group_no", sa.String()))
        table.add_column(sa.Column("withdrawn_at", MOMENT))
        table.create_unique_constraint(op.f("uq_keepers_group_no"), ["group_no"])
        if op.get_bind().dialect.name != "sqlite":  # there, the copy leaves it behind
            table.drop_constraint(op.f("ck_keepers_number"), type_="check")
        table.create_check_constraint(op.f("ck_keepers_number"), NUMBER)
    with op.batch_alter_table("import_batches") as table:
        table.add_column(
            sa.Column(
                "state", _words("taking", "done", "undone"), nullable=False, server_default="done"
            )
        )
        for name in ("rows", "rows_done", "updated", "same", "put_aside"):
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("aside", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("finished_at", MOMENT))
        table.add_column(sa.Column("undone_at", MOMENT))
        table.add_column(sa.Column("undone_by", ID))
        table.add_column(
            sa.Column("undone_because", sa.String(), nullable=False, server_default="")
        )
        table.drop_constraint(op.f("uq_import_batches_digest"), type_="unique")
    standing = sa.text("state <> 'undone'")
    op.create_index(
        "uq_import_batches_digest_standing",
        "import_batches",
        ["digest"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.execute(
        "UPDATE import_batches SET rows = animals, rows_done = animals, finished_at = imported_at"
    )


def _words(*words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, length=32)


def _write_down_what_was_known() -> None:
    """Each animal gets the observation of its registration, and each owner's name its words."""
    connection = op.get_bind()
    nobody = uuid.UUID(int=0)
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(sa.text(OBSERVED), {"nobody": nobody.bytes if sqlite else nobody})
    keepers = connection.execute(sa.text("SELECT id, name_key, village FROM keepers")).all()
    rows = [
        {"id": _new_id(), "keeper_id": row.id, "word": word, "village": row.village}
        for row in keepers
        for word in dict.fromkeys(row.name_key.split())
    ]
    words = {str(row["word"]) for row in rows}
    if rows:
        connection.execute(sa.text(KEEPER_WORD), rows)
        connection.execute(
            sa.text(NAME_WORD), [{"id": _new_id(), "word": word} for word in sorted(words)]
        )
    connection.execute(sa.text(COUNTED))


def _new_id() -> object:
    made = uuid.uuid4()
    return made.bytes if op.get_bind().dialect.name == "sqlite" else made
