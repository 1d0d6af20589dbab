"""Groups of farmers: who is a member, from one day to another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.permissions import Actor
from sijinak.keepers.grouping import (
    AddMember,
    DayToCome,
    EndMembership,
    GroupInAGroup,
    LeftBeforeJoining,
    MemberAlready,
    MemberNoMore,
    NotAGroup,
    add_member,
    end_membership,
)
from sijinak.keepers.models import Membership
from sijinak.keepers.queries import groups_of, members_of
from tests.animals.factories import make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in
from tests.keepers.test_amending import group

JANUARY = date(2026, 1, 15)


def join(
    group_id: UUID, keeper_id: UUID, since: date = JANUARY, by: Actor | None = None
) -> Membership:
    command = AddMember(group_id=group_id, keeper_id=keeper_id, since=since)
    by = by or actor_for(Role.CLERK, LUNYUK)
    with transaction():
        return add_member(command, by=by)


def test_a_member_comes_goes_and_comes_back(context: Flask):
    herders, farmer = make_keeper(group()), make_keeper(person(name="Syahril"))
    clerk = actor_for(Role.CLERK, LUNYUK)
    first = join(herders.id, farmer.id)
    with pytest.raises(MemberAlready):
        join(herders.id, farmer.id)
    assert [member.name for _m, member in members_of(herders.id)] == ["Syahril"]
    assert [found.name for _m, found in groups_of(farmer.id)] == [herders.name]
    with transaction():
        end_membership(EndMembership(membership_id=first.id, until=today()), by=clerk)
    assert members_of(herders.id) == groups_of(farmer.id) == []
    with pytest.raises(MemberNoMore), transaction():
        end_membership(EndMembership(membership_id=first.id, until=today()), by=clerk)
    again = join(herders.id, farmer.id, since=today())
    assert [m.id for m, _member in members_of(herders.id)] == [again.id]


def test_what_is_no_membership_is_refused(context: Flask):
    herders, farmer = make_keeper(group()), make_keeper()
    clerk, tomorrow = actor_for(Role.CLERK, LUNYUK), today() + timedelta(days=1)
    with pytest.raises(GroupInAGroup):
        join(herders.id, make_keeper(group()).id)
    with pytest.raises(NotAGroup):
        join(farmer.id, make_keeper().id)
    with pytest.raises(DayToCome):
        join(herders.id, farmer.id, since=tomorrow)
    membership = join(herders.id, farmer.id)
    for day, error in ((tomorrow, DayToCome), (JANUARY - timedelta(days=1), LeftBeforeJoining)):
        with pytest.raises(error), transaction():
            end_membership(EndMembership(membership_id=membership.id, until=day), by=clerk)
    with pytest.raises(NotFound), transaction():
        end_membership(EndMembership(membership_id=farmer.id, until=today()), by=clerk)


def test_the_office_of_the_group_decides_and_takes_only_whom_it_sees(context: Flask):
    herders, farmer = make_keeper(group()), make_keeper()
    afar = make_keeper(person(village="52.04.05.2001"))
    with pytest.raises(NotFound):
        join(herders.id, farmer.id, by=actor_for(Role.CLERK, LUNYUK_ODE))
    with pytest.raises(Forbidden):
        join(herders.id, farmer.id, by=actor_for(Role.KABID))
    with pytest.raises(NotFound):
        join(herders.id, afar.id)


def test_of_two_who_add_one_member_at_once_one_does(app: Flask):
    with app.app_context():
        herders, farmer = make_keeper(group()).id, make_keeper().id
        clerk = actor_for(Role.CLERK, LUNYUK)
    start = Barrier(2, timeout=120)

    def add(_: int) -> str:
        with app.app_context():
            start.wait()
            try:
                join(herders, farmer, by=clerk)
            except Conflict as error:
                return error.code
            return "added"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2))) == ["added", "member-already"]


def test_a_clerk_finds_and_adds_a_member_on_the_page(app: Flask):
    with app.app_context():
        herders, farmer = make_keeper(group()), make_keeper(person(name="Syahril"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        reader = signed_in(app, make_user(Role.KABID))
    url = f"/peternak/{herders.id}/anggota"
    page = clerk.get(f"{url}?nama=Sjahril").text
    assert str(farmer.id) in page
    typed = {"id": id_on(page), "since": "2026-01-15"}
    nobody = form_post(clerk, f"{url}?nama=Sjahril", **typed)
    assert nobody.status_code == 422
    assert 'value="2026-01-15"' in nobody.text
    for _ in range(2):  # a double click
        assert form_post(clerk, url, **typed, keeper_id=farmer.id).location == url
    assert "Syahril" in reader.get(url).text
    assert "Syahril" in clerk.get(f"/peternak/{farmer.id}").text
    assert herders.name in clerk.get(f"/peternak/{farmer.id}").text
    with app.app_context():
        membership = members_of(herders.id)[0][0]
    ending = f"{url}/{membership.id}/akhiri"
    assert form_post(clerk, ending, id=id_on(clerk.get(ending).text), until="").status_code == 422
    typed = {"id": id_on(clerk.get(ending).text), "until": today().isoformat()}
    assert form_post(clerk, ending, **typed).location == url
    assert clerk.get(ending).status_code == 404
    assert clerk.get(f"/peternak/{farmer.id}/anggota").status_code == 404
    extra = form_post(
        clerk, url, id=membership.id, keeper_id=farmer.id, since="2026-01-15", until="x"
    )
    assert extra.status_code == 422
