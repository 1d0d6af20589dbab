"""The cells of one row: texts become values, or what is wrong with them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from rapidfuzz import process

from sijinak.animals.imports.dates import DateStyle, parse_birth
from sijinak.animals.imports.problems import BadCell
from sijinak.animals.imports.villages import Villages
from sijinak.animals.models import IdentifierKind, Sex, Species, Verification
from sijinak.animals.naming import spelt
from sijinak.core.codes import parse_tag_code
from sijinak.core.errors import Invalid
from sijinak.keepers.nik import parse_nik

if TYPE_CHECKING:
    from sijinak.animals.imports.row import Row

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
# The words that a repair offers.
WORDS: Mapping[str, tuple[str, ...]] = {
    "jenis": ("sapi", "kerbau", "kuda", "kambing", "domba", "babi"),
    "kelamin": ("jantan", "betina"),
    "status": ("terlihat", "dinyatakan"),
}
OLDEST_YEARS = 60
MOST_TEETH = 4
_ALIKE = 60
_REMEMBERED = 5000  # texts of a column: most columns say few things again and again

_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")  # the wide ones, too
_AS_NUMBER = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_PHONE = re.compile(r"08\d{7,13}")
_EARTAG = re.compile(r"[A-Za-z0-9 ./-]{0,32}")

Cells = Mapping[str, str]
Values = dict[str, Any]
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the cells of a list are read against. ``words`` are repairs, by column and text."""

    villages: Villages
    dates: DateStyle
    on: date
    words: Words = field(default_factory=dict)


Reader = Callable[[str, str, Setting], Any]


def clean(text: str) -> str:
    """Blanks around a text and doubled inside mean nothing, nor does what makes a text of =."""
    if text.isascii() and text.isalnum():
        return text
    text = " ".join(normalize("NFC", text).split())
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def word_key(text: str, kecamatan: str = "") -> str:
    """How a repair remembers which word it is for."""
    return f"{text.lower()}|{kecamatan.lower()}"


class _Memo(dict[Any, Any]):
    """What was worked out before. Columns mostly say few things again and again."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work

    def __missing__(self, text: Any) -> Any:
        found = self._work(text)
        if len(self) >= _REMEMBERED:
            self.clear()  # the rows of one owner stand together
        self[text] = found
        return found


class RowReader:
    """Reads row after row."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._memos = {name: _Memo(partial(self._outcome, name)) for name in READERS}
        self._clean = _Memo(clean)

    def cells(self, names: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
        """The cleaned texts by column; columns without a name are not taken."""
        found = dict(zip(names, map(self._clean.__getitem__, texts), strict=False))
        found.pop("", None)
        return found

    def read(self, column: str, cells: Cells) -> Any:
        """Raises Invalid."""
        text = cells.get(column, "")
        beside = cells.get("kecamatan", "") if column == "desa" else ""
        value, wrong = self._memos[column][text, beside]
        if wrong is not None:
            raise wrong
        return value

    def read_all(self, columns: Iterable[str], row: "Row") -> None:
        """Fill the values of the row, and say what is wrong with its cells."""
        get, kecamatan = row.cells.get, row.cells.get("kecamatan", "")
        for column in columns:
            beside = kecamatan if column == "desa" else ""
            value, wrong = self._memos[column][get(column, ""), beside]
            if wrong is None:
                row.values[READERS[column][0]] = value
            else:
                row.refuse(column, wrong.code, **wrong.facts)

    def _outcome(self, column: str, key: tuple[str, str]) -> tuple[Any, Invalid | None]:
        text, beside = key
        instead = self._setting.words.get(column, {}).get(word_key(text, beside))
        try:
            if instead is not None:
                return READERS[column][1](instead, "", self._setting), None
            return READERS[column][1](text, beside, self._setting), None
        except Invalid as error:
            return None, error


def _nik(text: str, _: str, setting: Setting) -> str:
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
            near = process.extractOne(text.lower(), words.keys(), score_cutoff=_ALIKE)
            raise BadCell(code, text=text, perhaps=near[0] if near else "")
        return found

    return read


def _phone(text: str, *_: object) -> str:
    """The one spelling in which telephone numbers are kept; Excel drops a leading 0."""
    digits = re.sub(r"[ ().+'-]", "", text)
    local = re.sub(r"^(62)?(?=8)", "0", digits)
    if text and not _PHONE.fullmatch(local):
        raise BadCell("list-phone")
    return local


def _village(text: str, kecamatan: str, setting: Setting) -> str:
    if not text:
        raise BadCell("list-missing")
    return setting.villages.find(text, kecamatan)


def _birth(text: str, _: str, setting: Setting) -> date | None:
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
    return spelt(IdentifierKind.EARTAG, text)


def _rfid(text: str, *_: object) -> str:
    if _AS_NUMBER.fullmatch(text):
        raise BadCell("list-rfid-as-number")
    return spelt(IdentifierKind.RFID, text) if text else ""


def _tag(text: str, *_: object) -> str:
    return parse_tag_code(text) if text else ""


# By column: the field that it fills, and how.
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
    "rfid": ("rfid", _rfid),
}
COLUMN_OF = {field: column for column, (field, _) in READERS.items()}
KIND_OF = {
    "kode_tag": IdentifierKind.TAG,
    "nomor_eartag": IdentifierKind.EARTAG,
    "rfid": IdentifierKind.RFID,
}
