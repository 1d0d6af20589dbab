"""Draws are announced, drawn when their days are over, and visited."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select

from sijinak.areas.queries import places
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.revisits.drawing import digest_of_list, drawn, packed, unpacked
from sijinak.vaccinations.revisits.models import Draw, Revisit, RevisitResult, SeedSource
from sijinak.vaccinations.revisits.queries import draw_to_change, revisit_to_change

LEAST_SEED, LONGEST_SEED = 6, 200
MOST_DAYS = 366
AT_ONCE = 1000


class UnknownRegion(Invalid):
    code = "unknown-region"


class WrongDays(Invalid):
    """Facts: ``most``."""

    code = "wrong-draw-days"


class WrongShare(Invalid):
    code = "wrong-share"


class SeedMissing(Invalid):
    """Facts: ``least``."""

    code = "seed-missing"


class SourceMissing(Invalid):
    code = "seed-source-missing"


class SeedTooLate(Invalid):
    """The days are over: whoever chooses a seed now could choose the doses."""

    code = "seed-too-late"


class NotOverYet(Conflict):
    """Facts: ``day``."""

    code = "draw-not-over"


class DrawnAlready(Conflict):
    code = "drawn-already"


class SeedStands(Conflict):
    """It was fixed with the announcement."""

    code = "seed-stands"


class NothingToDraw(Conflict):
    code = "nothing-to-draw"


class VisitInTheFuture(Invalid):
    code = "visit-in-the-future"


class VisitedAlready(Conflict):
    """Facts: ``name``."""

    code = "visited-already"


class NoteOnVisitMissing(Invalid):
    """A bad result says what was seen."""

    code = "visit-note-missing"


class OwnDose(Forbidden):
    """Whoever gave the dose does not make the second visit."""

    code = "own-dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceDraw:
    """``seed`` may be empty while the public source has not spoken."""

    id: UUID = field(default_factory=uuid7)
    region: str
    first_day: date
    last_day: date
    permille: int
    source: SeedSource
    source_words: str
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawDoses:
    """``seed``: of a public source that was named in the announcement."""

    id: UUID = field(default_factory=uuid7)
    draw_id: UUID
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRevisit:
    id: UUID = field(default_factory=uuid7)
    revisit_id: UUID
    result: RevisitResult
    visited_on: date
    note: str = ""


def announce_draw(command: AnnounceDraw, *, by: Actor) -> Draw:
    """Raises UnknownRegion, WrongDays, WrongShare, SourceMissing, SeedMissing, SeedTooLate.

    The same region and days may be announced again: both draws are shown beside each other.
    """
    require(by, Permission.REVISIT_DRAW, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(Draw, command.id)
    _check(command)
    draw = Draw(
        id=command.id,
        region=command.region,
        first_day=command.first_day,
        last_day=command.last_day,
        permille=command.permille,
        source=command.source,
        source_words=command.source_words.strip(),
        seed=command.seed.strip(),
        announced_at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(draw)
    events.record("revisit.announced", draw, by=by, region=draw.region, permille=draw.permille)
    return draw


def draw_doses(command: DrawDoses, *, by: Actor) -> Draw:
    """Raises NotFound, DrawnAlready, NotOverYet, SeedStands, SeedMissing, NothingToDraw."""
    draw = draw_to_change(command.draw_id, by=by)
    if not first_time(command, by=by):
        return draw
    if draw.drawn_at is not None:
        raise DrawnAlready
    if draw.last_day >= today():
        raise NotOverYet(day=draw.last_day.isoformat())
    draw.seed = _seed_of(draw, command.seed.strip())
    population = _population(draw)
    if not population:
        raise NothingToDraw
    draw.population, draw.among = packed(population), len(population)
    ids = unpacked(draw.population)
    draw.digest, draw.drawn_at = digest_of_list(ids), now()
    chosen = drawn(draw.seed, ids, draw.permille)
    db.session.flush()
    rows = [{"id": uuid7(), "draw_id": draw.id, "vaccination_id": one, "note": "", "by_name": ""}
            for one in chosen]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Revisit), rows[start : start + AT_ONCE])
    events.record(
        "revisit.drawn", draw, by=by, region=draw.region,
        among=draw.among, chosen=len(chosen), digest=draw.digest,
    )  # fmt: skip
    return draw


def record_revisit(command: RecordRevisit, *, by: Actor) -> Revisit:
    """Raises NotFound, OwnDose, VisitedAlready, VisitInTheFuture, NoteOnVisitMissing."""
    revisit, dose, act = revisit_to_change(command.revisit_id, by=by)
    if not first_time(command, by=by):
        return revisit
    if act.vaccinator_id == by.id:
        raise OwnDose
    if revisit.result is not None:
        raise VisitedAlready(name=revisit.by_name)
    if not dose.given_on <= command.visited_on <= today():
        raise VisitInTheFuture
    if command.result is not RevisitResult.CONFIRMED and not command.note.strip():
        raise NoteOnVisitMissing
    revisit.result, revisit.note = command.result, command.note.strip()
    revisit.visited_on, revisit.by_id, revisit.by_name = command.visited_on, by.id, by.name
    events.record("revisit.recorded", revisit, by=by, region=dose.village, result=command.result)
    if command.result is not RevisitResult.CONFIRMED:
        raise_findings([_bad(dose, act, command.result)])
    return revisit


def _check(command: AnnounceDraw) -> None:
    if command.region not in places():
        raise UnknownRegion
    days = (command.last_day - command.first_day).days
    if not 0 <= days < MOST_DAYS:
        raise WrongDays(most=MOST_DAYS)
    if not 1 <= command.permille <= 1000:  # noqa: PLR2004 - all of them
        raise WrongShare
    if not command.source_words.strip():
        raise SourceMissing
    if command.source is SeedSource.AGREED or command.seed.strip():
        _check_seed(command.seed.strip())
    if command.seed.strip() and command.last_day < today():
        raise SeedTooLate


def _check_seed(seed: str) -> None:
    if not LEAST_SEED <= len(seed) <= LONGEST_SEED:
        raise SeedMissing(least=LEAST_SEED)


def _seed_of(draw: Draw, given: str) -> str:
    if draw.seed and given not in {"", draw.seed}:
        raise SeedStands
    seed = draw.seed or given
    _check_seed(seed)
    return seed


def _population(draw: Draw) -> list[UUID]:
    """Every dose of these days that was not taken back; doubles too: each says that it was done."""
    asked = select(Vaccination.id).where(
        Vaccination.given_on.between(draw.first_day, draw.last_day),
        Vaccination.village.between(draw.region, draw.region + "/"),
        Vaccination.standing != Standing.WITHDRAWN,
    )
    return list(db.session.scalars(asked))


def _bad(dose: Vaccination, act: VaccinationAct, result: RevisitResult) -> Raised:
    return Raised(
        kind=FindingKind.NOT_FOUND_AGAIN,
        subject_id=dose.id,
        act_id=act.id,
        animal_id=dose.animal_id,
        officer_id=act.vaccinator_id,
        officer_name=act.vaccinator_name,
        region=dose.village,
        facts={"result": result.value},
    )
