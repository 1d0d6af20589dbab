"""The population for people: a table of a place, and the same to take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Sex, Species
from sijinak.animals.population import labels as _labels  # noqa: F401 - names the age classes
from sijinak.animals.population.models import AgeClass
from sijinak.animals.population.queries import Count, Heads, Summed, count_population, summed
from sijinak.areas.models import Level
from sijinak.areas.queries import VILLAGES, full_name, place_name, places, regions_within
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form
from sijinak.web.labels import label

bp = Blueprint("population", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of heads; a sum stands apart from what it adds up."""

    label: str
    heads: Heads
    url: str = ""
    is_sum: bool = False


@bp.get("/")
@needs(Permission.POPULATION_READ)
def index() -> ResponseReturnValue:
    region = request.args.get("wilayah", "")
    if not region:
        return redirect(url_for(".index", wilayah=_own_regions(actor())[0]))
    count = _count(region)
    species, kinds = _kind_lines(count.by("species", "sex", "age_class"))
    return render_template(
        "population/index.html",
        count=count,
        heads=species[-1].heads,
        name=full_name(region),
        above=_above(region),
        form=Form({"wilayah": region}),
        regions=_options(region),
        species=species,
        kinds=kinds,
        below=_place_lines(count),
    )


@bp.get("/tabel.csv")
@needs(Permission.POPULATION_READ)
def table() -> Response:
    region = request.args.get("wilayah", "")
    head = [
        _("Code"), _("Place"), _("Species"), _("Sex"), _("Age"), _("Seen within 12 months"),
        _("Seen earlier"), _("Declared only"), _("Total"), _("Ages as on"),
    ]  # fmt: skip
    count = _count(region)
    cells = sorted(
        count.cells, key=lambda c: (c.place, _rank(c.species), _rank(c.sex), _rank(c.age_class))
    )
    rows = (
        (c.place, full_name(c.place), label(c.species), label(c.sex), label(c.age_class),
         *c.heads, c.heads.total, count.reckoned_on.isoformat())
        for c in cells
    )  # fmt: skip
    name = f"populasi-{region}-{count.reckoned_on}"
    export = Export(what="population", name=name, head=head, asked={"region": region})
    return hand_out(CSV, export, rows)


def _count(region: str) -> Count:
    """Raises NotFound."""
    if region not in places():
        raise NotFound(region=region)
    return count_population(by=actor(), region=region)


def _own_regions(by: Actor) -> list[str]:
    """Where the actor may read, the widest first."""
    regions = {reach.region for reach in by.reaches(Permission.POPULATION_READ)}
    return sorted(regions, key=lambda code: (len(code), code))


def _options(region: str) -> list[tuple[str, str]]:
    """The own regions with their kecamatan, and the villages around the chosen place."""
    near = places()[region]
    kecamatan = near.parent if near.level in VILLAGES else region
    shown = {
        place.code: place
        for own in _own_regions(actor())
        for place in regions_within(own)
        if place.code == own or place.level is Level.KECAMATAN or place.parent == kecamatan
    }
    return [
        (code, ("– " if place.level in VILLAGES else "") + place.name)
        for code, place in sorted(shown.items())
    ]


def _above(region: str) -> tuple[str, str] | None:
    """The place that holds this one, if the actor may read there."""
    parent = places()[region].parent
    if not parent or not may(actor(), Permission.POPULATION_READ, region=parent):
        return None
    return parent, place_name(parent)


def _kind_lines(kinds: Summed) -> tuple[list[Line], list[tuple[str, list[Line]]]]:
    """A line for each species; and for each a table of the ages of each sex, with their sums."""
    sexes = summed((key[:2], heads) for key, heads in kinds.items())
    by_species = summed((key[:1], heads) for key, heads in sexes.items())
    found = [species for species in Species if (species,) in by_species]
    lines = [Line(label(species), by_species[species,]) for species in found]
    lines.append(
        Line(_("All species"), summed(((), line.heads) for line in lines)[()], is_sum=True)
    )
    tables = [
        (
            label(species),
            [
                *(line for sex in Sex for line in _sex_lines(species, sex, kinds, sexes)),
                Line(label(species), by_species[species,], is_sum=True),
            ],
        )
        for species in found
    ]
    return lines, tables


def _sex_lines(species: Species, sex: Sex, kinds: Summed, sexes: Summed) -> Iterator[Line]:
    for age_class in AgeClass:
        if (species, sex, age_class) in kinds:
            yield Line(label(age_class), kinds[species, sex, age_class])
    if (species, sex) in sexes:
        yield Line(label(sex), sexes[species, sex], is_sum=True)


def _place_lines(count: Count) -> list[Line]:
    """Empty for a village, which has no places below."""
    found = {code: heads for (code,), heads in count.by("place").items() if code != count.region}
    return [
        Line(place_name(code), heads, url_for(".index", wilayah=code))
        for code, heads in sorted(found.items(), key=lambda item: place_name(item[0]))
    ]


def _rank(member: StrEnum) -> int:
    return list(type(member)).index(member)
