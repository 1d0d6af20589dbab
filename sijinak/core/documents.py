"""Papers: a Typst template and its facts become a PDF, the same bytes for the same facts."""

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from unicodedata import normalize

import typst

from sijinak.shipped import PACKAGE, shipped

# Written into the file when the caller names no moment: a clock would change the bytes.
NO_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)
# What our fonts can draw. The rest (controls, bidi marks, emoji) PDF/A refuses or people misread.
UNPRINTABLE = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027\u202f-\u2040\u20a0-\u20bf\u2122"
    "\u2190-\u22ff\u25a0-\u25ff]"
)


class _Kept(threading.local):
    """A compiler must not be used by two threads at once, so each thread keeps its own."""

    def __init__(self) -> None:
        self.compilers: dict[str, typst.Compiler] = {}


_kept = _Kept()


def render_pdf(
    template: str,
    facts: Mapping[str, object],
    *,
    at: datetime = NO_MOMENT,
    enclosed: bytes = b"",
) -> bytes:
    """Fill templates/documents/<template>.typ; the comment at its top names the facts it needs.

    `at` is the moment of issue as the file's metadata states it, never the moment of printing.
    A template that knows how attaches the file `enclosed`.
    """
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs={
            "facts": json.dumps(printable(facts), ensure_ascii=False),
            "enclosed": str(list(enclosed)),  # as JSON spells it, in a tenth of the time
        },
        pdf_standards=["a-3b", "ua-1"],  # to keep for years, and for a screen reader
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError(template)
    return pdf


def printable(value: object) -> object:
    """Texts on one line, in letters that our fonts have; what they lack becomes U+FFFD."""
    match value:
        case str():
            return _printable_text(value)
        case Mapping():
            return {key: printable(item) for key, item in value.items()}
        case list() | tuple():
            return [printable(item) for item in value]
    return value


def _printable_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return UNPRINTABLE.sub("\ufffd", re.sub(r"\s+", " ", normalize("NFC", text)))


def _compiler(template: str) -> typst.Compiler:
    if template not in _kept.compilers:
        folder = shipped("templates") / "documents"
        _kept.compilers[template] = typst.Compiler(
            folder / f"{template}.typ",
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
    return _kept.compilers[template]


@cache
def _fonts() -> typst.Fonts:
    """Ours and those inside Typst, never the machine's: a paper looks the same everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[PACKAGE / "static" / "fonts"])
