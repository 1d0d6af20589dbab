"""What nature allows: days of birth, what a male cannot be, and who can be whose parent."""

from datetime import date
from typing import Protocol
from uuid import UUID

from sijinak.animals.models import Animal, AnimalState, Sex, Species
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Invalid


class BornInTheFuture(Invalid):
    code = "born-in-the-future"


class MaleIsPregnant(Invalid):
    code = "male-is-pregnant"


class MaleHasCalved(Invalid):
    code = "male-has-calved"


class NotTheDam(Invalid):
    """The mother is a female of the same species, and older."""

    code = "not-the-dam"


class NotTheSire(Invalid):
    """The father is a male of the same species, and older."""

    code = "not-the-sire"


class Natural(Protocol):
    """An animal, or the command that registers one."""

    @property
    def species(self) -> Species: ...
    @property
    def sex(self) -> Sex: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def calvings(self) -> int | None: ...
    @property
    def is_pregnant(self) -> bool | None: ...
    @property
    def dam_id(self) -> UUID | None: ...
    @property
    def sire_id(self) -> UUID | None: ...


def check_nature(animal: Natural) -> None:
    """Raises BornInTheFuture, MaleIsPregnant, MaleHasCalved."""
    if animal.birth_date is not None and animal.birth_date > today():
        raise BornInTheFuture
    if animal.sex is Sex.MALE and animal.is_pregnant:
        raise MaleIsPregnant
    if animal.sex is Sex.MALE and animal.calvings:
        raise MaleHasCalved


def check_parents(animal: Natural) -> None:
    """Raises NotTheDam, NotTheSire."""
    parents = ((animal.dam_id, Sex.FEMALE, NotTheDam), (animal.sire_id, Sex.MALE, NotTheSire))
    for parent_id, sex, wrong in parents:
        if parent_id is None:
            continue
        parent = db.session.get(Animal, parent_id)
        if parent is None or parent.sex is not sex or parent.species is not animal.species:
            raise wrong
        if parent.state is AnimalState.WITHDRAWN:
            raise wrong
        if parent.birth_date and animal.birth_date and parent.birth_date >= animal.birth_date:
            raise wrong
