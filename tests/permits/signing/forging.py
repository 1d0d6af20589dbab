"""Papers as a dice makes them, and what forgers make of them: the same for server and phone."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import cbor2

from sijinak.core.cose import canonical, opened, sign1
from sijinak.permits.signing import qr
from tests.permits.signing import vectors

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
KID_AT, PAYLOAD_AT, SIGNATURE = slice(8, 16), 17, 66  # places in a paper's bytes
Forger = Callable[[bytes, random.Random], bytes]


def facts_by_chance(dice: random.Random) -> qr.SignedFacts:
    heads = dice.randrange(1, 60)
    animals = tuple(dice.randbytes(5) for _ in range(heads))
    males = dice.randrange(heads + 1)
    return qr.SignedFacts(
        number=f"524/{dice.randrange(10**6):06d}/REK/2026-K", issued=dice.randrange(2**32),
        until=dice.randrange(2**33), origin="52.04.09.2001", destination="32.75",
        holder="CV Ñ" * dice.randrange(16), plate=dice.choice(["", "EA 8123 B"]),
        species=dice.choice(["cattle", "buffalo"]), males=males, females=heads - males,
        animals=animals if heads <= qr.MOST_LISTED else None, digest=qr.digest_of(animals),
        status_list=dice.randrange(9), status_index=dice.randrange(131_072),
        permit_id=UUID(bytes=dice.randbytes(16)), version=dice.randrange(1, 9), port="badas",
        kind=dice.choice(list(qr.PaperKind)),
    )  # fmt: skip


def signed_by_us(facts: qr.SignedFacts) -> bytes:
    return sign1(qr.payload_of(facts), vectors.KEY, vectors.KID)


def forged(count: int, dice: random.Random) -> Iterator[str]:
    """About so many texts; the few that came out as they were before are left out."""
    papers = [signed_by_us(facts_by_chance(dice)) for _ in range(50)]
    genuine = {qr.text_of(raw, vectors.HOST) for raw in papers}
    for turn in range(count):
        raw = dice.choice(papers)
        if turn % 8:
            text = qr.text_of(FORGERS[turn % len(FORGERS)](raw, dice), vectors.HOST)
        else:
            text = _misspelt(qr.text_of(raw, vectors.HOST), dice)
        if text not in genuine:
            yield text


def _flip_a_bit(raw: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :]


def _cut(raw: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def _lose_a_piece(raw: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(raw))
    return raw[:start] + raw[start + dice.randrange(1, 20) :]


def _add(raw: bytes, dice: random.Random) -> bytes:
    place = dice.choice([len(raw), dice.randrange(len(raw) + 1)])
    return raw[:place] + dice.randbytes(dice.randrange(1, 20)) + raw[place:]


def _other_facts(raw: bytes, dice: random.Random) -> bytes:
    """All of another paper under this one's signature."""
    return _under(raw, qr.payload_of(facts_by_chance(dice)))


def _other_field(raw: bytes, dice: random.Random) -> bytes:
    """One field alone: the dates, the plate, the region, the type, the heads ..."""
    facts = qr.facts_in(cbor2.loads(raw[PAYLOAD_AT:-SIGNATURE]))
    others: dict[str, Any] = {
        "number": facts.number + "X", "issued": facts.issued + 86_400, "origin": "52.05",
        "until": facts.until + 86_400, "destination": "21.71", "holder": "PT Lain",
        "plate": facts.plate + "X", "species": "horse", "males": facts.males + 1,
        "females": facts.females + 1, "status_list": facts.status_list + 1, "port": "lembar",
        "status_index": facts.status_index + 1, "permit_id": UUID(bytes=dice.randbytes(16)),
        "version": facts.version + 1, "kind": qr.PaperKind(3 - facts.kind),
    }  # fmt: skip
    field = dice.choice(sorted(others))
    return _under(raw, qr.payload_of(replace(facts, **{field: others[field]})))


def _under(raw: bytes, payload: bytes) -> bytes:
    return raw[:PAYLOAD_AT] + canonical(payload) + raw[-SIGNATURE:]


def _other_key(raw: bytes, dice: random.Random) -> bytes:
    """Signed by somebody else, under our name or their own."""
    kid = dice.choice([vectors.KID, vectors.OTHER_KID])
    return sign1(qr.payload_of(facts_by_chance(dice)), vectors.OTHER, kid)


def _other_name(raw: bytes, dice: random.Random) -> bytes:
    """Our own signature, under the name of a key that nobody knows."""
    payload = cbor2.loads(raw[PAYLOAD_AT:-SIGNATURE])
    return sign1(payload, vectors.KEY, dice.choice([vectors.OTHER_KID, dice.randbytes(8)]))


def _other_spelling(raw: bytes, dice: random.Random) -> bytes:
    """The same facts, signed by our own key, spelt as we never spell them."""
    payload: bytes = cbor2.loads(raw[PAYLOAD_AT:-SIGNATURE])
    map_ = opened(payload)
    ways = (
        payload + b"\x00",
        b"\xbf" + payload[1:] + b"\xff",
        bytes([payload[0] + 1]) + payload[1:] + canonical(17) + canonical(1),
        cbor2.dumps(dict(reversed(map_.items()))),
        b"\xb8" + bytes([payload[0] & 31]) + payload[1:],
        cbor2.dumps(map_, string_referencing=True),
    )
    return sign1(dice.choice(ways), vectors.KEY, vectors.KID)


def _noise(raw: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(400))


FORGERS: list[Forger] = [
    _flip_a_bit, _flip_a_bit, _flip_a_bit, _cut, _lose_a_piece, _add, _other_facts, _other_field,
    _other_field, _other_key, _other_name, _other_spelling, _noise,
]  # fmt: skip


def _misspelt(text: str, dice: random.Random) -> str:
    """The letters themselves: changed, doubled, padded, or such as base 32 has not."""
    at = dice.randrange(text.rindex("/") + 1, len(text))
    other = LETTERS[(LETTERS.index(text[at]) + dice.randrange(1, 32)) % 32]
    return dice.choice(
        (
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + dice.choice("0189=%-\u017f\u0131") + text[at + 1 :],
            text + "=" * dice.randrange(1, 7),
            text + dice.choice("A2 \n/?#"),
            text[:-1] + LETTERS[LETTERS.index(text[-1]) ^ 1],
        )
    )
