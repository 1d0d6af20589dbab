"""What a SNAP answer means: HTTP (3 digits), service (2), case (2)."""

import re
from collections.abc import Sequence
from enum import Enum, auto

_CODE = re.compile(r"(\d{3})(\d{2})(\d{2})", flags=re.ASCII)
_LATER = frozenset({"408", "425", "429"})  # nothing is refused: they ask for patience


class End(Enum):
    OK = auto()
    EXISTS = auto()  # the reference was used before: ask how it stands
    SAME_ID = auto()  # X-EXTERNAL-ID was used today: send again under another
    NO_TOKEN = auto()  # the token is not, or no longer, good
    NOT_FOUND = auto()
    REFUSED = auto()
    UNCLEAR = auto()


_SPECIAL = {
    ("409", "00"): End.SAME_ID,
    ("409", "01"): End.EXISTS,
    ("401", "01"): End.NO_TOKEN,
    ("404", "01"): End.NOT_FOUND,
}


def end_of(status: int, code: str, services: Sequence[str]) -> End:
    """Unclear is whatever contradicts itself: the HTTP status, or another service's code."""
    found = _CODE.fullmatch(code)
    if found is None or found[2] not in services or found[1][0] != str(status)[0]:
        return End.UNCLEAR
    http, _, case = found.groups()
    if (http, case) in _SPECIAL:
        return _SPECIAL[http, case]
    if http in {"200", "201"}:
        return End.OK
    return End.REFUSED if http.startswith("4") and http not in _LATER else End.UNCLEAR
