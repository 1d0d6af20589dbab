"""What is done with keepers."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.nik import parse_nik
from sijinak.keepers.queries import keeper_by_id, keeper_by_nib, keeper_by_nik, name_key

NIB_LENGTH = 13


class NikTaken(Conflict):
    code = "nik-taken"


class NibTaken(Conflict):
    code = "nib-taken"


class NotANib(Invalid):
    code = "not-a-nib"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKeeper:
    """A person brings a NIK, a firm a NIB (13 digits)."""

    id: UUID = field(default_factory=uuid7)
    kind: KeeperKind
    name: str
    village: str
    hamlet: str = ""
    nik: str = ""
    nib: str = ""
    phone: str = ""


def register_keeper(command: RegisterKeeper, *, by: Actor) -> Keeper:
    require(by, Permission.KEEPER_REGISTER, region=command.village)
    if not first_time(command, by=by):
        return db.session.get_one(Keeper, command.id)
    keeper = Keeper(
        id=command.id,
        kind=command.kind,
        name=command.name,
        name_key=name_key(command.name),
        village=command.village,
        hamlet=command.hamlet,
        registered_at=now(),
    )
    _give_number(keeper, command)
    if command.phone:
        keeper.phone = command.phone
        keeper.phone_lookup = keyring.lookup("phone", command.phone)
    db.session.add(keeper)
    events.record("keeper.registered", keeper, by=by, region=keeper.village, kind=keeper.kind)
    return keeper


def _give_number(keeper: Keeper, command: RegisterKeeper) -> None:
    """Raises NotANik, NotANib, NikTaken or NibTaken."""
    if command.kind is KeeperKind.FIRM:
        if not (command.nib.isascii() and command.nib.isdigit() and len(command.nib) == NIB_LENGTH):
            raise NotANib
        if keeper_by_nib(command.nib):
            raise NibTaken
        keeper.nib = command.nib
        return
    nik = parse_nik(command.nik, on=today())
    if keeper_by_nik(nik.text):
        raise NikTaken
    keeper.nik = nik.text
    keeper.nik_lookup = keyring.lookup("nik", nik.text)
    keeper.nik_tail = nik.text[-4:]
    keeper.birth_date = nik.birth_date


def reveal_nik(keeper_id: UUID, reason: str, *, by: Actor) -> str:
    """The full NIK. That it was read, by whom and why, stays in the events."""
    keeper = keeper_by_id(keeper_id, by=by)
    require(by, Permission.KEEPER_REVEAL, region=keeper.village)
    events.record("keeper.revealed", keeper, by=by, region=keeper.village, reason=reason)
    return keeper.nik or ""
