"""The phone's modules, run by Node. Without it these are skipped, unless SIJINAK_REQUIRE names
node; ``make .venv/.js`` fetches what they lean on."""

import json
import os
import random
import shutil
import subprocess
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask import Flask

from sijinak.core.clock import now
from sijinak.core.codes import ALPHABET, NotATagCode, parse_tag_code, spaced, tag_code_of
from sijinak.field.receipts import receipt, receipt_keys
from sijinak.field.wire import batches
from sijinak.permits.signing import qr
from tests.permits.signing import vectors
from tests.permits.signing.forging import facts_by_chance, forged, signed_by_us

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests/js"
NODE = shutil.which("node")


@pytest.fixture(scope="module")
def node() -> str:
    wanted = "node" in os.environ.get("SIJINAK_REQUIRE", "")
    fetched = (ROOT / ".venv/js/node_modules/fake-indexeddb").is_dir()
    if NODE is None or not fetched:
        if wanted:
            pytest.fail("Node and the packages of tests/js are required and were not found")
        pytest.skip("Node or the packages of tests/js are not there: make .venv/.js")
    return NODE


def run(node: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [node, *arguments], input=given, capture_output=True, text=True, timeout=300, check=False
    )


def answer(node: str, script: str, given: str = "") -> Any:
    done = run(node, str(SCRIPTS / script), given=given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", sorted(path.name for path in SCRIPTS.glob("*.test.mjs")))
def test_the_modules_do_what_their_tests_say(node: str, name: str):
    done = run(node, "--test", str(SCRIPTS / name))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_every_module_is_short_and_has_its_types_checked():
    modules = list((ROOT / "sijinak/static/field").rglob("*.js"))
    unchecked = [path.name for path in modules if not path.read_text().startswith("// @ts-check\n")]
    long = [path.name for path in modules if len(path.read_text().splitlines()) > 200]
    assert (unchecked, long) == ([], [])


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_phone_and_server_take_the_same_papers_and_refuse_the_same(node: str, count: int):
    """The very mutants of tests/permits/signing/test_qr.py, and as many good papers."""
    bad = list(forged(count, random.Random(815)))  # noqa: S311
    dice = random.Random(4711)  # noqa: S311 - papers, not keys
    good = [facts_by_chance(dice) for _ in range(count)]
    texts = bad + [qr.text_of(signed_by_us(facts), vectors.HOST) for facts in good]
    said = _read_by_phone(node, texts)
    assert [text for text, (_, number) in zip(bad, said, strict=False) if number is not None] == []
    assert not {verdict for verdict, _ in said[: len(bad)]} & {"valid", "expired"}
    expected = [[_standing(facts), _shown(facts)] for facts in good]
    assert said[len(bad) :] == expected


NOON = 2**31  # of the papers made by chance, some are over then, and some not signed yet


def _read_by_phone(node: str, texts: list[str]) -> list[list[str | None]]:
    keys = [key | {"from": 0} for key in vectors.vectors()["keys"]]
    given = {"keys": keys, "home": vectors.HOST, "now": NOON, "texts": texts}
    found: list[list[str | None]] = answer(node, "signed.mjs", json.dumps(given))
    return found


def _standing(facts: qr.SignedFacts) -> str:
    if facts.issued > NOON + 86_400:
        return "altered"  # signed tomorrow
    return "expired" if facts.until < NOON else "valid"


def _shown(facts: qr.SignedFacts) -> str | None:
    return None if _standing(facts) == "altered" else facts.number


def test_phone_and_server_read_the_same_codes(node: str):
    texts = spellings(random.Random(5204))  # noqa: S311 - the same ones every time
    for text, (parsed, in_text, shown) in zip(
        texts, answer(node, "codes.mjs", json.dumps(texts)), strict=True
    ):
        assert parsed == parsed_here(text), text
        assert in_text == parsed_here(text.strip().rsplit("/", 1)[-1]), text
        assert shown == spaced(text), text


def spellings(dice: random.Random) -> list[str]:
    """A thousand codes, written as people write them, and as many with a mistake."""
    codes = [tag_code_of(dice.getrandbits(40)) for _ in range(1000)]
    return [
        *codes,
        *(spaced(code).lower() for code in codes[:200]),
        *(code.replace("0", "o").replace("1", dice.choice("iIlL")) for code in codes[:300]),
        *(f"https://ternak.example/t/{code}" for code in codes[:50]),
        *(f"HTTPS://TERNAK.EXAMPLE/T/{code}" for code in codes[:50]),
        *(_mistaken(code, dice) for code in codes),
        "", " ", "U" * 10, "7K3M", "İıſ0000000", "００００００００００", "0000000000\n",
    ]  # fmt: skip


def _mistaken(code: str, dice: random.Random) -> str:
    at = dice.randrange(len(code) - 1)
    wrong = [
        code[:at] + dice.choice(ALPHABET + "U*ß") + code[at + 1 :],
        code[:at] + code[at + 1] + code[at] + code[at + 2 :],
        code[:at] + code[at + 1 :],
        code[:at] + code[at] + code[at:],
    ]
    return dice.choice(wrong)


def parsed_here(text: str) -> str | None:
    try:
        return parse_tag_code(text)
    except NotATagCode:
        return None


@pytest.fixture(scope="module")
def brought(node: str) -> dict[str, Any]:
    phone: dict[str, Any] = answer(node, "brings.mjs")
    return phone


def test_a_batch_is_chained_as_the_server_reckons(brought: dict[str, Any]):
    batch = brought["batch"]
    before = sha256(f"sijinak-device\n{batch['device']}".encode()).hexdigest()
    for seq, record in enumerate(batch["records"], start=1):
        body = json.loads(record["body"])
        assert (record["seq"], record["prev"], body["seq"]) == (seq, before, seq)
        assert record["hash"] == sha256(f"{before}\n{record['body']}".encode()).hexdigest()
        assert (body["id"], body["device"], body["v"]) == (record["id"], batch["device"], 1)
        before = record["hash"]
    assert seq == 4
    assert len(batches.decode(json.dumps(batch)).records) == seq


def test_the_phone_knows_a_receipt_of_the_server(app: Flask, node: str):
    record_id, digest = uuid4(), sha256(b"body").digest()
    said = {
        "receipt": receipt(record_id, digest, "accepted", now()),
        "record": {"id": str(record_id), "hash": digest.hex()},
        "keys": receipt_keys(),
    }
    assert answer(node, "receipt.mjs", json.dumps(said)) == [True, False]


def test_an_exported_file_is_signed_by_the_phone(brought: dict[str, Any]):
    file, records = brought["file"], brought["file"]["records"]
    assert records == brought["batch"]["records"]
    hashes = "\n".join(record["hash"] for record in records)
    said = f"sijinak-export-v1\n{file['device']}\n{file['exported_at']}\n{hashes}".encode()
    raw = b64decode(file["signature"])
    signature = encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )
    key = load_der_public_key(b64decode(brought["public_key"]))
    assert isinstance(key, EllipticCurvePublicKey)
    key.verify(signature, said, ECDSA(SHA256()))
