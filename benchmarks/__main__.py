"""Print one JSON line for each benchmark, or for the one that is named."""

import sys
from collections.abc import Callable, Mapping

from benchmarks.loading import demo_million_insert, demo_million_insert_postgres
from benchmarks.measuring import Result
from benchmarks.scan import scan_record_postgres, scan_record_sqlite

BENCHMARKS: Mapping[str, Callable[[], Result]] = {
    "scan_record_sqlite": scan_record_sqlite,
    "scan_record_postgres": scan_record_postgres,
    "demo_million_insert": demo_million_insert,
    "demo_million_insert_postgres": demo_million_insert_postgres,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark is called {unknown[0]}; there are: {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        print(BENCHMARKS[name]().line(name), flush=True)


main(sys.argv[1:])
