"""Pages that must not grow dearer with the register: the same request on few animals and on many.

BENCH_SMALL and BENCH_LARGE say how many. Both databases are loaded once for all five pages and
asked in turn; the median time of the large one is divided by that of the small one. Of several
people who look at a page, the one with the worst ratio counts.
"""

import atexit
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from benchmarks.scan import cookie_of
from sijinak.animals.models import Animal, Verification
from sijinak.animals.population.services import recount_population
from sijinak.animals.skkt.services import PrepareSheets, prepare_sheets
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.demo.accounts import LUNYUK, REGENCY
from sijinak.demo.loading import Load
from sijinak.keepers.models import Keeper
from sijinak.vaccinations.campaigns.models import Campaign, CampaignState

SMALL = int(os.environ.get("BENCH_SMALL", "10000"))
LARGE = int(os.environ.get("BENCH_LARGE", "1000000"))
TURNS, DIFFERENT, SHEETS = 60, 20, 5
CLERK, OFFICER = "petugas", "kabid"  # one of a kecamatan, one of the regency

Addresses = Mapping[str, Sequence[str]]  # by the user name of whoever looks there
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Register:
    """A loaded database: what is asked of each page, and the cookies of those who ask."""

    app: Flask
    pages: Mapping[str, Addresses]
    cookies: Mapping[str, str]

    def requests(self, page: str, who: str) -> Iterator[WSGIEnvironment]:
        headers = [("Cookie", self.cookies[who]), ("Accept", "text/html")]
        addresses = self.pages[page][who]
        return cycle([EnvironBuilder(a, headers=headers).get_environ() for a in addresses])


def growth_owner_search() -> Result:
    return _on_sqlite("search")


def growth_animal_page() -> Result:
    return _on_sqlite("record")


def growth_sheet() -> Result:
    return _on_sqlite("sheet")


def growth_counts() -> Result:
    return _on_sqlite("counts")


def growth_coverage() -> Result:
    return _on_sqlite("coverage")


def growth_owner_search_postgres() -> Result:
    return _on_postgres("search")


def growth_animal_page_postgres() -> Result:
    return _on_postgres("record")


def growth_sheet_postgres() -> Result:
    return _on_postgres("sheet")


def growth_counts_postgres() -> Result:
    return _on_postgres("counts")


def growth_coverage_postgres() -> Result:
    return _on_postgres("coverage")


def _on_sqlite(page: str) -> Result:
    """In CPU time, which others on the machine disturb least; there is no server beside it."""
    return _compared(_registers(_sqlite_urls), page, time.process_time, "CPU")


def _on_postgres(page: str) -> Result:
    """In wall time, for the server works too."""
    try:
        registers = _registers(_postgres_urls)
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")
    return _compared(registers, page, time.perf_counter, "wall")


def _sqlite_urls(_stack: ExitStack, folder: Path) -> list[str]:
    return [f"sqlite:///{folder / name}.sqlite" for name in ("small", "large")]


def _postgres_urls(stack: ExitStack, _folder: Path) -> list[str]:
    return [stack.enter_context(on_postgres()) for _ in ("small", "large")]


@cache
def _registers(urls: Callable[[ExitStack, Path], list[str]]) -> list[Register]:
    """The small one and the large one; they are dropped when the program ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(scratch_folder())
    apps = [stack.enter_context(installed(url, folder)) for url in urls(stack, folder)]
    return [_loaded(app, size) for app, size in zip(apps, (SMALL, LARGE), strict=True)]


def _loaded(app: Flask, size: int) -> Register:
    settings: Settings = app.extensions["sijinak.settings"]
    with app.app_context():
        load = Load(size, 2026, settings)
        for _ in load.steps():
            pass
        with transaction():
            recount_population(by=OPERATOR)
        pages: dict[str, Addresses] = {
            "search": dict.fromkeys((CLERK, OFFICER), _searches()),
            "record": dict.fromkeys((CLERK, OFFICER), _records()),
            "sheet": {CLERK: _sheets(load)},
            "coverage": dict.fromkeys((CLERK, OFFICER), _coverage()),
            "counts": {
                CLERK: [f"/populasi/?wilayah={LUNYUK}"],
                OFFICER: [f"/populasi/?wilayah={REGENCY}"],
            },
        }
        db.session.remove()
    return Register(app, pages, {name: cookie_of(app, name) for name in (CLERK, OFFICER)})


def _searches() -> list[str]:
    """As people type: the first name, the whole one, and one with a letter left out."""
    near = Keeper.village.startswith(LUNYUK)
    names = db.session.scalars(select(Keeper.name).where(near).order_by(Keeper.id).limit(5))
    typed = [text for name in names for text in (name.split()[0], name, name[:2] + name[3:])]
    return [f"/peternak/?nama={text}" for text in typed]


def _records() -> list[str]:
    near = select(Animal.id).where(Animal.village.startswith(LUNYUK)).order_by(Animal.id)
    return [f"/ternak/{found}/" for found in db.session.scalars(near.limit(DIFFERENT))]


def _coverage() -> list[str]:
    """Of the campaign under way, which is of one size in both."""
    found = db.session.scalars(select(Campaign.id).where(Campaign.state == CampaignState.OPEN))
    return [f"/vaksinasi/cakupan/kampanye/{campaign_id}" for campaign_id in found]


def _sheets(load: Load) -> list[str]:
    """Of owners whose animals were seen."""
    owners = (
        select(Animal.keeper_id)
        .join(Keeper, Keeper.id == Animal.keeper_id)
        .where(Keeper.village.startswith(LUNYUK), Animal.verification == Verification.SEEN)
        .group_by(Animal.keeper_id)
        .order_by(Animal.keeper_id)
    )
    clerk = load.people[CLERK]
    with transaction():
        made = [
            prepare_sheets(PrepareSheets(keeper_id=keeper_id), by=clerk)[0].id
            for keeper_id in db.session.scalars(owners.limit(SHEETS)).all()
        ]
    return [f"/skkt/{sheet_id}" for sheet_id in made]


def _compared(registers: Sequence[Register], page: str, clock: Clock, kind: str) -> Result:
    worst: Result | None = None
    for who in registers[0].pages[page]:
        small, large = _medians(registers, page, who, clock)
        note = f"{kind} of {who}: {large * 1000:.1f} ms at {LARGE}, {small * 1000:.1f} at {SMALL}"
        found = Result(large / small, round(small * 1e6, 1), note)
        worst = max(filter(None, (worst, found)), key=lambda result: result.value or 0)
    assert worst is not None
    return worst


def _medians(registers: Sequence[Register], page: str, who: str, clock: Clock) -> list[float]:
    """Both in turn, so that what disturbs the machine disturbs both."""
    turns = [(register.app, register.requests(page, who)) for register in registers]
    taken: list[list[float]] = [[], []]
    for turn in range(-DIFFERENT, TURNS):
        for (app, requests), times in zip(turns, taken, strict=True):
            seconds = _seconds(app, next(requests).copy(), clock)
            if turn >= 0:  # else it was to warm up
                times.append(seconds)
    return [statistics.median(times) for times in taken]


def _seconds(app: Flask, environ: WSGIEnvironment, clock: Clock) -> float:
    said: list[str] = []

    def start_response(status: str, *_: Any) -> Any:
        said.append(status)

    began = clock()
    answer: Iterable[bytes] = app.wsgi_app(environ, start_response)
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    took = clock() - began
    assert said == ["200 OK"], f"{environ['PATH_INFO']}: {said}"
    return took
