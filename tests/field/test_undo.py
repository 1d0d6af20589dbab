"""An undo takes back its record in whatever order they come."""

from datetime import timedelta
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.field.models import Review
from sijinak.vaccinations.models import Standing
from sijinak.vaccinations.visits.models import HeadCount, Reaction, VisitResult
from tests.animals.factories import make_keeper
from tests.field.doors import (
    doses,
    open_reviews,
    phone_with_outbox,
    reasons,
    send,
    some_tags,
    vaccine,
    verdicts,
)
from tests.field.saying import NEW_TAG, heads, reaction, registration, result


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("apart", [True, False])
def test_of_two_doses_the_other_counts_when_the_first_is_taken_back(
    app: Flask, order: tuple[int, ...], *, apart: bool
):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    first = box.vaccinate(tag, lumpyvac)
    box.vaccinate(tag, lumpyvac)
    box.add("undo", {"record": first["id"], "reason": "Salah sapi"})
    records = [box.records[place] for place in order]
    for batch in [[one] for one in records] if apart else [records]:
        assert set(verdicts(send(phone, box.batch(batch)))) == {"accepted"}
    assert sorted(doses(app)) == ["counts", "withdrawn"]
    assert doses(app)[0] == "withdrawn"
    assert set(verdicts(send(phone, box.batch()))) == {"duplicate"}
    assert sorted(doses(app)) == ["counts", "withdrawn"]


@pytest.mark.parametrize("first", ["record", "undo"])
def test_an_undo_of_what_waits_refuses_it(app: Flask, first: str):
    phone, box = phone_with_outbox(app)
    record = box.vaccinate("7K3M9QX45J", vaccine(app))
    undo = box.add("undo", {"record": record["id"]})
    for one in (record, undo) if first == "record" else (undo, record):
        send(phone, box.batch([one]))
    assert open_reviews(app) == []
    with app.app_context():
        assert db.session.scalars(select(Review.decision)).one() == "refused"


def test_nobody_takes_back_what_is_not_theirs(app: Flask):
    phone, box = phone_with_outbox(app)
    other, theirs = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    record = box.vaccinate(tag, lumpyvac)
    theirs.add("undo", {"record": record["id"]})
    send(phone, box.batch())
    assert verdicts(send(other, theirs.batch())) == ["not-yours"]
    assert doses(app) == ["counts"]


def test_an_early_undo_of_somebody_else_takes_nothing_back(app: Flask):
    phone, box = phone_with_outbox(app)
    other, theirs = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    record = box.vaccinate(tag, lumpyvac)
    theirs.add("undo", {"record": record["id"]})
    send(other, theirs.batch())
    theirs.add("undo", {"record": record["id"]})
    send(phone, box.batch())
    assert doses(app) == ["counts"]
    assert reasons(app) == ["not-yours"]


@pytest.mark.parametrize("beside", [0, 1])
def test_an_undo_that_fails_when_its_record_comes_stops_no_neighbour(app: Flask, beside: int):
    """The animal was registered in two records, and has been vaccinated since."""
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    with app.app_context():
        owner = make_keeper().id
    said, at = registration(keeper=str(owner)), now() - timedelta(hours=1)
    box.add("registration", said, at=at)
    box.vaccinate(NEW_TAG, lumpyvac)
    again = box.add("registration", said, at=at)
    undo = box.add("undo", {"record": again["id"]})
    neighbours = [box.vaccinate(tag, lumpyvac) for _ in range(beside)]
    for batch in (box.records[:2], [undo], [again, *neighbours]):
        assert set(verdicts(send(phone, box.batch(batch)))) == {"accepted"}
    assert doses(app) == ["counts"] * (1 + beside)
    assert reasons(app) == ["things-hang-on-it"]
    assert set(verdicts(send(phone, box.batch()))) == {"duplicate"}
    assert reasons(app) == ["things-hang-on-it"]


@pytest.mark.parametrize("first", ["record", "undo"])
def test_what_was_seen_of_a_reaction_is_not_taken_back(app: Flask, first: str):
    phone, box = phone_with_outbox(app)
    (tag,) = some_tags(app)
    record = box.add("reaction", reaction(tag))
    undo = box.add("undo", {"record": record["id"]})
    for one in (record, undo) if first == "record" else (undo, record):
        send(phone, box.batch([one]))
    assert reasons(app) == ["cannot-undo"]
    with app.app_context():
        assert len(db.session.scalars(select(Reaction)).all()) == 1


@pytest.mark.parametrize("first", ["records", "undos"])
def test_counted_heads_and_results_are_taken_back(app: Flask, first: str):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    records = [box.add("heads", heads(lumpyvac)), box.add("result", result(tag))]
    undos = [box.add("undo", {"record": one["id"]}) for one in records]
    for batch in (records, undos) if first == "records" else (undos, records):
        assert verdicts(send(phone, box.batch(batch))) == ["accepted"] * 2
    with app.app_context():
        for kind in (HeadCount, VisitResult):
            assert db.session.scalars(select(kind.standing)).one() is Standing.WITHDRAWN
