"""The columns a list may have, and the names people give them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.table import Line


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    example: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False


COLUMNS = (
    Column(
        "nik",
        "5204021203689901",
        ("no nik", "nomor nik", "nik pemilik", "no ktp", "nomor ktp", "nomor induk kependudukan"),
        required=True,
    ),
    Column(
        "nama_pemilik",
        "Abdul Wahab Idris",
        ("nama", "pemilik", "nama peternak", "peternak"),
        required=True,
    ),
    Column(
        "telepon",
        "081200000101",
        ("telp", "no telp", "no telepon", "nomor telepon", "hp", "no hp", "nomor hp"),
    ),
    Column(
        "desa",
        "Lunyuk Rea",
        ("kelurahan", "desa kelurahan", "nama desa", "kode desa"),
        required=True,
    ),
    Column("kecamatan", "Lunyuk", ("nama kecamatan",)),
    Column("dusun", "Brang Rea", ("nama dusun", "lingkungan")),
    Column("jenis", "sapi", ("jenis ternak", "spesies", "ternak"), required=True),
    Column("ras", "Sapi Bali", ("bangsa", "rumpun")),
    Column("kelamin", "betina", ("jenis kelamin", "kelamin ternak"), required=True),
    Column("tanggal_lahir", "10/04/2019", ("tgl lahir", "tanggal lahir ternak", "lahir")),
    Column("gigi", "", ("poel", "jumlah poel", "pasang poel")),
    Column("warna", "merah bata", ("warna bulu",)),
    Column("tanduk", "tanduk pendek"),
    Column("telinga", "telinga kanan takik satu"),
    Column("pusar", "pusar dua di dahi", ("pusar pusar",)),
    Column("cap", "cap bakar AW paha kanan", ("cap bakar",)),
    Column("ciri_khusus", "kaki belakang putih", ("ciri ciri khusus", "ciri", "tanda khusus")),
    Column("nomor_eartag", "ID52040220260001", ("eartag", "no eartag", "ear tag", "no ear tag")),
    Column("status", "terlihat", ("status data", "verifikasi"), required=True),
    Column("kode_tag", "", ("tag", "kode qr", "tag qr")),
    Column("no", "1", ("nomor", "nomor urut", "no urut")),  # a serial number, not looked at
)
KNOWN = ", ".join(column.name for column in COLUMNS)


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())


_NAMES = {_key(name): c.name for c in COLUMNS for name in (c.name, *c.aliases)}


def find_columns(header: Line, width: int) -> tuple[Mapping[int, str], list[Problem]]:
    """Which place holds which column, and what is wrong with the header.

    ``width`` is the widest row below: a place there without a title is a problem, too.
    """
    found: dict[int, str] = {}
    problems: list[Problem] = []
    for place in range(max(len(header.cells), width)):
        title = header.cells[place].strip() if place < len(header.cells) else ""
        name = _NAMES.get(_key(title))
        if name is None:
            code = "list-column-unknown" if title else "list-column-untitled"
            problems.append(Problem(header.row, title, code, {"known": KNOWN, "place": place + 1}))
        elif name in found.values():
            problems.append(Problem(header.row, title, "list-column-twice", {"name": name}))
        else:
            found[place] = name
    missing = [c.name for c in COLUMNS if c.required and c.name not in found.values()]
    problems += [Problem(header.row, name, "list-column-missing", {}) for name in missing]
    return found, problems
