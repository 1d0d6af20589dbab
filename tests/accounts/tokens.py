"""A passkey in software: it makes what a browser and a device would send."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from os import urandom
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as b64

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8000"


@dataclass
class SoftToken:
    """Everything a device is sure of can be bent by a test."""

    name: str = "localhost"
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    count: int = 0
    steps: int = 1
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: urandom(32))

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a request for a new key."""
        credential = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        told = self._told(self.flags | ATTESTED) + credential + self._public()
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client("webauthn.create", options)
        return self._sent(client, attestationObject=b64(attested), transports=["internal", "odd"])

    def answer(self, options: dict[str, Any]) -> str:
        """The answer to a question, signed."""
        self.count += self.steps
        told, client = self._told(self.flags), self._client("webauthn.get", options)
        signature = self.key.sign(told + sha256(client).digest(), ECDSA(SHA256()))
        return self._sent(client, authenticatorData=b64(told), signature=b64(signature))

    def _told(self, flags: int) -> bytes:
        return sha256(self.name.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _sent(self, client: bytes, **response: Any) -> str:
        return json.dumps(
            {
                "id": b64(self.credential_id),
                "rawId": b64(self.credential_id),
                "type": "public-key",
                "response": {"clientDataJSON": b64(client), **response},
            }
        )
