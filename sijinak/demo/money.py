"""What happens to money while applications walk: from the first of them to yesterday."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import local
from sijinak.demo.banking import Bank
from sijinak.demo.market import Market
from sijinak.demo.reckonings import Reckonings
from sijinak.demo.till import Deed, Till
from sijinak.demo.ways import Way
from sijinak.treasury.holidays.queries import working_days

MARKETS = timedelta(weeks=10)


def money_deeds(
    found: Sequence[Way], people: Mapping[str, SignedIn], until: datetime, seed: int
) -> list[Deed]:
    """The last working day is left open: its count, hand-over and STS are for whoever tries it."""
    chance = Random(f"{seed} money")  # noqa: S311 - repeatable on purpose
    last = working_days().before(local(until).date())
    first = local(min(way.begins for way in found)).date()
    return [
        *Market(people, chance, last).deeds(max(first, last - MARKETS)),
        *Till(people, last).deeds(first),
        *Bank(people, last).deeds(first),
        *Reckonings(people, until).deeds(first),
    ]
