"""Who looked at whom: every full view of a person's data is a line of the trail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from sijinak.core.clock import now
from sijinak.core.db import read
from sijinak.core.events import About, Event, events
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper

VIEWED, LISTED = "keeper.viewed", "keeper.listed"
# Somebody who looks again so soon, on the same page, is still looking.
ONE_LOOK = timedelta(minutes=10)


class Page(StrEnum):
    """Where somebody saw who it is."""

    KEEPER = "keeper"
    FORM = "form"  # the keeper's data, to be changed
    ANIMAL = "animal"
    SHEET = "sheet"  # SKKT
    MUTATION = "mutation"
    PERMIT = "permit"
    BILL = "bill"  # SKRD, STRD
    RECEIPT = "receipt"
    PAPER = "paper"  # any of these as a PDF
    REQUEST = "request"  # what the person asked about their data
    KEEPERS = "keepers"
    ANIMALS = "animals"
    SHEETS = "sheets"
    MUTATIONS = "mutations"
    PERMITS = "permits"
    BILLS = "bills"
    RECEIPTS = "receipts"
    DUE = "due"  # whose animals are to be vaccinated
    TRACE = "trace"
    STOCKTAKES = "stocktakes"
    WALLETS = "wallets"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Look:
    keeper_id: UUID
    region: str
    why: Page


@dataclass(frozen=True, slots=True)
class Listed:
    """The people whose names a page of a list shows; ``filters``: what it was narrowed by."""

    why: Page
    keeper_ids: tuple[UUID, ...]
    region: str = ""
    filters: tuple[str, ...] = ()


def note_look(keeper: Keeper, *, by: Actor, why: Page) -> None:
    """Into the open transaction, unless it was the same look or the person's own."""
    note_looks(fresh([Look(keeper.id, keeper.village, why)], by=by), by=by)


def note_looks(looks: Sequence[Look], *, by: Actor) -> None:
    """All of them: the caller has asked which are ``fresh``."""
    told = [About("keepers", one.keeper_id, one.region, {"page": one.why}) for one in looks]
    if told:
        events.record_all(VIEWED, told, by=by)


def note_lists(lists: Sequence[Listed], *, by: Actor) -> None:
    """One line for each, with how many and whose rows it had. Each page shown is a new one."""
    told = [About("users", by.id, one.region, _told(one)) for one in lists]
    if told:
        events.record_all(LISTED, told, by=by)


def of_others(lists: Sequence[Listed], *, by: Actor) -> list[Listed]:
    """Without the person who looks; a list that has nobody else is none."""
    own = getattr(by, "keeper_id", None)
    left = [replace(one, keeper_ids=tuple(i for i in one.keeper_ids if i != own)) for one in lists]
    return [one for one in left if one.keeper_ids]


def _told(one: Listed) -> dict[str, Any]:
    ids = [str(keeper_id) for keeper_id in one.keeper_ids]
    return {"page": one.why, "found": len(ids), "ids": ids, "filters": list(one.filters)}


def fresh(looks: Sequence[Look], *, by: Actor) -> list[Look]:
    """Those that are nobody's own, and not the same again."""
    own = getattr(by, "keeper_id", None)
    return [one for one in looks if one.keeper_id != own and one.why not in _lately(one, by)]


def _lately(look: Look, by: Actor) -> set[str]:
    """The pages on which the actor saw the keeper just now."""
    asked = {"who": by.id, "whom": look.keeper_id, "since": now() - ONE_LOOK}
    return {row.facts["page"] for row in read(_seen(), asked)}


@cache
def _seen() -> Select[Any]:
    return (
        select(Event.facts)
        .where(
            Event.subject_id == bindparam("whom"),
            Event.happened_at > bindparam("since"),
            Event.actor_id == bindparam("who"),
            Event.name == VIEWED,
        )
        .order_by(Event.happened_at)
    )
