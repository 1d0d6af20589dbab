"""What a receiver says, says again and corrects; the animals follow, and the permit once."""

from datetime import timedelta

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.core.permissions import Actor
from sijinak.keepers.proving import MOST_TRIES, LinkOver
from sijinak.permits.arrivals.commands import MakeArrivalLink, SayArrival
from sijinak.permits.arrivals.correcting import BuiltUpon
from sijinak.permits.arrivals.models import ArrivalLink, ArrivalStatement, SaidBy
from sijinak.permits.arrivals.queries import (
    link_behind,
    link_by_code,
    permit_behind,
    statements_of,
)
from sijinak.permits.arrivals.secrets import code_for, secret_for
from sijinak.permits.arrivals.services import (
    ArrivalIncomplete,
    ArrivedBeforeLeaving,
    ArrivesInTheFuture,
    OutcomeUnexplained,
    SaidByOffice,
    WhyCorrected,
    make_arrival_link,
    say_arrival,
)
from sijinak.permits.models import Arrival, Permit, PermitState
from sijinak.permits.travelling import NotAboard
from tests.factories import actor_for
from tests.permits.arrivals.factories import departed, link_of, saying, states
from tests.permits.factories import make_draft, make_office, take

R, D, J = Arrival.RECEIVED, Arrival.DEAD, Arrival.REJECTED
SHIPPED, DEAD, HERE = AnimalState.SHIPPED, AnimalState.DEAD, AnimalState.PRESENT


def by_link(permit: Permit, command: SayArrival) -> ArrivalStatement:
    link, _secret = link_of(permit)
    _permit, receiver = permit_behind(link)
    with transaction():
        return say_arrival(command, by=receiver, link=link)


def by_officer(command: SayArrival, by: Actor) -> ArrivalStatement:
    with transaction():
        return say_arrival(command, by=by)


def test_a_departure_makes_a_link_whose_secret_is_nowhere(context: Flask):
    permit = departed(make_office())
    link, secret = link_of(permit)
    assert len(secret) * 5 >= 128
    assert link_behind(secret.lower()).permit_id == permit.id
    kept = {column.name: getattr(link, column.name) for column in ArrivalLink.__table__.columns}
    assert not any(secret.encode() in value for value in kept.values() if isinstance(value, bytes))
    assert code_for(link.id) not in str(kept)


def test_a_new_link_ends_the_old(context: Flask):
    office = make_office()
    permit = departed(office)
    old, secret = link_of(permit)
    with transaction():
        make_arrival_link(MakeArrivalLink(permit_id=permit.id, days=9), by=office.trader)
    with pytest.raises(LinkOver):
        link_behind(secret)
    assert link_of(permit)[0].id != old.id


def test_a_link_runs_out(context: Flask):
    _link, secret = link_of(departed(make_office()))
    with clock.reading(now() + timedelta(days=61)), pytest.raises(LinkOver):
        link_behind(secret)


def test_who_only_reads_makes_no_link(context: Flask):
    office = make_office()
    permit = departed(office)
    with pytest.raises(Forbidden), transaction():
        make_arrival_link(MakeArrivalLink(permit_id=permit.id, days=9), by=office.treasurer)
    stranger = actor_for(Role.PERMIT_DESK, "52.04.05")
    with pytest.raises(NotFound), transaction():
        make_arrival_link(MakeArrivalLink(permit_id=permit.id, days=9), by=stranger)


def test_the_code_opens_with_its_number_and_shuts_after_guesses(context: Flask):
    permit = departed(make_office())
    link, _secret = link_of(permit)
    number, code = str(permit.number), code_for(link.id)
    other = "".join("7" if letter != "7" else "8" for letter in code)
    with transaction():
        assert link_by_code(f" {number.lower()} ", f"{code[:3]}-{code[3:].lower()}") == link
    for _ in range(MOST_TRIES):
        with transaction():
            assert link_by_code(number, other) is None
    with transaction():
        assert link_by_code(number, code) is None
    assert link_behind(secret_for(link.id)) == link  # the link itself still works


def test_each_animal_goes_where_it_was_said_to_be(context: Flask):
    permit = departed(make_office())
    said = by_link(permit, saying(permit, R, D, J, extras=("Sapi tanpa tag",), name="Pak Karim"))
    assert states(permit) == [SHIPPED, DEAD, HERE]
    assert permit.state is PermitState.ARRIVED
    assert [line.arrival for line in permit.animals] == [R, D, J]
    assert (said.said_by, said.by_name, said.extras) == (
        SaidBy.LINK,
        "Pak Karim",
        ["Sapi tanpa tag"],
    )


def test_saying_it_twice_is_harmless(context: Flask):
    permit = departed(make_office())
    command = saying(permit, D)
    first = by_link(permit, command)
    assert by_link(permit, command).id == first.id  # the same form
    assert by_link(permit, saying(permit, D)).id == first.id  # the same once more
    assert len(statements_of(permit.id)) == 1


def test_a_correction_is_a_whole_new_statement(context: Flask):
    permit = departed(make_office())
    for said, then in [
        ((D, J, R), [DEAD, HERE, SHIPPED]),
        ((J, R, D), [HERE, SHIPPED, DEAD]),
        ((R, D, J), [SHIPPED, DEAD, HERE]),
        ((R, R, R), [SHIPPED] * 3),
    ]:
        by_link(permit, saying(permit, *said))
        assert states(permit) == then
    assert len(statements_of(permit.id)) == 4
    assert permit.state is PermitState.ARRIVED


def test_nothing_is_said_after_the_closing(context: Flask):
    office = make_office()
    permit = departed(office)
    by_link(permit, saying(permit, D))
    take("close", permit, office.desk)
    with pytest.raises(WrongState):
        by_link(permit, saying(permit))
    assert states(permit)[0] is DEAD


def test_the_link_does_not_alter_what_an_officer_wrote(context: Flask):
    office = make_office()
    permit = departed(office)
    by_officer(saying(permit, D), office.desk)
    with pytest.raises(SaidByOffice):
        by_link(permit, saying(permit))


def test_an_officer_corrects_only_with_a_reason(context: Flask):
    office = make_office()
    permit = departed(office)
    by_link(permit, saying(permit, D))
    with pytest.raises(WhyCorrected):
        by_officer(saying(permit), office.desk)
    by_officer(saying(permit, note="Salah baca tag, ditelepon"), office.desk)
    assert states(permit) == [SHIPPED] * 3


def test_what_came_back_and_left_again_is_not_corrected(context: Flask):
    office = make_office()
    permit = departed(office)
    by_link(permit, saying(permit, J))
    animal = db.session.get_one(Animal, permit.animals[0].animal_id)
    tag = next(tag for tag in permit.tags if tag)
    take("submit", make_draft(office, [tag]), office.trader)
    with pytest.raises(BuiltUpon):
        by_link(permit, saying(permit))
    assert animal.state is HERE


def test_bad_statements_are_refused(context: Flask):
    permit = departed(make_office())
    whole = saying(permit)
    with pytest.raises(ArrivalIncomplete):
        by_link(permit, saying(permit, outcomes=whole.outcomes[1:]))
    with pytest.raises(OutcomeUnexplained):
        bare = tuple(type(o)(animal_id=o.animal_id, arrival=D) for o in whole.outcomes)
        by_link(permit, saying(permit, outcomes=bare))
    with pytest.raises(ArrivedBeforeLeaving):
        by_link(permit, saying(permit, arrived_on=today() - timedelta(days=1)))
    with pytest.raises(ArrivesInTheFuture):
        by_link(permit, saying(permit, arrived_on=today() + timedelta(days=1)))
    other = departed(make_office())
    with pytest.raises(NotAboard):
        by_link(permit, saying(permit, outcomes=saying(other).outcomes))
    twice = (*whole.outcomes, whole.outcomes[0])
    with pytest.raises(NotAboard):
        by_link(permit, saying(permit, outcomes=twice))
    assert permit.state is PermitState.DEPARTED
    by_link(permit, whole)
    with pytest.raises(NotAboard):
        by_link(permit, saying(permit, outcomes=(*twice, *saying(other, D).outcomes)))


def test_a_receiver_reaches_only_this_applicant(context: Flask):
    permit, other = departed(make_office()), departed(make_office())
    link, _secret = link_of(permit)
    _permit, receiver = permit_behind(link)
    with pytest.raises(NotFound), transaction():
        say_arrival(saying(other), by=receiver, link=link)
