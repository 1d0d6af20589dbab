"""What an animal weighs."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, Species, Weighing, WeighingMethod
from sijinak.animals.record import weighings_of
from sijinak.animals.services import NotPresent, SeenInTheFuture
from sijinak.animals.weighing import (
    GirthMissing,
    NotAGirth,
    NotAWeight,
    WeighAnimal,
    schoorl,
    weigh_animal,
)
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import OPERATOR, Actor
from tests.animals.factories import make_animal
from tests.animals.states import die
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in


def weighing(animal: Animal, **fields: Any) -> WeighAnimal:
    defaults: dict[str, Any] = {"animal_id": animal.id, "kg": 240, "method": WeighingMethod.SCALE}
    return WeighAnimal(**{**defaults, **fields})


def weigh(command: WeighAnimal, *, by: Actor = OPERATOR) -> Weighing:
    with transaction():
        return weigh_animal(command, by=by)


def test_weights_are_kept_newest_first_and_once_for_each_command(context: Flask):
    animal, _ = make_animal()
    same = weighing(animal, weighed_at=now() - timedelta(days=90))
    for _ in range(2):
        weigh(same)
    weigh(weighing(animal, kg=262, method=WeighingMethod.TAPE, girth_cm=140))
    assert [(one.kg, one.girth_cm) for one in weighings_of([animal.id])] == [
        (262, 140), (240, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"kg": 0}, NotAWeight),
        ({"kg": 2001}, NotAWeight),
        ({"girth_cm": 19}, NotAGirth),
        ({"method": WeighingMethod.TAPE}, GirthMissing),
        ({"weighed_at": "tomorrow"}, SeenInTheFuture),
    ],
)
def test_what_cannot_be_is_refused(context: Flask, told: dict[str, Any], error: type[Exception]):
    animal, _ = make_animal()
    if "weighed_at" in told:
        told = {"weighed_at": now() + timedelta(days=1)}
    with pytest.raises(error):
        weigh(weighing(animal, **told))


def test_only_what_is_there_is_weighed_and_only_by_those_in_charge(context: Flask):
    animal, _ = make_animal()
    with pytest.raises(NotFound):
        weigh(weighing(animal), by=actor_for(Role.VET, LUNYUK_ODE))
    with pytest.raises(Forbidden):
        weigh(weighing(animal), by=actor_for(Role.AUDITOR))
    die(animal)
    with pytest.raises(NotPresent):
        weigh(weighing(animal), by=actor_for(Role.VET, LUNYUK))
    assert db.session.scalar(select(func.count(Weighing.id))) == 0


def test_schoorl_is_for_cattle():
    assert schoorl(Species.CATTLE, 140) == 262  # (140 + 22)² / 100 = 262.44
    assert schoorl(Species.GOAT, 70) is None
    assert schoorl(Species.CATTLE, 5) is None


def test_the_girth_suggests_a_weight_that_the_officer_keeps(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
        goat, _ = make_animal(species=Species.GOAT)
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/ternak/{animal.id}/timbang"
    typed = {"id": id_on(vet.get(url).text), "method": "tape", "girth_cm": "140"}
    asked = form_post(vet, url, **typed)
    assert (asked.status_code, 'value="262"' in asked.text) == (200, True)
    assert "Schoorl" in asked.text
    assert id_on(asked.text) == typed["id"]
    for wrong, field in (({"kg": "x"}, "kg"), ({"kg": "2001"}, "kg"), ({"girth_cm": "999"}, "kg")):
        refused = form_post(vet, url, **{**typed, **wrong})
        assert (refused.status_code, f'id="error-{field}"' in refused.text) == (422, True), wrong
    kept = form_post(vet, url, **typed, kg="250")
    assert kept.location == f"/ternak/{animal.id}/"
    assert "250 kg" in vet.get(kept.location).text
    for typed_kg, whole in (("251,5", 252), ("251.5", 252), ("251,4", 251)):
        again = {"id": id_on(vet.get(url).text), "method": "scale", "kg": typed_kg}
        assert form_post(vet, url, **again).status_code == 302
        with app.app_context():
            assert weighings_of([animal.id])[0].kg == whole
    other = f"/ternak/{goat.id}/timbang"
    page = vet.get(other).text
    asked = form_post(vet, other, **{**typed, "id": id_on(page)})
    assert (asked.status_code, "Schoorl" in asked.text + page) == (422, False)
