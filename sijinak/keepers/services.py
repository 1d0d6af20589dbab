"""What is done with keepers."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import Keeper, KeeperKind, LegalForm
from sijinak.keepers.nik import parse_nik
from sijinak.keepers.numbers import digits_of, is_nib, is_npwp
from sijinak.keepers.queries import (
    keeper_by_group_no,
    keeper_by_id,
    keeper_by_nib,
    keeper_by_nik,
    keeper_to_change,
    name_key,
)
from sijinak.keepers.words import write_words

# What an amendment may change, as its event calls it. The numbers are told by their digests.
AMENDABLE = {
    "name": "name", "village": "village", "hamlet": "hamlet", "nik": "nik_lookup", "nib": "nib",
    "phone": "phone_lookup", "npwp": "npwp", "legal_form": "legal_form", "licence": "licence",
    "licence_until": "licence_until", "group_no": "group_no",
}  # fmt: skip


class NikTaken(Conflict):
    code = "nik-taken"


class NibTaken(Conflict):
    code = "nib-taken"


class GroupNoTaken(Conflict):
    code = "group-no-taken"


class NotANib(Invalid):
    code = "not-a-nib"


class NotAnNpwp(Invalid):
    code = "not-an-npwp"


class NotWithdrawn(Conflict):
    code = "not-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKeeper:
    """A person brings a NIK, a firm a NIB (13 digits), a group its number if it has one."""

    id: UUID = field(default_factory=uuid7)
    kind: KeeperKind
    name: str
    village: str
    hamlet: str = ""
    nik: str = ""
    nib: str = ""
    phone: str = ""
    npwp: str = ""
    legal_form: LegalForm | None = None
    licence: str = ""
    licence_until: date | None = None
    group_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendKeeper:
    """All as it is to be now. What people do not see in full (NIK, telephone) stays when empty."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    name: str
    village: str
    hamlet: str = ""
    nik: str = ""
    nib: str = ""
    phone: str = ""
    forget_phone: bool = False
    npwp: str = ""
    legal_form: LegalForm | None = None
    licence: str = ""
    licence_until: date | None = None
    group_no: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreKeeper:
    """Put back a registration that was withdrawn."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    reason: str


def register_keeper(command: RegisterKeeper, *, by: Actor) -> Keeper:
    """Raises NotANik, NikTaken, NotANib, NibTaken, NotAnNpwp or GroupNoTaken."""
    require(by, Permission.KEEPER_REGISTER, region=command.village)
    if not first_time(command, by=by):
        return db.session.get_one(Keeper, command.id)
    keeper = Keeper(id=command.id, kind=command.kind, registered_at=now())
    _describe(keeper, command)
    _give_number(keeper, command)
    db.session.add(keeper)
    write_words(keeper)
    events.record("keeper.registered", keeper, by=by, region=keeper.village, kind=keeper.kind)
    return keeper


def amend_keeper(command: AmendKeeper, *, by: Actor) -> Keeper:
    """The event names what changed, never the values. Raises what ``register_keeper`` raises.

    Any village may take a keeper over: then it is the office there that goes on.
    """
    require(by, Permission.KEEPER_REGISTER)
    if not first_time(command, by=by):
        return db.session.get_one(Keeper, command.keeper_id)
    permission = Permission.KEEPER_REGISTER
    keeper = keeper_to_change(command.keeper_id, by=by, permission=permission)
    before = {name: getattr(keeper, column) for name, column in AMENDABLE.items()}
    _describe(keeper, command)
    if command.forget_phone:
        keeper.phone = keeper.phone_lookup = None
    if command.nik or command.nib or keeper.kind is KeeperKind.GROUP:
        _give_number(keeper, command)
    changed = [name for name, old in before.items() if getattr(keeper, AMENDABLE[name]) != old]
    if {"name", "village"} & set(changed):
        write_words(keeper)
    facts = {"fields": changed, "reason": command.reason}
    events.record("keeper.amended", keeper, by=by, region=keeper.village, **facts)
    return keeper


def restore_keeper(command: RestoreKeeper, *, by: Actor) -> Keeper:
    """Raises NotWithdrawn."""
    require(by, Permission.KEEPER_REGISTER)
    permission = Permission.KEEPER_REGISTER
    keeper = keeper_to_change(command.keeper_id, by=by, permission=permission)
    if not first_time(command, by=by):
        return keeper
    if keeper.withdrawn_at is None:
        raise NotWithdrawn
    keeper.withdrawn_at = None
    write_words(keeper)
    events.record("keeper.restored", keeper, by=by, region=keeper.village, reason=command.reason)
    return keeper


def reveal_nik(keeper_id: UUID, reason: str, *, by: Actor) -> str:
    """The full NIK. That it was read, by whom and why, stays in the events."""
    keeper = keeper_by_id(keeper_id, by=by)
    require(by, Permission.KEEPER_REVEAL, region=keeper.village)
    events.record("keeper.revealed", keeper, by=by, region=keeper.village, reason=reason)
    return keeper.nik or ""


def _describe(keeper: Keeper, command: RegisterKeeper | AmendKeeper) -> None:
    """Everything but the number that names it. Raises NotAnNpwp."""
    npwp = digits_of(command.npwp)
    if npwp and not is_npwp(npwp):
        raise NotAnNpwp
    keeper.name, keeper.name_key = command.name, name_key(command.name)
    keeper.village, keeper.hamlet = command.village, command.hamlet
    keeper.npwp, keeper.legal_form = npwp or None, command.legal_form
    keeper.licence, keeper.licence_until = command.licence, command.licence_until
    if command.phone:
        keeper.phone = command.phone
        keeper.phone_lookup = keyring.lookup("phone", command.phone)


def _give_number(keeper: Keeper, command: RegisterKeeper | AmendKeeper) -> None:
    match keeper.kind:
        case KeeperKind.PERSON:
            _give_nik(keeper, command.nik)
        case KeeperKind.FIRM:
            _give_nib(keeper, digits_of(command.nib))
        case KeeperKind.GROUP:
            _give_group_no(keeper, command.group_no)


def _give_nik(keeper: Keeper, text: str) -> None:
    nik = parse_nik(text, on=today())
    if _is_anothers(keeper_by_nik(nik.text), keeper):
        raise NikTaken
    keeper.nik = nik.text
    keeper.nik_lookup = keyring.lookup("nik", nik.text)
    keeper.nik_tail = nik.text[-4:]
    keeper.birth_date, keeper.is_woman = nik.birth_date, nik.is_woman


def _give_nib(keeper: Keeper, nib: str) -> None:
    if not is_nib(nib):
        raise NotANib
    if _is_anothers(keeper_by_nib(nib), keeper):
        raise NibTaken
    keeper.nib = nib


def _give_group_no(keeper: Keeper, group_no: str) -> None:
    if group_no and _is_anothers(keeper_by_group_no(group_no), keeper):
        raise GroupNoTaken
    keeper.group_no = group_no or None


def _is_anothers(known: Keeper | None, keeper: Keeper) -> bool:
    return known is not None and known.id != keeper.id
