"""Print one JSON line for each benchmark, or for the one that is named."""

import sys
from collections.abc import Callable, Mapping

from benchmarks.appending import tlog_append_cost, tlog_append_cost_sqlite
from benchmarks.auditlists import audit_list_page_ms, audit_list_page_ms_sqlite
from benchmarks.checkpoint import qr_verify_browser_ms
from benchmarks.dryrun import dry_run_500_seconds
from benchmarks.exported import audit_check_million_seconds
from benchmarks.exports import audit_export_csv_ratio, audit_export_csv_ratio_sqlite
from benchmarks.growth import (
    growth_animal_page,
    growth_animal_page_postgres,
    growth_counts,
    growth_counts_postgres,
    growth_owner_search,
    growth_owner_search_postgres,
    growth_sheet,
    growth_sheet_postgres,
)
from benchmarks.imports import import_100k, import_100k_peak_mb, import_100k_postgres
from benchmarks.ledger import ledger_100k_ms, ledger_100k_ms_sqlite
from benchmarks.loading import demo_million_insert, demo_million_insert_postgres
from benchmarks.log import audit_verify_1m_seconds, audit_verify_peak_mb, tlog_proof_ms
from benchmarks.measuring import Result
from benchmarks.papers import permit_pdf_ms
from benchmarks.payments import payment_events_per_second, payment_events_ratio
from benchmarks.phone import first_tag_ms_x6, pack_open_ms_x6, scan_seconds_per_tag
from benchmarks.privacysearch import privacy_search_ms, privacy_search_ms_sqlite
from benchmarks.scan import scan_record_postgres, scan_record_sqlite
from benchmarks.sync import sync_http_postgres, sync_http_ratio
from benchmarks.tracing import trace_100k_seconds

BENCHMARKS: Mapping[str, Callable[[], Result]] = {
    "scan_record_sqlite": scan_record_sqlite,
    "scan_record_postgres": scan_record_postgres,
    "import_100k": import_100k,
    "import_100k_peak_mb": import_100k_peak_mb,
    "import_100k_postgres": import_100k_postgres,
    "demo_million_insert": demo_million_insert,
    "demo_million_insert_postgres": demo_million_insert_postgres,
    "sync_http_postgres": sync_http_postgres,
    "sync_http_ratio": sync_http_ratio,
    "payment_events_per_second": payment_events_per_second,
    "payment_events_ratio": payment_events_ratio,
    "scan_seconds_per_tag": scan_seconds_per_tag,
    "first_tag_ms_x6": first_tag_ms_x6,
    "pack_open_ms_x6": pack_open_ms_x6,
    "permit_pdf_ms": permit_pdf_ms,
    "qr_verify_browser_ms": qr_verify_browser_ms,
    "dry_run_500_seconds": dry_run_500_seconds,
    "growth_owner_search": growth_owner_search,
    "growth_animal_page": growth_animal_page,
    "growth_sheet": growth_sheet,
    "growth_counts": growth_counts,
    "growth_owner_search_postgres": growth_owner_search_postgres,
    "growth_animal_page_postgres": growth_animal_page_postgres,
    "growth_sheet_postgres": growth_sheet_postgres,
    "growth_counts_postgres": growth_counts_postgres,
    "trace_100k_seconds": trace_100k_seconds,
    "audit_check_million_seconds": audit_check_million_seconds,
    "ledger_100k_ms": ledger_100k_ms,
    "ledger_100k_ms_sqlite": ledger_100k_ms_sqlite,
    "audit_export_csv_ratio": audit_export_csv_ratio,
    "audit_export_csv_ratio_sqlite": audit_export_csv_ratio_sqlite,
    "audit_list_page_ms": audit_list_page_ms,
    "audit_list_page_ms_sqlite": audit_list_page_ms_sqlite,
    "privacy_search_ms": privacy_search_ms,
    "privacy_search_ms_sqlite": privacy_search_ms_sqlite,
    "tlog_append_cost": tlog_append_cost,
    "tlog_append_cost_sqlite": tlog_append_cost_sqlite,
    "tlog_proof_ms": tlog_proof_ms,
    "audit_verify_1m_seconds": audit_verify_1m_seconds,
    "audit_verify_peak_mb": audit_verify_peak_mb,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark is called {unknown[0]}; there are: {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        print(BENCHMARKS[name]().line(name), flush=True)


main(sys.argv[1:])
