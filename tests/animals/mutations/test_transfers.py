"""A sale on its whole way, answered animal by animal; and all that stops it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.holding import AnimalHeld
from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.mutations import jobs
from sijinak.animals.mutations.acknowledging import HadAHand
from sijinak.animals.mutations.answering import (
    AnsweredAlready,
    NeedsNote,
    NotInIt,
    TransferOver,
    answer_by_link,
    make_link,
    try_link,
)
from sijinak.animals.mutations.commands import AnswerByLink, CancelTransfer, MakeLink, Refusal
from sijinak.animals.mutations.models import (
    AnswerWay,
    Mutation,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.animals.mutations.queries import (
    animals_in_open_mutation,
    consents_of,
    count_waiting,
    links_of,
    mutation_by_id,
    mutations_waiting,
)
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    acknowledge_transfer,
    answer_transfer,
    cancel_transfer,
    propose_transfer,
)
from sijinak.animals.mutations.transfers import (
    NotShared,
    NotTheReceiver,
    OnlyDeclared,
    SeveralOwners,
    SharedAlready,
)
from sijinak.animals.mutations.writing import InOpenMutation, NeedsReason
from sijinak.animals.queries import animals_by_tags, observations_of
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.proving import LinkOver, LinkShownBefore, NoDigits
from sijinak.permits.models import PermitAnimal, PermitState
from sijinak.permits.rulebook import report_on
from tests.animals.factories import make_animal, make_keeper
from tests.animals.mutations.deeds import (
    K,
    Village,
    acknowledged,
    agreed,
    answered,
    at_once,
    make_village,
    now_known,
    other_person,
    proposal,
    proposed,
    recorded,
    sold,
)
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for
from tests.permits.factories import make_draft, make_herd, make_office, make_permit

pytestmark = pytest.mark.usefixtures("context")
S = MutationState


@pytest.fixture
def there(context: Flask) -> Village:
    return make_village()


def link(mutation: Mutation, side: Side, there: Village) -> str:
    with transaction():
        return make_link(MakeLink(mutation_id=mutation.id, side=side), by=there.clerk)


def by_link(secret: str, digits: str, *refusals: Refusal) -> Mutation | None:
    with transaction():
        return answer_by_link(AnswerByLink(secret=secret, digits=digits, refusals=refusals))


def tries(mutation: Mutation) -> int:
    return links_of(mutation.id)[-1].tries


def test_a_sale_is_answered_animal_by_animal(there: Village):
    herd = [make_animal(there.seller)[0] for _ in range(4)]
    mutation = proposed(there, *herd, price=36_000_000)
    answered(mutation, Side.GIVER, there.owner, herd[0].id)
    answered(mutation, Side.RECEIVER, there.trader, herd[1].id)
    states = [mutation.state]
    acknowledged(mutation, there.head, herd[2].id)
    assert [*states, mutation.state] == [S.AGREED, S.DONE]
    assert (mutation.village_no, mutation.kecamatan_no) == (1, 1)
    owners = [now_known(animal).keeper_id for animal in herd]
    assert owners == [there.seller.id] * 3 + [there.buyer.id]
    lines = {line.animal_id: line for line in mutation_by_id(mutation.id, by=OPERATOR).animals}
    refused = [(lines[a.id].refused_by, lines[a.id].refused_because) for a in herd]
    assert refused == [
        (Side.GIVER, "pincang"),
        (Side.RECEIVER, "pincang"),
        (Side.VILLAGE, "tidak ada"),
        (None, ""),
    ]
    assert not animals_in_open_mutation([a.id for a in herd])
    said = observations_of([herd[3].id])[-1]
    assert said.before == {"keeper_id": str(there.seller.id)}
    assert said.after == {"keeper_id": str(there.buyer.id)}
    assert {c.side: c.way for c in mutation.consents} == dict.fromkeys(Side, AnswerWay.ACCOUNT)


def test_who_proposes_on_their_own_account_has_agreed_and_price_stays_out_of_the_trail(
    there: Village,
):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal, by=there.owner, price=9_000_000)
    assert consents_of(mutation.id).keys() == {Side.GIVER}
    events = db.session.query(Event).filter_by(subject_id=mutation.id).all()
    assert [event.facts for event in events] == [{"kind": "sale", "animals": 1}]
    assert mutation.details == {"price": 9_000_000, "price_heads": 1}


@pytest.mark.parametrize("kind", [K.SALE, K.GIFT, K.INHERITANCE], ids=str)
def test_every_kind_of_handing_over_changes_the_owner(there: Village, kind: MutationKind):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal, kind=kind, to_village=LUNYUK_ODE, to_hamlet="Dusun Tiga")
    answered(mutation, Side.GIVER, there.clerk, note="Surat ahli waris no. 3")
    answered(mutation, Side.RECEIVER, there.trader)
    acknowledged(mutation, there.head)
    known = now_known(animal)
    assert (known.keeper_id, known.village, known.hamlet) == (
        there.buyer.id, LUNYUK_ODE, "Dusun Tiga",
    )  # fmt: skip
    giver = consents_of(mutation.id)[Side.GIVER]
    assert (giver.way, giver.note) == (AnswerWay.OFFICE, "Surat ahli waris no. 3")


def test_sharing_sets_who_raises_and_its_end_gives_back(there: Village):
    animal, _ = make_animal(there.seller)
    sold(there, animal, kind=K.SHARING)
    known = now_known(animal)
    assert (known.keeper_id, known.raiser_id) == (there.seller.id, there.buyer.id)
    with pytest.raises(SharedAlready):
        proposed(there, animal, kind=K.SHARING)
    ending = proposed(there, animal, kind=K.SHARING_END, by=there.owner, to_keeper_id=None)
    assert (ending.from_keeper_id, ending.to_keeper_id) == (there.buyer.id, there.seller.id)
    assert consents_of(ending.id).keys() == {Side.RECEIVER}
    answered(ending, Side.GIVER, there.trader)
    acknowledged(ending, there.head)
    assert now_known(animal).raiser_id is None
    with pytest.raises(NotShared):
        proposed(there, animal, kind=K.SHARING_END)


def test_the_raiser_who_buys_the_animal_raises_it_for_nobody(there: Village):
    animal, _ = make_animal(there.seller, raiser_id=there.buyer.id)
    sold(there, animal)
    known = now_known(animal)
    assert (known.keeper_id, known.raiser_id) == (there.buyer.id, None)


def test_what_everybody_refuses_is_refused_and_the_animals_are_free(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    answered(mutation, Side.RECEIVER, there.trader, animal.id)
    assert mutation.state is S.REFUSED
    again = agreed(there, animal)
    acknowledged(again, there.head, animal.id)
    assert (again.state, again.village_no) == (S.REFUSED, None)
    assert now_known(animal).keeper_id == there.seller.id
    sold(there, animal)


def test_only_present_seen_animals_of_one_owner_are_sold_to_somebody_else(there: Village):
    animal, _ = make_animal(there.seller)
    with pytest.raises(SeveralOwners):
        proposed(there, animal, make_animal()[0])
    declared, _ = make_animal(there.seller, verification=Verification.DECLARED)
    with pytest.raises(OnlyDeclared):
        proposed(there, declared)
    for receiver in (None, there.seller.id, animal.id):
        with pytest.raises(NotTheReceiver):
            proposed(there, animal, to_keeper_id=receiver)
    proposed(there, animal)
    with pytest.raises(InOpenMutation):
        proposed(there, animal)


def test_who_may_propose(there: Village):
    animal, _ = make_animal(there.seller)
    for by, error in (
        (there.trader, NotFound),  # whose it is not
        (actor_for(Role.VET, LUNYUK_ODE), NotFound),
        (there.head, Forbidden),
        (actor_for(Role.KADIS), Forbidden),
    ):
        with pytest.raises(error):
            proposed(there, animal, by=by)
    for by in (there.owner, there.clerk, there.vet):
        mutation = proposed(there, animal, by=by)
        with transaction():
            cancel_transfer(CancelTransfer(mutation_id=mutation.id, reason="batal"), by=by)
        assert mutation.state is S.CANCELLED


def test_who_may_answer_for_whom(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    stranger = actor_for(Role.TRADER, keeper_id=other_person().id)
    for by, side, error in (
        (there.owner, Side.RECEIVER, Forbidden),
        (there.trader, Side.GIVER, Forbidden),
        (stranger, Side.GIVER, Forbidden),
        (there.head, Side.GIVER, Forbidden),
        (actor_for(Role.VET, LUNYUK_ODE), Side.GIVER, NotFound),
        (there.vet, Side.VILLAGE, WrongState),
    ):
        with pytest.raises(error):
            answered(mutation, side, by)
    with pytest.raises(NeedsNote):
        answered(mutation, Side.GIVER, there.vet, note=" ")
    with pytest.raises(NotInIt):
        answered(mutation, Side.GIVER, there.vet, make_animal()[0].id)
    answered(mutation, Side.GIVER, there.vet)
    with pytest.raises(AnsweredAlready):
        answered(mutation, Side.GIVER, there.owner)
    with pytest.raises(WrongState):
        acknowledged(mutation, there.head)  # the buyer has not answered
    with pytest.raises(NotFound):
        mutation_by_id(mutation.id, by=stranger)


def test_a_refusal_says_why(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    silent = (Refusal(animal_id=animal.id, reason=""),)
    command = AnswerTransfer(mutation_id=mutation.id, side=Side.GIVER, refusals=silent)
    with pytest.raises(NeedsReason), transaction():
        answer_transfer(command, by=there.owner)


def test_the_village_head_has_no_other_hand_in_it(there: Village):
    """Four eyes: not the one who recorded, answered, handed a link out, or is a side."""
    head_roles = ((Role.CLERK, LUNYUK), (Role.VILLAGE_HEAD, LUNYUK_REA))
    both = actor_for(Role.VILLAGE_HEAD, LUNYUK_REA)
    both = type(both)(**{**_fields(both), "mandates": head_roles})
    seller_is_head = type(there.head)(**{**_fields(there.head), "keeper_id": there.seller.id})
    for spoil in ("recorded", "answered", "linked", "is a side"):
        animal, _ = make_animal(there.seller)
        mutation = proposed(there, animal, by=both if spoil == "recorded" else there.clerk)
        if spoil == "linked":
            with transaction():
                make_link(MakeLink(mutation_id=mutation.id, side=Side.GIVER), by=both)
        answered(mutation, Side.GIVER, both if spoil == "answered" else there.vet)
        answered(mutation, Side.RECEIVER, there.vet)
        head = seller_is_head if spoil == "is a side" else both
        with pytest.raises(HadAHand):
            acknowledged(mutation, head)
        acknowledged(mutation, there.head)
        assert now_known(animal).keeper_id == there.buyer.id


def _fields(person: Any) -> dict[str, Any]:
    return {name: getattr(person, name) for name in person.__slots__}


def test_only_the_head_of_that_village_acknowledges(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = agreed(there, animal)
    for by, error in (
        (actor_for(Role.VILLAGE_HEAD, LUNYUK_ODE), NotFound),
        (there.clerk, Forbidden),
        (there.trader, Forbidden),
        (actor_for(Role.KADIS), Forbidden),
    ):
        with pytest.raises(error):
            acknowledged(mutation, by)
    command = AcknowledgeTransfer(mutation_id=mutation.id)
    for _ in range(2):
        with transaction():
            acknowledge_transfer(command, by=there.head)
    assert (mutation.village_no, mutation.state) == (1, S.DONE)


def test_waiting_lists_know_whose_turn_it_is(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    assert [count_waiting(by=who) for who in (there.owner, there.trader, there.head)] == [1, 1, 0]
    answered(mutation, Side.GIVER, there.owner)
    assert [count_waiting(by=who) for who in (there.owner, there.trader, there.head)] == [0, 1, 0]
    answered(mutation, Side.RECEIVER, there.trader)
    assert mutations_waiting(by=there.head) == [mutation]
    assert count_waiting(by=actor_for(Role.VILLAGE_HEAD, LUNYUK_ODE)) == 0
    assert count_waiting(by=there.clerk) == 0


def test_two_proposals_at_once_make_one(app: Flask, there: Village):
    animal, _ = make_animal(there.seller)
    commands = [proposal(there, animal) for _ in range(2)]
    answers = at_once(app, *[lambda c=c: propose_transfer(c, by=there.clerk) for c in commands])
    assert answers == ["InOpenMutation", "done"]
    db.session.rollback()
    assert animals_in_open_mutation([animal.id]) == {animal.id}


def test_a_sale_is_acknowledged_once_and_not_while_it_is_cancelled(app: Flask, there: Village):
    animal, _ = make_animal(there.seller)
    mutation = agreed(there, animal)
    cancel = CancelTransfer(mutation_id=mutation.id, reason="x")
    answers = at_once(
        app,
        lambda: acknowledge_transfer(AcknowledgeTransfer(mutation_id=mutation.id), by=there.head),
        lambda: acknowledge_transfer(AcknowledgeTransfer(mutation_id=mutation.id), by=there.head),
        lambda: cancel_transfer(cancel, by=there.owner),
    )
    assert answers == ["WrongState", "WrongState", "done"]
    owner = now_known(animal).keeper_id
    state = db.session.get_one(Mutation, mutation.id, populate_existing=True).state
    assert (state, owner) in {
        (S.DONE, there.buyer.id), (S.CANCELLED, there.seller.id),
    }  # fmt: skip


def test_a_side_that_answers_twice_at_once_answers_once(app: Flask, there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    commands = [
        AnswerTransfer(mutation_id=mutation.id, side=Side.GIVER, note="hadir") for _ in range(2)
    ]
    answers = at_once(
        app,
        lambda: answer_transfer(commands[0], by=there.owner),
        lambda: answer_transfer(commands[1], by=there.vet),
    )
    assert answers == ["AnsweredAlready", "done"]


def test_what_is_lost_before_the_end_drops_out(there: Village):
    kept, stolen = make_animal(there.seller)[0], make_animal(there.seller)[0]
    mutation = agreed(there, kept, stolen)
    recorded(K.THEFT, stolen, by=there.vet)
    acknowledged(mutation, there.head)
    assert (now_known(kept).keeper_id, now_known(stolen).keeper_id) == (
        there.buyer.id, there.seller.id,
    )  # fmt: skip
    assert now_known(stolen).state is AnimalState.STOLEN


def test_it_runs_out_after_its_days_and_nobody_finishes_it_then(there: Village):
    one, two = make_animal(there.seller)[0], make_animal(there.seller)[0]
    open_, agreed_ = proposed(there, one, valid_days=3), agreed(there, two, valid_days=3)
    with clock.reading(now() + timedelta(days=3)):
        with pytest.raises(TransferOver):
            answered(open_, Side.GIVER, there.owner)
        with pytest.raises(TransferOver):
            acknowledged(agreed_, there.head)
        assert count_waiting(by=there.head) == 0
        jobs.expire()
        states = [db.session.get_one(Mutation, m.id).state for m in (open_, agreed_)]
        assert states == [S.EXPIRED, S.EXPIRED]
    assert not animals_in_open_mutation([one.id, two.id])


def test_a_permit_and_a_sale_exclude_each_other(there: Village):
    office = make_office()
    held = make_permit(office, PermitState.SUBMITTED)
    herd = [db.session.get_one(Animal, line.animal_id) for line in held.animals]
    with pytest.raises(AnimalHeld):
        proposed(there, *herd)
    with pytest.raises(AnimalHeld):
        recorded(K.MOVE, *herd, by=there.vet)
    tags = make_herd(office.firm, heads=1)
    (free,) = animals_by_tags(tags).values()
    mutation = proposed(there, db.session.get_one(Animal, free.id))
    application = make_draft(office, tags)
    (checked,) = report_on(application).refused
    assert "CHANGING_HANDS" in {finding.code for finding in checked.findings}
    with transaction():
        cancel_transfer(CancelTransfer(mutation_id=mutation.id, reason="batal"), by=there.clerk)
    assert report_on(application).is_ready


def test_a_permit_that_came_between_stops_the_acknowledgement(there: Village):
    office = make_office()
    (free,) = animals_by_tags(make_herd(office.firm, heads=1)).values()
    animal = db.session.get_one(Animal, free.id)
    mutation = proposed(there, animal)
    for side in (Side.GIVER, Side.RECEIVER):
        answered(mutation, side, there.vet)
    other = make_permit(office, PermitState.SUBMITTED)
    with transaction():  # as a submission at the very moment of the proposal would leave it
        db.session.add(
            PermitAnimal(permit_id=other.id, animal_id=animal.id, position=99, is_open=True)
        )
    with pytest.raises(AnimalHeld):
        acknowledged(mutation, there.head)


def test_a_link_answers_for_one_side_once(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    secret = link(mutation, Side.GIVER, there)
    assert len(secret) == 32
    assert by_link(secret, there.seller.nik_tail)
    consent = consents_of(mutation.id)[Side.GIVER]
    assert (consent.way, consent.by_id) == (AnswerWay.LINK, there.seller.id)
    with pytest.raises(LinkOver):
        by_link(secret, there.seller.nik_tail)
    assert by_link(link(mutation, Side.RECEIVER, there), (there.buyer.nib or "")[-4:])
    assert mutation.state is S.AGREED
    acknowledged(mutation, there.head)
    assert now_known(animal).keeper_id == there.buyer.id


def test_a_link_bears_five_wrong_guesses(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    secret = link(mutation, Side.GIVER, there)
    for count in range(1, 6):
        assert by_link(secret, "xxxx") is None
        assert tries(mutation) == count
    with pytest.raises(LinkOver):
        by_link(secret, there.seller.nik_tail)
    assert by_link(link(mutation, Side.GIVER, there), there.seller.nik_tail)


def test_guessing_at_once_finds_no_more_tries(app: Flask, there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    secret = link(mutation, Side.GIVER, there)
    answers = at_once(app, *[lambda: try_link(secret, "xxxx")] * 8)
    assert answers == ["LinkOver"] * 3 + ["done"] * 5
    db.session.rollback()
    assert tries(mutation) == 5


def test_a_link_is_shown_once_replaced_by_the_next_and_ends_with_its_days(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal, valid_days=2)
    command = MakeLink(mutation_id=mutation.id, side=Side.GIVER)
    with transaction():
        first = make_link(command, by=there.clerk)
    with pytest.raises(LinkShownBefore), transaction():
        make_link(command, by=there.clerk)
    assert first.encode() not in links_of(mutation.id)[0].digest
    second = link(mutation, Side.GIVER, there)
    with pytest.raises(LinkOver):
        by_link(first, there.seller.nik_tail)
    with pytest.raises(LinkOver):
        by_link("A" * 32, there.seller.nik_tail)
    with clock.reading(now() + timedelta(days=2)), pytest.raises(LinkOver):
        by_link(second, there.seller.nik_tail)
    for by in (there.owner, there.trader, there.head):
        with pytest.raises(Forbidden), transaction():
            make_link(MakeLink(mutation_id=mutation.id, side=Side.GIVER), by=by)


def test_an_answer_before_the_officer_ends_the_link(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)
    secret = link(mutation, Side.GIVER, there)
    answered(mutation, Side.GIVER, there.vet)
    with pytest.raises(LinkOver):
        by_link(secret, there.seller.nik_tail)


def test_cancelling_says_why_and_is_for_the_proposers_side(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = agreed(there, animal)
    for by, reason, error in (
        (there.trader, "batal", NotFound),
        (there.head, "batal", Forbidden),
        (actor_for(Role.CLERK, LUNYUK_ODE), "batal", NotFound),
        (there.owner, " ", NeedsReason),
    ):
        with pytest.raises(error), transaction():
            cancel_transfer(CancelTransfer(mutation_id=mutation.id, reason=reason), by=by)
    command = CancelTransfer(mutation_id=mutation.id, reason="harga tidak cocok")
    for _ in range(2):
        with transaction():
            cancel_transfer(command, by=there.owner)
    assert (mutation.state, mutation.ended_because) == (S.CANCELLED, "harga tidak cocok")
    with pytest.raises(WrongState):
        acknowledged(mutation, there.head)


def test_a_keeper_without_nik_or_nib_is_asked_before_an_officer(there: Village):
    with transaction():
        group = Keeper(
            kind=KeeperKind.GROUP, name="Kelompok Maju", name_key="kelompok maju",
            village=LUNYUK_REA, registered_at=now(),
        )  # fmt: skip
        db.session.add(group)
    mutation = proposed(there, make_animal(there.seller)[0], to_keeper_id=group.id)
    with pytest.raises(NoDigits):
        link(mutation, Side.RECEIVER, there)


def test_a_receiver_reads_what_is_offered_and_its_village_sees_it_too(there: Village):
    mutation = proposed(there, make_animal(there.seller)[0], to_village=LUNYUK_ODE)
    for by in (there.owner, there.trader, there.head, actor_for(Role.VET, LUNYUK_ODE)):
        assert mutation_by_id(mutation.id, by=by) == mutation
    for by in (actor_for(Role.TRADER, keeper_id=make_keeper().id), actor_for(Role.VET, "52.04.05")):
        with pytest.raises(NotFound):
            mutation_by_id(mutation.id, by=by)
