"""What the page of a permit says to its applicant, and what is true of it in the end."""

import re
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.core.db import db
from sijinak.permits.checkpoint.models import CheckOutcome, CheckpointCheck
from sijinak.permits.models import Arrival, Permit, PermitState
from sijinak.permits.queries import animals_on, history_of
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.step_words import DEEDS
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.web.i18n import gettext
from sijinak.web.labels import label
from tests.browser.cast import GOING, Staff
from tests.browser.people import Person
from tests.conditions import wait_until

S = PermitState
DECREE = "SK 800/77/2026"  # of the delegation
PRICE = 79_500  # a head, by the tariff
TURN = {
    S.DRAFT: "The applicant",
    S.SUBMITTED: "The permit desk",
    S.RETURNED: "The applicant",
    S.APPEALED: "The Kabid",
    S.ACCEPTED: "The inspector",
    S.INSPECTED: "The permit desk",
    S.BILLED: "The applicant",
    S.PAID: "The veterinarian",
    S.APPROVED: "The permit desk",
    S.ISSUED: "The checkpoint",
    S.DEPARTED: "The receiver",
    S.ARRIVED: "The permit desk",
}


def sees(trader: Person, permit: str, state: PermitState, *more: str) -> None:
    """Where it stands, what comes next and whose turn it is. For the worker's steps we wait."""
    main = trader.page.locator("main")
    banner = main.locator(".banner").first

    def stands() -> bool:
        trader.go(permit)
        return banner.locator("strong").first.inner_text() == label(state)

    wait_until(stands, f"{permit} is {state}", pause=lambda: trader.page.wait_for_timeout(200))
    expect(banner.locator("p").nth(1)).to_have_text(re.compile(r"(\w+\W+){3}"))
    if state in TURN:
        expect(banner).to_contain_text(gettext(TURN[state]))
    for words in more:
        expect(main).to_contain_text(words)


def see_the_truth(staff: Staff, permit_id: UUID) -> None:
    permit = db.session.get_one(Permit, permit_id)
    assert permit.state is S.CLOSED
    steps = [event.name.removeprefix("permit.") for event in history_of(permit.id)]
    assert [step for step in steps if step not in DEEDS] == [
        "draft", "submit", "return", "submit", "reject", "appeal", "grant", "submit", "accept",
        "inspect", "bill", "settle", "certify", "approve", "issue", "depart", "arrive", "close",
    ]  # fmt: skip
    _see_who_signed(staff, permit)
    _see_the_money(permit)
    _see_the_animals(staff, permit)


def _see_who_signed(staff: Staff, permit: Permit) -> None:
    ids = {user.username: user for user in db.session.scalars(select(User))}
    assert permit.decided_by == ids[staff.deputy].id
    assert (permit.decided_role, permit.decided_mandate) == ("Plh. Kepala Dinas", DECREE)
    assert permit.decided_for == ids[staff.kadis].name
    assert permit.certified_by == ids[staff.doctor].id
    assert permit.heard_by == ids[staff.kabid].id
    assert permit.inspected_by == ids[staff.inspector].id


def _see_the_money(permit: Permit) -> None:
    skrd = skrd_of_permit(permit.id)
    assert skrd
    assert (skrd.state, skrd.total) == (SkrdState.PAID, (GOING - 1) * PRICE)
    receipt = receipt_of(skrd.id)
    assert receipt
    assert (receipt.amount, receipt.channel) == (skrd.total, "sandbox")


def _see_the_animals(staff: Staff, permit: Permit) -> None:
    claim = claim_of(permit.id)
    assert claim
    assert (claim.state, claim.heads) == (ClaimState.CONSUMED, GOING - 1)
    check = db.session.scalars(select(CheckpointCheck)).one()
    assert (check.outcome, check.proved, check.males) == (CheckOutcome.DEPARTED, True, GOING - 1)
    came = {animal.tag: (line.passed, line.arrival) for line, animal in animals_on(permit)}
    received = (True, Arrival.RECEIVED)
    assert came == dict(
        zip(
            staff.herd,
            [(False, None), (True, Arrival.DEAD), received, received],
            strict=True,
        )
    )
