"""One row of a list: texts become an entry, or what is wrong with them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from sijinak.animals.imports.dates import DateStyle, parse_birth
from sijinak.animals.imports.problems import BadCell, Findings
from sijinak.animals.imports.villages import Villages
from sijinak.animals.models import Sex, Species, Verification
from sijinak.core.codes import parse_tag_code
from sijinak.core.errors import Invalid
from sijinak.keepers.nik import parse_nik

SPECIES = {
    "sapi": Species.CATTLE, "lembu": Species.CATTLE, "kerbau": Species.BUFFALO,
    "kuda": Species.HORSE, "kambing": Species.GOAT, "domba": Species.SHEEP,
    "biri-biri": Species.SHEEP, "babi": Species.PIG,
}  # fmt: skip
SEXES = {
    "jantan": Sex.MALE, "jtn": Sex.MALE, "j": Sex.MALE,
    "betina": Sex.FEMALE, "btn": Sex.FEMALE, "b": Sex.FEMALE,
}  # fmt: skip
STATUSES = {
    "terlihat": Verification.SEEN, "dilihat": Verification.SEEN, "data 1": Verification.SEEN,
    "dinyatakan": Verification.DECLARED, "data 2": Verification.DECLARED,
}  # fmt: skip
MARKS = ("warna", "tanduk", "telinga", "pusar", "cap", "ciri_khusus")
OLDEST_YEARS = 60
MOST_TEETH = 4

_AS_NUMBER = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_PHONE = re.compile(r"08\d{7,13}")
_EARTAG = re.compile(r"[A-Za-z0-9 ./-]{0,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An animal of a list and its owner, every cell checked."""

    row: int
    nik: str
    owner: str
    phone: str = ""
    village: str
    hamlet: str = ""
    species: Species
    breed: str = ""
    sex: Sex
    birth_date: date | None = None
    teeth: int | None = None
    colour: str = ""
    horns: str = ""
    ears: str = ""
    whorls: str = ""
    brand: str = ""
    special_marks: str = ""
    eartag: str = ""
    verification: Verification
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the cells of a list are read against."""

    villages: Villages
    dates: DateStyle
    on: date


Cells = Mapping[str, str]
Reader = Callable[[str, Cells, Setting], object]


def clean(text: str) -> str:
    """Blanks around a text and doubled inside mean nothing."""
    return text if text.isascii() and text.isalnum() else " ".join(normalize("NFC", text).split())


def read_row(row: int, cells: Cells, setting: Setting, findings: Findings) -> dict[str, object]:
    """The values by field, those of bad cells left out; what is wrong is added to the findings."""
    values: dict[str, object] = {"row": row}
    for column, (field, read) in READERS.items():
        try:
            values[field] = read(cells.get(column, ""), cells, setting)
        except Invalid as error:
            findings.refuse(row, column, error.code, **error.facts)
    if values.get("verification") is Verification.SEEN and not any(map(cells.get, MARKS)):
        findings.refuse(row, "warna", "seen-without-marks")
    return values


def _nik(text: str, _: Cells, setting: Setting) -> str:
    if not text:
        raise BadCell("list-missing")
    if _AS_NUMBER.fullmatch(text):
        raise BadCell("list-nik-as-number")
    return parse_nik(text, on=setting.on).text


def _text(most: int, least: int = 0) -> Reader:
    def read(text: str, *_: object) -> str:
        if not text.isprintable():
            raise BadCell("list-unprintable")
        if len(text) > most:
            raise BadCell("list-text-too-long", most=most)
        if len(text) < least:
            raise BadCell("list-missing")
        return text

    return read


def _word(words: Mapping[str, object], code: str) -> Reader:
    def read(text: str, *_: object) -> object:
        found = words.get(text.lower())
        if found is None:
            raise BadCell(code, text=text)
        return found

    return read


def _phone(text: str, *_: object) -> str:
    """The one spelling in which telephone numbers are kept; Excel drops a leading 0."""
    digits = re.sub(r"[ ().+'-]", "", text)
    local = re.sub(r"^(62)?(?=8)", "0", digits)
    if text and not _PHONE.fullmatch(local):
        raise BadCell("list-phone")
    return local


def _village(text: str, cells: Cells, setting: Setting) -> str:
    if not text:
        raise BadCell("list-missing")
    return setting.villages.find(text, cells.get("kecamatan", ""))


def _birth(text: str, _: Cells, setting: Setting) -> date | None:
    if not text:
        return None
    born = parse_birth(text, setting.dates)
    if born > setting.on:
        raise BadCell("born-in-the-future")
    if setting.on.year - born.year > OLDEST_YEARS:
        raise BadCell("list-too-old", years=OLDEST_YEARS)
    return born


def _teeth(text: str, *_: object) -> int | None:
    found = re.fullmatch(r"(?:poel ?)?(\d)", text.lower())
    if text and text.lower() != "gigi susu" and (not found or int(found[1]) > MOST_TEETH):
        raise BadCell("list-teeth")
    return int(found[1]) if found else 0 if text else None


def _eartag(text: str, *_: object) -> str:
    if not _EARTAG.fullmatch(text):
        raise BadCell("list-eartag")
    return text


def _tag(text: str, *_: object) -> str:
    return parse_tag_code(text) if text else ""


READERS: Mapping[str, tuple[str, Reader]] = {
    "nik": ("nik", _nik),
    "nama_pemilik": ("owner", _text(120, least=2)),
    "telepon": ("phone", _phone),
    "desa": ("village", _village),
    "dusun": ("hamlet", _text(80)),
    "jenis": ("species", _word(SPECIES, "list-species")),
    "ras": ("breed", _text(80)),
    "kelamin": ("sex", _word(SEXES, "list-sex")),
    "tanggal_lahir": ("birth_date", _birth),
    "gigi": ("teeth", _teeth),
    "warna": ("colour", _text(80)),
    "tanduk": ("horns", _text(80)),
    "telinga": ("ears", _text(80)),
    "pusar": ("whorls", _text(80)),
    "cap": ("brand", _text(80)),
    "ciri_khusus": ("special_marks", _text(300)),
    "nomor_eartag": ("eartag", _eartag),
    "status": ("verification", _word(STATUSES, "list-status")),
    "kode_tag": ("tag", _tag),
}
