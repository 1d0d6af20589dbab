"""A person whose name, numbers and hamlet stand nowhere else, and a life in the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, text

from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, AnimalState
from sijinak.core.clock import now, today
from sijinak.core.crypto import keyring
from sijinak.core.db import db, transaction
from sijinak.core.model import Model
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.branding import RegisterBrand, register_brand
from sijinak.keepers.models import BrandPlace, Keeper, KeeperKind
from sijinak.keepers.services import reveal_nik
from sijinak.ledger import chart
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Collection
from sijinak.permits.commands import CancelPermit, RevokePermit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.models import PermitState
from sijinak.permits.services import cancel_permit
from sijinak.privacy.models import RequestKind
from sijinak.privacy.services import AskRequest, ask_request
from tests.animals.factories import firm, make_animal, make_keeper
from tests.animals.skkt.factories import make_signed, make_upt
from tests.factories import actor_for
from tests.permits.factories import Office, make_office, make_permit
from tests.privacy.herds import give_a_slot_back, make_village, refuse_by_link, sell_animals

NAME, NIK, PHONE, HAMLET = (
    "Kanarius Zwartvogel",
    "5204021503809917",
    "6281234509876",
    "Dusun Okzident",
)
CANARIES = ("kanarius", "zwartvogel", NIK, PHONE, PHONE[3:], "okzident", "kwetters")


@dataclass
class Life:
    keeper: Keeper
    office: Office
    dpo: SignedIn
    buyer: Keeper
    traded: Sequence[Animal]  # that they sold: one stays in the village


def make_life() -> Life:
    """A trader with permits, bills, receipts, letters and a brand, who sold some of the animals."""
    keeper = make_keeper(firm(name=NAME, phone=PHONE, hamlet=HAMLET))
    office = make_office(keeper=keeper)
    with transaction():
        user = db.session.get_one(User, office.trader.id)
        user.name, user.username = NAME, "kanarius"
    office.trader = SignedIn(**{**_as_dict(office.trader), "name": NAME, "username": "kanarius"})
    _say_things(keeper, office)
    _become_a_person(keeper)
    make_animal(keeper, hamlet=HAMLET)
    make_signed(make_upt(), keeper)
    there = make_village(keeper, office.trader)
    refuse_by_link(there)
    traded = sell_animals(there, HAMLET)
    give_a_slot_back(keeper, office.trader)
    with transaction():
        brand = RegisterBrand(
            keeper_id=keeper.id, letters="KWETTERS", place=BrandPlace.NECK, picture=None
        )
        register_brand(brand, by=OPERATOR)
    return Life(keeper, office, actor_for(Role.PRIVACY_OFFICER), there.buyer, traded)


def _say_things(keeper: Keeper, office: Office) -> None:
    """Officers name the person in what they type, and so do banks."""
    revoked = make_permit(office, PermitState.ISSUED)
    with transaction():
        revoke = RevokePermit(permit_id=revoked.id, note="Kanarius memalsukan surat")
        revoke_permit(revoke, by=office.kadis)
    cancelled = make_permit(office, PermitState.SUBMITTED)
    with transaction():
        cancel = CancelPermit(permit_id=cancelled.id, note="Sapi Kanarius sakit")
        cancel_permit(cancel, by=office.trader)
    with transaction():
        reveal_nik(keeper.id, "Diminta Zwartvogel sendiri", by=OPERATOR)
    _pay_from_a_bank(keeper)


def _pay_from_a_bank(keeper: Keeper) -> None:
    """As the bank calls who moved it; the row knows who owes."""
    money = Collection(
        adapter="snap", money_id="RRN1", ref="SJ-1", bill_id=None, attempt_id=None,
        keeper_id=keeper.id, region=keeper.village, amount=Rupiah(5_000), payer="KANARIUS Z",
        happened_at=now(), channel="qris", seen_at=now(), trust=Trust.SIGNED_PUSH,
        seen_by=OPERATOR.id,
    )  # fmt: skip
    with transaction():
        db.session.add(money)
        db.session.flush()
        lines = [Line(chart.clearing("snap"), 5_000), Line(chart.SUSPENSE, -5_000, money.id)]
        entry = Entry(
            idem=f"money:{money.id}", kind="money", on=today(), region=keeper.village, lines=lines
        )
        post(entry, by=OPERATOR)


def _become_a_person(keeper: Keeper) -> None:
    """Only firms may take livestock out; the law forgets only persons."""
    with transaction():
        db.session.add(keeper)
        keeper.kind, keeper.nib = KeeperKind.PERSON, None
        keeper.nik, keeper.nik_tail = NIK, NIK[-4:]
        keeper.nik_lookup = keyring.lookup("nik", NIK)
        keeper.birth_date, keeper.is_woman = date(1980, 3, 15), False


def bury(keeper: Keeper) -> None:
    """No animal of theirs is left alive."""
    with transaction():
        for animal in db.session.scalars(select(Animal).where(Animal.keeper_id == keeper.id)):
            if animal.state is AnimalState.PRESENT:
                animal.state = AnimalState.DEAD


def ask(life: Life, kind: RequestKind, words: str = "Kanarius ingin dilupakan") -> AskRequest:
    command = AskRequest(keeper_id=life.keeper.id, kind=kind, words=words)
    with transaction():
        ask_request(command, by=life.office.trader)
    return command


def dump() -> dict[str, str]:
    """Every row of every table, in small letters, bytes as what they are."""
    found = {}
    for name in sorted(Model.metadata.tables):
        rows = db.session.execute(text(f"SELECT * FROM {name}")).all()
        cells = (cell for row in rows for cell in row)
        found[name] = "\n".join(_text(cell) for cell in cells).lower()
    return found


def _text(cell: Any) -> str:
    if isinstance(cell, memoryview | bytes):
        return bytes(cell).decode("latin-1")
    return str(cell)


def _as_dict(actor: SignedIn) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__slots__}
