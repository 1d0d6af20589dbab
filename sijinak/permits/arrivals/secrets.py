"""The receiver's secret and short code.

Both are made from the link's id under the key for look-ups, so that the applicant and the desk can
hand them over again although the database holds nothing but their digests: a copy of it opens no
link. After a change of that key the old links still work, and new ones are made to be shown.
"""

import hmac
from base64 import b32encode
from uuid import UUID

from sijinak.core.codes import ALPHABET
from sijinak.core.crypto import keyring
from sijinak.keepers.proving import SECRET_BYTES, digest_of_secret
from sijinak.permits.arrivals.models import ArrivalLink

CODE_LENGTH = 6  # 30 bits, asked for together with the number, and only a few times
_READ_AS = str.maketrans("OIL", "011", " -.\t")


def secret_for(link_id: UUID) -> str:
    """160 bits."""
    return b32encode(keyring.lookup("arrival link", str(link_id))[:SECRET_BYTES]).decode()


def code_for(link_id: UUID) -> str:
    digest = keyring.lookup("arrival code", str(link_id))
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LENGTH])


def digest_of_code(link_id: UUID, code: str) -> bytes:
    return keyring.lookup("arrival code typed", f"{link_id}:{code.upper().translate(_READ_AS)}")


def fits(link: ArrivalLink, code: str) -> bool:
    return hmac.compare_digest(link.code_digest, digest_of_code(link.id, code))


def shown(link: ArrivalLink) -> tuple[str, str] | None:
    """Its secret and code; None after the key was changed."""
    secret = secret_for(link.id)
    if not hmac.compare_digest(link.digest, digest_of_secret(secret)):
        return None
    return secret, code_for(link.id)
