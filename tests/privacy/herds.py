"""Animals that the person sold, and transfers that came to nothing."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, Sex
from sijinak.animals.mutations.answering import answer_by_link, make_link
from sijinak.animals.mutations.commands import AnswerByLink, CancelTransfer, MakeLink, Refusal
from sijinak.animals.mutations.models import Side
from sijinak.animals.mutations.transfers import cancel_transfer
from sijinak.areas.models import Port
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.keepers.models import Keeper
from sijinak.permits.models import Permit
from sijinak.permits.slots.models import SlotBooking, SlotDay, SlotUnit
from tests.animals.factories import firm, make_keeper, person
from tests.animals.mutations.deeds import Village, make_cow, proposed, sold
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

THEIRS = "Dusun Penadah"


def make_village(seller: Keeper, owner: SignedIn) -> Village:
    """The person who is to be forgotten sells; the others are new."""
    buyer = make_keeper(firm(hamlet=THEIRS))
    return Village(
        seller=seller,
        buyer=buyer,
        owner=owner,
        trader=actor_for(Role.TRADER, keeper_id=buyer.id),
        vet=actor_for(Role.VET, LUNYUK),
        clerk=actor_for(Role.CLERK, LUNYUK),
        head=actor_for(Role.VILLAGE_HEAD, LUNYUK_REA),
    )


def sell_animals(there: Village, hamlet: str) -> Sequence[Animal]:
    """One stays in the village, one goes to another; both were registered with the hamlet."""
    stays, goes = (make_cow(there.seller, hamlet=hamlet, sex=Sex.FEMALE) for _ in range(2))
    cancelled = proposed(there, stays, by=there.owner)
    with transaction():
        ended = CancelTransfer(mutation_id=cancelled.id, reason="Kata Kanarius tidak jadi")
        cancel_transfer(ended, by=there.owner)
    sold(there, stays)
    sold(there, goes, to_village=LUNYUK_ODE, to_hamlet=THEIRS)
    return stays, goes


def refuse_by_link(there: Village) -> None:
    """The person has a link, and wants none of the animals that somebody offers."""
    other = make_keeper(person(name="Mustafa Ahmad"))
    cow = make_cow(other)
    offered = proposed(there, cow, to_keeper_id=there.seller.id, by=there.clerk)
    with transaction():
        link = MakeLink(mutation_id=offered.id, side=Side.RECEIVER)
        secret = make_link(link, by=there.clerk)
    refusal = Refusal(animal_id=cow.id, reason="pincang")
    said = AnswerByLink(secret=secret, digits=there.seller.nik_tail, refusals=(refusal,))
    with transaction():
        assert answer_by_link(said)


def give_a_slot_back(keeper: Keeper, owner: SignedIn) -> None:
    """A place on a day of departures that the person booked, and did not want."""
    permit = db.session.scalars(select(Permit).where(Permit.keeper_id == keeper.id)).first()
    port = db.session.scalars(select(Port.code).order_by(Port.code)).first()
    assert permit
    assert port
    with transaction():
        day = SlotDay(
            port=port, day=date(2026, 12, 1), region=permit.region, unit=SlotUnit.TRUCKS, capacity=9
        )
        db.session.add(day)
        db.session.flush()
        booked = {"booked_at": now(), "booked_by": owner.id, "booked_by_name": owner.name}
        ended = {"ended_at": now(), "ended_by_name": owner.name, "ended_why": "Kanarius sakit"}
        ended |= {"is_live": False}
        db.session.add(
            SlotBooking(permit_id=permit.id, slot_day_id=day.id, amount=1, **booked, **ended)
        )
