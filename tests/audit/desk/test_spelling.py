"""What an auditor types to find a ticket."""

import pytest

from sijinak.audit.desk.spelling import serial_in


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PH-A 1548–1595", ("PH-A", 1548)),  # a row, as the block's page prints it
        ("PH-A 1548-1595", ("PH-A", 1548)),
        ("ph-a/0001548", ("PH-A", 1548)),
        ("PH-A1548", ("PH-A", 1548)),  # as it stands on the ticket, without a blank
        (" A1 20 ", ("A1", 20)),
        ("PH-A12 5", ("PH-A12", 5)),
        ("1548", ("", 1548)),
        ("PH-A 999999999", ("PH-A", 999_999_999)),
    ],
)
def test_a_ticket_is_known_by_its_series_and_serial(typed: str, meant: tuple[str, int]):
    assert serial_in(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "PH-A", "PH A 1", "TBP 2026/0012", "PH-A 1234567890", "7K3M-9QX4-5J", "PH-A 1.5",
     "PH-A 1548–", "PASARHEWAN 1", "PH-A \u0661\u0665", "PH_A 1"],
)  # fmt: skip
def test_what_is_no_ticket_is_none(typed: str):
    assert serial_in(typed) is None
