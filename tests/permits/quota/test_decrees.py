"""Decrees: what they give, take, move and freeze, and what they may not take."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import Actor
from sijinak.permits.models import Permit
from sijinak.permits.quota.books import QuotaHeld, QuotaShort
from sijinak.permits.quota.commands import (
    AdjustQuota,
    FreezeQuota,
    GrantQuota,
    LetAhead,
    TransferQuota,
)
from sijinak.permits.quota.decrees import DecreeAhead, DecreeSaysOtherwise
from sijinak.permits.quota.ledger import ledger
from sijinak.permits.quota.lines import line_of_account
from sijinak.permits.quota.models import ClaimState, EntryKind, QuotaDecree
from sijinak.permits.quota.queries import claim_of, queue_place
from sijinak.permits.quota.rehearsing import effect_of
from sijinak.permits.quota.services import (
    NotWaiting,
    QuotaClosed,
    SameLine,
    adjust_quota,
    freeze_quota,
    grant_quota,
    let_ahead,
    transfer_quota,
)
from sijinak.permits.rules.models import Scope
from tests.animals.factories import firm, make_keeper
from tests.factories import LUNYUK, REGENCY, actor_for
from tests.permits.quota.books import (
    YEAR,
    ask,
    assert_books_agree,
    bare_permit,
    figures,
    grant,
    line,
    paper,
    share,
)

pytestmark = pytest.mark.usefixtures("context")
S = ClaimState


@pytest.fixture
def kabid(context: object) -> SignedIn:
    return actor_for(Role.KABID)


@pytest.fixture
def permits(context: object) -> list[Permit]:
    keeper = make_keeper(firm(name="CV Antre"))
    return [bare_permit(keeper) for _ in range(3)]


def done(deed: Any, command: object, by: Actor) -> Any:
    with transaction():
        return deed(command, by=by)


def state_of(permit: Permit) -> ClaimState | None:
    claim = claim_of(permit.id)
    return claim.state if claim else None


def test_quota_cannot_be_cut_below_what_permits_hold(permits: list[Permit], kabid: SignedIn):
    account = grant(10)
    ask(permits[0], 6)
    with pytest.raises(QuotaHeld) as refused:
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=-5, paper=paper()), kabid)
    assert refused.value.facts == {"cap": 10, "held": 6, "left": 4}
    done(adjust_quota, AdjustQuota(account_id=account.id, heads=-4, paper=paper()), kabid)
    assert figures() == (6, 6, 0)
    assert_books_agree()


def test_a_decree_sent_twice_counts_once(kabid: SignedIn):
    command = GrantQuota(year=YEAR, origin=REGENCY, paper=paper(), shares=(share(10),))
    first = done(grant_quota, command, kabid)
    assert done(grant_quota, command, kabid).id == first.id
    assert figures() == (10, 0, 0)


def test_one_decree_is_written_down_once_and_says_one_day(kabid: SignedIn):
    account, one = grant(10), paper()
    for heads in (5, -2):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=heads, paper=one), kabid)
    asked = select(QuotaDecree).where(QuotaDecree.number == one.number)
    assert len(db.session.scalars(asked).all()) == 1
    other = paper(number=one.number, dated_on=today())
    with pytest.raises(DecreeSaysOtherwise):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=1, paper=other), kabid)
    ahead = paper(dated_on=today() + timedelta(days=1))
    with pytest.raises(DecreeAhead):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=1, paper=ahead), kabid)


def test_a_transfer_moves_heads_and_serves_those_who_wait_there(
    permits: list[Permit], kabid: SignedIn
):
    account = grant(10)
    grant(1, scope=Scope.IN_PROVINCE)
    inside = bare_permit(make_keeper(firm(name="CV Dalam")), destination="52.71")
    assert ask(inside, 4).state is S.WAITING
    to = line(scope=Scope.IN_PROVINCE)
    command = TransferQuota(account_id=account.id, to=to, heads=3, paper=paper())
    done(transfer_quota, command, kabid)
    assert figures() == (7, 0, 0)
    assert figures(scope=Scope.IN_PROVINCE) == (4, 4, 0)
    assert_books_agree()


def test_a_transfer_to_another_regency_is_written_on_this_side_alone(kabid: SignedIn):
    account = grant(10)
    command = TransferQuota(account_id=account.id, to=line(origin="52.06"), heads=3, paper=paper())
    done(transfer_quota, command, kabid)
    move = ledger(account).items[0]
    assert (move.entry.kind, move.entry.other_origin, move.left_after) == (
        EntryKind.TRANSFER_OUT, "52.06", 7,
    )  # fmt: skip
    itself = TransferQuota(account_id=account.id, to=line(), heads=3, paper=paper())
    with pytest.raises(SameLine):
        done(transfer_quota, itself, kabid)


def test_of_a_frozen_quota_nobody_gets_any_until_it_is_thawed(
    permits: list[Permit], kabid: SignedIn
):
    account = grant(10)
    ask(permits[0], 4)
    done(freeze_quota, FreezeQuota(account_id=account.id, is_frozen=True, paper=paper()), kabid)
    claim = ask(permits[1], 4)
    assert claim.state is S.WAITING
    with pytest.raises(QuotaClosed):
        done(let_ahead, LetAhead(claim_id=claim.id, why="Kapal"), kabid)
    done(freeze_quota, FreezeQuota(account_id=account.id, is_frozen=False, paper=paper()), kabid)
    assert state_of(permits[1]) is S.RESERVED
    assert_books_agree()


def test_who_is_let_ahead_is_seen_with_who_and_why(permits: list[Permit], kabid: SignedIn):
    account = grant(10)
    ask(permits[0], 6)
    ask(permits[1], 8)
    claim = ask(permits[2], 4)
    done(let_ahead, LetAhead(claim_id=claim.id, why="Kapal berangkat malam ini"), kabid)
    assert (claim.state, claim.let_by_name) == (S.RESERVED, kabid.name)
    told = db.session.scalars(select(Event).where(Event.name == "quota.let-ahead")).one()
    assert (told.facts["passed"], told.facts["reason"]) == (1, "Kapal berangkat malam ini")
    assert ledger(account).items[0].entry.note == "Kapal berangkat malam ini"
    assert queue_place(permits[1].id) == 1
    with pytest.raises(NotWaiting):
        done(let_ahead, LetAhead(claim_id=claim.id, why="Lagi"), kabid)


def test_who_does_not_fit_is_not_let_ahead(permits: list[Permit], kabid: SignedIn):
    grant(10)
    ask(permits[0], 6)
    claim = ask(permits[1], 8)
    with pytest.raises(QuotaShort):
        done(let_ahead, LetAhead(claim_id=claim.id, why="Kapal"), kabid)
    assert figures() == (10, 6, 0)


def test_a_rehearsal_says_what_the_decree_does_and_changes_nothing(
    permits: list[Permit], kabid: SignedIn
):
    account = grant(5)
    for permit, heads in zip(permits, (5, 4, 4), strict=True):
        ask(permit, heads)
    effect = effect_of(line_of_account(account), 6)
    assert (effect.cap_after, effect.left_after, len(effect.served), len(effect.still)) == (
        11, 2, 1, 1,
    )  # fmt: skip
    assert not effect_of(line_of_account(account), -1).fits
    assert figures() == (5, 5, 0)
    done(adjust_quota, AdjustQuota(account_id=account.id, heads=6, paper=paper()), kabid)
    assert [state_of(p) for p in permits] == [S.RESERVED, S.RESERVED, S.WAITING]


def test_the_ledger_says_what_was_left_on_every_page(permits: list[Permit], kabid: SignedIn):
    account = grant(100)
    for _ in range(30):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=1, paper=paper()), kabid)
    first = ledger(account)
    assert first.older
    second = ledger(account, first.older)
    lefts = [move.left_after for move in (*first.items, *second.items)]
    assert lefts == list(range(130, 99, -1))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.KABID])
def test_only_the_head_of_section_moves_quota(role: Role):
    account = grant(10)
    by = actor_for(role)
    with pytest.raises(Forbidden):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=5, paper=paper()), by)
    command = GrantQuota(year=YEAR, origin=REGENCY, paper=paper(), shares=(share(5),))
    with pytest.raises(Forbidden):
        done(grant_quota, command, by)


def test_another_office_does_not_see_it(permits: list[Permit]):
    account = grant(5)
    ask(permits[0], 5)
    claim = ask(permits[1], 5)
    far = actor_for(Role.KABID, LUNYUK)
    with pytest.raises(NotFound):
        done(adjust_quota, AdjustQuota(account_id=account.id, heads=5, paper=paper()), far)
    with pytest.raises(NotFound):
        done(let_ahead, LetAhead(claim_id=claim.id, why="Kapal"), far)
