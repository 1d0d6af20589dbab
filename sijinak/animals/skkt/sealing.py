"""The digest of a signed sheet: keyed, so that who can only write the rows cannot make one."""

import hmac
import json

from sijinak.animals.skkt.models import Sheet
from sijinak.core.crypto import keyring

SEALED = (
    "keeper_id", "village", "number", "public_code", "part", "parts", "owner_name", "signed_on",
    "signed_by", "signed_by_name", "signed_as",
)  # fmt: skip


def digest_of(sheet: Sheet) -> bytes:
    """Over all that the paper says; not over what is struck later."""
    said = {name: getattr(sheet, name) for name in SEALED}
    lines = [
        [line.basis, line.no, line.animal_id, line.tag, line.facts]
        for line in sorted(sheet.lines, key=lambda line: (line.basis, line.no))
    ]
    spelt = json.dumps([said, lines], sort_keys=True, default=str, ensure_ascii=False)
    return keyring.lookup("sheet", spelt)


def is_intact(sheet: Sheet) -> bool:
    """Whether the rows still say what was signed."""
    return sheet.digest is not None and hmac.compare_digest(sheet.digest, digest_of(sheet))
