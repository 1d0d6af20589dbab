"""Reading what others send: strictly, and never with a guess."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from sijinak.core.money import Rupiah

WIB = timezone(timedelta(hours=7), "WIB")  # what banks stamp, wherever the office is
YEARS = range(2000, 2200)
_WHOLE = re.compile(r"(\d{1,15})(?:\.0{1,2})?", flags=re.ASCII)
_BROKEN = re.compile(r"(\d{1,15})(?:\.\d{1,3})?", flags=re.ASCII)
_SAFE_ID = re.compile(r"[A-Za-z0-9_.~-]{1,64}", flags=re.ASCII)


class Unreadable(ValueError):
    """It is not what the agreement says; nothing in it is believed."""


def parsed(body: bytes) -> dict[str, Any]:
    """A JSON object in which no name comes twice: two readers would see two things."""
    try:
        found = json.loads(body, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise Unreadable("no JSON object")
    return found


def at(found: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted path; None when there is nothing."""
    here: Any = found
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def text_at(found: Mapping[str, Any], path: str) -> str:
    """A text at a path, empty when there is none. Raises Unreadable when it is something else."""
    here = at(found, path)
    if here is None:
        return ""
    if not isinstance(here, str) or not here.isprintable():
        raise Unreadable(f"{path} is no text")
    return here


def list_at(found: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    here = at(found, path)
    if here is None:
        return []
    if not isinstance(here, list) or not all(isinstance(one, dict) for one in here):
        raise Unreadable(f"{path} is no list of objects")
    return here


def rupiah_in(text: object, currency: str = "IDR") -> Rupiah:
    """'75000.00' and '75000'. Of another currency its whole units: a person looks at it anyway."""
    shape = _WHOLE if currency == "IDR" else _BROKEN
    found = shape.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Unreadable("no whole amount")
    return Rupiah(int(found[1]))


def moment_in(text: str) -> datetime:
    """An ISO 8601 moment with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("no moment") from None
    if moment.tzinfo is None or moment.year not in YEARS:
        raise Unreadable("a moment without its zone, or of another age")
    return moment


def is_safe_id(text: str) -> bool:
    """Whether an id may stand in a path as it is: it leads nowhere else."""
    return _SAFE_ID.fullmatch(text) is not None and text.strip(".") != ""


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, however its name is spelt; empty when it is missing."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def masked(name: str) -> str:
    """A person's name as a paper may show it: B*** S******."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _refused(name: str) -> object:
    raise ValueError(f"{name} is no number")
