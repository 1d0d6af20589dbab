"""The owners of a list: written once for many animals, known or new, each with one name."""

from collections.abc import Sequence

from sijinak.animals.imports.queries import KnownKeeper, known_keepers, looks_of_animals
from sijinak.animals.imports.row import Becomes, Row
from sijinak.areas.models import Level
from sijinak.areas.queries import places
from sijinak.core.crypto import keyring
from sijinak.core.permissions import Actor
from sijinak.keepers.queries import name_key

OWNER = ("nik", "nama_pemilik", "telepon", "desa", "kecamatan", "dusun")


class Owners:
    def __init__(self, by: Actor) -> None:
        self._by = by
        self._names: dict[str, tuple[str, int]] = {}
        self._known: dict[str, KnownKeeper | None] = {}
        self._above: tuple[int, dict[str, str]] = (0, {})
        self._regencies = {p.parent for p in places().values() if p.level is Level.KECAMATAN}
        self.new: set[str] = set()

    def take_from_above(self, row: Row) -> None:
        """A merged cell fills its first row only: below it the owner is the same."""
        if row.cells.get("nik") or row.cells.get("nama_pemilik"):
            kept = {name: row.cells[name] for name in OWNER if row.cells.get(name)}
            self._above = row.number, kept
        elif self._above[0] and row.becomes is not Becomes.CHANGED:
            first, kept = self._above
            row.cells |= {name: text for name, text in kept.items() if not row.cells.get(name)}
            row.note("nik", "list-owner-from-above", first=first)

    def check(self, rows: Sequence[Row]) -> None:
        """Of new animals, against the list itself and against the register."""
        for row in rows:
            self._check_name(row)
        new = [row for row in rows if row.values.get("nik")]
        fresh = {str(row.values["nik"]) for row in new} - self._known.keys()
        known = known_keepers(fresh, by=self._by)
        for row in new:
            nik = row.values["nik"]
            if nik in fresh:
                fresh.discard(nik)
                self._known[nik] = known.get(nik)
                self._note_first(row, nik)
            keeper = self._known[nik]
            if keeper is not None and not keeper.in_reach:
                row.refuse("nik", "list-owner-elsewhere")
        self._note_looks(new)

    def count_new(self, row: Row) -> None:
        """An owner who comes in with this row, which has nothing wrong."""
        keeper = self._known[row.values["nik"]]
        if keeper is None or keeper.is_withdrawn:
            self.new.add(row.values["nik"])

    def _check_name(self, row: Row) -> None:
        nik, owner = row.values.get("nik"), row.values.get("owner")
        if not nik or not owner:
            return
        name, first = self._names.setdefault(nik, (owner, row.number))
        if name != owner and name_key(name) != name_key(owner):
            row.refuse("nama_pemilik", "list-two-names", first=first, other=name, name=owner)

    def _note_first(self, row: Row, nik: str) -> None:
        """What is said once of an owner, where they stand first."""
        keeper, owner = self._known[nik], row.values.get("owner", "")
        if keeper and not keeper.is_withdrawn and owner:
            note_other_name(row, keeper.name, owner)
        if not self._area_is_known(nik):
            row.note("nik", "list-nik-area", area=nik[:6])

    def _area_is_known(self, nik: str) -> bool:
        """Of regencies without a list of kecamatan, only the regency is looked at."""
        regency = f"{nik[:2]}.{nik[2:4]}"
        area = f"{regency}.{nik[4:6]}" if regency in self._regencies else regency
        return area in places()

    def _note_looks(self, rows: Sequence[Row]) -> None:
        """An animal without a number that looks like one of the same owner may come again."""
        bare = [
            (row, keeper.id)
            for row in rows
            if not any(row.values.get(name) for name in ("tag", "eartag", "rfid"))
            and (keeper := self._known[row.values["nik"]])
        ]
        seen = looks_of_animals({keeper_id for _, keeper_id in bare})
        for row, keeper_id in bare:
            looks = (row.values.get(name) for name in ("species", "sex", "birth_date"))
            if (keeper_id, *looks, row.values.get("colour", "")) in seen:
                row.note("", "list-looks-known")


def check_same_owner(row: Row) -> None:
    """A list does not sell animals: who is named must be who is registered."""
    animal, nik, owner = row.animal, row.values.get("nik"), row.values.get("owner")
    if animal is None:
        return
    other = owner and name_key(owner) != name_key(animal.keeper_name)
    if nik and keyring.lookup("nik", nik) != animal.nik_lookup:
        row.refuse("nik", "list-owner-differs")
    elif other and nik:
        note_other_name(row, animal.keeper_name, str(owner))
    elif other:
        row.refuse("nama_pemilik", "list-owner-differs")


def note_other_name(row: Row, known: str, listed: str) -> None:
    if name_key(known) != name_key(listed):
        initials = " ".join(f"{word[0]}…" for word in known.split())
        row.note("nama_pemilik", "list-other-name", initials=initials)
