"""Owners are asked whether it was done. Who says nothing has not refused."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.models import Animal
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, Reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.proving import (
    LinkShownBefore,
    digest_of_secret,
    knows_digits,
    last_digits,
    new_secret,
)
from sijinak.vaccinations.confirming.models import Channel, Confirmation
from sijinak.vaccinations.confirming.queries import question_behind, question_to_change
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import Vaccination, VaccinationAct

LINK_LIVES = timedelta(days=14)


class OwnerHasAnswered(Conflict):
    code = "owner-has-answered"


class OwnAct(Forbidden):
    """Whoever gave the doses does not speak for the owner."""

    code = "own-act"


class HowKnownMissing(Invalid):
    """Whoever writes down for another says how they know."""

    code = "how-known-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The owner's own; or what an officer heard from the owner, with WriteDown."""

    id: UUID = field(default_factory=uuid7)
    confirmation_id: UUID
    says_yes: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDown(Answer):
    """``words`` say whom the officer spoke with, and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLink:
    id: UUID = field(default_factory=uuid7)
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """The owner to whom a link was handed: reaches their own answers, and nothing else."""

    id: UUID
    name: str

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        allowed = permission is Permission.VACCINATION_CONFIRM
        return (Reach(keeper_id=self.id),) if allowed else ()


def ask_owners(act_id: UUID) -> int:
    """One question for each owner of an act's animals; the answer is how many are new."""
    asked = (
        select(Animal.keeper_id)
        .distinct()
        .join(Vaccination, Vaccination.animal_id == Animal.id)
        .where(Vaccination.act_id == act_id)
        .order_by(Animal.keeper_id)
    )
    rows = [
        {"id": uuid7(), "act_id": act_id, "keeper_id": one, "asked_at": now(), "wrong_checks": 0,
         "words": ""}
        for one in db.session.scalars(asked)
    ]  # fmt: skip
    if not rows:
        return 0
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Confirmation).values(rows).on_conflict_do_nothing().returning(Confirmation.id)
    return len(db.session.execute(new).all())


def answer_question(
    command: Answer, *, by: Actor, channel: Channel = Channel.ACCOUNT
) -> Confirmation:
    """The owner's own word, also after an officer wrote one down.

    Raises NotFound, OwnerHasAnswered.
    """
    asked, act = question_to_change(command.confirmation_id, Permission.VACCINATION_CONFIRM, by=by)
    if not first_time(command, by=by):
        return asked
    if asked.says_yes is not None and asked.channel is not Channel.OFFICER:
        raise OwnerHasAnswered
    return _write(asked, act, command, channel, by=by)


def write_answer_down(command: WriteDown, *, by: Actor) -> Confirmation:
    """Raises NotFound, OwnAct, OwnerHasAnswered, HowKnownMissing."""
    asked, act = question_to_change(command.confirmation_id, Permission.REVISIT_RECORD, by=by)
    if not first_time(command, by=by):
        return asked
    if act.vaccinator_id == by.id:
        raise OwnAct
    if asked.says_yes is not None:
        raise OwnerHasAnswered
    if not command.words.strip():
        raise HowKnownMissing
    return _write(asked, act, command, Channel.OFFICER, by=by)


def make_link(command: MakeLink, *, by: Actor) -> str:
    """The secret, this once; a new one ends the old.

    Not by the vaccinator, who could open it and answer in the owner's place.
    Raises NotFound, OwnAct, OwnerHasAnswered, NoDigits, LinkShownBefore.
    """
    asked, act = question_to_change(command.confirmation_id, Permission.REVISIT_RECORD, by=by)
    if not first_time(command, by=by):
        raise LinkShownBefore
    if act.vaccinator_id == by.id:
        raise OwnAct
    if asked.says_yes is not None and asked.channel is not Channel.OFFICER:
        raise OwnerHasAnswered
    last_digits(db.session.get_one(Keeper, asked.keeper_id))
    secret = new_secret()
    asked.token_digest, asked.expires_at = digest_of_secret(secret), now() + LINK_LIVES
    asked.wrong_checks = 0
    events.record("confirmation.link-made", asked, by=by, region=act.region)
    return secret


def try_link(secret: str, digits: str) -> LinkHolder | None:
    """Who holds it, if the digits are right; None counts as a try. Raises LinkOver.

    The caller commits before it tells: a try that is rolled back would cost nothing.
    """
    asked = question_behind(secret, hold=True)
    keeper = db.session.get_one(Keeper, asked.keeper_id)
    if knows_digits(keeper, digits):
        return LinkHolder(keeper.id, keeper.name)
    asked.wrong_checks += 1
    return None


def answer_by_link(command: Answer, secret: str, digits: str) -> Confirmation | None:
    """None when the digits are wrong. Raises LinkOver, OwnerHasAnswered."""
    holder = try_link(secret, digits)
    if holder is None:
        return None
    return answer_question(command, by=holder, channel=Channel.LINK)


def _write(
    asked: Confirmation, act: VaccinationAct, command: Answer, channel: Channel, *, by: Actor
) -> Confirmation:
    asked.says_yes, asked.words = command.says_yes, command.words.strip()
    asked.channel, asked.answered_at, asked.answered_by_id = channel, now(), by.id
    events.record(
        "confirmation.answered", asked, by=by, region=act.region,
        says_yes=command.says_yes, channel=channel,
    )  # fmt: skip
    if not command.says_yes:
        raise_findings([_denied(asked, act)])
    return asked


def _denied(asked: Confirmation, act: VaccinationAct) -> Raised:
    return Raised(
        kind=FindingKind.OWNER_DENIES,
        subject_id=asked.id,
        act_id=act.id,
        officer_id=act.vaccinator_id,
        officer_name=act.vaccinator_name,
        region=act.region,
    )
