"""Messages as nobody should send them, for the conformance suite."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from sijinak.payments.adapters.base import RawRequest

_GARBAGE = (
    b"", b"{", b"{}", b"null", b"[]", b"0", b'""', b"\xff\xfe", b"0" * 4096, b"[" * 20_000,
    b'{"ref": "x", "amount": 1}', b'{"amount": {"value": "1e9"}}', b'{"a": 1, "a": 2}',
    b'{"order_id": null, "status_code": [], "gross_amount": {}, "signature_key": 5}',
    b'{"amount": NaN}', b'{"amount": ' + b"9" * 5000 + b"}",
)  # fmt: skip
_NAMES = ("amount", "value", "order_id", "originalPartnerReferenceNo", "virtualAccountNo", "x")
_HEADS: tuple[dict[str, str], ...] = (
    {},
    {"X-SIGNATURE": "", "X-TIMESTAMP": "", "Authorization": "Bearer "},
    {"X-SIGNATURE": "AAAA", "X-TIMESTAMP": "now", "Authorization": "Bearer x.y"},
    {"X-SIGNATURE": "é\udc80", "X-TIMESTAMP": "0001-01-01T00:00:00+23:59", "X-CLIENT-KEY": "\x00"},
)


def bodies() -> Iterator[bytes]:
    """What is known to break readers, and a hundred bodies that are the same each time."""
    yield from _GARBAGE
    chance = Random(1)  # noqa: S311 - to be repeated, not to be secret
    for _ in range(100):
        yield json.dumps(_anything(chance, 3)).encode()


def headers() -> Iterator[dict[str, str]]:
    yield from _HEADS


def with_each_byte_flipped(request: RawRequest) -> Iterator[RawRequest]:
    """One letter of the method, path or a header is another, or one byte of the body."""
    yield replace(request, method="PUT")
    for path in _altered(request.path):
        yield replace(request, path=path)
    for name, value in request.headers.items():
        for text in _altered(value):
            yield replace(request, headers={**request.headers, name: text})
        yield replace(request, headers={k: v for k, v in request.headers.items() if k != name})
    for at in range(len(request.body)):
        body = bytearray(request.body)
        body[at] ^= 1
        yield replace(request, body=bytes(body))


def _altered(text: str) -> Iterator[str]:
    for at, letter in enumerate(text):
        yield f"{text[:at]}{chr(ord(letter) ^ 1)}{text[at + 1 :]}"


def _anything(chance: Random, depth: int) -> Any:
    kind = chance.randrange(4 if depth else 2)
    few = range(chance.randrange(4))
    if kind == 0:
        return chance.choice([None, True, False, 0, -1, 10**30, 1.5, 1e308])
    if kind == 1:
        return chance.choice(["", "75000.00", "IDR", "\x00", "é" * 20, "../..", "200"])
    if kind == 2:  # noqa: PLR2004
        return [_anything(chance, depth - 1) for _ in few]
    return {chance.choice(_NAMES): _anything(chance, depth - 1) for _ in few}
