"""What a version that nobody has saved would change for the open applications. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.queries import AnimalFacts, animals_by_tags
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, region_lies_in, require, within_reach
from sijinak.permits.checks import Applicant, Checked, Finding, Report, Terms, check_all
from sijinak.permits.gathering import Known, bans_for, candidates, known_of
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.rulebook import applicant_of, asked_by, rule_fits, terms_for
from sijinak.permits.rules.models import DestinationRule, Rule

# Their animals are still to be checked, by the dry look or by the inspector.
OPEN = (PermitState.DRAFT, PermitState.RETURNED, PermitState.SUBMITTED, PermitState.ACCEPTED)
AT_ONCE = 5000  # tags that the registers are asked about in one go


@dataclass(frozen=True, slots=True)
class Turned:
    """An animal whose verdict changes; ``why`` is the refusal that comes or goes."""

    tag: str
    is_refused: bool
    why: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes for one application; it is pinned when it was submitted before.

    A draft is its applicant's own: it has no id here.
    """

    permit_id: UUID | None
    keeper_id: UUID | None
    is_pinned: bool
    heads: int
    general: tuple[Turned, ...]  # of the journey as a whole
    animals: tuple[Turned, ...]


def changes_by(proposed: Rule | DestinationRule, *, by: Actor) -> list[Change]:
    """The applications that the version would judge otherwise; those not pinned first."""
    require(by, Permission.RULE_MANAGE)
    open_ones = [(permit, terms_for(permit)) for permit in _open(by)]
    touched = [(permit, terms) for permit, terms in open_ones if _touches(proposed, terms, permit)]
    found = [change for change in _judge(proposed, touched) if change.general or change.animals]
    return sorted(found, key=lambda change: change.is_pinned)


def _open(by: Actor) -> Sequence[Permit]:
    reach = within_reach(by, Permission.RULE_MANAGE, Permit.region, Permit.keeper_id)
    asked = select(Permit).where(reach, Permit.state.in_(OPEN)).order_by(Permit.id)
    return db.session.scalars(asked).all()


def _touches(proposed: Rule | DestinationRule, terms: Terms, permit: Permit) -> bool:
    if isinstance(proposed, Rule):
        return rule_fits(proposed, terms)
    return region_lies_in(permit.destination, proposed.region)


def _judge(
    proposed: Rule | DestinationRule, touched: Sequence[tuple[Permit, Terms]]
) -> Iterator[Change]:
    """The registers are asked once for all of them, and the applicants once each."""
    animals = _animals({tag for permit, _ in touched for tag in permit.tags})
    known = known_of([facts.id for facts in animals.values()])
    applicants: dict[tuple[UUID, str], Applicant | None] = {}
    for permit, terms in touched:
        who = permit.keeper_id, permit.sale_letter
        if who not in applicants:
            applicants[who] = applicant_of(asked_by(permit))
        named = [(tag, animals.get(tag)) for tag in permit.tags]
        before = _report(permit, terms, named, known, applicants[who])
        after = _report(permit, _with(proposed, terms), named, known, applicants[who])
        yield _change(permit, before, after)


def _animals(tags: set[str]) -> dict[str, AnimalFacts]:
    found: dict[str, AnimalFacts] = {}
    in_order = sorted(tags)
    for start in range(0, len(in_order), AT_ONCE):
        found |= animals_by_tags(in_order[start : start + AT_ONCE])
    return found


def _report(
    permit: Permit,
    terms: Terms,
    named: Sequence[tuple[str, AnimalFacts | None]],
    known: Known,
    applicant: Applicant | None,
) -> Report:
    asked = asked_by(permit)
    bans = bans_for(asked, known.bans, terms.day, {facts.village for _, facts in named if facts})
    lines = candidates(named, known, permit_id=permit.id, bans=bans, found={})
    return check_all(terms, applicant, lines)


def _with(proposed: Rule | DestinationRule, terms: Terms) -> Terms:
    if isinstance(proposed, Rule):
        return replace(terms, rule=proposed)
    stay = [rule for rule in terms.at_destination if rule.id != proposed.replaces_id]
    return replace(terms, at_destination=[*stay, proposed])


def _change(permit: Permit, before: Report, after: Report) -> Change:
    is_draft = permit.submitted_at is None
    return Change(
        permit_id=None if is_draft else permit.id,
        keeper_id=None if is_draft else permit.keeper_id,
        is_pinned=not is_draft,
        heads=len(permit.tags),
        general=tuple(_general(before, after)),
        animals=tuple(_turned(before.animals, after.animals)),
    )


def _turned(before: Sequence[Checked], after: Sequence[Checked]) -> Iterator[Turned]:
    for was, is_now in zip(before, after, strict=True):
        if was.is_refused != is_now.is_refused:
            says = is_now if is_now.is_refused else was
            yield Turned(was.tag, is_now.is_refused, says.refusal)


def _general(before: Report, after: Report) -> Iterator[Turned]:
    was = {finding.code: finding for finding in before.refusals}
    comes = {finding.code: finding for finding in after.refusals}
    for code in sorted(was.keys() ^ comes.keys()):
        yield Turned("", code in comes, comes.get(code) or was[code])
