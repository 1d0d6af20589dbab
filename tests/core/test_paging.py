from datetime import timedelta
from uuid import UUID, uuid5

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.ids import dated, uuid7
from sijinak.core.paging import START, Place, page_of
from sijinak.core.permissions import Reach, region_lies_in
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_keeper, person


def test_walking_older_and_back_shows_every_row_once(context: Flask):
    made = [make_keeper(person(name=f"Nama {n}")).id for n in range(7)]
    pages: list[list[UUID]] = []
    place: Place | None = START
    while place is not None:
        page = page_of(select(Keeper), Keeper.id, place, size=3)
        pages.append([row.id for row in page.items])
        place = page.older
    assert pages == [made[:3:-1], made[3:0:-1], made[:1]]
    back: list[list[UUID]] = []
    place = page.newer
    while place is not None:
        page = page_of(select(Keeper), Keeper.id, place, size=3)
        back.append([row.id for row in page.items])
        place = page.newer
    assert back == [pages[1], pages[0]]


def test_an_empty_list_has_no_neighbours(context: Flask):
    page = page_of(select(Keeper), Keeper.id)
    assert (page.items, page.older, page.newer) == ([], None, None)


CODES = st.lists(st.integers(1, 99).map(lambda n: f"{n:02d}"), min_size=1, max_size=3).map(".".join)


@given(CODES, CODES)
def test_the_range_in_a_query_covers_what_the_rule_says(outer: str, inner: str):
    in_range = outer <= inner < outer + "/"
    assert in_range == region_lies_in(inner, outer) == Reach(outer).covers(inner, None)


def test_a_neighbour_with_a_longer_code_is_outside():
    assert not region_lies_in("52.041", "52.04")


def test_a_name_with_a_day_stands_among_the_things_of_its_day():
    fresh = uuid7()
    for n in range(40):
        name = uuid5(fresh, str(n))
        assert dated(today(), name) == dated(today(), name)
        assert dated(today() - timedelta(days=2), name) < fresh
        assert fresh < dated(today() + timedelta(days=2), name)
    assert len({dated(today(), uuid5(fresh, str(n))) for n in range(40)}) == 40
