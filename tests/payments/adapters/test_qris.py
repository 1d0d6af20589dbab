"""QRIS codes, by published and by altered ones."""

import binascii
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.qris import BadQris, crc_of, fields_of, read, verify
from tests.payments.adapters.double import qr_of
from tests.payments.adapters.kit import NMID, vectors

VECTORS = {one["id"]: one for one in vectors("qris")["vectors"]}
PAYLOADS = {name: one["input"]["payload"] for name, one in VECTORS.items()}
GOOD = [name for name, one in VECTORS.items() if one["expected"].get("crc_ok")]
BAD = [name for name, one in VECTORS.items() if one["expected"].get("valid") is False]
DYNAMIC = PAYLOADS["synthetic-dynamic-75000"]


def sealed(text: str) -> str:
    return f"{text}6304{crc_of(text + '6304')}"


def test_there_are_vectors_of_each_kind():
    assert (len(GOOD), len(BAD)) == (5, 10)


@pytest.mark.parametrize("name", [*GOOD, "crc-check"])
def test_the_checksum_is_that_of_the_standard(name: str):
    payload, wanted = PAYLOADS[name], VECTORS[name]["expected"]["crc"]
    assert crc_of(payload if name == "crc-check" else payload[:-4]) == wanted


@pytest.mark.parametrize("name", GOOD)
def test_good_codes_are_taken_apart(name: str):
    wanted, fields = VECTORS[name]["expected"], fields_of(PAYLOADS[name])
    found = {
        "amount": fields.get("54"),
        "currency": fields["53"],
        "mcc": fields["52"],
        "nmid": fields.get("51.02"),
        "merchant_name": fields["59"],
        "bill_number": fields.get("62.01"),
        "point_of_initiation": {"11": "static", "12": "dynamic"}[fields["01"]],
    }
    compared = {k: v for k, v in wanted.items() if k in found}
    assert {k: found[k] for k in compared} == compared
    assert compared


def test_a_code_of_another_country_is_no_qris():
    with pytest.raises(BadQris):
        read(PAYLOADS["emvco-mpm-spec-example"])


@pytest.mark.parametrize("name", BAD)
def test_bad_codes_are_refused(name: str):
    with pytest.raises(BadQris):
        read(PAYLOADS[name])


def test_a_checksum_in_small_letters_is_the_same_checksum():
    assert read(PAYLOADS["bad-crc-lowercase"]).amount == 75_000


def test_only_our_amount_for_our_merchant_is_shown():
    assert verify(DYNAMIC, Rupiah(75_000), NMID).bill == "RET-2026-000123"
    assert verify(qr_of(1), Rupiah(1), NMID).merchant == "DISNAKKES"
    for payload, amount, nmid in (
        (DYNAMIC, 75_001, NMID),
        (DYNAMIC, 75_000, "ID1099999999998"),
        (DYNAMIC, 75_000, ""),
        (PAYLOADS["synthetic-static"], 75_000, NMID),
        (qr_of(75_000, "ID2099999999999"), 75_000, NMID),
    ):
        with pytest.raises(BadQris):
            verify(payload, Rupiah(amount), nmid)


BODY = DYNAMIC[:-8]


@pytest.mark.parametrize(
    "text",
    [
        BODY + "5502" + "01",  # a tip
        BODY + "56041000",  # a fixed fee
        BODY + "570410.5",  # a fee in percent
        BODY + "6205" + "01034",  # a template twice, and broken
        BODY.replace("540575000", "540875000.50"),
        BODY.replace("540575000", "5414" + "0" * 9 + "75000"),
        BODY.replace("540575000", "5405７５０００"),
        BODY.replace("540575000", "5405 7500"),
        BODY.replace("5802ID", "5802MY"),
        BODY.replace("010212", "010213"),
        BODY.replace("5920DISNAKKESWAN SUMBAWA", "5900"),
        BODY.replace("000201", ""),
        BODY.replace("0014ID.CO.QRIS.WWW", "0014ID.CO.OTHER.WWW"[:18]),
    ],
)
def test_what_breaks_a_rule_is_refused_although_its_checksum_is_right(text: str):
    assert text != BODY
    with pytest.raises(BadQris):
        read(sealed(text))


def test_a_length_counts_letters_and_the_checksum_bytes():
    name = "KANDANG É"
    text = BODY.replace("5920DISNAKKESWAN SUMBAWA", f"59{len(name):02}{name}")
    assert read(sealed(text)).merchant == name
    assert crc_of("é") == f"{binascii.crc_hqx('é'.encode(), 0xFFFF):04X}"


@given(st.text(max_size=200) | st.text("0123456789", max_size=200))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str):
    for payload in (text, sealed(text) if text.isprintable() and text.isascii() else text):
        try:
            read(payload)
        except BadQris:
            continue


@given(st.data())
@settings(deadline=None)
def test_no_altered_letter_passes(data: Any):
    at = data.draw(st.integers(0, len(DYNAMIC) - 5))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    if letter == DYNAMIC[at]:
        return
    with pytest.raises(BadQris):
        read(DYNAMIC[:at] + letter + DYNAMIC[at + 1 :])


def test_our_checksum_is_that_of_another_implementation():
    for payload in PAYLOADS.values():
        assert crc_of(payload) == f"{binascii.crc_hqx(payload.encode(), 0xFFFF):04X}"
