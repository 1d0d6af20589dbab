"""Sheets of ownership: what is listed, who signs, what becomes of the one before."""

from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.mandates import NoMandate
from sijinak.accounts.models import Appointment, Role
from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.models import Animal, AnimalState, ObservationKind, Species, Verification
from sijinak.animals.queries import animal_to_change
from sijinak.animals.services import SeeAnimal, see_animal
from sijinak.animals.skkt.models import SHEET_FLOW, Sheet, SheetLine, SheetState
from sijinak.animals.skkt.queries import (
    set_of,
    sheet_by_id,
    sheet_by_public_code,
    sheets,
    sheets_waiting,
    standing_sheets,
)
from sijinak.animals.skkt.sealing import is_intact
from sijinak.animals.skkt.services import (
    TITLES,
    DiscardSheets,
    HerdChanged,
    NoSeenAnimals,
    OwnerChanged,
    OwnSheet,
    PrepareSheets,
    SameHands,
    SignSheets,
    VoidSheet,
    discard_sheets,
    prepare_sheets,
    sign_sheets,
    void_sheet,
)
from sijinak.animals.skkt.striking import strike_lines
from sijinak.animals.skkt.waiting import count_waiting, drafts_waiting
from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, Permission
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.skkt.factories import (
    Upt,
    at_once,
    make_draft,
    make_herd,
    make_signed,
    make_upt,
    sign,
)
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for

pytestmark = pytest.mark.usefixtures("context")
ELSEWHERE = "52.04.03.2001"
SEEN, DECLARED = Verification.SEEN, Verification.DECLARED


@pytest.fixture
def upt(context: Flask) -> Upt:
    return make_upt()


@pytest.fixture
def owner(context: Flask) -> Keeper:
    return make_keeper()


def alter(animal: Animal, **values: object) -> None:
    """As a mutation changes an animal, committed."""
    circumstances = Circumstances(kind=ObservationKind.MUTATED, basis=SEEN, village=animal.village)
    with transaction():
        animal = db.session.get_one(Animal, animal.id)
        change_animal(animal, values, circumstances, by=OPERATOR)


def lines(sheet: Sheet, basis: Verification) -> list[SheetLine]:
    return [line for line in sheet.lines if line.basis is basis]


def test_thirty_animals_stand_on_a_sheet_and_the_next_begins_another(upt: Upt, owner: Keeper):
    make_herd(owner, seen=31, declared=2)
    first, second = make_draft(upt, owner)
    assert [(one.part, one.parts) for one in (first, second)] == [(1, 2), (2, 2)]
    assert [line.no for line in lines(first, SEEN)] == list(range(1, 31))
    assert [line.no for line in lines(second, SEEN)] == [1]
    assert lines(first, DECLARED) == []
    assert [line.no for line in lines(second, DECLARED)] == [1, 2]


def test_exactly_thirty_animals_need_one_sheet(upt: Upt, owner: Keeper):
    make_herd(owner, seen=30)
    (sheet,) = make_draft(upt, owner)
    assert len(sheet.lines) == 30


def test_a_line_keeps_the_marks_as_they_were(upt: Upt, owner: Keeper):
    animal, tag = make_animal(
        owner, horns="melengkung", brand="AH", teeth=2, birth_date=date(2022, 3, 1),
        birth_precision="month", eartag="ID-77", village=LUNYUK_ODE,
    )  # fmt: skip
    (line,) = sign(make_draft(upt, owner)[0], upt.head)[0].lines
    alter(animal, horns="patah", brand="XX")
    db.session.expire_all()
    assert line.tag == tag
    known = ("species", "sex", "horns", "brand", "teeth", "birth_date", "birth_precision", "eartag")
    assert {name: line.facts[name] for name in known} == {
        "species": "cattle", "sex": "male", "horns": "melengkung", "brand": "AH", "teeth": 2,
        "birth_date": "2022-03-01", "birth_precision": "month", "eartag": "ID-77",
    }  # fmt: skip
    assert line.facts["village"] == LUNYUK_ODE
    assert line.facts["seen_on"] == today().isoformat()
    assert "ears" not in line.facts


def test_what_is_stolen_or_dead_is_not_listed(upt: Upt, owner: Keeper):
    here, *gone = make_herd(owner, seen=6)
    for animal, state in zip(gone, set(AnimalState) - {"present", "merged"}, strict=True):
        alter(animal, state=state, state_at=now())
    (sheet,) = make_draft(upt, owner)
    assert [line.animal_id for line in sheet.lines] == [here.id]


def test_an_owner_without_a_seen_animal_gets_no_sheet(upt: Upt, owner: Keeper):
    make_herd(owner, seen=0, declared=2)
    with pytest.raises(NoSeenAnimals):
        make_draft(upt, owner)
    assert sheets(by=upt.clerk).items == []


def test_the_number_has_no_gap_in_its_kecamatan_and_a_check_character(upt: Upt, owner: Keeper):
    make_herd(owner, seen=31)
    first, second = sign(make_draft(upt, owner)[0], upt.head)
    (elsewhere,) = make_signed(
        make_upt("52.04.03"), make_keeper(person(village=ELSEWHERE)), village=ELSEWHERE
    )
    assert [first.no, second.no, elsewhere.no] == [1, 2, 1]
    number, _, check = str(second.number).rpartition("-")
    assert number == f"524/000002/SKKT/{LUNYUK}/{today().year}"
    assert check == check_character(number)


def test_a_new_sheet_supersedes_all_that_stood(upt: Upt, owner: Keeper):
    old = make_signed(upt, owner, seen=31)
    make_herd(owner, seen=1)
    new = sign(make_draft(upt, owner)[0], upt.head)
    db.session.expire_all()
    assert {one.state for one in old} == {SheetState.SUPERSEDED}
    assert {one.superseded_by_id for one in old} == {new[0].id}
    assert [one.id for one in standing_sheets(owner.id)] == [one.id for one in new]
    names = list(db.session.scalars(select(Event.name).where(Event.name.startswith("sheet."))))
    assert sorted(names) == sorted(
        ["sheet.prepared"] * 2 + ["sheet.signed"] * 4 + ["sheet.superseded"] * 2
    )


def test_no_event_of_a_sheet_holds_a_name(upt: Upt):
    make_signed(upt, seen=1, declared=1)
    told = str([event.facts for event in db.session.scalars(select(Event))])
    assert "Abdul" not in told
    assert upt.head.name not in told


def test_a_draft_is_replaced_by_the_next_one(upt: Upt, owner: Keeper):
    make_herd(owner)
    (first,) = make_draft(upt, owner)
    (second,) = make_draft(upt, owner)
    db.session.expire_all()
    assert (first.state, second.state) == (SheetState.VOID, SheetState.DRAFT)
    assert first.number is None
    with pytest.raises(WrongState):
        sign(first, upt.head)


def test_a_draft_is_discarded_once(upt: Upt, owner: Keeper):
    make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    command = DiscardSheets(sheet_id=sheet.id)
    for _ in range(2):
        with transaction():
            discard_sheets(command, by=upt.clerk)
    assert sheet.state is SheetState.VOID
    with pytest.raises(WrongState), transaction():
        discard_sheets(DiscardSheets(sheet_id=sheet.id), by=upt.clerk)


def test_the_same_command_twice_is_done_once(upt: Upt, owner: Keeper):
    make_herd(owner)
    prepare = PrepareSheets(keeper_id=owner.id)
    made = []
    for _ in range(2):
        with transaction():
            made.append(prepare_sheets(prepare, by=upt.clerk)[0].id)
    assert made == [prepare.id, prepare.id]
    command = SignSheets(sheet_id=prepare.id)
    for _ in range(2):
        with transaction():
            (sheet,) = sign_sheets(command, by=upt.head)
    assert sheet.no == 1
    signed = db.session.scalars(select(Event).where(Event.name == "sheet.signed")).all()
    assert len(signed) == 1


def test_who_prepared_does_not_sign(upt: Upt, owner: Keeper):
    make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    both = actor_for(Role.UPT_HEAD, LUNYUK)
    with transaction():
        sheet.prepared_by = both.id
    with pytest.raises(SameHands):
        sign(sheet, both)
    assert count_waiting(by=both) == 0
    assert count_waiting(by=upt.head) == 1
    with pytest.raises(IntegrityError, match="four_eyes"), db.engine.begin() as connection:
        connection.execute(text("UPDATE sheets SET signed_by = prepared_by"))


def test_nobody_deals_with_the_sheet_of_their_own_animals(upt: Upt, owner: Keeper):
    (signed,) = make_signed(upt, owner)
    make_herd(owner)
    (draft,) = make_draft(upt, owner)
    clerk = actor_for(Role.CLERK, LUNYUK, keeper_id=owner.id)
    head = actor_for(Role.UPT_HEAD, LUNYUK, keeper_id=owner.id)
    with pytest.raises(OwnSheet), transaction():
        prepare_sheets(PrepareSheets(keeper_id=owner.id), by=clerk)
    with pytest.raises(OwnSheet):
        sign(draft, head)
    with pytest.raises(OwnSheet), transaction():
        void_sheet(VoidSheet(sheet_id=signed.id, reason="Salah orang"), by=head)
    assert sheets_waiting(by=head) == []
    assert [one.id for one in sheets_waiting(by=upt.head)] == [draft.id]


def test_a_draft_that_is_out_of_date_waits_marked_and_is_not_counted(upt: Upt, owner: Keeper):
    make_herd(owner)
    (old,) = make_draft(upt, owner)
    other = make_keeper()
    make_herd(other)
    (fresh,) = make_draft(upt, other)
    make_herd(owner)
    told = [(one.sheet.id, one.is_stale) for one in drafts_waiting(by=upt.head)]
    assert told == [(old.id, True), (fresh.id, False)]
    assert count_waiting(by=upt.head) == 1
    with transaction():
        db.session.get_one(Keeper, other.id).name = "Orang Lain"
    assert count_waiting(by=upt.head) == 0


def test_nobody_signs_without_a_mandate_of_the_day(upt: Upt, owner: Keeper):
    make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    held = select(Appointment).where(Appointment.user_id == upt.head.id)
    with transaction():
        db.session.scalars(held).one().valid_until = today() - timedelta(days=1)
    with pytest.raises(NoMandate):
        sign(sheet, upt.head)
    with pytest.raises(NoMandate):
        sign(sheet, OPERATOR)
    with transaction():
        db.session.scalars(held).one().valid_until = today()
    (signed,) = sign(sheet, upt.head)
    assert signed.signed_as == "Kepala UPT Prokeswan Lunyuk, SK 1/2026"


def test_every_role_that_signs_has_a_title_for_the_paper():
    signing = {role for role, held in GRANTS.items() if Permission.SHEET_SIGN in held}
    assert signing == set(TITLES)


def test_only_a_clerk_prepares_and_only_a_head_signs_and_voids(upt: Upt, owner: Keeper):
    (signed,) = make_signed(upt, owner)
    make_herd(owner)
    (draft,) = make_draft(upt, owner)
    prepare = PrepareSheets(keeper_id=owner.id)
    void = VoidSheet(sheet_id=signed.id, reason="Salah orang")
    for role in Role:
        who = actor_for(role, REGENCY)
        if role is not Role.CLERK:
            with pytest.raises(Forbidden), transaction():
                prepare_sheets(prepare, by=who)
            with pytest.raises(Forbidden), transaction():
                discard_sheets(DiscardSheets(sheet_id=draft.id), by=who)
        if role is not Role.UPT_HEAD:
            with pytest.raises(Forbidden):
                sign(draft, who)
            with pytest.raises(Forbidden), transaction():
                void_sheet(void, by=who)


def test_what_lies_elsewhere_is_not_there(upt: Upt, owner: Keeper):
    make_herd(owner)
    (draft,) = make_draft(upt, owner)
    elsewhere = make_upt(LUNYUK_ODE)
    with pytest.raises(NotFound), transaction():
        prepare_sheets(PrepareSheets(keeper_id=owner.id), by=elsewhere.clerk)
    with pytest.raises(NotFound):
        sign(draft, elsewhere.head)
    with pytest.raises(NotFound), transaction():
        discard_sheets(DiscardSheets(sheet_id=draft.id), by=elsewhere.clerk)
    with pytest.raises(NotFound), transaction():
        void_sheet(VoidSheet(sheet_id=draft.id, reason="Salah orang"), by=elsewhere.head)
    assert sheets(by=elsewhere.clerk).items == []
    assert sheets_waiting(by=elsewhere.head) == []
    assert [one.id for one in sheets_waiting(by=upt.head)] == [draft.id]


def test_an_owner_sees_the_own_sheets_when_they_are_signed(upt: Upt, owner: Keeper):
    make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    trader = actor_for(Role.TRADER, REGENCY, keeper_id=owner.id)
    stranger = actor_for(Role.TRADER, REGENCY, keeper_id=make_keeper().id)
    vet = actor_for(Role.VET, LUNYUK)
    for who in (trader, vet):
        with pytest.raises(NotFound):
            sheet_by_id(sheet.id, by=who)
    sign(sheet, upt.head)
    for who in (trader, vet):
        assert sheet_by_id(sheet.id, by=who).id == sheet.id
    assert [one.id for one in sheets(by=trader).items] == [sheet.id]
    with pytest.raises(NotFound):
        sheet_by_id(sheet.id, by=stranger)


@pytest.mark.parametrize("change", ["sold", "marked", "new", "seen"])
def test_a_draft_that_is_not_true_any_more_is_not_signed(change: str, upt: Upt, owner: Keeper):
    animal, _, said = make_herd(owner, seen=2, declared=1)
    (sheet,) = make_draft(upt, owner)
    if change == "sold":
        alter(animal, keeper_id=make_keeper().id)
    elif change == "marked":
        alter(animal, colour="putih")
    elif change == "new":
        make_herd(owner)
    else:
        with transaction():
            see_animal(SeeAnimal(animal_id=said.id, colour="hitam"), by=OPERATOR)
    with pytest.raises(HerdChanged) as refused:
        sign(sheet, upt.head)
    assert refused.value.facts["count"] == 1
    assert sheet_by_id(sheet.id, by=upt.head).state is SheetState.DRAFT
    assert db.session.scalar(text("SELECT count(*) FROM number_series")) == 0
    sign(make_draft(upt, owner)[0], upt.head)


def test_an_animal_seen_once_more_makes_no_draft_untrue(upt: Upt, owner: Keeper):
    (animal,) = make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    again = SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam")
    with transaction():
        see_animal(again, by=OPERATOR)
    assert sign(sheet, upt.head)[0].state is SheetState.ISSUED


def test_a_draft_with_another_name_of_its_owner_is_not_signed(upt: Upt, owner: Keeper):
    make_herd(owner)
    (sheet,) = make_draft(upt, owner)
    with transaction():
        owner.name = "Abdul Hamid bin Yusuf"
    with pytest.raises(OwnerChanged):
        sign(sheet, upt.head)


def test_two_heads_at_once_sign_once(app: Flask, upt: Upt, owner: Keeper):
    make_herd(owner, seen=31)
    first, second = make_draft(upt, owner)
    heads = (upt.head, actor_for(Role.UPT_HEAD, LUNYUK))
    db.session.remove()
    deeds = [partial(sign, first, heads[0]), partial(sign, second, heads[1])]
    assert at_once(app, *deeds) == ["done", "wrong-state"]
    found = standing_sheets(owner.id)
    assert [(one.no, one.state) for one in found] == [
        (1, SheetState.ISSUED), (2, SheetState.ISSUED),
    ]  # fmt: skip
    assert len({one.signed_by for one in found}) == 1


def test_two_clerks_at_once_leave_one_draft(app: Flask, upt: Upt, owner: Keeper):
    make_herd(owner)
    clerks = (upt.clerk, actor_for(Role.CLERK, LUNYUK))
    db.session.remove()
    deeds = [partial(make_draft, Upt(by, upt.head), owner) for by in clerks]
    assert at_once(app, *deeds) == ["done", "done"]
    assert len(standing_sheets(owner.id, SheetState.DRAFT)) == 1


def test_a_sale_at_the_moment_of_signing_is_not_lost(app: Flask, upt: Upt, owner: Keeper):
    """The sale comes first and the draft is refused, or second and finds the signed line."""
    animal, _ = make_herd(owner, seen=2)
    buyer = make_keeper()
    (sheet,) = make_draft(upt, owner)
    where = Circumstances(kind=ObservationKind.MUTATED, basis=SEEN, village=animal.village)
    db.session.remove()

    def sell() -> None:
        with transaction():
            held = animal_to_change(animal.id, by=OPERATOR)
            change_animal(held, {"keeper_id": buyer.id}, where, by=OPERATOR)
            strike_lines([animal.id], because="sale", cause_id=uuid7(), by=OPERATOR)

    results = at_once(app, sell, partial(sign, sheet, upt.head))
    line = db.session.scalars(select(SheetLine).where(SheetLine.animal_id == animal.id)).one()
    assert (results, line.struck_at is not None) in [
        (["done", "herd-changed"], False), (["done", "done"], True),
    ]  # fmt: skip


def test_void_needs_a_signed_sheet_and_keeps_its_reason(upt: Upt, owner: Keeper):
    first, second = make_signed(upt, owner, seen=31)
    command = VoidSheet(sheet_id=first.id, reason="Salah pemilik")
    for _ in range(2):
        with transaction():
            void_sheet(command, by=upt.head)
    db.session.expire_all()
    assert (first.state, first.ended_because) == (SheetState.VOID, "Salah pemilik")
    assert second.state is SheetState.ISSUED
    assert sheet_by_public_code(first.public_code) == first
    with pytest.raises(WrongState), transaction():
        void_sheet(VoidSheet(sheet_id=first.id, reason="Sekali lagi"), by=upt.head)
    make_herd(owner)
    (draft, _) = make_draft(upt, owner)
    with pytest.raises(WrongState), transaction():
        void_sheet(VoidSheet(sheet_id=draft.id, reason="Belum sah"), by=upt.head)


def test_steps_that_are_not_in_the_flow_are_refused(upt: Upt, owner: Keeper):
    assert {(step.source, step.action) for step in SHEET_FLOW} == {
        ("draft", "sign"), ("draft", "discard"), ("issued", "supersede"), ("issued", "void"),
    }  # fmt: skip
    (signed,) = make_signed(upt, owner)
    with pytest.raises(WrongState):
        sign(signed, actor_for(Role.UPT_HEAD, LUNYUK))
    with pytest.raises(WrongState), transaction():
        discard_sheets(DiscardSheets(sheet_id=signed.id), by=upt.clerk)


TAMPERING = [
    "UPDATE sheet_lines SET tag = '7K3M9QX45J'",
    """UPDATE sheet_lines SET facts = '{"species": "buffalo", "sex": "male"}'""",
    "UPDATE sheet_lines SET basis = 'seen', no = 2 WHERE basis = 'declared'",
    "DELETE FROM sheet_lines WHERE basis = 'declared'",
    "UPDATE sheets SET owner_name = 'Orang Lain'",
    "UPDATE sheets SET signed_by_name = 'Orang Lain'",
    "UPDATE sheets SET digest = NULL",
]


@pytest.mark.parametrize("statement", TAMPERING)
def test_rows_altered_behind_our_back_are_found_out(statement: str, upt: Upt):
    (sheet,) = make_signed(upt, seen=1, declared=1)
    db.session.remove()
    assert is_intact(db.session.get_one(Sheet, sheet.id))
    with db.engine.begin() as connection:
        connection.execute(text(statement))
    db.session.remove()
    assert not is_intact(db.session.get_one(Sheet, sheet.id))


def test_species_stand_together(upt: Upt, owner: Keeper):
    make_herd(owner, species=Species.HORSE, breed="")
    make_herd(owner, species=Species.BUFFALO, breed="")
    make_herd(owner, species=Species.HORSE, breed="")
    (sheet,) = make_draft(upt, owner)
    assert [line.facts["species"] for line in sheet.lines] == ["buffalo", "horse", "horse"]


def test_sheets_prepared_together_are_one_set(upt: Upt, owner: Keeper):
    make_herd(owner, seen=31)
    made = make_draft(upt, owner)
    make_herd(make_keeper())
    assert [one.id for one in set_of(made[1])] == [one.id for one in made]


def test_animals_of_other_villages_are_on_the_owner_s_sheet(upt: Upt, owner: Keeper):
    make_herd(owner, village=ELSEWHERE)
    make_herd(owner, village=LUNYUK_REA)
    (sheet,) = make_draft(upt, owner)
    assert sheet.village == LUNYUK_REA
    assert {line.facts["village"] for line in sheet.lines} == {ELSEWHERE, LUNYUK_REA}
