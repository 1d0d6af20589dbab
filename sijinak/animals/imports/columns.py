"""The columns a list may have, and the names people give them."""

import re
from dataclasses import dataclass


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
    Column("rfid", "", ("nomor rfid", "no rfid", "microchip", "nomor microchip")),
    Column("no", "1", ("nomor", "nomor urut", "no urut")),  # a serial number, not looked at
)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
NUMBERS = ("kode_tag", "nomor_eartag", "rfid")  # what names an animal that is known


def column_called(title: str) -> str | None:
    """The column that people give this title."""
    return _NAMES.get(_key(title))


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())


_NAMES = {_key(name): c.name for c in COLUMNS for name in (c.name, *c.aliases)}
