"""What is asked of a vaccination afterwards: by the program, by lot, and of the owner."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.confirming.models import Confirmation
from sijinak.vaccinations.confirming.services import ask_owners
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import VaccinationAct
from sijinak.vaccinations.revisits.models import Revisit, SeedSource
from sijinak.vaccinations.revisits.services import (
    AnnounceDraw,
    DrawDoses,
    announce_draw,
    draw_doses,
)
from tests.factories import LUNYUK, LUNYUK_REA


def look_again(act: VaccinationAct) -> dict[str, Any]:
    """The ids of a finding, a draw, a visit and a question about the act."""
    who: dict[str, Any] = {"officer_id": act.vaccinator_id, "officer_name": act.vaccinator_name}
    plan = AnnounceDraw(
        region=LUNYUK, first_day=today(), last_day=today(), permille=1000,
        source=SeedSource.PUBLIC, source_words="Undian", seed="Alasan rahasia",
    )  # fmt: skip
    with transaction():
        raise_findings(
            [Raised(kind=FindingKind.TOO_FAST, subject_id=act.id, region=LUNYUK_REA, **who)]
        )
        draw = announce_draw(plan, by=OPERATOR)
        ask_owners(act.id)
    with clock.reading(now() + timedelta(days=1)), transaction():
        draw_doses(DrawDoses(draw_id=draw.id), by=OPERATOR)
    asked = select(Confirmation.id).where(Confirmation.act_id == act.id)
    return {
        "finding_id": db.session.scalars(select(Finding.id)).first(),
        "draw_id": draw.id,
        "revisit_id": db.session.scalars(select(Revisit.id)).first(),
        "confirmation_id": db.session.scalars(asked).one(),
    }
