"""The file gate: a file is read by its declared profile and must prove itself, or is refused."""

from collections.abc import Callable
from hashlib import sha256

from sijinak.treasury.statements.camt053 import read_camt053
from sijinak.treasury.statements.csvfile import read_csv
from sijinak.treasury.statements.mt940 import read_mt940
from sijinak.treasury.statements.profiles import Profile
from sijinak.treasury.statements.reading import (
    MOST_LINES,
    Fault,
    ReadStatement,
    UnfitStatement,
    unfit,
)

MOST_BYTES = 8 * 1024 * 1024
# What is packed or binary, by its first bytes: ZIP and XLSX, old Excel, gzip, PDF.
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")
_READERS: dict[str, Callable[[bytes, Profile], tuple[ReadStatement, ...]]] = {
    "csv": read_csv,
    "mt940": lambda content, _: read_mt940(content),
    "camt053": lambda content, profile: read_camt053(content, profile.zone),
}


def read_statements(content: bytes, profile: Profile) -> tuple[ReadStatement, ...]:
    """What the file says, each opening balance and its lines making the closing one.

    Raises UnfitStatement with every fault that was found.
    """
    if len(content) > MOST_BYTES:
        raise unfit(0, "too-large", str(MOST_BYTES // 1024 // 1024))
    if content.startswith(_PACKED):
        raise unfit(0, "packed")
    found = _READERS[profile.kind](content, profile)
    if sum(len(one.lines) for one in found) > MOST_LINES:
        raise unfit(0, "too-many-lines", str(MOST_LINES))
    if faults := [fault for one in found for fault in _control(one)]:
        raise UnfitStatement(faults)
    return found


def _control(one: ReadStatement) -> list[Fault]:
    total = one.opening + sum(line.amount for line in one.lines)
    if total == one.closing:
        return []
    return [Fault(one.row, "control-total", f"{total} ≠ {one.closing}")]


def digest_of(content: bytes) -> bytes:
    return sha256(content).digest()
