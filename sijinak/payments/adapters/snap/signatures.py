"""SNAP signatures. What is hashed is the text as it was sent, without spaces between its tokens.

Reading and writing JSON anew is not that: it turns 1.10 into 1.1 and é into an escape.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

# A text (kept, also one that never ends) or spaces between tokens (dropped). Never goes back.
_TOKENS = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"?)|[ \t\r\n]++', flags=re.DOTALL)


def minified(body: bytes) -> bytes:
    return _TOKENS.sub(lambda found: found[1] or b"", body)


def text_of_token(client_id: str, timestamp: str) -> bytes:
    """What is signed to get a token."""
    return _bytes(f"{client_id}|{timestamp}")


def text_of_call(method: str, path: str, body: bytes, timestamp: str, token: str = "") -> bytes:
    """What is signed of a call; without a token its part is missing."""
    digest = hashlib.sha256(minified(body)).hexdigest()
    parts = [method, path, token, digest, timestamp] if token else [method, path, digest, timestamp]
    return _bytes(":".join(parts))


def symmetric(secret: str, text: bytes) -> str:
    return b64encode(hmac.digest(secret.encode(), text, "sha512")).decode()


def asymmetric(key: RSAPrivateKey, text: bytes) -> str:
    return b64encode(key.sign(text, PKCS1v15(), SHA256())).decode()


def is_symmetric(secret: str, text: bytes, signature: str) -> bool:
    return hmac.compare_digest(symmetric(secret, text).encode(), _bytes(signature))


def is_asymmetric(key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """One signature has one spelling: base64 leaves bits over that anybody could alter."""
    try:
        raw = b64decode(_bytes(signature), validate=True)
        key.verify(raw, text, PKCS1v15(), SHA256())
    except (ValueError, InvalidSignature):
        return False
    return hmac.compare_digest(b64encode(raw), _bytes(signature))


def private_key(pem: str) -> RSAPrivateKey:
    """Raises ValueError when it is no private RSA key."""
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("no RSA key")  # noqa: TRY004 - as of any other text that is no key
    return key


def public_key(pem: str) -> RSAPublicKey:
    """Raises ValueError when it is no public RSA key."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("no RSA key")  # noqa: TRY004 - as of any other text that is no key
    return key


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
