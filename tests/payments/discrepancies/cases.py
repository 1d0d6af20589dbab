"""Cases of money that does not match, and what people say of them."""

from typing import Any

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import (
    Collection,
    Discrepancy,
    DiscrepancyKind,
    Resolution,
)
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd
from tests.factories import LUNYUK_REA, actor_for
from tests.retribution.factories import begin_payment, do, money

WHY = "Pembayar menelepon"
DECREE = "SK 12/2026"


def come(amount: int, skrd: Skrd | None = None, money_id: str = "") -> Discrepancy:
    """Money of a bank that is not exactly a bill's; of nobody's without a bill."""
    ref = begin_payment(skrd).ref if skrd else "tidak dikenal"
    seen = Observation(
        ref=ref, kind=Kind.PAID, money_id=money_id or uuid7().hex, amount=Rupiah(amount),
        happened_at=now(), trust=Trust.SIGNED_PUSH,
    )  # fmt: skip
    with transaction():
        record_observations("sandbox", [seen], by=WORKER)
    return newest()


def take_back(case: Discrepancy, amount: int) -> None:
    with transaction():
        one = db.session.get_one(Collection, case.collection_id)
        said = Observation(
            ref=one.ref, kind=Kind.REVERSED, money_id=one.money_id, amount=Rupiah(amount),
            happened_at=one.happened_at, trust=Trust.SIGNED_PUSH,
        )  # fmt: skip
        record_observations(one.adapter, [said], by=WORKER)


def newest() -> Discrepancy:
    with transaction():
        asked = select(Discrepancy).order_by(Discrepancy.opened_at.desc(), Discrepancy.id.desc())
        found = db.session.scalars(asked).first()
    assert found is not None
    return found


def case_of(kind: DiscrepancyKind, amount: int = -5_000) -> Discrepancy:
    """About something that is not money: any row will do."""
    about = money()[0] if money() else Collection(id=uuid7())
    found = Found(kind=kind, about=about, region=LUNYUK_REA, amount=amount)
    return do(open_discrepancy, found, by=WORKER)


def fresh_case(case: Discrepancy) -> Discrepancy:
    with transaction():
        return db.session.get_one(Discrepancy, case.id, populate_existing=True)


def propose(
    case: Discrepancy,
    resolution: Resolution,
    by: SignedIn | None = None,
    *,
    decree: str = DECREE,
    **plan: Any,
) -> Discrepancy:
    command = ProposeResolution(
        case_id=case.id, resolution=resolution, reason=WHY, decree=decree, plan=Plan(**plan)
    )
    return do(propose_resolution, command, by=by or actor_for(Role.TREASURER))


def answer(case: Discrepancy, action: str = "approve", by: SignedIn | None = None) -> Discrepancy:
    command = AnswerResolution(case_id=case.id, action=action, note="sudah diperiksa")
    return do(answer_resolution, command, by=by or actor_for(Role.KABID))
