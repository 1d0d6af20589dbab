"""Where a disease may have come from and gone to: a form, a list in time order, a file."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.areas.queries import regions_within
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows_list
from sijinak.tracing import labels as _labels  # noqa: F401 - names our kinds
from sijinak.tracing.schemas import WAYS, Asked, AskedSchema
from sijinak.tracing.services import Traced, TraceMovements, trace_movements
from sijinak.tracing.view import HEAD, lines_of, name_of
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, read_address
from sijinak.web.settings import settings

bp = Blueprint("tracing", __name__)
SHOWN = 300  # lines of a page; the file has them all
STARTS = ("tag", "keeper_id", "region")
NOBODY = N_("No animal with this tag is in your area. Compare the code with the tag.")


@bp.get("/")
@needs(Permission.MOVEMENT_TRACE)
def index() -> ResponseReturnValue:
    """The form; with an address that names a start, the trace. Each look is in the trail."""
    if not request.args:
        return _page(Form(_known()))
    form = read_address(AskedSchema(), _known())
    if form.value is None:
        return _page(form), 422
    try:
        traced = _trace(form.value)
    except NotFound:
        form.errors["tag"] = [NOBODY]
        return _page(form), 422
    return _page(form, traced)


@bp.get("/berkas.csv")
@needs(Permission.MOVEMENT_TRACE)
def file() -> ResponseReturnValue:
    form = read_address(AskedSchema(), _known())
    if form.value is None:
        return _page(form), 422
    traced, who = _trace(form.value), actor()
    rows: Iterator[tuple[object, ...]] = (line.cells() for line in lines_of(traced.trace, by=who))
    if traced.trace.is_cut:  # whoever has only the file must see it, too
        rows = chain(rows, [(_("There is more than this list holds"),)])
    return hand_out(CSV, Export(what="trace", name="telusur", head=[_(t) for t in HEAD]), rows)


def _trace(asked: Asked) -> Traced:
    command = TraceMovements(
        **_start(asked),
        ways=WAYS[asked.ways],
        day=asked.day,
        days=asked.days,
        contact_days=asked.contact_days,
        depth=asked.depth,
    )
    with transaction():
        return trace_movements(command, by=actor())


def _start(asked: Asked) -> dict[str, Any]:
    """One of the three; of a tag the animal, or who has it."""
    if asked.tag:
        animal = db.session.scalar(
            select(Animal)
            .join(Identifier, Identifier.animal_id == Animal.id)
            .where(Identifier.value == asked.tag, Identifier.kind == IdentifierKind.TAG)
        )
        if animal is None:
            raise NotFound(tag=asked.tag)
        if asked.of == "animal":
            return {"animal_id": animal.id}
        return {"keeper_id": animal.raiser_id or animal.keeper_id}
    if asked.keeper_id is not None:
        return {"keeper_id": asked.keeper_id}
    return {"region": asked.region}


def _known() -> dict[str, str]:
    """What is asked when nobody says otherwise: as the office has set it."""
    given = settings()
    return {
        "day": today().isoformat(),
        "ways": "keduanya",
        "of": "animal",
        "days": str(given.trace_days),
        "contact_days": str(given.trace_contact_days),
        "depth": str(given.trace_depth),
    }


def _page(form: Form[Asked], traced: Traced | None = None) -> str:
    lines = list(islice(lines_of(traced.trace, by=actor()), SHOWN)) if traced else []
    if traced:
        started = [traced.start.id] if isinstance(traced.start, Keeper) else []
        there = (one for line in lines for one in line.named)
        asked = {name: form.raw.get(name) for name in STARTS}
        shows_list(Where.TRACE, [*started, *there], asked=asked)
    return render_template(
        "tracing/index.html",
        form=form,
        traced=traced,
        lines=lines,
        start=name_of(traced.start) if traced else "",
        areas=_areas(),
        query=request.args.to_dict(),
        ways=WAYS,
    )


def _areas() -> list[tuple[str, str]]:
    """Every area the actor may trace, by its code."""
    reaches = [reach.region for reach in actor().reaches(Permission.MOVEMENT_TRACE)]
    homes = [region or settings().regency for region in reaches]
    found = {place.code: place.name for home in homes for place in regions_within(home)}
    return sorted(found.items())
