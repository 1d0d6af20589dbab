"""Which columns the files for BPKAD and SIPD have, in which order and by which name: data.

A regency that is asked for others writes a file of its own and names it in its settings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sijinak.core.errors import Unavailable

OURS = Path(__file__).parent / "data" / "sipd.json"
# What a column may hold; texts, whole rupiah and days.
OF_CODES = frozenset(
    {
        "kode_rekening", "uraian", "anggaran", "target_bulan_ini", "ketetapan_bulan_ini",
        "realisasi_bulan_ini", "realisasi_sd_bulan_lalu", "realisasi_sd_bulan_ini", "sisa",
        "persentase",
    }
)  # fmt: skip
OF_DAYS = frozenset(
    {"tanggal", "nomor_sts", "kode_rekening", "uraian", "jumlah", "referensi_bank", "cara"}
)

Record = Mapping[str, object]


class BadLayout(Unavailable):
    """Facts: ``why``."""

    code = "report-layout"


@dataclass(frozen=True, slots=True)
class Column:
    holds: str
    title: str


@dataclass(frozen=True, slots=True)
class Layout:
    """``meanings`` is what a kode rekening is called."""

    meanings: Mapping[str, str]
    codes: Sequence[Column]
    days: Sequence[Column]


def layout_at(path: str) -> Layout:
    """The one that comes with the program when the path is empty. Raises BadLayout."""
    file = Path(path) if path else OURS
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadLayout(why=f"{type(error).__name__}: {error}") from error


def heads(columns: Sequence[Column]) -> list[str]:
    return [column.title for column in columns]


def cells(columns: Sequence[Column], record: Record) -> list[object]:
    return [record[column.holds] for column in columns]


@lru_cache(maxsize=8)
def _read(file: Path, changed: int) -> Layout:  # noqa: ARG001 - another one is read anew
    found = json.loads(file.read_text(encoding="utf-8"))
    return Layout(
        meanings={str(code): str(text) for code, text in found["uraian"].items()},
        codes=_columns(found["realisasi"], OF_CODES),
        days=_columns(found["harian"], OF_DAYS),
    )


def _columns(found: Sequence[Mapping[str, str]], known: frozenset[str]) -> list[Column]:
    columns = [Column(one["isi"], str(one["judul"])) for one in found]
    if unknown := {column.holds for column in columns} - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return columns
