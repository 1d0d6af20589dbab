"""Firms with bulls in their holding grounds, and the farmer who tries the app."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sijinak.areas.queries import villages_in
from sijinak.core.clock import now
from sijinak.core.crypto import keyring, sealed_place
from sijinak.demo.accounts import BADAS_FIRM, FARMER, LUNYUK_REA, MAIN_FIRM, PLAMPANG_FIRM
from sijinak.demo.chance import rows_of
from sijinak.demo.herds import Animals, Herd, Parade
from sijinak.demo.places import Crew, Makers, Tables, animal_tables
from sijinak.keepers.models import Keeper, KeeperKind, LegalForm
from sijinak.keepers.queries import name_key
from sijinak.vaccinations.models import Vaccination, VaccinationAct

LEAST_OF_MAIN = 21  # one for each state of a permit, and two late bills
FARMERS = 4
_BEGINS = timedelta(days=215)
_FARMERS_NIK = "5204021708859999"
_TABLE = Keeper.__tablename__


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm, and how many bulls stand on its ground."""

    id: UUID
    name: str
    village: str
    nib: str
    bulls: int


def firms(bulls: int, make: Makers) -> list[Firm]:
    rows = rows_of("firms.csv")
    shares = _shares([row["name"] for row in rows], bulls)
    return [
        Firm(
            id=made,
            name=row["name"],
            village=min(place.code for place in villages_in(row["kecamatan_code"])),
            nib=f"9120{make.chance.randrange(10**9):09}",
            bulls=shares.get(row["name"], 0),
        )
        for row, made in zip(rows, make.names.at([now()] * len(rows)), strict=True)
    ]


def _shares(names: list[str], bulls: int) -> dict[str, int]:
    """The firms with an account have most; what is left goes round."""
    main = max(LEAST_OF_MAIN, bulls * 3 // 10)
    side = (bulls - main) // 3
    shares = {MAIN_FIRM: main, BADAS_FIRM: side, PLAMPANG_FIRM: side}
    others = [name for name in names if name not in shares]
    left = bulls - sum(shares.values())
    for n, name in enumerate(others):
        shares[name] = left // len(others) + (n < left % len(others))
    return shares


def keeper_rows(found: list[Firm]) -> dict[str, list[Any]]:
    count = len(found)
    return {
        "id": [firm.id for firm in found],
        "kind": [KeeperKind.FIRM] * count,
        "name": [firm.name for firm in found],
        "name_key": [name_key(firm.name) for firm in found],
        "village": [firm.village for firm in found],
        "hamlet": [""] * count,
        "nik_tail": [""] * count,
        "nib": [firm.nib for firm in found],
        "legal_form": [LegalForm(firm.name.split()[0].lower()) for firm in found],
        "registered_at": [now()] * count,
    }


def firm_tables(firm: Firm, crew: Crew, make: Makers) -> Tables:
    """Grown bulls, seen, marked, and vaccinated twice."""
    begins = make.until - _BEGINS
    moments = [begins + timedelta(minutes=4 * n) for n in range(firm.bulls)]
    bulls = make.herds.of(
        Parade([Herd(firm.id, "", "cattle", firm.bulls)], firm.village, moments, crew.registrar),
        months=[make.chance.randrange(36, 60) for _ in moments],
        male=[True] * firm.bulls,
        seen_share=1.0,
    )
    return _vaccinated(bulls, begins, firm.village, crew, make)


def farmer_tables(keeper_id: UUID, crew: Crew, make: Makers) -> Tables:
    """A few cattle for the account ``peternak``: three cows and a calf, all seen."""
    begins = make.until - _BEGINS
    moments = [begins + timedelta(minutes=10 * n) for n in range(FARMERS)]
    cattle = make.herds.of(
        Parade(
            [Herd(keeper_id, "Brang Rea", "cattle", FARMERS)], LUNYUK_REA, moments, crew.registrar
        ),
        months=[74, 51, 40, 6],
        male=[False, False, False, True],
        seen_share=1.0,
    )
    return _vaccinated(cattle, begins, LUNYUK_REA, crew, make)


def farmer_row(keeper_id: UUID) -> dict[str, list[Any]]:
    row = {
        "id": keeper_id,
        "kind": KeeperKind.PERSON,
        "name": FARMER,
        "name_key": name_key(FARMER),
        "village": LUNYUK_REA,
        "hamlet": "Brang Rea",
        "birth_date": datetime.strptime(_FARMERS_NIK[6:12], "%d%m%y").date(),  # noqa: DTZ007
        "is_woman": False,
        "nik_sealed": keyring.seal(_FARMERS_NIK, sealed_place(_TABLE, "nik", keeper_id)),
        "nik_lookup": keyring.lookup("nik", _FARMERS_NIK),
        "nik_tail": _FARMERS_NIK[-4:],
        "registered_at": now(),
    }
    return {name: [value] for name, value in row.items()}


def _vaccinated(
    animals: Animals, begins: datetime, village: str, crew: Crew, make: Makers
) -> Tables:
    acts, doses = make.campaigns.of_village(
        [animals], begins, village, crew.vaccinator, all_come=True
    )
    tables = animal_tables([animals], make)
    return {**tables, VaccinationAct: acts, Vaccination: doses}
