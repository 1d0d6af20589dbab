"""How the files of each bank are written, declared as data: one TOML for each kind of file."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sijinak.core.amounts import Style

FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``sign``: columns (debit and credit), signed (one column), or mark (one, and D or C beside).

    ``head`` and ``foot`` count rows around the table, the row of column names not among them.
    A column ``account`` says of which account each row is: one that is of another is refused.
    """

    name: str
    title: str
    kind: str  # csv, mt940 or camt053
    encoding: str = "utf-8"
    zone: str = "WIB"
    delimiter: str = ","
    style: Style = Style.WIRE
    sign: str = "columns"
    date: str = "%Y-%m-%d"
    time: str = ""
    newest_first: bool = False
    head: int = 0
    foot: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()


@cache
def profiles() -> dict[str, Profile]:
    """All that come with the program, by name."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {profile.name: profile for profile in found}


def _read(path: Path) -> Profile:
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    told["style"] = Style(told.get("style", Style.WIRE))
    told["references"] = tuple(told.get("references", ()))
    return Profile(name=path.stem, **told)
