"""Irregularities of permits, posts, quota and vaccinations."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.permits.arrivals.models import ArrivalStatement, SaidBy
from sijinak.permits.checkpoint.models import (
    CheckDecision,
    CheckOutcome,
    CheckpointCheck,
    PaperVerdict,
)
from sijinak.permits.models import Arrival, Permit, PermitAnimal, PermitState
from sijinak.permits.quota.models import (
    ClaimState,
    EntryKind,
    QuotaAccount,
    QuotaClaim,
    QuotaDecree,
    QuotaEntry,
)
from sijinak.permits.rules.models import Purpose
from sijinak.vaccinations.confirming.models import Confirmation
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.models import Vaccination, VaccinationAct
from sijinak.vaccinations.stock.models import DoseMove, Holding, MoveKind
from tests.audit.findings.money_plants import bill, receipt
from tests.audit.findings.planting import Planter

S = PermitState


def permit(plant: Planter, heads: int = 0, **said: Any) -> UUID:
    """With so many animals that passed."""
    known: dict[str, Any] = {
        "species": Species.CATTLE, "purpose": Purpose.SLAUGHTER, "destination": "32.16",
        "state": S.PAID, "state_at": plant.ago(20), "planned_on": plant.on(20), "port": "badas",
    }  # fmt: skip
    made = plant.row(Permit, **{**known, **said})
    for place in range(heads):
        _animal(plant, made, place)
    return made


def _animal(plant: Planter, made: UUID, place: int, **said: Any) -> None:
    plant.row(PermitAnimal, permit_id=made, position=place, passed=True, **said)


def _departed(plant: Planter, **said: Any) -> UUID:
    known: dict[str, Any] = {
        "state": S.DEPARTED, "number": f"P-{plant.number()}", "departed_at": plant.ago(15),
        "departed_heads": 3, "departed_by": plant.id(),
    }  # fmt: skip
    return permit(plant, **{**known, **said})


def heads_billed(plant: Planter, n: int) -> UUID:
    made = permit(plant, 3)
    bill(plant, permit_id=made, heads=2 if n % 2 else 4, total=318_000)
    return made


def heads_departed(plant: Planter, n: int) -> UUID:
    return _departed(plant, heads=3, departed_heads=4 + n)


def heads_arrived(plant: Planter, n: int) -> UUID:
    made = _departed(plant, state=S.CLOSED, arrived_at=plant.ago(10), departed_heads=5)
    for place in range(4 - n % 2):
        _animal(plant, made, place, departed=True, arrival=Arrival.RECEIVED)
    return made


def strangers(plant: Planter, n: int) -> UUID:
    made = _departed(plant, state=S.ARRIVED)
    extras = [f"tag-{one}" for one in range(n + 1)]
    plant.row(ArrivalStatement, permit_id=made, said_by=SaidBy.OFFICER, extras=extras)
    return made


def stayed(plant: Planter, n: int) -> UUID:
    made = permit(plant, state=(S.APPROVED, S.EXPIRED, S.REVOKED, S.PAID)[n % 4])
    skrd = bill(plant, permit_id=made)
    receipt(plant, skrd_id=skrd, issued_at=plant.ago(100 + n))
    return made


def left_unpaid(plant: Planter, n: int) -> UUID:
    made = _departed(plant)
    if n % 2:
        bill(plant, permit_id=made)
    return made


def issued_unpaid(plant: Planter, n: int) -> UUID:
    return permit(plant, state=S.ISSUED, number=f"P-{plant.number()}", decided_by=plant.id())


def cheap_bill(plant: Planter, n: int) -> UUID:
    return bill(plant, permit_id=permit(plant), heads=5, total=5000 + n)


def permit_gap(plant: Planter, n: int) -> UUID:
    return permit(plant, number=f"524/{n + 2:06}/REK/{1960 + n}")


def skkh_gap(plant: Planter, n: int) -> UUID:
    return permit(plant, skkh_number=f"524.3/{n + 2:06}/SKKH/{1960 + n}")


def split(plant: Planter, n: int) -> UUID:
    keeper = plant.id()
    for _ in range(3):
        made = permit(plant, keeper_id=keeper, planned_on=plant.on(10 + n))
        bill(plant, permit_id=made, keeper_id=keeper)
    return keeper


def _check(plant: Planter, **said: Any) -> UUID:
    known: dict[str, Any] = {
        "verdict": PaperVerdict.VALID, "proved": True, "decision": CheckDecision.PASS,
        "outcome": CheckOutcome.NOT_DEPARTED, "permit_id": plant.id(),
    }  # fmt: skip
    return plant.row(CheckpointCheck, **{**known, **said})


def double_use(plant: Planter, n: int) -> UUID:
    return _check(plant, outcome=CheckOutcome.DOUBLE_USE, verdict=PaperVerdict.USED)


def bad_paper(plant: Planter, n: int) -> UUID:
    bad = (PaperVerdict.ALTERED, PaperVerdict.WRONG_KEY, PaperVerdict.EXPIRED)
    if n == 3:
        return _check(plant, proved=False, outcome=CheckOutcome.DEPARTED)
    return _check(plant, verdict=bad[n % 3])


def not_departed(plant: Planter, n: int) -> UUID:
    return _check(plant, heads=n + 1)


def _account(plant: Planter, **said: Any) -> UUID:
    known: dict[str, Any] = {
        "year": 1900 + plant.number(), "origin": "52.04", "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER, "cap": 0, "held": 0, "used": 0, "last_no": 0,
    }  # fmt: skip
    return plant.row(QuotaAccount, **{**known, **said})


def _claim(plant: Planter, permit_id: UUID, account: UUID, **said: Any) -> None:
    known: dict[str, Any] = {"state": ClaimState.RESERVED, "heads": 2, "ticket": plant.number()}
    plant.row(QuotaClaim, permit_id=permit_id, account_id=account, **{**known, **said})


def other_quota(plant: Planter, n: int) -> UUID:
    made = permit(plant)
    other: dict[str, Any] = {"origin": "52.05"} if n % 2 else {"species": Species.HORSE}
    _claim(plant, made, _account(plant, **other))
    return made


def over_quota(plant: Planter, n: int) -> UUID:
    if n % 2:
        return _account(plant, cap=10 + n, used=5, held=5)
    made = _account(plant, cap=10, used=10, held=10)
    plant.row(
        QuotaEntry, account_id=made, no=1, kind=EntryKind.CONSUME, used_change=10,
        reserved_change=-10, cap_change=0, claim_id=plant.id(),
    )  # fmt: skip
    return made


def quota_heads(plant: Planter, n: int) -> UUID:
    made = _departed(plant)
    _claim(plant, made, _account(plant), state=ClaimState.CONSUMED, heads=2 - n % 2)
    return made


def no_decree(plant: Planter, n: int) -> UUID:
    decree = plant.row(QuotaDecree, number=" " if n % 2 else "-", year=1900 + plant.number())
    return plant.row(
        QuotaEntry, account_id=_account(plant), no=1, kind=EntryKind.ADJUST, cap_change=5 + n,
        used_change=0, reserved_change=0, decree_id=decree,
    )  # fmt: skip


def ghost(plant: Planter, n: int) -> UUID:
    if n == 3:
        return plant.row(
            Finding, kind=FindingKind.TOO_FAST, settled_at=plant.ago(3), facts={},
            decision=Outcome.PROVEN,
        )  # fmt: skip
    contradicted = (FindingKind.OWNER_DENIES, FindingKind.NOT_FOUND_AGAIN, FindingKind.NOT_PRESENT)
    return plant.row(Finding, kind=contradicted[n % 3], raised_at=plant.ago(1), facts={})


def strange(plant: Planter, n: int) -> UUID:
    return plant.row(Finding, kind=FindingKind.TOO_FAST, raised_at=plant.ago(15 + n), facts={})


def _act(plant: Planter, **said: Any) -> UUID:
    return plant.row(VaccinationAct, **{"given_on": plant.on(20), **said})


def act_doses(plant: Planter, n: int) -> UUID:
    made = _act(plant)
    plant.row(DoseMove, kind=MoveKind.USED, from_holding_id=plant.id(), doses=5 + n, act_id=made)
    for _ in range(3):
        plant.row(Vaccination, act_id=made)
    return made


def balance(plant: Planter, n: int) -> UUID:
    return plant.row(Holding, officer_id=plant.id(), doses=5 - 2 * n)


def silent(plant: Planter, n: int) -> UUID:
    """Most owners of others say yes; of this officer's nobody does."""
    if n == 0:
        _asked(plant, plant.id(), 300, says_yes=True)
    officer = plant.id()
    _asked(plant, officer, 25, says_yes=None)
    return officer


def _asked(plant: Planter, officer: UUID, times: int, *, says_yes: bool | None) -> None:
    act = _act(plant, vaccinator_id=officer, given_on=plant.on(60), given_at=plant.ago(60))
    for _ in range(times):
        plant.row(Confirmation, act_id=act, asked_at=plant.ago(59), says_yes=says_yes)


def late_act(plant: Planter, n: int) -> UUID:
    given = plant.ago(40 + n)
    return _act(plant, given_at=given, recorded_at=given + timedelta(days=20))


PLANTS = {
    "heads-billed": heads_billed, "heads-departed": heads_departed,
    "heads-arrived": heads_arrived, "arrived-strangers": strangers, "paid-stayed": stayed,
    "left-unpaid": left_unpaid, "issued-unpaid": issued_unpaid, "bill-cheaper": cheap_bill,
    "gap-permits": permit_gap, "gap-skkh": skkh_gap, "permits-split": split,
    "post-double-use": double_use, "post-bad-paper": bad_paper, "post-not-departed": not_departed,
    "quota-other": other_quota, "quota-over": over_quota, "quota-heads": quota_heads,
    "quota-decree": no_decree, "dose-ghost": ghost, "dose-strange": strange,
    "dose-act": act_doses, "dose-balance": balance, "owners-silent": silent,
    "late-act": late_act,
}  # fmt: skip
