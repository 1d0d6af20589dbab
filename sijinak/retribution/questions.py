"""What is said at a bill while people look at money that came for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sijinak.core.db import db
from sijinak.payments.discrepancies.queries import ABOUT_MONEY, money_of, open_cases_of
from sijinak.payments.models import Attempt, Discrepancy
from sijinak.retribution.models import Skrd
from sijinak.retribution.telling import case_title, while_held
from sijinak.web.i18n import gettext as _
from sijinak.web.office import whom_to_ask


@dataclass(frozen=True, slots=True)
class Question:
    """``holds``: nobody pays the bill again until two people have decided."""

    title: str
    text: str
    holds: bool


def questions_about(skrd: Skrd) -> Sequence[Question]:
    """The oldest first. The caller has asked who may see the bill."""
    return [_question(case, skrd) for case in open_cases_of([skrd.id])]


def _question(case: Discrepancy, skrd: Skrd) -> Question:
    money = money_of(case)
    attempt = db.session.get(Attempt, money.attempt_id) if money and money.attempt_id else None
    due = attempt.amount if attempt else skrd.total
    title = case_title(case.kind, came=money.amount if money else abs(case.amount), due=due)
    if case.kind in ABOUT_MONEY:
        return Question(title, while_held(), holds=True)
    cleared = _("The treasurer clears it up.")
    return Question(title, f"{cleared} {whom_to_ask()}", holds=False)
