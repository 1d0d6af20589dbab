"""A list against the register: owners, tags and animals that are known."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sijinak.animals.imports.problems import Findings
from sijinak.animals.imports.queries import (
    KnownKeeper,
    known_identifiers,
    known_keepers,
    looks_of_animals,
)
from sijinak.animals.models import IdentifierKind
from sijinak.areas.models import Level
from sijinak.areas.queries import places
from sijinak.core.permissions import Actor
from sijinak.keepers.queries import name_key

Values = Sequence[dict[str, object]]


def check_register(values: Values, findings: Findings, *, by: Actor) -> dict[str, UUID]:
    """The ids of the owners who are registered, by NIK."""
    rows = _first_rows(values)
    known = known_keepers(rows.keys(), by=by)
    areas = {p.parent for p in places().values() if p.level is Level.KECAMATAN}
    for nik, (row, owner) in rows.items():
        _check_owner(row, owner, known.get(nik), findings)
        if not _area_is_known(nik, areas):
            findings.warn(row, "nik", "list-nik-area", area=nik[:6])
    _check_identifiers(values, "tag", "kode_tag", findings)
    _check_identifiers(values, "eartag", "nomor_eartag", findings)
    _check_looks(values, known, findings)
    return {nik: keeper.id for nik, keeper in known.items()}


def _first_rows(values: Values) -> dict[str, tuple[int, str]]:
    """Where each owner stands first, and the name there."""
    found: dict[str, tuple[int, str]] = {}
    for fields in values:
        if "nik" in fields:
            place = int(str(fields["row"])), str(fields.get("owner", ""))
            found.setdefault(str(fields["nik"]), place)
    return found


def _check_owner(row: int, owner: str, keeper: KnownKeeper | None, findings: Findings) -> None:
    if keeper is None:
        return
    if not keeper.in_reach:
        findings.refuse(row, "nik", "list-owner-elsewhere")
    elif owner and name_key(keeper.name) != name_key(owner):
        initials = " ".join(f"{word[0]}…" for word in keeper.name.split())
        findings.warn(row, "nama_pemilik", "list-other-name", initials=initials)


def _area_is_known(nik: str, listed: set[str]) -> bool:
    """Of regencies without a list of kecamatan, only the regency is looked at."""
    regency = f"{nik[:2]}.{nik[2:4]}"
    area = f"{regency}.{nik[4:6]}" if regency in listed else regency
    return area in places()


def _check_identifiers(values: Values, field: str, column: str, findings: Findings) -> None:
    numbers = {str(fields[field]): fields["row"] for fields in values if fields.get(field)}
    for number in known_identifiers(IdentifierKind(field), numbers):
        findings.refuse(int(str(numbers[number])), column, f"{field}-taken", tag=number)


def _check_looks(values: Values, known: Mapping[str, KnownKeeper], findings: Findings) -> None:
    """An animal without a number that looks like one of the same owner may come a second time."""
    ids = {nik: keeper.id for nik, keeper in known.items() if keeper.in_reach}
    seen = looks_of_animals(ids.values())
    for fields in values:
        looks = tuple(fields.get(name) for name in ("species", "sex", "birth_date", "colour"))
        owner = ids.get(str(fields.get("nik")))
        named = fields.get("tag") or fields.get("eartag")
        if owner and not named and (owner, *looks) in seen:
            findings.warn(int(str(fields["row"])), "", "list-looks-known")
