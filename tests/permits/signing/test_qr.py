"""The text of a QR code: what we write is read, and nothing else is."""

import json
import random
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from sijinak.core.codes import parse_tag_code, tag_code_of
from sijinak.core.cose import (
    Altered,
    Malformed,
    UnknownKey,
    key_id,
    public_key,
    sign1,
    spki_of,
)
from sijinak.core.errors import SijinakError
from sijinak.permits.signing import qr
from sijinak.permits.signing.statuslist import PaperStatus, read_list
from tests.permits.signing import vectors
from tests.permits.signing.forging import facts_by_chance, forged, signed_by_us

VECTORS: dict[str, Any] = json.loads(vectors.PATH.read_text())
OURS: str = VECTORS["public_url"]
KEYS = {bytes.fromhex(key["kid"]): public_key(b64decode(key["spki"])) for key in VECTORS["keys"]}
WHY = {
    "malformed": Malformed,
    "altered": Altered,
    "unknown-key": UnknownKey,
    "strange-address": qr.StrangeAddress,
}
MUTANTS = pytest.param(1_000, id="1,000"), pytest.param(10_000, marks=pytest.mark.slow, id="10,000")


def _named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


def _read(text: str) -> qr.SignedFacts:
    return qr.read(qr.base32_in(text, OURS), KEYS)[1]


def test_the_vectors_are_those_of_their_maker():
    assert vectors.vectors() == VECTORS


@pytest.mark.parametrize("case", _named(VECTORS["good"]))
def test_what_we_write_is_read(case: dict[str, Any]):
    facts, said = _read(case["text"]), case["facts"]
    assert facts.number == said["1"]
    assert [facts.males, facts.females] == said["9"]
    assert facts.permit_id == UUID(hex=said["14"])
    assert b"".join(facts.animals or ()).hex() == said.get("10", "")
    if not set(said) - {str(key) for key in range(18)}:
        _, _, raw = qr.read(qr.base32_in(case["text"], OURS), KEYS)
        kid = bytes.fromhex(VECTORS["keys"][0]["kid"])
        again = sign1(qr.payload_of(facts), vectors.KEY, kid)
        assert (again, qr.text_of(again, OURS)) == (raw, case["text"])


@pytest.mark.parametrize("case", _named(VECTORS["bad"]))
def test_what_we_never_write_is_refused(case: dict[str, Any]):
    with pytest.raises(WHY[case["why"]]):
        _read(case["text"])


@pytest.mark.parametrize("case", _named(VECTORS["lists"]))
def test_lists_say_what_became_of_papers(case: dict[str, Any]):
    raw = b64decode(case["list"])
    if case["why"]:
        with pytest.raises(WHY[case["why"]]):
            read_list(raw, KEYS)
        return
    found = read_list(raw, KEYS)
    for index, status in case["states"].items():
        assert found.status(int(index)) is PaperStatus(status)
    assert found.status(5) is PaperStatus.VALID
    with pytest.raises(Malformed):
        found.status(found.size)


@pytest.mark.parametrize("number", [0, 1, 2**40 - 1, 0x1F2E3D4C5B])
def test_a_tag_takes_five_bytes(number: int):
    code = tag_code_of(number)
    assert parse_tag_code(code) == code
    assert qr.tag_bytes(code) == number.to_bytes(5)


@pytest.mark.parametrize("count", MUTANTS)
def test_every_good_paper_is_accepted(count: int):
    dice = random.Random(4711)  # noqa: S311 - papers, not keys
    for _ in range(count):
        facts = facts_by_chance(dice)
        assert _read(qr.text_of(signed_by_us(facts), OURS)) == facts


@pytest.mark.parametrize("count", MUTANTS)
def test_no_altered_paper_is_accepted_and_none_crashes(count: int):
    refused = 0
    for text in forged(count, random.Random(815)):  # noqa: S311
        with pytest.raises((Malformed, Altered, UnknownKey, qr.StrangeAddress)):
            _read(text)
        refused += 1
    assert refused > count * 0.99


def test_every_other_letter_in_a_text_is_refused():
    """All letters in all places of one paper: the text, not only the bytes."""
    whole = VECTORS["good"][1]["text"]
    start = whole.rindex("/") + 1
    for place in range(start, len(whole), 5):
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 1.%":
            if letter != whole[place]:
                with pytest.raises(SijinakError):
                    _read(whole[:place] + letter + whole[place + 1 :])


def test_small_letters_are_read_too():
    whole = VECTORS["good"][0]["text"]
    assert _read(whole.lower()) == _read(whole)


def test_only_p256_keys_are_keys():
    with pytest.raises((Malformed, ValueError)):
        public_key(b64decode(VECTORS["keys"][0]["spki"])[:-1])
    fresh = spki_of(generate_private_key(SECP256R1()).public_key())
    assert len(key_id(fresh)) == 8


BODY = VECTORS["good"][0]["text"].rpartition("/")[2]
_HOST = OURS.removeprefix("https://")
_LOOKALIKES = (
    "sijinak.example.co.id",
    "sijinak.example.id",
    "sijinak.go.id",
    "example.go.id",
    "sijinakexample.go.id",
    "sijinak.example.go.idn",
    "sijinak.example.go.id.evil.id",
    "evil.id",
    "sijinak.example.go.id@evil.id",
    "sijinak.example.go.id:443@evil.id",
    "evil.id#sijinak.example.go.id",
    "sijinak-example.go.id",
    "sijinak.example.g0.id",
    "s1jinak.example.go.id",
    "sijinak.example.go.id.",
    ".sijinak.example.go.id",
    "www.sijinak.example.go.id",
    "sijinak.example.go.id:8080",
    "sijinak.example.go.id:443",
    "sijinak.example.go.id:",
    "xn--sijnak-p9a.example.go.id",
    "s\u0456jinak.example.go.id",
    "\u017fijinak.example.go.id",
    "sijinak\u3002example.go.id",
    "sijinak.example.go\uff0eid",
    "127.0.0.1",
    "[::1]",
    "2130706433",
    "user:pass@sijinak.example.go.id",
    "sijinak.example.go.id%00.evil.id",
    "sijinak.example.go.id\\@evil.id",
    "sijinak.example.go.id%2eevil.id",
    "sijinak.example.go.id\t",
    "sijinak.example.go.id\n.evil.id",
    "",
    "-",
    "sijinak.example.go.id,evil.id",
    "sijinak.example.go.id;evil.id",
    "sijinak example.go.id",
)
_SCHEMES = (
    "http",
    "ftp",
    "javascript",
    "data",
    "file",
    "ws",
    "https:https",
    "",
    "httpss",
    " https",
)
_PATHS = (
    "/v",
    "/T/",
    "//V/",
    "/V//",
    "/V/../V/",
    "/./V/",
    "/V/%2e%2e/",
    "/V;x/",
    "/x/V/",
    "\\V\\",
    "/%56/",
    "/V/?",
    "/V/#",
    "/VV/",
    "V/",
)


_ENDS = ("?", "#", "/", "?x=1", "#x", "/..", "%00", "\n", " ", "=", "\u202e", "\x00", "&a=b")


def _hostile() -> Iterator[str]:
    for host in _LOOKALIKES:
        yield f"https://{host}/V/{BODY}"
        if host.isascii():  # a long s in capitals is our S
            yield f"HTTPS://{host.upper()}/V/{BODY}"
        yield f"https://{host}/{_HOST}/V/{BODY}"
        yield f"https://{host}?https://{_HOST}/V/{BODY}"
    for scheme in _SCHEMES:
        yield f"{scheme}://{_HOST}/V/{BODY}"
        yield f"{scheme}:{_HOST}/V/{BODY}"
    for path in _PATHS:
        yield f"https://{_HOST}{path}{BODY}"
    for end in _ENDS:
        yield f"https://{_HOST}/V/{BODY}{end}"
    for start in (" ", "\n", "\u200b", "\ufeff", "x", "view-source:", "intent:", "blob:"):
        yield f"{start}https://{_HOST}/V/{BODY}"
    yield from ("", "/", "V", BODY, f"/V/{BODY}", f"//{_HOST}/V/{BODY}", "https://", "https:///V/A")
    yield f"https://{_HOST}/V/{BODY * 9}"
    yield f"https:{_HOST}/V/{BODY}"
    yield f"https:/{_HOST}/V/{BODY}"
    yield f"https:\\\\{_HOST}\\V\\{BODY}"


HOSTILE = sorted(set(_hostile()))


def test_there_are_two_hundred_hostile_addresses():
    assert len(HOSTILE) >= 200


@pytest.mark.parametrize("address", HOSTILE)
def test_only_our_own_address_is_believed(address: str):
    with pytest.raises(qr.StrangeAddress):
        qr.base32_in(address, OURS)


def test_a_port_is_part_of_an_address():
    ours = "http://127.0.0.1:8000"
    assert qr.base32_in("HTTP://127.0.0.1:8000/V/AB", ours) == "AB"
    with pytest.raises(qr.StrangeAddress):
        qr.base32_in("HTTP://127.0.0.1/V/AB", ours)
