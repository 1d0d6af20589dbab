"""What was written down late: on the last day that is allowed it is not told, on the next it is."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.limits import ACT_LATE_DAYS, BOOK_LATE_DAYS, CASH_LATE_DAYS
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger.models import Journal
from sijinak.retribution.tariffs.models import Tariff
from sijinak.vaccinations.models import VaccinationAct
from tests.audit.findings.money_plants import money
from tests.audit.findings.planting import Planter, unguarded

AGO = 60


def act(plant: Planter, days: int) -> UUID:
    written = plant.ago(AGO - days)
    return plant.row(VaccinationAct, given_at=plant.ago(AGO), recorded_at=written)


def cash(plant: Planter, days: int) -> UUID:
    return money(plant, happened_at=plant.ago(AGO), seen_at=plant.ago(AGO - days))


def journal(plant: Planter, days: int) -> UUID:
    return plant.row(
        Journal, size=2, zero=0, effective_on=plant.on(AGO), recorded_at=plant.ago(AGO - days)
    )


def tariff(plant: Planter, days: int) -> UUID:
    approved = {"approved_by": plant.id(), "approved_at": plant.ago(AGO - days)}
    return plant.row(
        Tariff, valid_from=plant.on(AGO), valid_until=plant.on(AGO), refused_why="", **approved
    )


def subjects_of(code: str) -> dict[UUID, int]:
    return {hit.subject_id: int(hit.facts["days"]) for hit in CHECKS[code].look()}


@pytest.mark.parametrize(
    ("code", "plant_one", "allowed"),
    [
        ("late-act", act, ACT_LATE_DAYS),
        ("late-cash", cash, CASH_LATE_DAYS),
        ("late-journal", journal, BOOK_LATE_DAYS),
        ("late-tariff", tariff, BOOK_LATE_DAYS),
    ],
)
def test_the_last_day_allowed_is_not_late_and_the_next_is(
    context: Flask, code: str, plant_one: object, allowed: int
):
    assert callable(plant_one)
    with unguarded() as connection:
        plant = Planter(connection, 7)
        before, in_time, late = (plant_one(plant, days) for days in (-5, allowed, allowed + 1))
    assert subjects_of(code) == {late: allowed + 1}
    assert len({before, in_time, late}) == 3


def test_days_are_those_of_the_office_and_not_of_the_machine(context: Flask):
    """Taken before one midnight and written after another: nights are counted where people live."""
    with unguarded() as connection:
        plant = Planter(connection, 7)
        late = money(
            plant,
            happened_at=plant.ago(10, hour=23),
            seen_at=plant.ago(10 - CASH_LATE_DAYS - 1, hour=0) + timedelta(minutes=5),
        )
        money(plant, happened_at=plant.ago(10, hour=0), seen_at=plant.ago(10 - CASH_LATE_DAYS, 23))
    assert subjects_of("late-cash") == {late: CASH_LATE_DAYS + 1}


def test_what_the_program_writes_itself_and_what_a_bank_tells_late_is_left_out(context: Flask):
    with unguarded() as connection:
        plant = Planter(connection, 7)
        for machine in (WORKER, OPERATOR):
            plant.row(
                Journal,
                size=2,
                zero=0,
                actor_id=machine.id,
                effective_on=plant.on(AGO),
                recorded_at=plant.ago(1),
            )
            plant.row(
                Tariff, valid_from=plant.on(AGO), valid_until=plant.on(1), approved_by=machine.id,
                approved_at=plant.ago(1), refused_why="",
            )  # fmt: skip
        plant.row(Tariff, valid_from=plant.on(AGO), valid_until=plant.on(1), refused_why="")
        money(plant, adapter="qris", happened_at=plant.ago(AGO), seen_at=plant.ago(1))
    assert not any(subjects_of(code) for code in ("late-journal", "late-tariff", "late-cash"))
