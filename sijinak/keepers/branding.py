"""Hot-iron brands (cap bakar): whose they are, and what they look like."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import update

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_picture
from sijinak.keepers.models import Brand, BrandPlace
from sijinak.keepers.queries import brand_by_id, keeper_by_id


class BrandEnded(Conflict):
    """Somebody else ended it before."""

    code = "brand-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBrand:
    """``letters``: what it reads, or what it looks like in words."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    letters: str
    place: BrandPlace
    picture: Picture | None = None
    is_drawing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBrand:
    """It is no longer burnt. Animals that bear it stay as they are described."""

    id: UUID = field(default_factory=uuid7)
    brand_id: UUID
    reason: str


def register_brand(command: RegisterBrand, *, by: Actor) -> Brand:
    keeper = keeper_by_id(command.keeper_id, by=by)
    require(by, Permission.KEEPER_REGISTER, region=keeper.village)
    if not first_time(command, by=by):
        return db.session.get_one(Brand, command.id)
    kept = keep_picture(command.picture, by=by) if command.picture else None
    brand = Brand(
        id=command.id,
        keeper_id=keeper.id,
        letters=command.letters,
        place=command.place,
        file_id=kept and kept.id,
        is_drawing=kept is not None and command.is_drawing,
        registered_at=now(),
        registered_by=by.id,
    )
    db.session.add(brand)
    facts = {"brand_id": str(command.id), "place": command.place}
    events.record("keeper.brand-registered", keeper, by=by, region=keeper.village, **facts)
    return brand


def end_brand(command: EndBrand, *, by: Actor) -> Brand:
    """Raises BrandEnded."""
    brand = brand_by_id(command.brand_id, by=by)
    keeper = keeper_by_id(brand.keeper_id, by=by)
    require(by, Permission.KEEPER_REGISTER, region=keeper.village)
    if not first_time(command, by=by):
        return brand
    standing = update(Brand).where(Brand.id == brand.id, Brand.ended_at.is_(None))
    done = db.session.execute(standing.values(ended_at=now()).returning(Brand.id))
    if done.scalar() is None:
        raise BrandEnded
    db.session.refresh(brand)
    facts = {"brand_id": str(brand.id), "reason": command.reason}
    events.record("keeper.brand-ended", keeper, by=by, region=keeper.village, **facts)
    return brand
