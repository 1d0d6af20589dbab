"""What the database lets the application's role do: it may add to the trail, and never alter it.

The owner of the tables migrates; the application signs in as a role that owns nothing.
"""

import re

from sqlalchemy import Connection, inspect

from sijinak.config import Misconfigured

# As the migrations guard them; a test compares the two.
APPEND_ONLY = frozenset(
    {"events", "commands", "collections", "receipts", "observations", "weighings", "tag_steps"}
    | {"sightings", "stored_files", "consents"}
    | {"external_papers"}
    | {"signing_proofs"}
    | {"skrd_lines"}
    | {"field_records", "dose_moves", "cold_readings", "vaccine_reactions"}
    | {"permit_reminders", "arrival_statements", "arrival_lines"}
    | {"lab_samples", "lab_sample_animals", "lab_results"}
    | {"quota_entries"}
    | {"signed_papers"}
    | {"checkpoint_checks"}
    | {"payment_messages", "payment_facts", "settlement_lines"}
    | {"ticket_uses", "ticket_sales"}
    | {"bank_statements", "bank_lines", "bank_line_notes", "matches", "match_parts"}
    | {"revenue_targets", "regional_figures"}
    | {"ledger_accounts", "journals", "postings", "closed_days"}
    | {"wallet_moves"}
    | {"allocations"}
)
# Kept by triggers that run as the owner.
READ_ONLY = frozenset({"journal_sums"})
VERSIONS = "alembic_version"


def grant(connection: Connection, role: str) -> int:
    """Give the role what the application needs on every table; answers how many there are.

    Raises Misconfigured when the database is SQLite, which knows no roles, or the name is odd.
    """
    if connection.dialect.name != "postgresql":
        raise Misconfigured("only PostgreSQL has roles")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise Misconfigured("a role's name has small letters, digits and _")
    tables = [name for name in inspect(connection).get_table_names() if name != VERSIONS]
    connection.exec_driver_sql(f"GRANT SELECT ON {VERSIONS} TO {role}")
    for table in tables:
        connection.exec_driver_sql(f"REVOKE ALL ON {table} FROM {role}")
        connection.exec_driver_sql(f"GRANT {_rights(table)} ON {table} TO {role}")
    return len(tables)


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "SELECT"
    return "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
