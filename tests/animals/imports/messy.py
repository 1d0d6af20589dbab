"""The workbook of a village as it comes: titles above, a header of two merged rows, an owner once
for many animals, prices, a total, signatures, and the mistakes people make."""

from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

MISSPELT = "Lunyuk Re"
GOOD_VILLAGE = "Lunyuk Rea"
LOST_NIK = 5204021703729911
NIKS = ("5204021203689901", "5204026708749902", "5204021701729911")
ANIMALS = 9
_ABOVE = "No|Pemilik||Desa|Ternak|||Tanggal||Nomor|Harga|Status"
_BELOW = "|NIK|Nama||Jenis|Kelamin|Warna|Lahir|Beli|Eartag||"
_HEADER = tuple([title or None for title in line.split("|")] for line in (_ABOVE, _BELOW))
_MERGED = ("B4:C4", "E4:G4", "H4:I4", "A4:A5", "D4:D5", "K4:K5", "L4:L5")


def write_messy(path: Path, village: str = MISSPELT) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Pendataan"
    sheet["A1"] = "DAFTAR TERNAK DESA LUNYUK REA"
    sheet["A2"] = "Tahun 2026"
    sheet.merge_cells("A1:L1")
    for at, cells in enumerate(_HEADER, 4):
        for place, title in enumerate(cells, 1):
            sheet.cell(at, place, title)
    for area in _MERGED:
        sheet.merge_cells(area)
    _animals(sheet, village)
    _end(sheet)
    book.create_sheet("Rekap")["A1"] = "Rekapitulasi"
    book.save(path)
    return path


def _animals(sheet: Worksheet, village: str) -> None:
    """From row 7 on; row 6 numbers the columns, row 11 is blank."""
    for place in range(1, 13):
        sheet.cell(6, place, place)
    first, second, third = NIKS
    wahab, siti = (first, "Abdul Wahab Idris", village), (second, "Siti Hajar Mansur", village)
    hasan, elsewhere = (third, "Hasanuddin Rasyid"), (LOST_NIK, "Hasanuddin Rasyid")
    above, seen = (None, None, None), "terlihat"
    red = ("sapi", "betina", "merah bata", "10/04/2019")
    rows: list[tuple[str | float | None, ...]] = [
        (1, *wahab, *red, "", "ID1", "Rp 1.500.000", seen),
        (2, *above, "Sapi", "JANTAN", "hitam", "31-12-2023", "", "ID2", "Rp 2.000.000", seen),
        (3, *above, "spi", "betina", "merah", "05/06/2022", "", "ID3", None, seen),
        (4, *siti, "kambing", "betina", "hitam putih", "2024-05-05", "", "ID4", 500000, seen),
        (),
        (5, *above, "kambing", "betina", "cokelat", "14/10/2025", "", "ID4", None, seen),
        (6, *elsewhere, GOOD_VILLAGE, "kuda", "jantan", "putih", "07/07/2018", "", "ID6", 0, seen),
        (None, "Jumlah", "6 ekor"),
        (7, *hasan, GOOD_VILLAGE, "kuda", "betina", "", "07/07/2019", "", "ID7", 0, "dinyatakan"),
        (8, *hasan, village, "kerbau", "betina", "abu-abu", "01/02/2020", "", "ID8", None, seen),
        (9, *hasan, GOOD_VILLAGE, "kerbau", "betina", "abu", "13/02/2021", "", "ID9", None, seen),
    ]
    for at, cells in enumerate(rows, 7):
        for place, value in enumerate(cells, 1):
            sheet.cell(at, place, value)
    sheet.merge_cells("B7:B9")
    sheet.merge_cells("C7:C9")


def _end(sheet: Worksheet) -> None:
    for at, place, text in (
        (18, 2, "TOTAL"), (18, 3, "9 ekor"),
        (20, 9, "Lunyuk Rea, 12 November 2026"),
        (21, 2, "Mengetahui,"), (21, 9, "Petugas pendata,"),
        (22, 2, "Kepala Desa Lunyuk Rea"),
        (25, 2, "( Abdul Gani )"), (25, 9, "( Siti Aminah )"),
        (26, 9, "NIP. 19710101 200003 2 001"),
    ):  # fmt: skip
        sheet.cell(at, place, text)
