"""The door, the pack and the pages of the office."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role, User
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.models import CheckDecision
from sijinak.permits.checkpoint.services import record_check
from sijinak.permits.models import Permit, PermitState
from tests.factories import actor_for, make_user, signed_in
from tests.field.doors import send, verdicts
from tests.field.outbox import Outbox
from tests.field.phones import Handset, handset
from tests.permits.checkpoint.papers import make_keys, make_lists, paper
from tests.permits.checkpoint.saying import body, check
from tests.permits.factories import file_papers, make_office, make_permit
from tests.permits.test_bans import enter

PACK = "/api/v1/checkpoint/pack"


@dataclass
class World:
    """An issued permit with its paper, and an officer with a phone. Requests come from outside."""

    app: Flask
    firm_id: UUID
    firm: str
    permit_id: UUID
    number: str
    text: str
    officer: User
    phone: Handset

    def saying(self, **others: Any) -> RecordCheck:
        with self.app.app_context():
            return check(db.session.get_one(Permit, self.permit_id), self.text, **others)

    def record(self, **others: Any) -> UUID:
        command = self.saying(**others)
        with self.app.app_context():
            officer = actor_for(Role.CHECKPOINT)
            with transaction():
                return record_check(command, by=officer).id

    def client(self, role: Role, region: str = "52.04", **columns: Any) -> FlaskClient:
        with self.app.app_context():
            user = make_user(role, region, **columns)
        return signed_in(self.app, user)

    def pack(self, port: str = "badas") -> Any:
        client = self.app.test_client(use_cookies=False)
        return client.get(f"{PACK}?port={port}", headers=self.phone.header)


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        make_keys()
        office = make_office()
        permit = make_permit(office, PermitState.ISSUED)
        with transaction():
            file_papers(permit)
        text = paper(permit)
        make_lists()
        officer = make_user(Role.CHECKPOINT, name="Syamsul Bahri")
        facts = (office.firm.id, office.firm.name, permit.id, permit.number or "")
    return World(app, *facts, text, officer, handset(app, officer))


def words_of(pdf: bytes, folder: Path) -> str:
    source = folder / "minutes.pdf"
    source.write_bytes(pdf)
    done = subprocess.run(["pdftotext", source, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def test_an_officer_of_a_post_has_a_phone_and_no_villages(app: Flask):
    with app.app_context():
        officer, clerk = make_user(Role.CHECKPOINT), make_user(Role.PERMIT_DESK)
    phone = Handset(signed_in(app, officer))
    answer = phone.enrol()
    assert (answer.status_code, answer.json["villages"]) == (201, [])  # type: ignore[index]
    assert phone.ask("/status").json["state"] == "ok"  # type: ignore[index]
    assert phone.ask("/pack?villages=52.04.02.2001").status_code == 403
    assert Handset(signed_in(app, clerk)).enrol().status_code == 403


def test_the_pack_has_the_permits_of_its_port_and_what_became_of_them(world: World):
    before = world.pack().json
    (told,) = before["permits"]
    assert (told["id"], told["used"], told["lacks"]) == (str(world.permit_id), None, [])
    assert before["lists"] == [1]
    assert "badas" in dict(before["ports"])
    assert world.pack("poto-tano").json["permits"] == []
    world.record()
    (used,) = world.pack().json["permits"]
    assert (used["state"], used["used"]["post"]) == ("departed", "Gerbang Badas")
    assert world.firm not in world.pack().text


def test_the_pack_says_what_a_ban_of_today_keeps_back(world: World):
    with world.app.app_context():
        enter(valid_until=today())
    (told,) = world.pack().json["permits"]
    assert told["lacks"] == ["may-not-leave"]


def test_the_pack_is_for_officers_of_posts_and_their_phones(world: World):
    with world.app.app_context():
        vet = make_user(Role.VET)
    world.phone = handset(world.app, vet)
    assert world.pack().status_code == 403
    assert world.app.test_client().get(PACK).status_code == 401


def test_a_check_comes_in_by_the_door_and_its_outcome_goes_back(world: World):
    box = Outbox(world.phone.id, world.officer.id)
    box.add("check", body(world.saying()))
    box.add("check", body(world.saying(post="Poto Tano")))
    box.add("check", body(world.saying()) | {"males": "six"})
    answer = send(world.phone, box.batch())
    assert verdicts(answer) == ["accepted", "accepted", "rejected"]
    told = [one["facts"] for one in answer["records"]]
    assert [one.get("outcome") for one in told] == ["departed", "double-use", None]
    assert told[1]["first_post"] == "Gerbang Badas"


def test_the_office_sees_checks_and_takes_the_minutes(world: World, tmp_path: Path):
    world.record()
    twice = world.record(post="Poto Tano")
    refused = world.record(
        decision=CheckDecision.REFUSE,
        note="Sopir menolak menurunkan ternak",
        reasons=("more-heads", "plate-differs"),
        plate="DR 1 X",
    )
    desk = world.client(Role.PERMIT_DESK)
    assert desk.get("/izin/pos/").text.count(world.number) == 3
    doubles = desk.get("/izin/pos/?pilih=ganda").text
    assert "Poto Tano" in doubles
    assert "Gerbang Badas" not in doubles
    assert "Gerbang Badas" in desk.get(f"/izin/pos/{twice}").text
    answer = desk.get(f"/izin/pos/{refused}/berita-acara.pdf")
    told = words_of(answer.data, tmp_path)
    assert "Sopir menolak menurunkan ternak" in told
    assert str(refused) in told
    trader = world.client(Role.TRADER, keeper_id=world.firm_id)
    assert trader.get("/izin/pos/").status_code == 403
    far = world.client(Role.PERMIT_DESK, "52.04.05")
    assert far.get(f"/izin/pos/{twice}").status_code == 404
