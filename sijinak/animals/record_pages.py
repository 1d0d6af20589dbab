"""The whole record of an animal, and its timeline. What a scan shows at once is in public."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal, AnimalState, IdentifierKind, Observation
from sijinak.animals.moments import number_shown
from sijinak.animals.photos.queries import photos_of
from sijinak.animals.queries import (
    animal_by_id,
    live_tags,
    observations_of,
    same_animals,
    standing_animal_id,
)
from sijinak.animals.record import evidence_of, numbers_of, officer_names, weighings_of
from sijinak.animals.timeline import Moment, page_before, timeline
from sijinak.animals.words import COLUMNS, Wording
from sijinak.areas.queries import full_name
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows
from sijinak.web.access import actor, needs
from sijinak.web.formats import day, moment
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

bp = Blueprint("animal_record", __name__)
LAST = 6  # moments on the record itself
# They stand on top, or beside the day of birth.
NOT_A_ROW = frozenset({"verification", "state", "birth_precision"})
ICONS = {
    "seen": "eye", "named": "qrcode", "ended": "x", "weighed": "scale", "photo": "camera",
    "vaccinated": "vaccine", "permit": "file-certificate", "corrected": "edit", "updated": "upload",
    "registered": "plus", "listed": "file-text", "struck": "x", "merged": "users",
    "stocktake": "clipboard-check", "missed": "x", "reaction": "alert-triangle",
}  # fmt: skip


@bp.get("/<uuid:animal_id>/")
@needs(Permission.ANIMAL_READ)
def show(animal_id: UUID) -> ResponseReturnValue:
    animal = animal_by_id(animal_id, by=actor())
    shows(animal.keeper_id, animal.village, Where.ANIMAL)
    ids = same_animals(animal_id)
    standing = standing_animal_id(animal_id)
    moments = timeline.moments(ids)
    return render_template(
        "animals/record.html",
        animal=animal,
        tag=_tag(animal),
        groups=_known(animal),
        numbers=numbers_of(ids),
        number_shown=number_shown,
        tag_kind=IdentifierKind.TAG,
        weighings=weighings_of(ids),
        photos=photos_of(ids, by=actor()),
        moments=[_told(one) for one in moments[:LAST]],
        more=len(moments) > LAST,
        kept_url=url_for(".show", animal_id=standing) if standing != animal_id else "",
        may_change=_may_change(animal),
        full_name=full_name,
    )


@bp.get("/<uuid:animal_id>/riwayat")
@needs(Permission.ANIMAL_READ)
def history(animal_id: UUID) -> ResponseReturnValue:
    animal = animal_by_id(animal_id, by=actor())
    shown, older = page_before(timeline.moments(same_animals(animal_id)), _before())
    here = url_for(".history", animal_id=animal_id)
    return render_template(
        "animals/history.html",
        animal=animal,
        tag=_tag(animal),
        moments=[_told(one) for one in shown],
        newest_url=here if _before() else "",
        older_url=url_for(".history", animal_id=animal_id, sebelum=older.isoformat())
        if older
        else "",
    )


def _known(animal: Animal) -> list[tuple[str, list[tuple[str, str]]]]:
    """On whose word, and what is known by it: the facts with their values. Newest word first."""
    known = {name: getattr(animal, name) for name in COLUMNS if name not in NOT_A_ROW}
    evidence = evidence_of(observations_of([animal.id]))
    wording, groups = Wording([known]), dict[Observation | None, list[tuple[str, str]]]()
    for name, value in known.items():
        if value not in (None, ""):
            fact = (_(COLUMNS[name]), wording.value(name, value) + _how_well(animal, name))
            groups.setdefault(evidence.get(name), []).append(fact)
    newest = sorted(groups, key=lambda one: one.made_at if one else animal.registered_at)
    return [(_told_by(one, animal), groups[one]) for one in reversed(newest)]


def _how_well(animal: Animal, name: str) -> str:
    is_birth = name == "birth_date" and animal.birth_precision
    return f" ({label(animal.birth_precision).lower()})" if is_birth else ""


def _told_by(observation: Observation | None, animal: Animal) -> str:
    if observation is None:
        return _of_registration(animal)
    return _(
        "%(basis)s, %(day)s, %(name)s, %(place)s",
        basis=label(observation.basis),
        day=day(observation.made_at),
        name=observation.by_name,
        place=full_name(observation.village),
    )


def _of_registration(animal: Animal) -> str:
    """For what nobody observed apart: the registration said it."""
    by = animal.registered_by
    name = officer_names([by]).get(by, "") if by else ""
    said = (label(animal.verification), day(animal.registered_at), name, _("at registration"))
    return ", ".join(part for part in said if part)


def _told(one: Moment) -> dict[str, object]:
    by = ", ".join(part for part in (one.by_name, one.place, one.basis) if part)
    return {
        "title": one.title,
        "when": moment(one.at),
        "datetime": one.at.isoformat(),
        "icon": ICONS.get(one.kind, "circle"),
        "by": by,
        "lines": one.lines,
        "url": one.url,
    }


def _tag(animal: Animal) -> str:
    tag = live_tags([animal.id]).get(animal.id)
    return tag.value if tag else ""


def _may_change(animal: Animal) -> bool:
    is_here = animal.state is AnimalState.PRESENT
    return is_here and may(actor(), Permission.ANIMAL_REGISTER, region=animal.village)


def _before() -> datetime | None:
    """Where in the timeline to go on; what is no moment means the start."""
    try:
        found = datetime.fromisoformat(request.args.get("sebelum", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None
