"""Who traces is in the trail, out of reach has no name, the file says what the page says."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Identifier
from sijinak.animals.mutations.models import MutationKind
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from tests.animals.factories import make_animal, make_keeper, person
from tests.factories import LUNYUK, REGENCY, make_user, signed_in
from tests.tracing.rows import day, mutate

ALAS_VILLAGE, ALAS = "52.04.05.2001", "52.04.05"


def sold(app: Flask) -> tuple[str, Any]:
    """From Lunyuk to Alas, on the fourth day; the tag, and the giver."""
    giver = make_keeper(person(name="Penjual Lunyuk"))
    receiver = make_keeper(person(name="Pembeli Alas", village=ALAS_VILLAGE))
    animal, tag = make_animal(giver)
    with transaction():
        mutate(MutationKind.SALE, 4, animal.id, giver.id, receiver.id)
    return tag, giver


def asking(client: FlaskClient, address: str = "/telusur/", **asked: object) -> Any:
    """In a context of its own, for each is somebody else's."""
    query = {"day": day(3).isoformat(), "days": "9", **asked}
    with client.application.app_context():
        return client.get(address, query_string=query, buffered=True)


def test_who_looked_is_in_the_trail(app: Flask, context: Flask):
    tag, _ = sold(app)
    vet = make_user(Role.VET, REGENCY)
    shown = asking(signed_in(app, vet), tag=tag)
    assert shown.status_code == 200
    assert "Penjual Lunyuk" in shown.text
    listed = db.session.query(Event).filter_by(name="keeper.listed").one()
    assert (listed.facts["page"], listed.facts["filters"]) == ("trace", ["tag"])
    event = db.session.query(Event).filter_by(name="movement.traced").one()
    assert (event.actor_id, event.facts["movements"]) == (vet.id, 1)


def test_out_of_reach_there_are_no_names(app: Flask, context: Flask):
    tag, giver = sold(app)
    near = signed_in(app, make_user(Role.VET, LUNYUK))
    text = asking(near, keeper_id=giver.id).text
    assert "Penjual Lunyuk" in text
    assert "Pembeli Alas" not in text
    told = db.session.query(Event).filter_by(name="keeper.listed").one()
    assert told.facts["ids"] == [str(giver.id)]
    file = asking(near, "/telusur/berkas.csv", keeper_id=giver.id).text
    assert "Penjual Lunyuk" in file
    assert "Pembeli Alas" not in file
    far = signed_in(app, make_user(Role.VET, ALAS))
    assert asking(far, keeper_id=giver.id).status_code == 422
    assert asking(far, region=LUNYUK).status_code == 422
    assert "Penjual" not in asking(far, tag=tag).text


def test_the_file_is_what_the_page_says(app: Flask, context: Flask):
    _tag, giver = sold(app)
    vet = signed_in(app, make_user(Role.VET, REGENCY))
    head, line = asking(vet, "/telusur/berkas.csv", keeper_id=giver.id).text.splitlines()
    assert head.startswith("\ufeff")
    assert line.split(";")[0] == day(4).isoformat()
    assert "Pembeli Alas" in line


def test_what_is_not_right_is_said_and_kept(app: Flask, context: Flask):
    vet = signed_in(app, make_user(Role.VET, REGENCY))
    for asked in ({"tag": "7K3M"}, {"days": "0", "region": LUNYUK}, {"depth": "99"}, {"day": "x"}):
        answer = asking(vet, **asked)
        assert answer.status_code == 422
        assert all(f'value="{text}"' in answer.text for text in asked.values() if text != LUNYUK)
    assert asking(signed_in(app, make_user(Role.CLERK, REGENCY)), region=LUNYUK).status_code == 403


def test_an_area_shows_what_crossed_its_border(app: Flask, context: Flask):
    sold(app)
    vet = signed_in(app, make_user(Role.VET, REGENCY))
    assert "Pembeli Alas" not in asking(vet, region=LUNYUK).text  # both villages lie in Lunyuk
    village = asking(vet, region="52.04.02.2001").text
    assert "Penjual Lunyuk" in village


def test_a_trace_begins_at_the_page_of_the_animal_or_its_keeper(app: Flask, context: Flask):
    tag, giver = sold(app)
    vet, clerk = (signed_in(app, make_user(role, REGENCY)) for role in (Role.VET, Role.CLERK))
    animal_id = db.session.scalars(
        select(Identifier.animal_id).where(Identifier.value == tag)
    ).one()
    for page in (f"/ternak/{animal_id}/", f"/peternak/{giver.id}"):
        found = re.search(r'href="(/telusur/[^"]+)"', shown(vet, page))
        assert found
        assert 'id="found"' in shown(vet, unescape(found[1]))
        assert "/telusur/" not in shown(clerk, page)


def shown(client: FlaskClient, address: str) -> str:
    with client.application.app_context():
        return client.get(address, follow_redirects=True).text
