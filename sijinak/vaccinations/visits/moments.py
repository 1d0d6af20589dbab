"""What visits tell of an animal's life: that it was not vaccinated, and what it suffered."""

from collections.abc import Collection
from uuid import UUID

from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name
from sijinak.vaccinations.visits import labels as _labels  # noqa: F401 - names our outcomes
from sijinak.vaccinations.visits.models import Reaction, VisitResult
from sijinak.vaccinations.visits.queries import reactions_of, results_of
from sijinak.web.formats import day
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def missed(animal_ids: Collection[UUID]) -> list[Moment]:
    return [
        Moment(
            at=one.found_at,
            kind="missed",
            title=_("Not vaccinated: %(disease)s", disease=label(one.disease)),
            by_name=one.by_name,
            place=full_name(one.village),
            lines=(label(one.outcome), *_more(one)),
        )
        for one in results_of(animal_ids)
    ]


def suffered(animal_ids: Collection[UUID]) -> list[Moment]:
    return [
        Moment(
            at=one.began_at,
            kind="reaction",
            title=_("Reaction after a vaccination"),
            by_name=one.by_name,
            place=full_name(one.village),
            lines=(label(one.severity), one.signs, *_treated(one)),
        )
        for one in reactions_of(animal_ids)
    ]


def _more(one: VisitResult) -> tuple[str, ...]:
    again = _("Next visit on %(day)s", day=day(one.next_visit)) if one.next_visit else ""
    return tuple(filter(None, (one.reason, again)))


def _treated(one: Reaction) -> tuple[str, ...]:
    return (_("Treated with: %(what)s", what=one.treatment),) if one.treatment else ()
