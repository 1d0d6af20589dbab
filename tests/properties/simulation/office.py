"""What the office decides beside the applications: quota, bans, delegations; and time goes by."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from sijinak.accounts.delegating import (
    EndDelegation,
    GiveDelegation,
    end_delegation,
    give_delegation,
)
from sijinak.accounts.models import Appointment, Delegation, Manner, Role
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Delivery
from sijinak.core.permissions import Permission
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Ban, Direction
from sijinak.health.bans.services import enter_ban, lift_ban
from sijinak.health.diseases import Disease
from sijinak.permits.quota.commands import (
    AdjustQuota,
    FreezeQuota,
    GrantQuota,
    LetAhead,
    Paper,
    TransferQuota,
)
from sijinak.permits.quota.lines import line_of_account
from sijinak.permits.quota.models import ClaimState, QuotaAccount, QuotaClaim
from sijinak.permits.quota.services import (
    adjust_quota,
    freeze_quota,
    grant_quota,
    let_ahead,
    transfer_quota,
)
from sijinak.permits.rules.models import Scope
from tests.factories import LUNYUK, REGENCY
from tests.permits.factories import BEKASI
from tests.permits.quota.books import share
from tests.properties.simulation.playing import Run

NEW_YEAR = datetime(2027, 1, 1, 16, tzinfo=UTC) - timedelta(days=1)  # midnight of the office
KABID = Role.KABID.value


def decree(run: Run) -> None:
    """More quota, less, or other: never below what permits hold."""
    deed = run.dice.choice([_grant, _adjust, _adjust, _transfer, _freeze, _freeze, _let])
    deed(run)


def _paper(run: Run) -> Paper:
    return Paper(number=f"500.7-{run.dice.randrange(10**9)}", legal_basis="Keputusan Gubernur")


def _account(run: Run) -> QuotaAccount:
    found = db.session.scalars(select(QuotaAccount).order_by(QuotaAccount.id)).all()
    return run.dice.choice(found)


def _grant(run: Run) -> None:
    heads = share(run.dice.randint(1, 3), scope=run.dice.choice(list(Scope)))
    year = today().year + run.dice.choice([0, 0, 1])
    command = GrantQuota(year=year, origin=REGENCY, paper=_paper(run), shares=(heads,))
    run.do(grant_quota, command, run.who(KABID))


def _adjust(run: Run) -> None:
    heads = run.dice.choice([-13, -10, -6, -3, -1, 2, 5])
    command = AdjustQuota(account_id=_account(run).id, heads=heads, paper=_paper(run))
    run.do(adjust_quota, command, run.who(KABID))


def _transfer(run: Run) -> None:
    source, target = _account(run), _account(run)
    command = TransferQuota(
        account_id=source.id, to=line_of_account(target), heads=run.dice.choice([1, 4, 9]),
        paper=_paper(run),
    )  # fmt: skip
    run.do(transfer_quota, command, run.who(KABID))


def _freeze(run: Run) -> None:
    account = _account(run)
    command = FreezeQuota(account_id=account.id, is_frozen=not account.is_frozen, paper=_paper(run))
    run.do(freeze_quota, command, run.who(KABID))


def _let(run: Run) -> None:
    waiting = select(QuotaClaim.id).where(QuotaClaim.state == ClaimState.WAITING)
    found = db.session.scalars(waiting.order_by(QuotaClaim.id)).all()
    if found:
        command = LetAhead(claim_id=run.dice.choice(found), why="Kapal terakhir")
        run.do(let_ahead, command, run.who(KABID))


def ban(run: Run) -> None:
    """One is entered, or the one that holds is lifted."""
    held = db.session.scalar(select(Ban).where(Ban.lifted_on.is_(None)).order_by(Ban.id.desc()))
    if held:
        run.do(lift_ban, LiftBan(ban_id=held.id, because="Aman"), run.who(KABID))
        return
    command = EnterBan(
        region=run.dice.choice([REGENCY, LUNYUK, BEKASI]),
        disease=Disease.PMK,
        directions=(Direction.OUT, Direction.INTO),
        legal_basis="SE 1/2026",
        valid_from=today(),
        valid_until=run.dice.choice([None, today() + timedelta(days=4)]),
    )
    run.do(enter_ban, command, run.who(KABID))


def cut(run: Run) -> None:
    """No line has more than permits hold: whoever applies now waits."""
    found = db.session.scalars(select(QuotaAccount).order_by(QuotaAccount.id)).all()
    for account_id, left in [(account.id, account.left) for account in found if account.left]:
        command = AdjustQuota(account_id=account_id, heads=-left, paper=_paper(run))
        run.do(adjust_quota, command, run.who(KABID))


def delegate(run: Run) -> None:
    """The head lets the deputy sign for some days, or takes it back."""
    kadis, deputy = run.world.people[Role.KADIS.value], run.world.people["deputy"]
    lives = select(Delegation).where(
        Delegation.ended_at.is_(None), Delegation.valid_until >= today()
    )
    held = db.session.scalar(lives)
    if held:
        run.do(end_delegation, EndDelegation(delegation_id=held.id, reason="Kembali"), kadis)
        return
    command = GiveDelegation(
        appointment_id=_appointment(kadis.id), taker_id=deputy.id, manner=Manner.ON_BEHALF,
        permissions=(Permission.PERMIT_DECIDE,), region=REGENCY,
        decree=f"ST {run.dice.randrange(10**6)}", decree_on=today(), valid_from=today(),
        valid_until=today() + timedelta(days=run.dice.randint(0, 4)),
    )  # fmt: skip
    run.do(give_delegation, command, kadis)


def _appointment(user_id: UUID) -> UUID:
    return db.session.scalars(select(Appointment.id).where(Appointment.user_id == user_id)).one()


def wait(run: Run) -> None:
    run.later(days=run.dice.choice([1, 1, 2, 4, 9]))


def celebrate(run: Run) -> None:
    """Until the last minutes of the year, or the first ones of the next."""
    moment = NEW_YEAR + timedelta(minutes=run.dice.choice([-3, 3]))
    run.moment = max(run.moment, moment)


def work(run: Run) -> None:
    run.work()


def work_again(run: Run) -> None:
    """The worker died after it had done something and before it had said so."""
    done = select(Delivery.id).where(Delivery.done_at.is_not(None)).order_by(Delivery.id.desc())
    found = db.session.scalars(done.limit(12)).all()
    run.work(calm=True)
    if found:
        with transaction():
            db.session.execute(
                update(Delivery)
                .where(Delivery.id == run.dice.choice(found))
                .values(done_at=None, attempts=1, try_again_at=now())
            )
        before = _steps(run)
        run.work(calm=True)
        run.require(before == _steps(run), "what was delivered twice was done twice")


def send_again(run: Run) -> None:
    """A phone or a browser that did not hear the answer."""
    if run.done:
        done = run.dice.choice(run.done[-8:])
        before = run.lines()
        run.do(done.service, done.command, done.by)
        run.require(before == run.lines(), f"{done.service.__name__} sent twice was done twice")


def _steps(run: Run) -> object:
    asked = "SELECT name, count(*) FROM events WHERE subject_type = 'permits' GROUP BY name"
    return run.witness.rows(asked)
