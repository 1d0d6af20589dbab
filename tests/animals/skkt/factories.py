"""Offices that prepare and sign sheets, and owners to give them to."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, Verification
from sijinak.animals.skkt.models import Sheet
from sijinak.animals.skkt.services import PrepareSheets, SignSheets, prepare_sheets, sign_sheets
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, actor_for


@dataclass(frozen=True)
class Upt:
    """Who prepares and who signs, in one kecamatan."""

    clerk: SignedIn
    head: SignedIn


def make_upt(region: str = LUNYUK) -> Upt:
    return Upt(actor_for(Role.CLERK, region), actor_for(Role.UPT_HEAD, region))


def make_herd(keeper: Keeper, seen: int = 1, declared: int = 0, **fields: Any) -> list[Animal]:
    herd = [make_animal(keeper, **fields)[0] for _ in range(seen)]
    said = {"verification": Verification.DECLARED, **fields}
    return herd + [make_animal(keeper, **said)[0] for _ in range(declared)]


def make_draft(upt: Upt, keeper: Keeper) -> list[Sheet]:
    with transaction():
        return prepare_sheets(PrepareSheets(keeper_id=keeper.id), by=upt.clerk)


def sign(sheet: Sheet, by: Actor) -> list[Sheet]:
    with transaction():
        return sign_sheets(SignSheets(sheet_id=sheet.id), by=by)


def make_signed(
    upt: Upt, keeper: Keeper | None = None, seen: int = 1, declared: int = 0, **fields: Any
) -> list[Sheet]:
    """Signed sheets of an owner with so many animals more."""
    keeper = keeper or make_keeper()
    make_herd(keeper, seen, declared, **fields)
    return sign(make_draft(upt, keeper)[0], upt.head)


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """Each deed in a thread of its own, all at one moment: done, or the error."""
    gate, results = Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                deed()
                results.append("done")
            except Conflict as error:
                results.append(error.code)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)
