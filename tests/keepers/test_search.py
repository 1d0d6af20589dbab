"""A clerk finds an owner though the name is spelt otherwise, and only in the own area."""

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.queries import Wanted, animals
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.keepers.models import Keeper, NameWord
from sijinak.keepers.queries import keepers, name_key
from sijinak.keepers.search import MOST_NAMED, SHOWN, keeper_ids_named, search_keepers
from sijinak.keepers.spelling import allowed, folded
from tests.animals.factories import firm, make_animal, make_keeper, person
from tests.factories import (
    LUNYUK,
    LUNYUK_ODE,
    LUNYUK_REA,
    REGENCY,
    actor_for,
    make_user,
    signed_in,
)

NAMES = [
    "Abdul Wahab Idris", "Syahril", "H. Muhammad Saleh", "Lalu Zulkarnaen", "I Wayan Sudiana",
    "Siti Khadijah", "Ahmad Fauzi", "Abdurrahman", "Hj. Nurhasanah", "Yusuf Djafar", "Suparman",
    "Baiq Rohani", "Hasanuddin", "M. Ramadhan", "Ketut Arya", "Ma'ruf Efendi", "Candra Wijaya",
]  # fmt: skip
SPELT = {
    "Abdl Wahab": "Abdul Wahab Idris",
    "abd wahab": "Abdul Wahab Idris",
    "Abdulwahab": "Abdul Wahab Idris",
    "Abdul Wahap Idrus": "Abdul Wahab Idris",
    "wahab": "Abdul Wahab Idris",
    "Idris Abdul": "Abdul Wahab Idris",
    "H. Abdul Wahab": "Abdul Wahab Idris",
    "Sahril": "Syahril",
    "Sjahril": "Syahril",
    "Syahrul": "Syahril",
    "Muhamad Saleh": "H. Muhammad Saleh",
    "Moh Soleh": "H. Muhammad Saleh",
    "Moch. Saleh": "H. Muhammad Saleh",
    "saleh muhammad bin umar": "H. Muhammad Saleh",
    "Zulkarnain": "Lalu Zulkarnaen",
    "Lalu Dzulkarnaen": "Lalu Zulkarnaen",
    "zulkarn": "Lalu Zulkarnaen",
    "I Wayan Sudyana": "I Wayan Sudiana",
    "wayan sudiane": "I Wayan Sudiana",
    "Siti Hadijah": "Siti Khadijah",
    "St Chadidjah": "Siti Khadijah",
    "Siti Kadija": "Siti Khadijah",
    "Achmad Pausi": "Ahmad Fauzi",
    "akhmad fauji": "Ahmad Fauzi",
    "Abdul Rahman": "Abdurrahman",
    "Abdurahman": "Abdurrahman",
    "Nur Hasanah": "Hj. Nurhasanah",
    "nurhasana": "Hj. Nurhasanah",
    "Jusuf Jafar": "Yusuf Djafar",
    "yusup jaffar": "Yusuf Djafar",
    "Soeparman": "Suparman",
    "Sufarman": "Suparman",
    "Bq Rohani": "Baiq Rohani",
    "Hasanudin": "Hasanuddin",
    "Ramadan": "M. Ramadhan",
    "Ktut Arya": "Ketut Arya",
    "Maruf Effendi": "Ma'ruf Efendi",
    "Tjandra Widjaja": "Candra Wijaya",
}


@pytest.fixture
def village(context: Flask) -> list[Keeper]:
    return [make_keeper(person(name=name)) for name in NAMES]


def names_for(text: str, **fields: str) -> list[str]:
    return [k.name for k in search_keepers(text, by=actor_for(Role.CLERK, LUNYUK), **fields)]


def test_every_misspelling_finds_its_owner_first(village: list[Keeper]):
    clerk = actor_for(Role.CLERK, LUNYUK)
    firsts = {
        text: next(iter(k.name for k in search_keepers(text, by=clerk)), None) for text in SPELT
    }
    assert firsts == SPELT


@pytest.mark.parametrize("text", ["Zainal", "Bambang", "xq", "?!", "'", " ", "Rahmat Hidayat"])
def test_a_name_that_nobody_has_finds_nobody(village: list[Keeper], text: str):
    assert names_for(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_one_slip_in_a_long_word_stays_within_what_is_allowed(name: str):
    """A letter left out, doubled, or swapped with its neighbour."""
    for word in name_key(name).split():
        if len(folded(word)) < 7:
            continue
        for cut in range(1, len(word) - 1):
            slipped = (
                word[:cut] + word[cut + 1 :],
                word[:cut] + word[cut] + word[cut:],
                word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
            )
            for other in slipped:
                assert distance(folded(word), folded(other)) <= allowed(folded(word)), other


def distance(one: str, other: str) -> int:
    """Levenshtein with swaps, written out: the measure of the search is a library's."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cheapest = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cheapest = min(cheapest, rows[-2][j - 2] + 1)
            row.append(cheapest)
        rows.append(row)
    return rows[-1][-1]


def test_who_is_named_exactly_so_comes_before_who_is_named_alike(context: Flask):
    for name in ("Syahrul", "Sahril Anwar", "Syahril", "Syahrin"):
        make_keeper(person(name=name))
    assert names_for("syahril")[0] == "Syahril"
    assert set(names_for("syahril")) == {"Syahril", "Sahril Anwar", "Syahrul", "Syahrin"}


def test_an_owner_elsewhere_is_not_found_and_a_village_narrows(context: Flask):
    make_keeper(person(name="Abdul Karim", village=LUNYUK_REA))
    make_keeper(person(name="Abdul Karim Amin", village=LUNYUK_ODE))
    make_keeper(person(name="Abdul Karim Jauh", village="52.04.05.2001"))
    assert set(names_for("abdul karim")) == {"Abdul Karim", "Abdul Karim Amin"}
    assert names_for("abdl karim", village=LUNYUK_ODE) == ["Abdul Karim Amin"]
    assert names_for("abdul karim", village="52.04.05.2001") == []
    kabid = actor_for(Role.KABID, REGENCY)
    assert len(search_keepers("abdul karim", by=kabid)) == 3
    with pytest.raises(Forbidden):
        search_keepers("abdul karim", by=actor_for(Role.TREASURER))


def test_whose_registration_was_withdrawn_is_found_no_more(context: Flask):
    keeper = make_keeper(person(name="Abdul Karim"))
    clerk = actor_for(Role.CLERK, LUNYUK)
    with transaction():
        db.session.get_one(Keeper, keeper.id).withdrawn_at = now()
    assert search_keepers("abdul karim", by=clerk) == []
    assert search_keepers("abdl karim", by=clerk) == []
    assert keepers(by=clerk).items == []


def test_a_word_stands_in_the_vocabulary_once(context: Flask):
    for name in ("Abdul Karim", "abdul KARIM", "Karim"):
        make_keeper(person(name=name))
    assert sorted(db.session.scalars(db.select(NameWord.word))) == ["abdul", "karim"]


def test_a_new_name_is_found_at_once_also_misspelt(context: Flask):
    clerk = actor_for(Role.CLERK, LUNYUK)
    assert search_keepers("Dzulfiqar", by=clerk) == []
    make_keeper(person(name="Zulfikar"))
    for text in ("zulf", "Dzulfiqar"):
        assert len(search_keepers(text, by=clerk)) == 1, text


def test_a_page_of_names_is_full_at_25_and_says_so(app: Flask):
    with app.app_context():
        for n in range(SHOWN + 3):
            make_keeper(person(name=f"Abdul {'abcdefghijklmnopqrstuvwxyzäö'[n]}min"))
        make_keeper(person(name="Syahril"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    full, one = (clerk.get(f"/peternak/?nama={name}").text for name in ("abdul", "syahril"))
    assert [page.count('<th scope="row"') for page in (full, one)] == [SHOWN, 1]
    assert "tone-info" in full
    assert "tone-info" not in one


def test_the_list_of_animals_asks_for_owners_by_name(context: Flask):
    here, _tag = make_animal(make_keeper(person(name="Syahril")))
    from_afar = make_keeper(firm(name="CV Samawa Jaya", village="52.04.05.2001"))
    theirs, _tag = make_animal(from_afar)
    clerk = actor_for(Role.CLERK, LUNYUK)
    for text, found in (("syahr", here), ("Sjahril", here), ("samawa jaya", theirs)):
        page = animals(by=clerk, wanted=Wanted(owner=text))
        assert [animal.id for animal in page.items] == [found.id], text
    assert animals(by=clerk, wanted=Wanted(owner="nobody")).items == []
    trader = actor_for(Role.TRADER, keeper_id=here.keeper_id)
    assert keeper_ids_named("syahril", by=trader) == [here.keeper_id]
    assert MOST_NAMED > SHOWN
