"""The one door for what phones bring: nothing is lost, nothing is done twice, nothing is changed.

A run of vaccinations is written in few statements. Whatever else a record is, it has a savepoint
of its own: its failure touches no neighbour.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from sijinak.core.events import About, events
from sijinak.core.ids import uuid7
from sijinak.field.carrying import carry_out, is_hot, receive, undo_early
from sijinak.field.chain import Trail, believe
from sijinak.field.keeping import (
    Before,
    Known,
    Visit,
    hold_device,
    keep,
    known_before,
    learn_neighbours,
    note_visit,
)
from sijinak.field.models import Device, Verdict
from sijinak.field.reading import Incoming
from sijinak.field.resending import note_resent
from sijinak.vaccinations.findings.services import Raised, raise_findings

ACCEPTED, DUPLICATE, CONFLICT, REJECTED = "accepted", "duplicate", "conflict", "rejected"
MOST_GAPS = 100
BAD_SIGNATURE = "bad-signature"


@dataclass(slots=True)
class Taken:
    """What became of a batch: the records with their answers, and where the phone stands."""

    records: list[Incoming]
    gaps: list[list[int]] = field(default_factory=list)
    resend_from: int | None = None


def take_in(
    records: Sequence[Incoming],
    visit: Visit,
    *,
    hold_all: str = "",
    careful: bool = False,
    **seen: Any,
) -> Taken:
    """Inside a transaction. ``hold_all`` says why a person decides about every record.

    With ``careful`` each vaccination is written by itself: after a batch that failed as a whole.
    ``seen`` are columns of the device.
    """
    trail, resend = hold_device(visit.device_id)
    before = known_before({one.id for one in records})
    fresh = list(_sort_out(records, before))
    remarks = _remarks(fresh, trail, visit) if hold_all != BAD_SIGNATURE else []
    new = [one for one in fresh if one.answer != CONFLICT]
    if hold_all:
        for one in new:
            one.review(hold_all)
    _carry_out(new, visit, before, careful=careful)
    keep([one for one in fresh if one.answer == CONFLICT], visit)
    raise_findings(remarks)
    if resend is not None and records:
        repeats = len(fresh) < len(records)
        note_resent(visit.device_id, first_seq=records[0].seq, repeats=repeats)
    note_visit(trail, visit, **seen)
    if fresh:
        _tell(fresh, visit)
    return Taken(list(records), trail.gaps[:MOST_GAPS], resend)


def _sort_out(records: Iterable[Incoming], before: Before) -> Iterator[Incoming]:
    """Those that were never here, or claim to be one that was. The others are answered."""
    seen: dict[UUID, Known | Incoming] = dict(before.records)
    for one in records:
        if one.id not in seen:
            seen[one.id] = one
            yield one
            continue
        first = seen[one.id]
        if first.hash == one.hash:
            one.verdict, one.reason = first.verdict, first.reason
            one.answer = REJECTED if first.verdict is Verdict.REJECTED else DUPLICATE
            continue
        one.answer = CONFLICT
        one.verdict, one.reason = Verdict.CONFLICT, CONFLICT
        one.claims_id, one.kept_as = one.id, uuid7()
        if (one.id, one.hash) not in before.conflicts:
            before.conflicts.add((one.id, one.hash))
            yield one


def _remarks(fresh: Sequence[Incoming], trail: Trail, visit: Visit) -> list[Raised]:
    found: list[Raised] = []
    learn_neighbours(trail, fresh)
    for one in fresh:
        if one.answer == CONFLICT:
            continue
        clock = believe(one, visit.received_at, visit.sent_at)
        strange = dict([*clock, *trail.follow(one)])
        found += [
            Raised(kind=kind, subject_id=one.id, officer_id=visit.author.id,
                   officer_name=visit.author.name, region=visit.region_of(one), facts=facts)
            for kind, facts in strange.items()
        ]  # fmt: skip
    return found


def _carry_out(new: Sequence[Incoming], visit: Visit, before: Before, *, careful: bool) -> None:
    """In the phone's order; each run is kept before an undo looks for what it takes back."""
    for hot, run in groupby(new, key=is_hot):
        some = list(run)
        if hot and not careful:
            receive(some, visit)
            keep(some, visit)
        else:
            for one in some:
                carry_out(one, visit)
                keep([one], visit)
        for one in some:
            for undo_id in before.undone.get(one.id, ()):
                undo_early(one, visit, undo_id)
            if one.kind == "undo" and one.is_open and one.claims_id:
                before.undone.setdefault(one.claims_id, []).append(one.id)


def _tell(fresh: Sequence[Incoming], visit: Visit) -> None:
    facts = {"batch": str(visit.batch_id), "records": len(fresh), "way": visit.way}
    if visit.brought_by:
        facts["brought_by"] = str(visit.brought_by)
    told = About(Device.__tablename__, visit.device_id, visit.home, facts)
    events.record_all("field.received", [told], by=visit.author)
