"""Samples: what nobody chose, anybody draws again, and what they say of all."""

import csv
import hashlib
import io
import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.models import Role
from sijinak.audit.desk.commands import DrawSample, PlanSample, TickItem
from sijinak.audit.desk.models import AuditSample, AuditSampleItem, Method, Result
from sijinak.audit.desk.projecting import factor, misstatement, share_wrong
from sijinak.audit.desk.sampled import (
    listed,
    outcome_of,
    plan_of,
    population_of,
    size_of_population,
    ticked,
)
from sijinak.audit.desk.services import (
    DrawnAlready,
    NoCheckpointYet,
    NothingToSample,
    RightAmountMissing,
    draw_sample,
    plan_sample,
    tick_item,
)
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.drawing import by_amount, interval_of
from sijinak.core.errors import Forbidden
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.core.tlog import LogCheckpoint
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from tests.factories import LUNYUK_ODE, REGENCY, actor_for
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash, void

WORDS = "koran Sumbawa halaman 3"


def draw_again(text: str, seed: str, method: str, size: int) -> list[str]:
    """As docs/sampling.md has it, and nothing of ours."""
    rows = [(number, int(amount)) for number, amount in csv.reader(io.StringIO(text))]

    def rank(name: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{name}".encode()).digest()

    if method == "simple":
        return sorted((number for number, _ in rows), key=rank)[:size]
    interval = -(-sum(amount for _, amount in rows) // size)
    drawn, end, found = int.from_bytes(rank("start"), "big") % interval + 1, 0, []
    for number, amount in rows:
        end += amount
        if drawn <= end:
            found.append(number)
        while drawn <= end:
            drawn += interval
    return found


def planned(
    by: Actor,
    method: Method = Method.SIMPLE,
    size: int = 3,
    *,
    region: str = REGENCY,
    where: str = "",
) -> AuditSample:
    wanted = Wanted(first=today(), last=today(), region=where)
    with transaction():
        return plan_sample(
            PlanSample(
                title="Kas hari ini", region=region, wanted=wanted, method=method, size=size,
                words=WORDS,
            ),
            by=by,
        )  # fmt: skip


def drawn(by: Actor, method: Method = Method.SIMPLE, size: int = 3) -> AuditSample:
    sample = planned(by, method, size)
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    with transaction():
        return draw_sample(DrawSample(sample_id=sample.id), by=by)


@pytest.mark.parametrize("method", Method)
def test_whoever_has_list_and_seed_draws_the_same(context: Flask, method: Method):
    for heads in range(1, 9):
        paid_in_cash(make_skrd(10_000 * heads))
    auditor = actor_for(Role.AUDITOR)
    sample = drawn(auditor, method)
    text = listed(population_of(sample))
    assert sample.seed.endswith(f" {WORDS}")
    assert hashlib.sha256(text.encode()).hexdigest() == sample.digest
    mine = [row.item.number for row in ticked(sample)]
    assert mine == draw_again(text, sample.seed, method.value, sample.size)
    assert (sample.among, len(mine) >= 2) == (8, True)


def test_the_plan_comes_before_the_seed_and_both_stand(context: Flask):
    paid_in_cash(make_skrd())
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)  # known to whoever plans: not the seed
    auditor = actor_for(Role.AUDITOR)
    sample = planned(auditor)
    with pytest.raises(NoCheckpointYet), transaction():
        draw_sample(DrawSample(sample_id=sample.id), by=auditor)
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    with transaction():
        draw_sample(DrawSample(sample_id=sample.id), by=auditor)
    newest = select(LogCheckpoint.id).order_by(LogCheckpoint.size.desc()).limit(1)
    assert sample.checkpoint_id == db.session.scalar(newest)
    with pytest.raises(DrawnAlready), transaction():
        draw_sample(DrawSample(sample_id=sample.id), by=auditor)
    for change in ("seed = 'mine'", "size = 1", "wanted = '{}'"):
        with db.engine.connect() as raw, pytest.raises(SQLAlchemyError, match="the plan and"):
            raw.exec_driver_sql(f"UPDATE audit_samples SET {change}")
    with db.engine.connect() as raw, pytest.raises(SQLAlchemyError, match="the plan and"):
        raw.exec_driver_sql("DELETE FROM audit_samples")


def test_what_was_issued_after_the_seed_was_known_is_not_drawn_from(context: Flask):
    paid_in_cash(make_skrd())
    auditor = actor_for(Role.AUDITOR)
    sample = planned(auditor)
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    paid_in_cash(make_skrd())  # its number could be chosen by the seed
    with transaction():
        assert draw_sample(DrawSample(sample_id=sample.id), by=auditor).among == 1


def test_what_stood_when_the_seed_became_known_is_drawn_from(context: Flask):
    """A void before it takes a receipt away; a later one could be chosen by the seed."""
    start, auditor = now(), actor_for(Role.AUDITOR)
    receipts = [paid_in_cash(make_skrd(10_000 * n)) for n in range(1, 6)]
    sample = planned(auditor, size=4)
    with clock.reading(start + timedelta(minutes=1)):
        void(receipts[0])
    with clock.reading(start + timedelta(minutes=2)), transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    with clock.reading(start + timedelta(minutes=3)):
        void(receipts[1])
        assert size_of_population(plan_of(sample), by=auditor)[0] == 3
        with transaction():
            draw_sample(DrawSample(sample_id=sample.id), by=auditor)
    assert (sample.among, sample.total) == (4, 20_000 + 30_000 + 40_000 + 50_000)
    assert len(ticked(sample)) == 4


@pytest.mark.parametrize("where", ["", REGENCY])
def test_whoever_draws_the_list_is_that_of_the_plan(context: Flask, where: str):
    """The auditor of the regency sees more receipts than the plan of a village speaks of."""
    auditor = actor_for(Role.AUDITOR)
    paid_in_cash(make_skrd())  # in Lunyuk Rea
    sample = planned(auditor, region=LUNYUK_ODE, where=where)
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    with pytest.raises(NothingToSample), transaction():
        draw_sample(DrawSample(sample_id=sample.id), by=auditor)


def test_a_plan_cannot_be_changed_before_its_draw(context: Flask):
    planned(actor_for(Role.AUDITOR))
    with db.engine.connect() as raw, pytest.raises(SQLAlchemyError, match="the plan and"):
        raw.exec_driver_sql("UPDATE audit_samples SET words = 'other words'")


def test_auditors_alone_draw_and_only_in_their_region(context: Flask):
    with pytest.raises(Forbidden):
        planned(actor_for(Role.TREASURER))
    with pytest.raises(Forbidden):
        planned(actor_for(Role.AUDITOR, LUNYUK_ODE))


def test_each_rupiah_has_the_same_chance():
    """Receipts of 1, 2, 3 and 4 parts are drawn in this proportion; a large one always."""
    amounts = [10_000, 20_000, 30_000, 40_000] * 25
    counts = [0, 0, 0, 0]
    for n in range(400):
        for place, hits in by_amount(f"seed {n}", amounts, 10):
            counts[place % 4] += hits
    share = [count / sum(counts) for count in counts]
    assert share == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.02)
    assert by_amount("seed", [5, 1_000_000, 5], 10) == [(1, 10)]


def test_no_draw_by_amount_is_short_or_long_by_more_than_one():
    source = random.Random(20261122)  # noqa: S311 - a test
    for n in range(200):
        amounts = [source.randrange(1, 90_000) for _ in range(source.randrange(1, 60))]
        size = source.randrange(1, 40)
        hits = sum(hits for _, hits in by_amount(str(n), amounts, size))
        whole = sum(amounts) // interval_of(sum(amounts), size)
        assert whole <= hits <= min(size, whole + 1)


def test_the_limits_are_those_of_the_printed_tables():
    """Poisson factors of the audit guides; Clopper-Pearson of any statistics book."""
    assert [factor(n) for n in range(6)] == [3.00, 4.75, 6.30, 7.76, 9.16, 10.52]
    assert share_wrong(0, 60).high == pytest.approx(0.0596, abs=0.0001)
    two = share_wrong(2, 100)
    assert [two.low, two.high] == pytest.approx([0.0024, 0.0704], abs=0.0001)
    clean = misstatement(1_000_000, [(79_500, 79_500)] * 30)
    assert (clean.too_high, clean.most) == (0, 3_000_000)
    half = misstatement(1_000_000, [(80_000, 40_000), (79_500, 79_500)])
    assert (half.too_high, half.most) == (500_000, 3_000_000 + 875_000)
    known = misstatement(50_000, [(80_000, 70_000)])
    assert (known.too_high, known.most) == (10_000, 150_000 + 10_000)


def test_what_was_ticked_off_is_kept_and_counts_in_its_newest_form(context: Flask):
    for n in range(1, 5):
        paid_in_cash(make_skrd(10_000 * n))
    auditor = actor_for(Role.AUDITOR)
    sample = drawn(auditor, size=2)
    one, two = ticked(sample)
    with transaction():
        tick_item(TickItem(item_id=one.item.id, result=Result.RIGHT), by=auditor)
    with pytest.raises(RightAmountMissing), transaction():
        tick_item(TickItem(item_id=two.item.id, result=Result.WRONG, words="beda"), by=auditor)
    with transaction():
        tick_item(
            TickItem(
                item_id=one.item.id, result=Result.WRONG, right_amount=Rupiah(0), words="salah",
            ),
            by=auditor,
        )  # fmt: skip
    rows = ticked(sample)
    said = outcome_of(sample, rows)
    assert (said.right, said.wrong, said.left, len(rows[0].results)) == (0, 1, 1, 2)
    assert said.share
    assert said.share.share == 1.0
    item = select(AuditSampleItem.amount).where(AuditSampleItem.id == one.item.id)
    assert db.session.scalar(item) == one.item.amount
