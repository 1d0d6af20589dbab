"""What a payer is told about an attempt to pay, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sijinak.core.money import rupiah_text
from sijinak.payments.models import (
    AttemptState,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    Resolution,
)
from sijinak.retribution.policy import policy
from sijinak.retribution.standing import Standing
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.office import whom_to_ask

K = DiscrepancyKind
CASES = {
    K.SHORT: N_("%(came)s came, but %(due)s is due: %(missing)s is missing"),
    K.OVER: N_("%(came)s came, but %(due)s is due: %(over)s too much"),
    K.DOUBLE: N_("You paid once more: %(came)s"),
    K.AFTER_CANCEL: N_("%(came)s came for a bill that was withdrawn"),
    K.CURRENCY: N_("Money of another currency came"),
    K.CONFLICTING: N_("The bank says two different things about this payment"),
    K.REVERSED: N_("The bank took %(came)s back"),
    K.PART_LEFT: N_("The bank took a part back: the rest is kept for you"),
    K.VOIDED: N_("The receipt was voided: %(came)s is kept"),
    K.UNKNOWN_BILL: N_("%(came)s came, and this bill was not open any more"),
}
OTHER_CASE = N_("%(came)s is being looked at")
KEPT = {
    K.SHORT: N_("Your money is safe, but the bill is not paid yet."),
    K.OVER: N_("Your money is safe, but the bill is not paid yet."),
    K.DOUBLE: N_("The bill is paid. The second payment is kept for you."),
    K.REVERSED: N_("The bill is open again. Ask your bank why before you pay once more."),
    K.PART_LEFT: N_("Your money is safe, but the bill is not paid yet."),
}
DECIDED = {
    Resolution.ALLOCATE: N_(
        "It was decided. Below stands what each part of the money was used for."
    ),
    Resolution.REFUND: N_("It was decided: the money is given back. Below stands how far that is."),
    Resolution.WRITE_OFF: N_("It was decided: the rest is written off by decree."),
    Resolution.BANK_CORRECTION: N_("It was decided: the bank corrects it."),
    Resolution.MADE_GOOD: N_("It was decided: the difference was made good."),
    Resolution.EXPLAINED: N_("It was decided: nothing has to move."),
}
WAITING = {
    AttemptState.CREATED: (
        N_("We are asking the bank for your code"),
        N_("It takes a few seconds. This page goes on by itself."),
    ),
    AttemptState.UNKNOWN: (
        N_("We are making sure with the bank"),
        N_("Do not pay twice. The bank has not answered yet; we ask again until it does."),
    ),
}
ENDED = {
    AttemptState.REJECTED: (
        N_("The bank did not accept this payment"),
        N_("Nothing was taken. Try again, or pay in another way."),
    ),
    AttemptState.EXPIRED: (
        N_("The time to pay is over"),
        N_("Nothing has come. If you did pay, do not pay again: press I have paid."),
    ),
    AttemptState.CANCELLED: (
        N_("You called this payment back"),
        N_("Nothing has come. If you did pay, do not pay again: press I have paid."),
    ),
    AttemptState.FAILED: (
        N_("The payment failed"),
        N_("Nothing has come. If you did pay, do not pay again: press I have paid."),
    ),
    AttemptState.SUCCEEDED: (
        N_("The money came"),
        N_("It needs no more of you."),
    ),
    AttemptState.REVERSED: (
        N_("The bank took the money back"),
        N_("The bill is open again. Ask your bank why before you pay once more."),
    ),
}


WAITS_FOR_BANK = (
    N_("The money came. It is not on the bank's statement yet"),
    N_("Do not pay again. The receipt comes by itself as soon as the statement shows the money."),
)


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str
    tone: str


def told_of(standing: Standing) -> list[Told]:
    """The most important first; empty while a code waits to be paid."""
    return [*_paid(standing), *(_case(standing, one) for one in standing.cases), *_state(standing)]


def case_title(kind: DiscrepancyKind, *, came: int, due: int) -> str:
    """What is the matter with the money, in a sentence."""
    facts = {
        "came": rupiah_text(came),
        "due": rupiah_text(due),
        "missing": rupiah_text(due - came),
        "over": rupiah_text(came - due),
    }
    return _(CASES.get(kind, OTHER_CASE), **facts)


def while_held() -> str:
    """How long it takes at most, what it costs, and whom to call."""
    said = _(
        "Do not pay again. Two officers decide within %(days)s working days what becomes of the"
        " money; this page then says what. Until then no interest is added.",
        days=policy.question_days,
    )
    return f"{said} {whom_to_ask()}"


def _paid(standing: Standing) -> Iterator[Told]:
    if not standing.is_paid:
        return
    came = standing.attempt.state is AttemptState.SUCCEEDED
    if came and standing.is_late and not standing.cases:
        text = _("The money came after the time was over. It counts all the same.")
    elif came:
        text = _("Thank you. Keep the receipt; it can be checked by anybody.")
    else:
        text = _("It was paid in another way. Nothing more is due.")
    yield Told(_("Paid"), text, "success")


def _case(standing: Standing, case: Discrepancy) -> Told:
    if case.kind is K.BAD_CODE:
        title = _("The code that the bank sent was not right")
        return Told(
            title, _("So we do not show it. Nothing was taken. Pay in another way."), "danger"
        )
    money = standing.money_of(case)
    came = money.amount if money else abs(case.amount)
    title = case_title(case.kind, came=came, due=standing.attempt.amount)
    is_over = case.state in {DiscrepancyState.RESOLVED, DiscrepancyState.SETTLED}
    return Told(title, _ending(standing, case) if is_over else _open(case), _tone(case, is_over))


def _open(case: Discrepancy) -> str:
    if case.kind is K.REVERSED:
        return _(KEPT[K.REVERSED])
    kept = KEPT.get(case.kind)
    return f"{_(kept)} {while_held()}" if kept else while_held()


def _ending(standing: Standing, case: Discrepancy) -> str:
    if standing.given_back(case):
        return _("It was given back to you.")
    if case.resolution is None:
        return _("It came right by itself.")
    decided = _(DECIDED[case.resolution])
    if standing.is_paid or standing.is_held or not standing.can_begin_again:
        return decided
    still = _("The bill is still open: pay it in full.")
    return f"{decided} {still}"


def _tone(case: Discrepancy, is_over: bool) -> str:  # noqa: FBT001
    if is_over:
        return "info"
    return "danger" if case.kind is K.REVERSED else "warning"


def _state(standing: Standing) -> Iterator[Told]:
    """What the state alone says, when nothing stronger was said."""
    state = standing.attempt.state
    if standing.is_paid or standing.cases:
        return
    if standing.waits_for_bank:
        yield Told(_(WAITS_FOR_BANK[0]), _(WAITS_FOR_BANK[1]), "info")
    elif state in ENDED:
        title, text = ENDED[state]
        tone = "info" if state is AttemptState.SUCCEEDED else "warning"
        yield Told(_(title), _(text), tone)
    else:
        state = AttemptState.CREATED if state is AttemptState.SUBMITTED else state
        if state in WAITING:
            title, text = WAITING[state]
            tone = "warning" if state is AttemptState.UNKNOWN else "info"
            yield Told(_(title), _(text), tone)
