"""What animals cost by the tariffs of a day: by head, component, species, sex and test."""

from datetime import date, timedelta

import pytest

from sijinak.animals.models import Sex
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.retribution.services import CancelSkrd, cancel_skrd, issue_skrd
from sijinak.retribution.tariffs.models import Service, Unit, When
from sijinak.retribution.tariffs.queries import Herd, NoTariff, price_of, tariffs_on
from sijinak.retribution.tariffs.services import load_tariffs
from tests.retribution.factories import add_tariff, do, fresh, herd, issue, make_keeper

pytestmark = pytest.mark.usefixtures("context")


def amounts(found: Herd) -> list[int]:
    return [line.amount for line in price_of(found, today())]


def test_the_two_known_totals():
    assert sum(amounts(herd())) == 79_500
    assert sum(amounts(herd(needs_rbt=True, male=20, female=15))) == 35 * 89_500


@pytest.mark.parametrize("species", ["buffalo", "horse", "goat"])
def test_no_tariff_is_never_a_guess(species: str):
    with pytest.raises(NoTariff):
        price_of(herd(species), today())


def test_a_tariff_without_its_rbt_part_does_not_cover_rbt():
    species = add_tariff(50_000)
    assert amounts(herd(species)) == [50_000]
    with pytest.raises(NoTariff):
        price_of(herd(species, needs_rbt=True), today())


def test_no_tariff_before_its_day():
    with pytest.raises(NoTariff):
        price_of(herd(), date(2024, 12, 31))


def test_each_sex_has_its_line_and_its_heads():
    species = add_tariff(25_000, sex=Sex.MALE)
    add_tariff(30_000, code="betina", species=species, sex=Sex.FEMALE)
    lines = price_of(herd(species, male=2, female=3), today())
    assert {(line.heads, line.unit_amount, line.amount) for line in lines} == {
        (2, 25_000, 50_000),
        (3, 30_000, 90_000),
    }
    assert amounts(herd(species, male=0, female=1)) == [30_000]


def test_a_sex_without_a_tariff_is_not_free():
    species = add_tariff(25_000, sex=Sex.MALE)
    assert amounts(herd(species, male=2)) == [50_000]
    with pytest.raises(NoTariff):
        price_of(herd(species, male=2, female=1), today())


def test_components_add_up_and_those_for_any_species_count():
    species = add_tariff(50_000)
    add_tariff(5_000, code="periksa", species=species, component="Pemeriksaan")
    add_tariff(2_000, code="lahan", species="", component="Lahan transit")
    assert sum(amounts(herd(species, male=3))) == 3 * 57_000


@pytest.mark.parametrize(
    "other", [{"service": Service.SLAUGHTER}, {"unit": Unit.DAY}, {"approved_by": None}]
)
def test_what_is_no_price_of_leaving_is_not_billed(other: dict[str, object]):
    species = add_tariff(50_000)
    add_tariff(9_000, code="lain", species=species, **other)
    assert amounts(herd(species)) == [50_000]


def test_the_test_is_billed_only_where_it_is_asked_for():
    species = add_tariff(50_000)
    add_tariff(7_000, code="uji", species=species, applies=When.RBT)
    assert amounts(herd(species)) == [50_000]
    assert sorted(amounts(herd(species, needs_rbt=True))) == [7_000, 50_000]


def test_tariffs_are_loaded_once_and_say_that_they_are_examples():
    with transaction():
        assert load_tariffs(by=OPERATOR) == 0
    found = tariffs_on(today())
    assert {(t.amount, t.is_example) for t in found} == {(79_500, True), (10_000, True)}
    assert all("Perda" in t.legal_basis and t.source and t.law_code for t in found)
    assert all(t.proposed_by != t.approved_by for t in found)


def test_a_bill_keeps_its_lines_whatever_the_tariff_becomes():
    species = add_tariff(50_000, valid_until=today())
    skrd = do(issue_skrd, issue(make_keeper(), species=species, heads=2), by=OPERATOR)
    add_tariff(60_000, code=species, species=species, valid_from=today() + timedelta(days=1))
    assert [(line.unit_amount, line.amount) for line in fresh(skrd).lines] == [(50_000, 100_000)]
    do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="lagi"), by=OPERATOR)
    assert fresh(skrd).total == 100_000
