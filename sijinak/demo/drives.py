"""Vaccination campaigns as the office runs them: one that is over, one under way, one planned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, AnimalState, Species
from sijinak.areas.queries import villages_in
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.demo.accounts import LUNYUK
from sijinak.vaccinations.campaigns.commands import (
    AddMember,
    AddVillages,
    PlanCampaign,
    RecordOutbreak,
    SetVillage,
    TakeStep,
)
from sijinak.vaccinations.campaigns.models import Campaign, CampaignVillage, TeamRole
from sijinak.vaccinations.campaigns.services import (
    add_member,
    add_villages,
    plan_campaign,
    record_outbreak,
    set_village,
    take_step,
)
from sijinak.vaccinations.models import Disease, Product, Vaccination
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations
from sijinak.vaccinations.visits.commands import CountHeads, RecordReaction, RecordResult
from sijinak.vaccinations.visits.models import Outcome, Severity
from sijinak.vaccinations.visits.services import count_heads, record_reaction, record_result

MOST_A_VILLAGE = 30
VILLAGES = 6
REASONS = {
    Outcome.REFUSED: ("takut sapi keguguran", "pernah bengkak sesudah disuntik", "akan dijual"),
    Outcome.ABSENT: ("ternak di lar", "pemilik ke ladang"),
    Outcome.NOT_CAUGHT: ("lepas dari kandang jepit", "sapi galak"),
}
# Of each village: how many of a hundred get the dose, and what became of the others.
STORIES = (
    (96, Outcome.NOT_CAUGHT), (90, Outcome.ABSENT), (84, Outcome.NOT_CAUGHT),
    (71, Outcome.REFUSED), (62, Outcome.ABSENT), (0, Outcome.ABSENT),
)  # fmt: skip
OUTBREAKS = (
    (Disease.ANTHRAX, 900, "Laporan iSIKHNAS, contoh"),
    (Disease.SE, 420, "Surat BBVet Denpasar, contoh"),
    (Disease.LSD, 310, "Buku UPT Lunyuk, contoh"),
)


@dataclass(frozen=True, slots=True)
class Drive:
    """Everybody who takes part, and the chance that decides."""

    people: Mapping[str, SignedIn]
    until: datetime
    chance: Random
    villages: Sequence[str]

    def at(self, days: float, deed: Callable[[], object]) -> None:
        """A deed of that many days ago."""
        with clock.reading(self.until - timedelta(days=days)), transaction():
            deed()

    def heads(self, village: str) -> int:
        """How many cattle and buffaloes stand there."""
        asked = select(func.count()).select_from(Animal).where(*_large(village))
        return db.session.scalar(asked) or 0

    def herd(self, village: str) -> list[Animal]:
        """Its first cattle and buffaloes."""
        asked = select(Animal).where(*_large(village))
        return list(db.session.scalars(asked.order_by(Animal.id).limit(MOST_A_VILLAGE)))


def _large(village: str) -> tuple[ColumnElement[bool], ...]:
    kinds = (Species.CATTLE, Species.BUFFALO)
    return (
        Animal.village == village,
        Animal.species.in_(kinds),
        Animal.state == AnimalState.PRESENT,
    )


def drive(people: Mapping[str, SignedIn], until: datetime, seed: int) -> None:
    chance = Random(f"{seed} drives")  # noqa: S311 - repeatable on purpose
    codes = sorted(place.code for place in villages_in(LUNYUK))[:VILLAGES]
    crew = Drive(people, until, chance, codes)
    _outbreaks(crew)
    _over(crew)
    _under_way(crew)
    _planned(crew)


def _outbreaks(crew: Drive) -> None:
    for place, (disease, days, source) in enumerate(OUTBREAKS):
        day = local(crew.until - timedelta(days=days)).date()
        for village in crew.villages[place : place + 2]:
            found = RecordOutbreak(village=village, disease=disease, found_on=day, source=source)
            crew.at(30, partial(record_outbreak, found, by=crew.people["kepala-upt"]))


def _plan(crew: Drive, name: str, product: str, days: tuple[float, int]) -> Campaign:
    """Written down a week before it begins, with the villages of Lunyuk and a team.

    ``days``: how long ago it began, and how long it goes on.
    """
    since, lasting = days
    head, found = crew.people["kepala-upt"], _product(product)
    first = local(crew.until - timedelta(days=since)).date()
    plan = PlanCampaign(
        name=name,
        disease=found.disease,
        product_id=found.id,
        region=LUNYUK,
        starts_on=first,
        ends_on=first + timedelta(days=lasting),
        basis="Surat Kepala Dinas, contoh" if since > 0 else "",
    )
    before = max(since, 0) + 7
    crew.at(before, partial(plan_campaign, plan, by=head))
    for day, village in enumerate(crew.villages):
        chosen = AddVillages(
            campaign_id=plan.id,
            villages=(village,),
            planned_on=first + timedelta(days=min(day, lasting)),
        )
        crew.at(before, partial(add_villages, chosen, by=head))
    for username, role in (("paramedik", TeamRole.VACCINATOR), ("petugas", TeamRole.RECORDER)):
        member = AddMember(campaign_id=plan.id, user_id=crew.people[username].id, role=role)
        crew.at(before, partial(add_member, member, by=head))
    return db.session.get_one(Campaign, plan.id)


def _over(crew: Drive) -> None:
    """Against SE: half of a year, as far as the registrars' rounds have brought it."""
    name = "Vaksinasi SE Lunyuk, sebelum musim hujan"
    campaign_id = _plan(crew, name, "septivet", (150, 120)).id
    head = crew.people["kepala-upt"]
    asked = select(CampaignVillage).filter_by(campaign_id=campaign_id)
    rows = db.session.scalars(asked.order_by(CampaignVillage.village))
    for row in rows.all():  # the label names no species, so nothing was proposed
        target = SetVillage(
            campaign_id=campaign_id,
            village=row.village,
            target_heads=crew.heads(row.village),
            planned_on=row.planned_on,
        )
        crew.at(151, partial(set_village, target, by=head))
    for days, action in ((150, "open"), (29, "close")):
        crew.at(days, partial(take_step, TakeStep(campaign_id=campaign_id, action=action), by=head))


def _under_way(crew: Drive) -> None:
    """Against LSD: one village a day, each with a story of its own."""
    campaign_id = _plan(crew, "Vaksinasi LSD Lunyuk", "lumpyvac", (14, 30)).id
    head = crew.people["kepala-upt"]
    crew.at(14, partial(take_step, TakeStep(campaign_id=campaign_id, action="open"), by=head))
    for place, village in enumerate(crew.villages):
        percent, outcome = STORIES[place]
        herd = crew.herd(village)
        gone = [one for one in herd if crew.chance.randrange(100) >= percent]
        act_id = _dose(crew, campaign_id, 13 - place, [one.id for one in herd if one not in gone])
        if percent:
            _miss(crew, campaign_id, 13 - place, gone, outcome)
            _count(crew, act_id, 13 - place, village)


def _planned(crew: Drive) -> None:
    _plan(crew, "Vaksinasi antraks Lunyuk", "anthravet", (-30, 14))


def _dose(crew: Drive, campaign_id: UUID, days: float, animal_ids: Sequence[UUID]) -> UUID:
    """The id of the act, also when no animal came to it."""
    vaccinator = crew.people["paramedik"]
    if not animal_ids:
        return uuid7()
    act = RecordVaccinations(
        product_id=_product("lumpyvac").id,
        lot="LUM262-02",
        given_at=crew.until - timedelta(days=days),
        animal_ids=tuple(animal_ids),
        campaign_id=campaign_id,
    )
    crew.at(days, partial(record_vaccinations, act, by=vaccinator))
    dose = select(Vaccination.id).where(Vaccination.act_id == act.id).limit(1)
    swelling = RecordReaction(
        animal_id=animal_ids[0],
        signs="bengkak di leher, makan berkurang",
        severity=Severity.MILD if int(days) % 2 else Severity.SEVERE,
        began_at=crew.until - timedelta(days=days - 0.5),
        treatment="antihistamin",
        vaccination_id=db.session.scalar(dose),
    )
    crew.at(days - 1, partial(record_reaction, swelling, by=vaccinator))
    return act.id


def _miss(
    crew: Drive, campaign_id: UUID, days: float, gone: Sequence[Animal], outcome: Outcome
) -> None:
    again = local(crew.until - timedelta(days=days - 9)).date()
    for one in gone:
        result = RecordResult(
            disease=Disease.LSD,
            village=one.village,
            animal_id=one.id,
            outcome=outcome,
            reason=crew.chance.choice(REASONS[outcome]),
            found_at=crew.until - timedelta(days=days),
            campaign_id=campaign_id,
            next_visit=again,
        )
        crew.at(days, partial(record_result, result, by=crew.people["paramedik"]))


def _count(crew: Drive, act_id: UUID, days: float, village: str) -> None:
    counted = CountHeads(
        act_id=act_id,
        product_id=_product("lumpyvac").id,
        lot="LUM262-02",
        village=village,
        species=Species.CATTLE,
        heads=crew.chance.randint(2, 9),
        given_at=crew.until - timedelta(days=days),
    )
    crew.at(days, partial(count_heads, counted, by=crew.people["paramedik"]))


def _product(code: str) -> Product:
    return db.session.scalars(select(Product).where(Product.code == code)).one()
