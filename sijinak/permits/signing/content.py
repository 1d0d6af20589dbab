"""What a paper is about, read once: permit, animals and firm; and what its QR code says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sijinak.animals.models import Sex
from sijinak.animals.queries import AnimalFacts
from sijinak.core.clock import local
from sijinak.core.cose import sign1
from sijinak.core.errors import Conflict
from sijinak.keepers.queries import KeeperFacts, keeper_facts
from sijinak.permits.models import Permit, PermitAnimal
from sijinak.permits.queries import animals_on
from sijinak.permits.signing.keys import SigningKey
from sijinak.permits.signing.models import PaperOrder, PaperType
from sijinak.permits.signing.proving import KINDS, end_of
from sijinak.permits.signing.qr import (
    LONGEST_HOLDER,
    MOST_LISTED,
    SignedFacts,
    digest_of,
    payload_of,
    tag_bytes,
)


class NothingToSign(Conflict):
    """The permit has no number, or its health letter was taken back."""

    code = "nothing-to-sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """``issued`` is the moment of the step that asked for the paper."""

    order: PaperOrder
    permit: Permit
    firm: KeeperFacts
    going: list[tuple[PermitAnimal, AnimalFacts]]
    number: str
    issued: datetime
    until: date
    is_demo: bool  # signed with a key that proves nothing

    @property
    def ids(self) -> list[UUID]:
        return [animal.id for _, animal in self.going]

    @property
    def is_letter(self) -> bool:
        return self.order.kind is PaperType.RECOMMENDATION


def content_of(
    order: PaperOrder, permit: Permit, issued: datetime, *, skkh_days: int, is_demo: bool
) -> Content:
    """Raises NothingToSign."""
    number, until = permit.number, permit.valid_until
    if order.kind is PaperType.HEALTH_LETTER:
        number, until = permit.skkh_number, local(issued).date() + timedelta(days=skkh_days)
    if number is None or until is None:
        raise NothingToSign
    return Content(
        order=order,
        permit=permit,
        firm=keeper_facts([permit.keeper_id])[permit.keeper_id],
        going=[(line, animal) for line, animal in animals_on(permit) if line.passed],
        number=number,
        issued=issued,
        until=until,
        is_demo=is_demo,
    )


def signed_facts(content: Content) -> SignedFacts:
    permit, order = content.permit, content.order
    tags = tuple(tag_bytes(animal.tag) for _, animal in content.going)
    males = sum(animal.sex is Sex.MALE for _, animal in content.going)
    return SignedFacts(
        number=content.number,
        issued=int(content.issued.timestamp()),
        until=end_of(content.until),
        origin=permit.region,
        destination=permit.destination,
        holder=content.firm.name[:LONGEST_HOLDER],
        plate=permit.vehicle_plate,
        species=permit.species.value,
        males=males,
        females=len(tags) - males,
        animals=tags if len(tags) <= MOST_LISTED else None,
        digest=digest_of(tags),
        status_list=order.status_list,
        status_index=order.status_index,
        permit_id=permit.id,
        version=order.version,
        port=permit.port,
        kind=KINDS[order.kind],
    )


def sign_facts(facts: SignedFacts, key: SigningKey) -> bytes:
    return sign1(payload_of(facts), key.key, key.kid_bytes)
