"""Facts of invented papers, and eyes to read the PDF with."""

import random
import re
import subprocess
from pathlib import Path
from shutil import which

import zxingcpp
from PIL import Image

from sijinak.core.qr import qr_svg

HOST = "HTTPS://SIJINAK.SUMBAWAKAB.GO.ID"
SIGNED = f"{HOST}/V/{'AB23CD45' * 70}"  # thirty animals
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHEET_OF_24 = {
    "columns": 4,
    "rows": 6,
    "label_width_mm": 47.5,
    "label_height_mm": 45.5,
    "margin_left_mm": 10,
    "margin_top_mm": 8,
    "gap_x_mm": 0,
    "gap_y_mm": 0,
    "qr_mm": 33,
    "code_pt": 11,
}
TRUE_FIT = {"shift_x_mm": 0, "shift_y_mm": 0, "stretch_x": 1, "stretch_y": 1}
SHEET_OF_35 = SHEET_OF_24 | {
    "columns": 5,
    "rows": 7,
    "label_width_mm": 38,
    "label_height_mm": 39,
    "qr_mm": 28,
}
OFFICE = {
    "government": "Pemerintah Kabupaten Sumbawa",
    "agency": "Dinas Peternakan dan Kesehatan Hewan",
    "address": "Jalan Contoh No. 1, Sumbawa Besar",
}
CHECK = {
    "svg": qr_svg(f"{HOST}/PERIKSA/9F3K7Q2M"),
    "url": "sijinak.sumbawakab.go.id/periksa/9F3K7Q2M",
}
SIGNER = {
    "on_behalf": "a.n. Kepala Dinas",
    "role": "Kepala Bidang Kesehatan Hewan",
    "name": "drh. Contoh Penanda Tangan",
    "rank": "Pembina (IV/a)",
    "nip": "19790412 200501 2 008",
    "mandate": "Keputusan Kepala Dinas No. 1/2026",
    "electronic": "Ditandatangani secara elektronik, 21 November 2026 14.05 WITA",
}


def codes(count: int) -> list[str]:
    chance = random.Random(count)  # noqa: S311 - the same each time, not a secret
    return ["".join(chance.choices(LETTERS, k=10)) for _ in range(count)]


def tags(
    names: list[str],
    sheet: dict[str, float],
    *,
    line: str = "Sapi Bali, betina",
    title: str = "Desa Contoh",
) -> dict[str, object]:
    label = {"line1": line, "line2": "Desa Contoh"}
    labels = [
        {"code": f"{it[:4]}-{it[4:8]}-{it[8:]}", "svg": qr_svg(f"{HOST}/T/{it}")} | label
        for it in names
    ]
    return {"title": title, "sheet": sheet, "fit": TRUE_FIT, "labels": labels}


def skrd(**changes: object) -> dict[str, object]:
    line = {"component": "Pengeluaran ternak", "note": "Tanpa uji RBT", "heads": "35"}
    return {
        "office": OFFICE,
        "check": CHECK,
        "title": "Surat Ketetapan Retribusi Daerah (SKRD)",
        "is_interest": False,
        "number": "900.1/0042/2026",
        "date": "21 November 2026",
        "due_date": "21 Desember 2026",
        "about": "Pengeluaran 35 ekor ternak",
        "payer": {"name": "CV Contoh", "id_label": "NIB", "id": "9120••••431", "address": "Lape"},
        "basis": ["Peraturan Daerah tentang retribusi"],
        "lines": [line | {"tariff": "Rp 79.500", "amount": "Rp 2.782.500"}],
        "total": "Rp 2.782.500",
        "words": "dua juta tujuh ratus delapan puluh dua ribu lima ratus rupiah",
        "pay": [{"label": "QRIS", "text": "Pindai kode di halaman tagihan."}],
        "notes": ["Tidak ada pungutan selain yang tertulis di sini."],
        "signer": SIGNER,
        "place": "Sumbawa Besar, 21 November 2026",
    } | changes


def receipt(*, payer: str = "CV Contoh", **changes: object) -> dict[str, object]:
    return {
        "office": OFFICE,
        "check": CHECK,
        "title": "Tanda Bukti Pembayaran",
        "name": "Tanda bukti 2026/000123-K",
        "number": "2026/000123-K",
        "amount": "Rp 2.782.500",
        "words": "dua juta tujuh ratus delapan puluh dua ribu lima ratus rupiah",
        "rows": [
            ["Diterima dari", payer],
            ["Untuk", "Retribusi pengeluaran 35 ekor ternak"],
            ["Waktu", "21 November 2026, 14.05 WITA"],
            ["Referensi", "20261121140512-884120"],
        ],
        "verdict": "LUNAS. Tidak ada pungutan lain.",
        "owed": "",
        "void": "",
        "treasurer": {
            "role": "Yang menerima",
            "name": "Contoh",
            "electronic": "Diterbitkan secara elektronik",
        },
        "stamp": "",
    } | changes


def recommendation(
    names: list[str], *, village: str = "Lape", **changes: object
) -> dict[str, object]:
    animal = {"sort": "Sapi Bali", "sex": "Jantan", "weight": "310 kg", "marks": "merah bata"}
    animal |= {"health": "vaksin PMK 1/10/26", "village": village}
    return {
        "office": OFFICE,
        "check": CHECK,
        "signed": {"svg": qr_svg(SIGNED, level="M"), "begins": "sijinak.sumbawakab.go.id/V/"},
        "number": "524.3/0117/2026",
        "version": 1,
        "validity": "21 November s.d. 5 Desember 2026",
        "place": "Sumbawa Besar, 21 November 2026",
        "basis": ["Permohonan nomor 17 tanggal 14 November 2026"],
        "firm": {"name": "CV Contoh", "nib": "9120102030431", "address": "Desa Contoh"},
        "purpose": "Ternak potong",
        "origin": "Kecamatan Lape",
        "destination": "Kota Bekasi",
        "port": "Pelabuhan Badas",
        "planned": "25 November 2026",
        "vehicle": "EA 8123 B",
        "inspected": "Contoh, 20 November 2026",
        "skkh": "524.3/000007/SKKH/2026-3",
        "quota": "tahun 2026, antrean nomor 7",
        "slot": "",
        "extension": "",
        "external": [],
        "total": f"{len(names)} ekor",
        "counts": [{"label": "sapi Bali jantan", "value": f"{len(names)} ekor"}],
        "animals": [animal | {"tag": name} for name in names],
        "retribution": {
            "skrd": "900.1/0042",
            "receipt": "000123-K",
            "amount": "Rp 2.782.500",
            "paid": True,
        },
        "signer": SIGNER,
    } | changes


def qr_texts(pdf: bytes, folder: Path, *, dpi: int = 150) -> list[str]:
    """What a scanner reads from the printed pages, sorted."""
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    _poppler("pdftoppm", "-r", str(dpi), "-gray", "-png", str(source), str(folder / f"at{dpi}"))
    pages = sorted(folder.glob(f"at{dpi}-*.png"))
    codes = [code for page in pages for code in zxingcpp.read_barcodes(Image.open(page))]
    return sorted(code.text for code in codes)


def words(pdf: bytes) -> str:
    """The text of the pages without its spaces and line ends."""
    return re.sub(r"\s", "", _poppler("pdftotext", "-", "-", given=pdf).decode())


def facts_of_file(pdf: bytes) -> dict[str, str]:
    lines = _poppler("pdfinfo", "-", given=pdf).decode().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _poppler(tool: str, *arguments: str, given: bytes = b"") -> bytes:
    program = which(tool)
    assert program, f"{tool} is missing: install poppler-utils"
    run = subprocess.run([program, *arguments], input=given, capture_output=True, check=True)
    return run.stdout
