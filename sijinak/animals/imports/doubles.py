"""What a list says twice."""

from collections.abc import Sequence

from sijinak.animals.imports.problems import Findings
from sijinak.keepers.queries import name_key

ONCE = {"eartag": "nomor_eartag", "tag": "kode_tag"}


def check_doubles(values: Sequence[dict[str, object]], findings: Findings) -> None:
    """A tag names one animal, and a NIK one owner."""
    for field, column in ONCE.items():
        seen: dict[object, object] = {}
        for fields in values:
            number = fields.get(field)
            if number and (first := seen.setdefault(number, fields["row"])) != fields["row"]:
                findings.refuse(_row(fields), column, f"list-{field}-twice", first=first)
    _check_names(values, findings)


def _check_names(values: Sequence[dict[str, object]], findings: Findings) -> None:
    owners: dict[object, tuple[str, int]] = {}
    for fields in values:
        nik, owner = fields.get("nik"), fields.get("owner")
        if not nik or not owner:
            continue
        name, first = owners.setdefault(nik, (str(owner), _row(fields)))
        if name_key(name) != name_key(str(owner)):
            findings.refuse(
                _row(fields), "nama_pemilik", "list-two-names", first=first, other=name, name=owner
            )


def _row(fields: dict[str, object]) -> int:
    return int(str(fields["row"]))
