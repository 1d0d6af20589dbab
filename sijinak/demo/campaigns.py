"""Vaccination campaigns: a village, a vaccine, a lot, and those animals that were brought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.demo.chance import Names
from sijinak.demo.herds import Animals, Officer
from sijinak.vaccinations.models import Product, Standing
from sijinak.vaccinations.services import MOST_ANIMALS

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Campaign:
    product: str
    species: frozenset[str]
    after: timedelta  # since the village was registered
    coverage: float
    is_first: bool = True


_CLOVEN = frozenset({"cattle", "buffalo", "goat", "sheep"})
_LARGE = frozenset({"cattle", "buffalo", "horse"})
CAMPAIGNS = (
    Campaign("aftogen-oleo", _CLOVEN, timedelta(days=10), 0.86),
    Campaign("aftogen-oleo", _CLOVEN, timedelta(days=40), 0.88, is_first=False),
    Campaign("septivet", frozenset({"cattle", "buffalo"}), timedelta(days=75), 0.74),
    Campaign("anthravet", _LARGE, timedelta(days=110), 0.62),
)
_ROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given:
    """One act: a lot, given at one time in one village by one person to these animals."""

    campaign: Campaign
    animal_ids: Sequence[UUID]
    at: datetime
    village: str
    by: Officer


class Campaigns:
    def __init__(self, seed: int, names: Names, until: datetime) -> None:
        self._chance = Random(f"{seed} campaigns")  # noqa: S311 - repeatable on purpose
        self._names = names
        self._until = until
        self._products = {row.code: row for row in db.session.scalars(select(Product))}
        missing = {campaign.product for campaign in CAMPAIGNS} - set(self._products)
        if missing:
            raise NotFound(products=", ".join(sorted(missing)))

    def of_village(
        self,
        herd: Sequence[Animals],
        begins: datetime,
        village: str,
        by: Officer,
        *,
        all_come: bool = False,
    ) -> tuple[Columns, Columns]:
        """Acts and their doses. The second dose is for those who had the first."""
        acts: list[Given] = []
        had: list[UUID] = []
        for campaign in CAMPAIGNS:
            if begins + campaign.after >= self._until:
                break
            there = had if not campaign.is_first else _brought(herd, campaign)
            share = 1.0 if all_come else campaign.coverage
            had = [animal_id for animal_id in there if self._chance.random() < share]
            acts += self._rounds(campaign, had, begins + campaign.after, village, by)
        return self.columns(acts)

    def columns(self, acts: Sequence[Given]) -> tuple[Columns, Columns]:
        heads = self._acts(acts)
        return heads, self._doses(acts, heads["id"])

    def _rounds(
        self, campaign: Campaign, ids: Sequence[UUID], day: datetime, village: str, by: Officer
    ) -> Iterator[Given]:
        for n in range(0, len(ids), MOST_ANIMALS):
            at = day + _ROUND * (n // MOST_ANIMALS)
            if at < self._until:
                yield Given(campaign, ids[n : n + MOST_ANIMALS], at, village, by)

    def _acts(self, acts: Sequence[Given]) -> Columns:
        moments = [act.at for act in acts]
        return {
            "id": self._names.at(moments),
            "product_id": [self._products[act.campaign.product].id for act in acts],
            "lot": [_lot(act) for act in acts],
            "given_at": moments,
            "given_on": [local(moment).date() for moment in moments],
            "region": [act.village for act in acts],
            "vaccinator_id": [act.by.id for act in acts],
            "vaccinator_name": [act.by.name for act in acts],
            "note": [""] * len(acts),
            "recorded_at": moments,
        }

    def _doses(self, acts: Sequence[Given], act_ids: Sequence[UUID]) -> Columns:
        doses: Columns = {name: [] for name in _DOSE}
        for act, act_id in zip(acts, act_ids, strict=True):
            product, count = self._products[act.campaign.product], len(act.animal_ids)
            day = local(act.at).date()
            due = product.next_due(day, is_first=act.campaign.is_first)
            doses["id"] += self._names.at([act.at] * count)
            doses["animal_id"] += act.animal_ids
            for name, value in (
                ("act_id", act_id), ("disease", product.disease), ("given_on", day),
                ("next_due", due), ("standing", Standing.COUNTS),
                ("village", act.village), ("given_at", act.at),
            ):  # fmt: skip
                doses[name] += [value] * count
        return doses


_DOSE = (
    "id", "act_id", "animal_id", "disease", "given_on", "next_due", "standing", "village",
    "given_at",
)  # fmt: skip


def _brought(herd: Sequence[Animals], campaign: Campaign) -> list[UUID]:
    """Animals that the registrar saw are those that can be gathered."""
    return [
        animal_id
        for animals in herd
        if animals.species in campaign.species
        for animal_id, seen in zip(animals.ids, animals.columns["seen_at"], strict=True)
        if seen
    ]


def _lot(act: Given) -> str:
    day = local(act.at)
    kind = act.campaign.product[:3].upper()
    return f"{kind}{day:%y}{(day.month - 1) // 3 + 1}-{int(act.village[6:8]):02}"
