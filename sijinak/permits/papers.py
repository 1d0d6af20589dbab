"""The recommendation letter as a paper. It is a paper of law: always in Indonesian."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date

from sijinak.animals.models import Sex, Species
from sijinak.areas.queries import full_name, place_name, ports
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.codes import spaced
from sijinak.core.documents import render_pdf
from sijinak.core.money import rupiah_text
from sijinak.keepers.queries import keeper_facts
from sijinak.permits.models import Permit, Purpose, Rule
from sijinak.permits.queries import animals_on, public_code
from sijinak.retribution.queries import receipt_of, skrd_of_permit
from sijinak.web.papers import check_facts, office_facts

Facts = dict[str, object]
HEADS = "{} ekor"
SPECIES: Mapping[Species, str] = {
    Species.CATTLE: "Sapi",
    Species.BUFFALO: "Kerbau",
    Species.HORSE: "Kuda",
    Species.GOAT: "Kambing",
    Species.SHEEP: "Domba",
    Species.PIG: "Babi",
}
SEXES: Mapping[Sex, str] = {Sex.MALE: "Jantan", Sex.FEMALE: "Betina"}
PURPOSES: Mapping[Purpose, str] = {
    Purpose.SLAUGHTER: "Ternak potong",
    Purpose.BREEDING: "Ternak bibit",
}
NOTHING = "–"  # the accounts hold no NIP, and some firms no NIB


def letter(permit: Permit, rule: Rule | None, settings: Settings) -> bytes:
    """The PDF of an issued permit, the same bytes each time."""
    if permit.issued_at is None or permit.valid_until is None:
        raise ValueError(f"{permit} is not issued")
    issued = local(permit.issued_at).date()
    facts = {
        **_head(permit, settings),
        **_journey(permit),
        **_animals(permit),
        "place": f"{settings.agency_address.rpartition(', ')[2]}, {_day(issued)}",
        "validity": f"{_day(issued)} s.d. {_day(permit.valid_until)}",
        "basis": rule.legal_basis.split("; ") if rule else [],
        "retribution": _retribution(permit),
        "notes": [],
        "signer": _signer(permit),
    }
    return render_pdf("permit", facts, at=permit.issued_at)


def check_url(permit: Permit, settings: Settings) -> str:
    """In capitals, so that the QR code is small."""
    return f"{settings.public_url.rstrip('/').upper()}/I/{public_code(permit)}"


def _head(permit: Permit, settings: Settings) -> Facts:
    url = check_url(permit, settings)
    return {
        "office": office_facts(settings),
        "check": check_facts(url),
        "number": permit.number,
    }


def _journey(permit: Permit) -> Facts:
    firm = keeper_facts([permit.keeper_id])[permit.keeper_id]
    names = {port.code: port.name for port in ports()}
    note = f" ({permit.destination_note})" if permit.destination_note else ""
    return {
        "firm": {
            "name": firm.name,
            "nib": firm.nib or NOTHING,
            "address": full_name(firm.village),
        },
        "purpose": PURPOSES[permit.purpose],
        "origin": f"{full_name(permit.region)}, {place_name(permit.region[:5])}",
        "destination": place_name(permit.destination) + note,
        "port": names.get(permit.port, permit.port),
        "planned": _day(permit.planned_on),
        "vehicle": permit.vehicle_plate or NOTHING,
    }


def _animals(permit: Permit) -> Facts:
    going = [(line, animal) for line, animal in animals_on(permit) if line.passed]
    kinds = Counter((animal.species, animal.sex) for _, animal in going)
    return {
        "total": HEADS.format(len(going)),
        "counts": [
            {
                "label": f"{SPECIES[species].lower()} {SEXES[sex].lower()}",
                "value": HEADS.format(heads),
            }
            for (species, sex), heads in kinds.items()
        ],
        "animals": [
            {
                "tag": spaced(animal.tag),
                "species": SPECIES[animal.species],
                "breed": animal.breed or NOTHING,
                "sex": SEXES[animal.sex],
                "weight": f"{line.weight_kg} kg",
                "village": full_name(animal.village),
            }
            for line, animal in going
        ],
    }


def _retribution(permit: Permit) -> Facts:
    skrd = skrd_of_permit(permit.id)
    receipt = receipt_of(skrd.id) if skrd else None
    return {
        "skrd": skrd.number if skrd else NOTHING,
        "receipt": receipt.number if receipt else NOTHING,
        "amount": rupiah_text(receipt.amount) if receipt else NOTHING,
    }


def _signer(permit: Permit) -> Facts:
    when = _moment(permit.decided_at) if permit.decided_at else ""
    return {
        "role": "Kepala Dinas",
        "name": permit.decided_by_name,
        "nip": NOTHING,
        "mandate": permit.decided_mandate,
        "electronic": f"Disetujui dalam SiJINAK, {when}",
    }


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{_day(here.date())} {here:%H.%M} {clock.zone.tzname(None)}"
