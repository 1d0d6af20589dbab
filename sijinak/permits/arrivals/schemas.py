"""What a receiver or an officer sends about an arrival, and what the desk sends about chasing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from marshmallow import fields, validate

from sijinak.core.ids import uuid7
from sijinak.permits.arrivals.commands import Outcome, SayArrival
from sijinak.permits.arrivals.services import MOST_EXTRAS
from sijinak.permits.chasing.commands import AnswerAppeal, AskForTime, Remind, SetLimit
from sijinak.permits.chasing.models import ReminderWay
from sijinak.permits.models import Arrival
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import InputSchema

LONGEST_WORDS = 500
SAY_EACH = N_("Say what became of %(tag)s.")
SAY_WHY = N_("Write why %(tag)s was rejected, or what it died of.")
WORDS = validate.Length(max=LONGEST_WORDS, error=TOO_LONG)
BETWEEN = N_("Between {min} and {max}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """The way in without the link: the number on the paper, and the code that was told."""

    number: str
    code: str


class DoorwaySchema(InputSchema[Doorway]):
    makes = Doorway

    number = fields.String(
        required=True, validate=validate.Length(max=60, error=TOO_LONG), error_messages=REQUIRED
    )
    code = fields.String(
        required=True, validate=validate.Length(max=20, error=TOO_LONG), error_messages=REQUIRED
    )


@dataclass
class ArrivalForm:
    """What was typed: the fields of an animal are called outcome-1, words-1 and so on."""

    raw: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    value: None = None

    @property
    def is_all_well(self) -> bool:
        return self.raw.get("all") == "yes"

    @property
    def is_confirmed(self) -> bool:
        return self.raw.get("sure") == "yes"

    def take(self, animals: Iterable[tuple[int, UUID, str]]) -> None:
        """By position, id and tag. With “all” every one of them was received."""
        for position, animal_id, tag in animals:
            self._take(position, animal_id, tag)

    def _take(self, position: int, animal_id: UUID, tag: str) -> None:
        if self.is_all_well:
            self.outcomes.append(Outcome(animal_id=animal_id, arrival=Arrival.RECEIVED))
            return
        said, words = self._said(f"outcome-{position}"), self._said(f"words-{position}")
        if said not in set(Arrival):
            self.errors[f"outcome-{position}"] = [_(SAY_EACH, tag=tag)]
        elif said != Arrival.RECEIVED and not words:
            self.errors[f"words-{position}"] = [_(SAY_WHY, tag=tag)]
        else:
            words = "" if said == Arrival.RECEIVED else words[:LONGEST_WORDS]
            outcome = Outcome(animal_id=animal_id, arrival=Arrival(said), words=words)
            self.outcomes.append(outcome)

    def command(self, permit_id: UUID) -> SayArrival | None:
        day = self._day()
        if self.errors or day is None:
            return None
        extras = (line.strip()[:80] for line in self._said("extras").splitlines())
        return SayArrival(
            id=self._id(),
            permit_id=permit_id,
            arrived_on=day,
            outcomes=tuple(self.outcomes),
            extras=tuple(one for one in extras if one)[:MOST_EXTRAS],
            name=self._said("name")[:80],
            note=self._said("note")[:LONGEST_WORDS],
        )

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self._said("arrived_on"))
        except ValueError:
            self.errors["arrived_on"] = [str(A_DAY["invalid"])]
            return None

    def _id(self) -> UUID:
        """A form without one is no form of ours and gets a new one."""
        try:
            return UUID(self._said("id"))
        except ValueError:
            return uuid7()

    def _said(self, name: str) -> str:
        return self.raw.get(name, "").strip()


class RemindSchema(InputSchema[Remind]):
    makes = Remind

    id = fields.UUID(required=True)
    permit_id = fields.UUID(required=True)
    way = fields.Enum(ReminderWay, by_value=True, required=True, error_messages=CHOOSE)
    words = fields.String(load_default="", validate=WORDS)


class AskForTimeSchema(InputSchema[AskForTime]):
    makes = AskForTime

    id = fields.UUID(required=True)
    keeper_id = fields.UUID(required=True)
    words = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    id: UUID
    decision: str
    until: date | None = None
    answer: str


class HeardSchema(InputSchema[Heard]):
    makes = Heard

    id = fields.UUID(required=True)
    decision = fields.String(
        required=True, validate=validate.OneOf(("yes", "no")), error_messages=CHOOSE
    )
    until = fields.Date(load_default=None, error_messages=A_DAY)
    answer = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


class SetLimitSchema(InputSchema[SetLimit]):
    makes = SetLimit

    id = fields.UUID(required=True)
    valid_from = fields.Date(required=True, error_messages=A_DAY)
    remind_after_days = fields.Integer(
        required=True, validate=validate.Range(1, 365, error=BETWEEN), error_messages=A_NUMBER
    )
    late_after_days = fields.Integer(
        required=True, validate=validate.Range(1, 365, error=BETWEEN), error_messages=A_NUMBER
    )
    most_late = fields.Integer(
        required=True, validate=validate.Range(0, 100, error=BETWEEN), error_messages=A_NUMBER
    )
    legal_basis = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


def answer_of(appeal_id: UUID, heard: Heard) -> AnswerAppeal:
    until = heard.until if heard.decision == "yes" else None
    return AnswerAppeal(id=heard.id, appeal_id=appeal_id, until=until, answer=heard.answer)


def typed_again(outcomes: Mapping[int, tuple[Arrival, str]]) -> dict[str, str]:
    """What was said, back into the form, by position."""
    raw: dict[str, str] = {}
    for position, (arrival, words) in outcomes.items():
        raw |= {f"outcome-{position}": arrival.value, f"words-{position}": words}
    return raw
