"""The tokens we give to a bank that signs in to us. We keep none: each proves itself."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

SECONDS = 900


def made(secret: str, client_id: str, at: datetime) -> str:
    until = int(at.timestamp()) + SECONDS
    return f"{until}.{_seal(secret, client_id, str(until))}"


def is_good(secret: str, client_id: str, token: str, at: datetime) -> bool:
    until, _, seal = token.partition(".")
    wanted = _seal(secret, client_id, until)
    if not hmac.compare_digest(wanted.encode(), seal.encode("utf-8", "surrogatepass")):
        return False
    return at < datetime.fromtimestamp(int(until), UTC)


def _seal(secret: str, client_id: str, until: str) -> str:
    text = f"snap token|{client_id}|{until}".encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(hmac.digest(secret.encode(), text, "sha256")).decode().rstrip("=")
