"""Questions about what owners were asked and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from sijinak.animals.models import Animal
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.proving import MOST_TRIES, LinkOver, digest_of_secret
from sijinak.vaccinations.confirming.models import Channel, Confirmation
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct

OFFICE = (Permission.REVISIT_RECORD, Permission.FINDING_READ)
_ACT = VaccinationAct.id == Confirmation.act_id
# An owner may still speak where nobody has, or where an officer spoke for them.
WAITS = or_(Confirmation.says_yes.is_(None), Confirmation.channel == Channel.OFFICER)


@dataclass(frozen=True, slots=True)
class Said:
    """Of the owners of an act. No answer is no refusal."""

    yes: int = 0
    no: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What an owner is asked: whether these animals were vaccinated."""

    asked: Confirmation
    act: VaccinationAct
    keeper: Keeper
    animals: Sequence[AnimalFacts]


def said_of(act_id: UUID) -> Said:
    yes = func.sum(case((Confirmation.says_yes.is_(True), 1), else_=0))
    no = func.sum(case((Confirmation.says_yes.is_(False), 1), else_=0))
    asked = select(func.count(), yes, no).where(Confirmation.act_id == act_id)
    total, agreed, denied = db.session.execute(asked).one()
    return Said(agreed or 0, denied or 0, total - (agreed or 0) - (denied or 0))


def waiting(*, by: Actor, place: Place = START) -> Page[Confirmation]:
    """What waits for an answer of the owner who looks."""
    require(by, Permission.VACCINATION_CONFIRM)
    asked = select(Confirmation).where(_own(by), Confirmation.says_yes.is_(None))
    return page_of(asked, Confirmation.id, place)


def count_waiting(*, by: Actor) -> int:
    asked = select(func.count()).select_from(Confirmation).where(_own(by))
    return db.session.scalar(asked.where(Confirmation.says_yes.is_(None))) or 0


def acts_of(asked: Sequence[Confirmation]) -> dict[UUID, VaccinationAct]:
    found = select(VaccinationAct).where(VaccinationAct.id.in_([one.act_id for one in asked]))
    return {act.id: act for act in db.session.scalars(found)}


def questions_of(act_id: UUID, *, by: Actor) -> list[tuple[Confirmation, Keeper]]:
    """For the office: the owners of an act, those who deny first, then those who are silent.

    Raises NotFound.
    """
    act = db.session.scalar(
        select(VaccinationAct).where(VaccinationAct.id == act_id, _office(by)),
    )
    if act is None:
        raise NotFound(act_id=str(act_id))
    asked = select(Confirmation, Keeper).join(Keeper, Keeper.id == Confirmation.keeper_id)
    order = case(
        (Confirmation.says_yes.is_(False), 0), (Confirmation.says_yes.is_(None), 1), else_=2
    )
    rows = db.session.execute(
        asked.where(Confirmation.act_id == act_id).order_by(order, Keeper.name)
    )
    return [(row[0], row[1]) for row in rows]


def question_by_id(confirmation_id: UUID, *, by: Actor) -> Question:
    """For its owner and for the office. Raises NotFound."""
    asked = select(Confirmation).join(VaccinationAct, _ACT)
    found = db.session.scalar(
        asked.where(Confirmation.id == confirmation_id, or_(_own(by), _office(by)))
    )
    if found is None:
        raise NotFound(confirmation_id=str(confirmation_id))
    return question_of(found)


def question_of(asked: Confirmation) -> Question:
    """The caller has asked for it."""
    act = db.session.get_one(VaccinationAct, asked.act_id)
    keeper = db.session.get_one(Keeper, asked.keeper_id)
    owned = (
        select(Vaccination.animal_id)
        .join(Animal, Animal.id == Vaccination.animal_id)
        .where(Vaccination.act_id == act.id, Animal.keeper_id == keeper.id)
        .where(Vaccination.standing != Standing.WITHDRAWN)
    )
    facts = animals_by_ids(list(db.session.scalars(owned)))
    return Question(asked, act, keeper, sorted(facts.values(), key=lambda one: one.tag))


def question_to_change(
    confirmation_id: UUID, permission: Permission, *, by: Actor
) -> tuple[Confirmation, VaccinationAct]:
    """Held until the end, as it is now. Raises NotFound."""
    require(by, permission)
    reached = within_reach(by, permission, VaccinationAct.region, Confirmation.keeper_id)
    asked = select(Confirmation, VaccinationAct).join(VaccinationAct, _ACT)
    asked = asked.where(Confirmation.id == confirmation_id, reached)
    row = db.session.execute(
        asked.with_for_update(of=Confirmation).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(confirmation_id=str(confirmation_id))
    return row[0], row[1]


def question_behind(secret: str, *, hold: bool = False) -> Confirmation:
    """Raises LinkOver."""
    open_now = and_(Confirmation.expires_at > now(), Confirmation.wrong_checks < MOST_TRIES, WAITS)
    asked = select(Confirmation).where(Confirmation.token_digest == digest_of_secret(secret))
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(asked.where(open_now))
    if found is None:
        raise LinkOver
    return found


def _own(by: Actor) -> ColumnElement[bool]:
    keepers = [reach.keeper_id for reach in by.reaches(Permission.VACCINATION_CONFIRM)]
    return Confirmation.keeper_id.in_([one for one in keepers if one is not None])


def _office(by: Actor) -> ColumnElement[bool]:
    return or_(*(within_reach(by, permission, VaccinationAct.region) for permission in OFFICE))
