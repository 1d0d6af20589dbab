"""Amounts by declared style: nothing is guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

from sijinak.core.amounts import Style, amount_of
from sijinak.core.money import NotAnAmount

VECTORS = json.loads((Path(__file__).parent / "vectors" / "idr-amount-text.json").read_text())


def test_all_vectors_are_here():
    assert len(VECTORS["vectors"]) == 27


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_an_amount_reads_as_its_style_says(vector: dict[str, Any]):
    text, style = vector["input"]["text"], Style(vector["input"]["style"])
    wanted = vector["expected"]["rupiah"]
    if wanted is None:
        with pytest.raises(NotAnAmount):
            amount_of(text, style)
    else:
        assert amount_of(text, style) == wanted


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("-(75.000)", Style.ID),
        ("-75.000 DB", Style.ID),
        ("75.000 XX", Style.ID),
        ("9" * 16, Style.WIRE),
        ("100.000,00", Style.SWIFT),
        ("75000", Style.SWIFT),
        ("75000,5", Style.SWIFT),
        ("7500000", Style.SWIFT),
    ],
)
def test_what_is_doubtful_is_refused(text: str, style: Style):
    with pytest.raises(NotAnAmount):
        amount_of(text, style)


def test_swift_writes_a_comma_behind_whole_rupiah():
    assert amount_of("75000,", Style.SWIFT) == amount_of("75000,00", Style.SWIFT) == 75_000
