"""What is known of a keeper is put right, with a reason; the trail names the fields only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.once import SaidOtherwise
from sijinak.keepers.models import Keeper, KeeperKind, KeeperWord, LegalForm
from sijinak.keepers.nik import NotANik
from sijinak.keepers.queries import keeper_by_nik, keepers_with_number
from sijinak.keepers.search import search_keepers
from sijinak.keepers.services import (
    AmendKeeper,
    GroupNoTaken,
    NibTaken,
    NikTaken,
    NotANib,
    NotAnNpwp,
    NotWithdrawn,
    RegisterKeeper,
    RestoreKeeper,
    amend_keeper,
    restore_keeper,
)
from tests.animals.factories import firm, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import (
    LUNYUK,
    LUNYUK_ODE,
    LUNYUK_REA,
    REGENCY,
    actor_for,
    make_user,
    signed_in,
)

ALAS = "52.04.05.2001"
REASON = "Salah ketik di formulir"


def group(**fields: Any) -> RegisterKeeper:
    given: dict[str, Any] = {"name": "Kelompok Brang Rea", "village": LUNYUK_REA, **fields}
    return RegisterKeeper(kind=KeeperKind.GROUP, **given)


def amendment(keeper: Keeper, **fields: Any) -> AmendKeeper:
    """All as it is, but for the fields given."""
    kept = {name: getattr(keeper, name) for name in ("name", "village", "hamlet")}
    given: dict[str, Any] = {**kept, "reason": REASON, **fields}
    return AmendKeeper(keeper_id=keeper.id, **given)


def amend(keeper: Keeper, role: Role = Role.CLERK, region: str = LUNYUK, **fields: Any) -> None:
    by = actor_for(role, region)
    with transaction():
        amend_keeper(amendment(keeper, **fields), by=by)


def fields_in_trail(keeper: Keeper) -> list[list[str]]:
    asked = select(Event.facts).where(Event.name == "keeper.amended")
    return [
        facts["fields"] for facts in db.session.scalars(asked.where(Event.subject_id == keeper.id))
    ]


def test_a_new_name_and_village_are_found_and_the_old_are_not(context: Flask):
    keeper = make_keeper(person(name="Abdul Karim"))
    amend(keeper, name="Syahril Anwar", village=LUNYUK_ODE, hamlet="Timur")
    clerk = actor_for(Role.CLERK, LUNYUK)
    assert search_keepers("abdul karim", by=clerk) == []
    found = search_keepers("sahril", by=clerk, village=LUNYUK_ODE)
    assert [(k.name, k.village, k.hamlet) for k in found] == [
        ("Syahril Anwar", LUNYUK_ODE, "Timur")
    ]
    words = db.session.execute(select(KeeperWord.word, KeeperWord.village)).all()
    assert sorted(map(tuple, words)) == [("anwar", LUNYUK_ODE), ("syahril", LUNYUK_ODE)]
    assert fields_in_trail(keeper) == [["name", "village", "hamlet"]]


def test_the_trail_names_the_fields_and_never_a_value(context: Flask):
    keeper = make_keeper(person(name="Abdul Karim", phone="081234567890"))
    amend(keeper, name="Syahril", nik="5204025503801111", phone="081298765432")
    assert fields_in_trail(keeper) == [["name", "nik", "phone"]]
    for event in db.session.scalars(select(Event)):
        written = f"{event.facts} {event.name}"
        for secret in ("Syahril", "Karim", "5204025503801111", "1111", "081298765432"):
            assert secret not in written


def test_a_wrong_nik_is_put_right_with_birth_and_sex(context: Flask):
    keeper = make_keeper(person(nik="5204021503800001"))
    assert (keeper.birth_date, keeper.is_woman) == (date(1980, 3, 15), False)
    amend(keeper, nik="5204 0255 0485 0002")
    assert keeper_by_nik("5204021503800001") is None
    found = keeper_by_nik("5204025504850002")
    assert found
    assert (found.id, found.nik_tail, found.birth_date, found.is_woman) == (
        keeper.id, "0002", date(1985, 4, 15), True,
    )  # fmt: skip
    with pytest.raises(NotANik):
        amend(keeper, nik="520402")


def test_an_empty_nik_or_telephone_stays_and_one_that_is_removed_goes(context: Flask):
    keeper = make_keeper(person(nik="5204021503800077", phone="081234567890"))
    clerk = actor_for(Role.CLERK, LUNYUK)
    amend(keeper, hamlet="Barat")
    assert keepers_with_number("081234567890", by=clerk) == [keeper]
    amend(keeper, forget_phone=True)
    assert keepers_with_number("081234567890", by=clerk) == []
    assert keepers_with_number("5204021503800077", by=clerk)[0].phone is None
    assert fields_in_trail(keeper) == [["hamlet"], ["phone"]]


def test_the_papers_of_a_firm_and_the_number_of_a_group_are_kept(context: Flask):
    papers: dict[str, Any] = {
        "nib": "9120000000001", "npwp": "01.234.567.8-901.000", "legal_form": LegalForm.CV,
        "licence": "503/12/2026", "licence_until": date(2027, 12, 31),
    }  # fmt: skip
    company = make_keeper(firm(**papers))
    assert (company.npwp, company.legal_form) == ("012345678901000", LegalForm.CV)
    amend(company, **{**papers, "npwp": "", "nib": "9120000000002", "licence": "503/13/2027"})
    assert (company.nib, company.npwp, company.licence_until) == (
        "9120000000002", None, date(2027, 12, 31),
    )  # fmt: skip
    assert fields_in_trail(company) == [["nib", "npwp", "licence"]]
    herders = make_keeper(group(group_no="KT-1"))
    amend(herders, group_no="KT-2")
    assert db.session.get_one(Keeper, herders.id).group_no == "KT-2"


def test_a_number_that_another_has_or_that_is_none_is_refused(context: Flask):
    someone, other = make_keeper(person()), make_keeper(person())
    company, rival = make_keeper(firm()), make_keeper(firm())
    herders, _ = make_keeper(group(group_no="KT-1")), make_keeper(group(group_no="KT-2"))
    make_keeper(group())  # without a number, as often
    make_keeper(group())
    refused: list[tuple[type[Exception], Keeper, dict[str, Any]]] = [
        (NikTaken, other, {"nik": someone.nik}),
        (NibTaken, rival, {"nib": company.nib}),
        (NotANib, rival, {"nib": "912000000000"}),
        (NotAnNpwp, rival, {"nib": rival.nib, "npwp": "123"}),
        (GroupNoTaken, herders, {"group_no": "KT-2"}),
    ]
    for error, keeper, fields in refused:
        with pytest.raises(error):
            amend(keeper, **fields)
    with pytest.raises(GroupNoTaken):
        make_keeper(group(group_no="KT-2"))


def test_the_same_amendment_twice_is_one_also_when_the_keeper_has_left(context: Flask):
    keeper, clerk = make_keeper(), actor_for(Role.CLERK, LUNYUK)
    command = amendment(keeper, village=ALAS)
    for _ in range(2):
        with transaction():
            assert amend_keeper(command, by=clerk).village == ALAS
    assert len(fields_in_trail(keeper)) == 1
    with pytest.raises(NotFound), transaction():
        amend_keeper(amendment(keeper, village=LUNYUK_REA), by=clerk)
    with pytest.raises(SaidOtherwise), transaction():
        amend_keeper(
            AmendKeeper(
                id=command.id, keeper_id=keeper.id, name="X Y", village=ALAS, reason=REASON
            ),
            by=clerk,
        )


def test_who_may_not_register_there_changes_nothing(context: Flask):
    keeper = make_keeper()
    with pytest.raises(NotFound):
        amend(keeper, region=LUNYUK_ODE, name="Lain")
    with pytest.raises(Forbidden):
        amend(keeper, role=Role.KABID, region=REGENCY, name="Lain")
    assert db.session.get_one(Keeper, keeper.id).name == keeper.name


def test_of_two_who_take_one_nik_at_once_one_has_it(app: Flask):
    with app.app_context():
        ids = [make_keeper().id for _ in range(2)]
        clerk = actor_for(Role.CLERK, LUNYUK)
    start = Barrier(2, timeout=120)

    def take(keeper_id: object) -> str:
        with app.app_context():
            command = amendment(db.session.get_one(Keeper, keeper_id), nik="5204021503805555")
            start.wait()
            try:
                with transaction():
                    amend_keeper(command, by=clerk)
            except Conflict as error:
                return error.code
            return "mine"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, ids))
    assert answers in (["clash", "mine"], ["mine", "nik-taken"])


def test_a_withdrawn_registration_is_read_and_put_back(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Abdul Karim"))
        with transaction():
            db.session.get_one(Keeper, keeper.id).withdrawn_at = now()
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    page = clerk.get(f"/peternak/{keeper.id}")
    assert page.status_code == 200
    url = f"/peternak/{keeper.id}/pulihkan"
    assert form_post(clerk, url, id=id_on(page.text), reason="").status_code == 422
    assert form_post(clerk, url, id=id_on(page.text), reason=REASON).status_code == 302
    with app.app_context():
        by = actor_for(Role.CLERK, LUNYUK)
        assert [k.id for k in search_keepers("abdl karim", by=by)] == [keeper.id]
        with pytest.raises(NotWithdrawn), transaction():
            restore_keeper(RestoreKeeper(keeper_id=keeper.id, reason=REASON), by=by)
        kabid = actor_for(Role.KABID)
        with pytest.raises(Forbidden), transaction():
            restore_keeper(RestoreKeeper(keeper_id=keeper.id, reason=REASON), by=kabid)


def test_the_form_shows_what_is_known_but_no_nik_and_no_telephone(app: Flask):
    with app.app_context():
        keeper = make_keeper(
            person(name="Siti Aminah", nik="5204025503809876", phone="081234567890")
        )
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url = f"/peternak/{keeper.id}/ubah"
    page = clerk.get(url).text
    assert 'value="Siti Aminah"' in page
    assert "9876" not in page.partition("<main")[2]
    assert "7890" not in page.partition("<main")[2]
    typed = {"id": id_on(page), "name": "Siti Aminah B.", "village": LUNYUK_REA, "hamlet": "Barat"}
    refused = form_post(clerk, url, **typed)
    assert refused.status_code == 422
    assert 'value="Siti Aminah B."' in refused.text
    assert 'value="Barat"' in refused.text
    assert form_post(clerk, url, **typed, reason=REASON, nib="9120000000001").status_code == 422
    assert form_post(clerk, url, **typed, reason=REASON, nik_lookup="x").status_code == 422
    assert form_post(clerk, url, **typed, reason=REASON).location == f"/peternak/{keeper.id}"
    typed = {**typed, "id": id_on(clerk.get(url).text), "village": ALAS}
    assert form_post(clerk, url, **typed, reason=REASON).location == "/peternak/"
    assert clerk.get(url).status_code == 404
