"""What receivers said of what arrived, a reminder, and a ban that is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Species
from sijinak.core.clock import clock, local, today
from sijinak.core.db import db, transaction
from sijinak.demo.accounts import LUNYUK
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Direction
from sijinak.health.bans.services import enter_ban, lift_ban
from sijinak.health.diseases import Disease
from sijinak.permits.arrivals.commands import Outcome, SayArrival
from sijinak.permits.arrivals.queries import aboard, live_link, permit_behind
from sijinak.permits.arrivals.services import say_arrival
from sijinak.permits.chasing.commands import Remind
from sijinak.permits.chasing.models import ReminderWay
from sijinak.permits.chasing.services import remind
from sijinak.permits.models import Arrival, Permit, PermitState

LARGE = 2  # of a lot with more heads the last died on the way
BEGAN, LIFTED = timedelta(days=196), timedelta(days=168)  # before all applications
BASIS = "Surat Edaran Bupati Sumbawa nomor 500.7/118 (contoh)"


def say_what_arrived(permit_id: UUID) -> None:
    """The receiver does, with the link that was handed over."""
    with transaction():
        link = live_link(permit_id)
        if link is None:
            raise LookupError(permit_id)
        permit, receiver = permit_behind(link)
        command = SayArrival(
            permit_id=permit_id,
            arrived_on=local(clock.now()).date(),
            outcomes=tuple(_outcomes(permit)),
            name="Bapak Karim, rumah potong",
        )
        say_arrival(command, by=receiver, link=link)


def _outcomes(permit: Permit) -> Iterable[Outcome]:
    gone = [line.animal_id for line in aboard(permit)]
    alive = gone[:-1] if len(gone) > LARGE else gone
    yield from (Outcome(animal_id=one, arrival=Arrival.RECEIVED) for one in alive)
    for dead in gone[len(alive) :]:
        yield Outcome(animal_id=dead, arrival=Arrival.DEAD, words="Terinjak di atas kapal")


def remind_all(permit_ids: Iterable[UUID], people: Mapping[str, SignedIn], until: datetime) -> None:
    """Of those that are still on their way the receiver was called yesterday."""
    with clock.reading(until - timedelta(days=1)):
        for permit_id in permit_ids:
            with transaction():
                if db.session.get_one(Permit, permit_id).state is PermitState.DEPARTED:
                    _call(permit_id, people["loket"])


def _call(permit_id: UUID, desk: SignedIn) -> None:
    words = "Penerima tidak mengangkat telepon."
    remind(Remind(permit_id=permit_id, way=ReminderWay.TELEPHONE, words=words), by=desk)


def ban_lunyuk(kabid: SignedIn, until: datetime) -> None:
    """For four weeks no cattle left Lunyuk because of LSD."""
    with clock.reading(until - BEGAN), transaction():
        command = EnterBan(
            region=LUNYUK,
            species=Species.CATTLE,
            disease=Disease.LSD,
            directions=(Direction.OUT, Direction.THROUGH),
            legal_basis=BASIS,
            note="Kasus lumpy skin disease di dua desa.",
            valid_from=today(),
        )
        ban = enter_ban(command, by=kabid)
    with clock.reading(until - LIFTED), transaction():
        because = "28 hari tanpa kasus baru."
        lift_ban(LiftBan(ban_id=ban.id, because=because), by=kabid)
