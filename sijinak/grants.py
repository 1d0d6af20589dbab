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
    | {"ticket_uses", "ticket_sales", "ticket_spoilt_counts"}
    | {"bank_statements", "bank_lines", "bank_line_notes", "matches", "match_parts"}
    | {"revenue_targets", "regional_figures"}
    | {"ledger_accounts", "journals", "postings", "closed_days"}
    | {"wallet_moves"}
    | {"allocations"}
    | {"audit_finding_notes", "audit_finding_people"}
    | {"audit_sample_items", "audit_sample_results", "audit_notes", "audit_file_parts"}
    | {"log_leaves", "log_nodes", "log_checkpoints"}
    | {"erased_values"}
)
# Kept by triggers that run as the owner.
READ_ONLY = frozenset({"journal_sums"})
# Changed, and never deleted: triggers say which columns change, and in which order.
KEPT = frozenset(
    {"payment_attempts", "attempt_bills", "refunds", "discrepancies", "tariffs", "skrd"}
    | {"write_offs", "void_requests", "receipt_links", "holidays", "cash_moves", "handovers"}
    | {"change_floats", "cash_closings", "ticket_blocks", "ticket_ways"}
    | {"deposits", "bank_files", "match_proposals", "wallets", "wallet_top_ups"}
    | {"audit_samples", "audit_files"}
    | {"audit_findings", "audit_looks"}
    | {"privacy_requests", "erasures", "notice_addresses"}
)
# What else is less than everything.
SPECIAL = {
    "cash_holders": "SELECT, INSERT, UPDATE (closed_on)",  # what is held is kept by a trigger
    "log_waiting": "SELECT, INSERT, DELETE",  # a trigger lets go what is in the tree
    "log_head": "SELECT, UPDATE",
    "person_keys": "SELECT, INSERT, UPDATE",  # a trigger lets a key go, and never come back
    "match_holds": "SELECT, INSERT, DELETE",
    "match_proposal_holds": "SELECT, INSERT, DELETE",
    "ticket_series": "SELECT, INSERT, UPDATE",  # its rows are locked, and never changed
    "deposit_lines": "SELECT, INSERT",
    "match_proposal_parts": "SELECT, INSERT",
}
VERSIONS = "alembic_version"


def grant(connection: Connection, role: str) -> int:
    """Give the role what the application needs on every table; answers how many there are.

    Raises Misconfigured when the database is SQLite, which knows no roles, or the name is odd, or
    when the role could still make tables, on which it could let our triggers run.
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
    _refuse_own_tables(connection, role)
    return len(tables)


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table in KEPT:
        return "SELECT, INSERT, UPDATE"
    return SPECIAL.get(table, "SELECT, INSERT, UPDATE, DELETE")


def _refuse_own_tables(connection: Connection, role: str) -> None:
    """Neither for a while nor for good. PostgreSQL lets everybody make temporary ones."""
    database, schema = connection.exec_driver_sql(
        "SELECT quote_ident(current_database()), quote_ident(current_schema())"
    ).one()
    for right in (f"TEMP, CREATE ON DATABASE {database}", f"CREATE ON SCHEMA {schema}"):
        connection.exec_driver_sql(f"REVOKE {right} FROM PUBLIC, {role}")
    may = connection.exec_driver_sql(
        f"SELECT has_database_privilege('{role}', current_database(), 'TEMP, CREATE')"
        f" OR has_schema_privilege('{role}', current_schema(), 'CREATE')"
    ).scalar_one()
    if may:
        raise Misconfigured(f"{role} may still make tables: let the database's owner run this")
