"""A dose is taken back by whoever gave it, or by who settles findings there."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.findings.models import Finding
from sijinak.vaccinations.models import Vaccination
from sijinak.vaccinations.stock.models import DoseMove, Holding, Lot
from sijinak.vaccinations.withdrawing import (
    DoseAlreadyWithdrawn,
    WithdrawalWithoutReason,
    WithdrawVaccination,
    withdraw_vaccination,
)
from tests.animals.factories import make_animal
from tests.factories import LUNYUK, actor_for
from tests.vaccinations.factories import doses, history_of, product, vaccinate


def one_dose(**fields: Any) -> tuple[UUID, UUID, Any]:
    """The dose, its animal, and the vet who gave it."""
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    act = vaccinate(doses([animal.id], **fields), by=vet)
    dose = db.session.scalars(select(Vaccination.id).where(Vaccination.act_id == act.id)).one()
    return dose, animal.id, vet


def test_of_two_doses_on_a_day_the_other_counts_again(context: Flask):
    dose, animal, _ = one_dose()
    vaccinate(doses([animal]))
    vaccinate(doses([animal]))
    assert sorted(line.standing for line in history_of(animal)) == ["counts", "double", "double"]
    command = WithdrawVaccination(vaccination_id=dose, reason="Salah sapi")
    for _ in range(2):
        with transaction():
            withdraw_vaccination(command, by=OPERATOR)
    standings = sorted(line.standing for line in history_of(animal))
    assert standings == ["counts", "double", "withdrawn"]


def test_who_may_take_a_dose_back(context: Flask):
    dose, _, vet = one_dose()
    command = WithdrawVaccination(vaccination_id=dose, reason="Salah sapi")
    for role, region, error in (
        (Role.VET, LUNYUK, NotFound),
        (Role.UPT_HEAD, "52.04.05", NotFound),
        (Role.TREASURER, LUNYUK, Forbidden),
    ):
        who = actor_for(role, region)
        with pytest.raises(error), transaction():
            withdraw_vaccination(command, by=who)
    with pytest.raises(WithdrawalWithoutReason), transaction():
        withdraw_vaccination(WithdrawVaccination(vaccination_id=dose, reason=" "), by=vet)
    with transaction():
        withdraw_vaccination(command, by=vet)
    with pytest.raises(DoseAlreadyWithdrawn), transaction():
        withdraw_vaccination(WithdrawVaccination(vaccination_id=dose, reason="Lagi"), by=OPERATOR)


def test_a_withdrawn_dose_is_not_done_and_another_counts(context: Flask):
    dose, animal, vet = one_dose()
    with transaction():
        withdraw_vaccination(
            WithdrawVaccination(vaccination_id=dose, reason="Salah sapi"),
            by=vet,
        )
    vaccinate(doses([animal]))
    assert sorted(line.standing for line in history_of(animal)) == ["counts", "withdrawn"]


def test_the_desk_takes_from_the_bag_and_an_undo_puts_back(context: Flask):
    with transaction():
        lot = Lot(product_id=product().id, number="L-2611", expires_on=today())
        db.session.add(lot)
    dose, _, vet = one_dose(lot="l 2611".replace(" ", "-"))
    assert db.session.scalars(select(Holding.doses)).one() == -1
    assert [str(one.kind) for one in db.session.scalars(select(Finding))] == ["stock-short"]
    with transaction():
        withdraw_vaccination(
            WithdrawVaccination(vaccination_id=dose, reason="Salah sapi"),
            by=vet,
        )
    db.session.expire_all()
    assert db.session.scalars(select(Holding.doses)).one() == 0
    assert len(db.session.scalars(select(DoseMove.id)).all()) == 2
