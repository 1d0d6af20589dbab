"""Writes vectors.json: texts that every reader of signed papers takes, and texts it refuses.

The key is for tests alone; its number stands here so that everybody can sign with it.
"""

import json
import zlib
from base64 import b32encode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from sijinak.core.cose import ORDER, canonical, key_id, sign1, spki_of

PATH = Path(__file__).with_name("vectors.json")
HOST = "https://sijinak.example.go.id"
KEY = derive_private_key(0x51A1A2B3C4D5E6F7, SECP256R1())
OTHER = derive_private_key(0x7777777777777777, SECP256R1())
SPKI = spki_of(KEY.public_key())
KID, OTHER_KID = key_id(SPKI), key_id(spki_of(OTHER.public_key()))
ISSUED, UNTIL = 1_795_312_800, 1_796_486_399  # 22 November 2026 and a fortnight after, WITA
DIGEST = bytes(range(16))
Map = dict[Any, Any]


def said(**others: Any) -> Map:
    """A good map; ``k5="x"`` puts another value under 5, ``k5=None`` leaves 5 out."""
    known: Map = {
        1: "524/000123/REK/2026-K",
        2: ISSUED,
        3: UNTIL,
        4: "52.04.09.2001",
        5: "32.75",
        6: "CV Samawa Ternak Mandiri",
        7: "EA 8123 B",
        8: "cattle",
        9: [2, 1],
        10: tags(3),
        12: 1,
        13: 4711,
        14: bytes.fromhex("019aa1b2c3d47e5f8a9b0c1d2e3f4051"),
        15: 1,
        16: "badas",
        17: 1,
    }
    for name, value in others.items():
        known[int(name[1:])] = value
    return {key: known[key] for key in sorted(known) if known[key] is not None}


def tags(heads: int) -> bytes:
    return b"".join((0x1F2E3D4C00 + 7919 * head).to_bytes(5) for head in range(heads))


def text(raw: bytes, host: str = HOST) -> str:
    return f"{host.upper()}/V/{b32encode(raw).decode().rstrip('=')}"


def signed(map_: Map) -> bytes:
    return sign1(canonical(map_), KEY, KID)


def good() -> Iterator[tuple[str, bytes, Map]]:
    maps = {
        "three animals": said(),
        "one animal": said(k9=[0, 1], k10=tags(1)),
        "thirty animals": said(k9=[30, 0], k10=tags(30)),
        "digest above thirty": said(k9=[250, 0], k10=None, k11=DIGEST),
        "health letter": said(k1="524.3/000007/SKKH/2026-3", k17=2),
        "second version": said(k15=2, k13=131_071),
        "no plate": said(k7=""),
        "letters beyond ASCII": said(k6="PT Ñusantara “Jaya” – Öst"),
        "unknown key 99": said(k99={1: b"\x00", -1: ["x", 7]}),
        "unknown negative key": said(**{"k-5": "later"}),
        "expired": said(k2=1_700_000_000, k3=1_701_000_000),
    }
    for name, map_ in maps.items():
        yield name, signed(map_), map_


def wrongly_made() -> Iterator[tuple[str, bytes]]:
    """Well signed, by our own key, and still nothing that we write."""
    for name, map_ in {
        "number missing": said(k1=None),
        "number is no text": said(k1=5),
        "issued is no number": said(k2="soon"),
        "issued is negative": said(k2=-1),
        "issued is a fraction": said(k2=1.5),
        "issued is true": said(k2=True),
        "until beyond what counts exactly": said(k3=2**53),
        "holder of 61 letters": said(k6="x" * 61),
        "counts of three": said(k9=[1, 2, 3]),
        "count is text": said(k9=["2", 1]),
        "no animals at all": said(k10=None),
        "animals empty": said(k10=b""),
        "animals cut in the middle": said(k10=tags(3)[:-1]),
        "thirty-one animals": said(k9=[31, 0], k10=tags(31)),
        "animals are text": said(k10="12345"),
        "list and digest": said(k11=DIGEST),
        "digest too short": said(k10=None, k11=DIGEST[:-1]),
        "permit id too short": said(k14=b"\x00" * 15),
        "unknown kind": said(k17=3),
        "kind missing": said(k17=None),
        "text as key": {**said(), "18": 1},
        "nested too deep": said(k99=[[[[[1]]]]]),
    }.items():
        yield name, sign1(canonical(map_), KEY, KID)
    whole = canonical(said())
    for name, payload in {
        "payload is an array": canonical([1, 2, 3]),
        "payload is empty": b"",
        "payload has bytes after its end": whole + b"\x00",
        "payload is cut": whole[:-1],
        "a key twice": b"\xb1" + whole[1:] + canonical(1) + canonical("a second number"),
        "keys out of order": cbor2.dumps(dict(reversed(said().items()))),
        "number in a long form": whole.replace(canonical({15: 1})[1:], b"\x0f\x18\x01"),
        "length in a long form": whole.replace(b"\x07\x69EA", b"\x07\x78\x09EA"),
        "endless map": b"\xbf" + whole[1:] + b"\xff",
        "text that is no UTF-8": whole.replace(b"EA 81", b"EA\xff81"),
    }.items():
        assert payload != whole, name
        yield name, sign1(payload, KEY, KID)


def wrongly_signed() -> Iterator[tuple[str, bytes]]:
    raw = signed(said())
    r, s = raw[-64:-32], int.from_bytes(raw[-32:])
    yield "other key under our name", sign1(canonical(said()), OTHER, KID)
    yield "plate changed", raw.replace(b"EA 8123 B", b"EA 8123 C")
    yield "heads changed", raw.replace(b"\x09\x82\x02\x01", b"\x09\x82\x03\x01")
    yield "last day changed", raw.replace(canonical(UNTIL), canonical(UNTIL + 86_400))
    yield "one bit of the signature", raw[:-1] + bytes([raw[-1] ^ 1])
    yield "the other signature (n - s)", raw[:-32] + (ORDER - s).to_bytes(32)
    yield "r is zero", raw[:-64] + bytes(32) + raw[-32:]
    yield "s is zero", raw[:-32] + bytes(32)
    yield "s is n", raw[:-64] + r + ORDER.to_bytes(32)
    yield "signature of another paper", signed(said(k13=4712))[:-64] + raw[-64:]


def wrongly_framed() -> Iterator[tuple[str, bytes]]:
    raw = signed(said())
    payload, signature = canonical(canonical(said())), canonical(raw[-64:])
    yield "one byte", raw[:1]
    yield "cut", raw[:-1]
    yield "only the head", raw[:16]
    yield "a byte more", raw + b"\x00"
    yield "without tag 18", raw[1:]
    yield "tag 17", b"\xd1" + raw[1:]
    yield "algorithm -8 (EdDSA)", raw.replace(b"\xa2\x01\x26", b"\xa2\x01\x27", 1)
    yield "algorithm none", raw.replace(b"\xa2\x01\x26", b"\xa2\x01\x00", 1)
    open_header = b"\xa1\x04\x41\x00"
    yield "something unprotected", raw[:16] + open_header + payload + signature
    yield "payload of no bytes", raw[:16] + b"\xa0\xf6" + signature
    yield "signature of 63 bytes", raw[:-66] + canonical(raw[-63:])
    yield "signature of 65 bytes", raw[:-66] + canonical(b"\x00" + raw[-64:])
    yield "protected without kid", b"\xd2\x84\x43\xa1\x01\x26\xa0" + payload + signature


def bad() -> Iterator[tuple[str, str, str]]:
    """Name, text, and why it is refused."""
    for name, raw in wrongly_made():
        yield name, text(raw), "malformed"
    for name, raw in wrongly_framed():
        yield name, text(raw), "malformed"
    for name, raw in wrongly_signed():
        yield name, text(raw), "altered"
    yield "a key that nobody knows", text(sign1(canonical(said()), OTHER, OTHER_KID)), "unknown-key"
    whole = text(signed(said()))
    yield "base32 with padding", whole + "=", "strange-address"
    yield "base32 letter that is none", whole[:-1] + "1", "strange-address"
    yield "bits beyond the last byte", _with_bits_left(), "malformed"
    body = whole.rpartition("/")[2]
    for name, address in {
        "another host": f"HTTPS://SIJINAK.EXAMPLE.COM/V/{body}",
        "our name before another host": f"HTTPS://SIJINAK.EXAMPLE.GO.ID.EVIL.ID/V/{body}",
        "our name as a user": f"HTTPS://SIJINAK.EXAMPLE.GO.ID@EVIL.ID/V/{body}",
        "our name with a port": f"HTTPS://SIJINAK.EXAMPLE.GO.ID:8443/V/{body}",
        "without TLS": f"HTTP://SIJINAK.EXAMPLE.GO.ID/V/{body}",
        "a question after it": f"{whole}?A=1",
        "another path": f"{HOST.upper()}/T/{body}",
        "two slashes": f"{HOST.upper()}//V/{body}",
        "a space before": f" {whole}",
        "letter that looks like S": whole.replace("SIJINAK", "\u017fIJINAK"),
        "no payload": f"{HOST.upper()}/V/",
    }.items():
        yield name, address, "strange-address"


def _with_bits_left() -> str:
    """The same bytes in another spelling: the last letter has room that no byte uses."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    raw = next(raw for raw in (signed(said(k7="B" * count)) for count in range(9)) if len(raw) % 5)
    whole = text(raw)
    return whole[:-1] + alphabet[alphabet.index(whole[-1]) | 1]


def list_bytes(**others: Any) -> bytes:
    bits = bytearray(32_768)
    for index, status in STATES.items():
        bits[index // 4] |= status << index % 4 * 2
    packed = others.pop("packed", zlib.compress(bytes(bits), 9))
    known: Map = {1: 1, 2: ISSUED, 3: ISSUED + 86_400, 4: 131_072, 5: packed}
    return canonical(known | {int(name[1:]): value for name, value in others.items()})


STATES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 1, 4711: 2, 131_071: 3}


def lists() -> Iterator[tuple[str, bytes, str]]:
    """Name, COSE bytes, and why they are refused ("" when they are not)."""
    whole = sign1(list_bytes(), KEY, KID)
    yield "a list", whole, ""
    yield "one bit changed", whole[:-70] + bytes([whole[-70] ^ 1]) + whole[-69:], "altered"
    yield "signed by another", sign1(list_bytes(), OTHER, OTHER_KID), "unknown-key"
    yield "size says otherwise", sign1(list_bytes(k4=131_076), KEY, KID), "malformed"
    yield "not packed", sign1(list_bytes(packed=bytes(100)), KEY, KID), "malformed"
    yield (
        "a bomb",
        sign1(list_bytes(packed=zlib.compress(bytes(40_000_000), 9)), KEY, KID),
        "malformed",
    )
    yield "a paper instead", signed(said()), "malformed"


def plain(value: Any) -> Any:
    """As JSON: bytes become hex, keys become texts."""
    match value:
        case bytes():
            return value.hex()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
    return value


def vectors() -> dict[str, Any]:
    return {
        "about": "Bytes are hex, lists and keys base64. The payload's keys are those of"
        " sijinak/permits/signing/qr.py. s must be at most n/2, and the spelling canonical."
        " Made by vectors.py beside this file.",
        "public_url": HOST,
        "now": ISSUED + 3600,
        "keys": [
            {
                "kid": KID.hex(),
                "spki": b64encode(SPKI).decode(),
                "from": ISSUED - 86_400,
                "until": None,
                "revoked": False,
            }
        ],
        "private_key": f"{KEY.private_numbers().private_value:064x}",
        "good": [
            {"name": name, "text": text(raw), "facts": plain(map_)} for name, raw, map_ in good()
        ],
        "bad": [{"name": name, "text": said_, "why": why} for name, said_, why in bad()],
        "lists": [
            {"name": name, "list": b64encode(raw).decode(), "why": why, "states": plain(STATES)}
            for name, raw, why in lists()
        ],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n")
