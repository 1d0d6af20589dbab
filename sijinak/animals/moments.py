"""What the register itself tells of an animal: who saw it, what was corrected, what names it."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sijinak.animals.models import Identifier, IdentifierKind, Observation, ObservationKind
from sijinak.animals.queries import observations_of
from sijinak.animals.record import numbers_of, officer_names, weighings_of
from sijinak.animals.timeline import Moment
from sijinak.animals.words import Wording
from sijinak.areas.queries import full_name
from sijinak.core.codes import spaced
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

# Mutations and merges tell what they changed themselves.
TITLES = {
    ObservationKind.REGISTERED: N_("Registered"),
    ObservationKind.SEEN: N_("Seen by an officer"),
    ObservationKind.CORRECTED: N_("Corrected"),
    ObservationKind.UPDATED: N_("Updated by a village list"),
    ObservationKind.UNDONE: N_("Undone"),
    ObservationKind.SHIPPED: N_("Left the regency with a permit"),
    ObservationKind.RETURNED: N_("Came back"),
}


def observed(animal_ids: Collection[UUID]) -> list[Moment]:
    told = [one for one in observations_of(animal_ids) if one.kind in TITLES]
    wording = Wording([values for one in told for values in (one.before, one.after)])
    return [_observed(one, wording) for one in told]


def named(animal_ids: Collection[UUID]) -> list[Moment]:
    numbers = numbers_of(animal_ids)
    who = officer_names({number.given_by for number in numbers if number.given_by})
    return [moment for number in numbers for moment in _named(number, who)]


def weighed(animal_ids: Collection[UUID]) -> list[Moment]:
    return [
        Moment(
            at=one.weighed_at,
            kind="weighed",
            title=_("Weighed: %(kg)s kg", kg=one.kg),
            by_name=one.by_name,
            place=full_name(one.village),
            lines=(label(one.method), *_girth(one.girth_cm)),
        )
        for one in weighings_of(animal_ids)
    ]


def number_shown(number: Identifier) -> str:
    return spaced(number.value) if number.kind is IdentifierKind.TAG else number.value


def _observed(one: Observation, wording: Wording) -> Moment:
    reason = (_("Reason: %(reason)s", reason=one.reason),) if one.reason else ()
    return Moment(
        at=one.made_at,
        kind=one.kind,
        title=_(TITLES[one.kind]),
        by_name=one.by_name,
        place=full_name(one.village),
        basis=label(one.basis),
        lines=wording.changes(one) + reason,
    )


def _named(number: Identifier, who: dict[UUID, str]) -> Iterator[Moment]:
    facts = {"kind": label(number.kind), "number": number_shown(number)}
    by_name = who.get(number.given_by, "") if number.given_by else ""
    given = _("%(kind)s %(number)s given", **facts)
    yield Moment(at=number.given_at, kind="named", title=given, by_name=by_name)
    if number.ended_at:
        ended = _("%(kind)s %(number)s ended", **facts)
        lines = (label(number.end_reason),) if number.end_reason else ()
        yield Moment(at=number.ended_at, kind="ended", title=ended, lines=lines)


def _girth(girth_cm: int | None) -> tuple[str, ...]:
    return (_("Girth %(cm)s cm", cm=girth_cm),) if girth_cm else ()
