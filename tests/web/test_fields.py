"""What programs are told: these keys and no others, whoever asks."""

from typing import Any

from flask import Flask

from sijinak.accounts.models import Role
from tests.animals.factories import bull, make_animal, make_keeper
from tests.factories import LUNYUK, make_user, signed_in

ANIMAL = {
    "id", "keeper_id", "species", "breed", "sex", "birth_date", "colour", "village",
    "verification", "seen_at", "registered_at", "state", "origin", "use", "dam_id", "sire_id",
    "raiser_id",
}  # fmt: skip


NO_HERD = {Role.TREASURER, Role.COLLECTOR, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}


def test_an_animal_on_the_wire_has_the_listed_keys_for_every_role(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        make_animal(keeper, rfid="360000000000123", special_marks="Rahasia")
        readers = {
            role: signed_in(app, make_user(role, LUNYUK, keeper_id=keeper.id)) for role in Role
        }
        new = bull(keeper.id)
    told: dict[Role, Any] = {role: who.get("/api/v1/animals/") for role, who in readers.items()}
    seen = {role for role, answer in told.items() if answer.status_code == 200}
    assert seen == set(Role) - NO_HERD
    for role in seen:
        assert set(told[role].json) == {"items", "after"}
        assert [set(item) for item in told[role].json["items"]] == [ANIMAL]
    sent = {"id": str(new.id), "keeper_id": str(keeper.id), "village": new.village}
    sent |= {"species": "cattle", "sex": "male", "verification": "declared"}
    made: Any = readers[Role.CLERK].post("/api/v1/animals/", json=sent)
    assert (made.status_code, set(made.json)) == (201, ANIMAL)
