"""The same command twice, also at the same moment, has one effect."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.animals.models import Animal
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import bull, make_keeper


def test_eight_clicks_at_once_register_one_animal(app: Flask):
    with app.app_context():
        command = bull(make_keeper().id)
    start = Barrier(8)

    def click(_: int) -> object:
        with app.app_context():
            start.wait()
            with transaction():
                return register_animal(command, by=OPERATOR).id

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(click, range(8)))
    with app.app_context():
        assert found == {command.id}
        assert db.session.scalar(select(func.count(Animal.id))) == 1
        registered = select(func.count(Event.id)).where(Event.name == "animal.registered")
        assert db.session.scalar(registered) == 1


def test_ids_rise_within_a_process():
    ids = [uuid7() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {made.version for made in ids} == {7}


def test_a_command_that_failed_can_be_sent_again(context: Flask):
    command = bull(make_keeper().id)
    broken = RegisterAnimal(**{**{f: getattr(command, f) for f in command.__slots__}, "tag": "x"})
    with pytest.raises(ZeroDivisionError), transaction():
        register_animal(broken, by=OPERATOR)
        _ = 1 / 0
    with transaction():
        register_animal(command, by=OPERATOR)
    assert db.session.scalar(select(func.count(Animal.id))) == 1
