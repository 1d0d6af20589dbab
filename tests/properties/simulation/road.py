"""The steps of a permit: the next one by whom it belongs to, or any other."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sijinak.permits.models import PERMIT_FLOW, PermitState
from tests.properties.simulation import (
    applying,
    beasts,
    deciding,
    examining,
    leaving,
    money,
    office,
)
from tests.properties.simulation.applying import permit_of
from tests.properties.simulation.playing import Run

S = PermitState
Step = Callable[[Run, UUID], None]
ONWARD: dict[PermitState, Sequence[Step]] = {
    S.DRAFT: (applying.send,),
    S.RETURNED: (applying.send,),
    S.SUBMITTED: (applying.accept,),
    S.ACCEPTED: (examining.inspect,),
    S.IN_LAB: (examining.answer,),
    S.INSPECTED: (deciding.bill,),
    S.BILLED: (money.pay, money.pay, money.pay_late),
    S.PAID: (deciding.decide,),
    S.APPROVED: (deciding.issue,),
    S.ISSUED: (leaving.depart, leaving.depart, deciding.extend),
    S.DEPARTED: (leaving.arrive, leaving.arrive, leaving.close),
    S.ARRIVED: (leaving.arrive, leaving.close),
    S.REJECTED: (deciding.appeal,),
    S.APPEALED: (deciding.hear,),
}
BY_NAME: dict[str, Step] = {
    "submit": applying.send,
    "return": applying.give_back,
    "accept": applying.accept,
    "inspect": examining.inspect,
    "sample": examining.inspect,
    "clear": examining.answer,
    "bill": deciding.bill,
    "settle": money.pay,
    "withdraw": money.withdraw,
    "certify": deciding.certify,
    "approve": deciding.decide,
    "reject": deciding.reject,
    "issue": deciding.issue,
    "extend": deciding.extend,
    "depart": leaving.depart,
    "arrive": leaving.arrive,
    "close": leaving.close,
    "appeal": deciding.appeal,
    "uphold": deciding.hear,
    "grant": deciding.hear,
    "cancel": applying.cancel,
    "expire": leaving.run_out,
    "revoke": deciding.revoke,
}
# What comes just before somebody takes the next step.
BETWEEN = (office.ban, office.delegate, office.decree, office.wait, beasts.meet_fate)


def go_on(run: Run) -> None:
    """The next step of a permit, or two, by those whose task they are."""
    permit_id = run.which()
    for _ in range(run.dice.choice([1, 1, 2, 3])):
        steps = ONWARD.get(permit_of(permit_id).state)
        if steps is None:
            return
        if run.dice.random() < 0.15:
            run.dice.choice(BETWEEN)(run)
        with run.on_its_clock():
            run.dice.choice(steps)(run, permit_id)
            if run.dice.random() < 0.7:
                run.work()


def turn_aside(run: Run) -> None:
    """Any step of any permit: one that it could take, or one whose time it is not.

    Only what the bank takes back is played elsewhere: tests/properties/test_money.py.
    """
    permit_id = run.which()
    steps = PERMIT_FLOW.steps_from(permit_of(permit_id).state)
    could = [step.action for step in steps if step.action in BY_NAME]
    name = run.dice.choice(could if could and run.dice.random() < 0.7 else list(BY_NAME))
    BY_NAME[name](run, permit_id)


def queue_up(run: Run) -> None:
    """Somebody applies where no quota is left, and mostly gives up."""
    office.cut(run)
    known = len(run.permits)
    applying.draft(run)
    if len(run.permits) > known and run.dice.random() < 0.7:
        applying.cancel(run, run.permits[-1])


def issue_in_spite(run: Run) -> None:
    """A ban is entered, or lifted, between the decision and the letter."""
    permit_id = run.which(S.APPROVED)
    office.ban(run)
    deciding.issue(run, permit_id)
