"""Applications are drafted, sent, sent back, accepted and given up."""

from datetime import timedelta
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.animals.models import Species
from sijinak.animals.queries import live_tags
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.permits import commands as c
from sijinak.permits import services as s
from sijinak.permits.enclosures.models import PermitDocument
from sijinak.permits.enclosures.queries import documents_of
from sijinak.permits.models import DocumentKind, Permit
from sijinak.permits.rules.models import Purpose
from tests.factories import LUNYUK_REA
from tests.permits.factories import BEKASI, LOMBOK_TENGAH, SAMARINDA, look_at_documents
from tests.properties.simulation.playing import Run

PLACES = (BEKASI, LOMBOK_TENGAH, LOMBOK_TENGAH, SAMARINDA)
MOST_PERMITS = 14
ENCLOSED = [kind for kind in DocumentKind if kind is not DocumentKind.SALE_LETTER]
FREE = """
    SELECT a.id FROM animals a WHERE a.state = 'present' AND a.keeper_id = :keeper
      AND NOT EXISTS (SELECT 1 FROM permit_animals l JOIN permits p ON p.id = l.permit_id
                      WHERE l.animal_id = a.id AND (l.is_open OR p.state = 'issued'))
    ORDER BY a.id"""


def permit_of(permit_id: UUID) -> Permit:
    return db.session.get_one(Permit, permit_id)


def owner(run: Run, permit_id: UUID) -> str:
    """The trader of its firm, as ``who`` names people."""
    return f"trader{run.world.firms.index(permit_of(permit_id).keeper_id) + 1}"


def draft(run: Run) -> None:
    """For one to three animals, which may be another's, on other permits, away or dead."""
    if len(run.permits) >= MOST_PERMITS:
        return
    firm = run.dice.randrange(len(run.world.firms))
    command = c.DraftApplication(keeper_id=run.world.firms[firm], journey=_journey(run, firm))
    if run.do(s.draft_application, command, run.who(f"trader{firm + 1}")):
        run.permits.append(command.id)
        run.focus = [*run.focus[1:], command.id]
        send(run, command.id)


def save(run: Run) -> None:
    permit = permit_of(run.which())
    firm = run.world.firms.index(permit.keeper_id)
    command = c.SaveApplication(permit_id=permit.id, journey=_journey(run, firm))
    run.do(s.save_application, command, run.who(f"trader{firm + 1}"))


def _journey(run: Run, firm: int) -> c.Journey:
    """Mostly with animals that may be taken, else with any of anybody's."""
    keeper_id = run.world.firms[firm]
    found = [UUID(bytes=row[0]) for row in run.witness.rows(FREE, keeper=keeper_id.bytes)]
    if len(found) < 3 or run.dice.random() < 0.3:
        found = run.world.herds[firm if run.dice.random() < 0.8 else 1 - firm]
    tags = live_tags(run.dice.sample(found, run.dice.choice([1, 1, 2, 3])))
    return c.Journey(
        species=Species.CATTLE,
        purpose=Purpose.SLAUGHTER,
        destination=run.dice.choice(PLACES),
        port="badas",
        planned_on=today() + timedelta(days=run.dice.randint(0, 20)),
        region=LUNYUK_REA,
        tags=tuple(tag.value for tag in tags.values()),
    )


def send(run: Run, permit_id: UUID) -> None:
    _enclose(run, permit_id)
    command = c.SubmitApplication(permit_id=permit_id)
    run.do(s.submit_application, command, run.who(owner(run, permit_id)))


def _enclose(run: Run, permit_id: UUID) -> None:
    """Papers of the applicant lie there. How they come is no matter of this simulation."""
    permit = permit_of(permit_id)
    is_far = permit.destination[:2] != permit.region[:2]
    if is_far and not documents_of(permit_id):
        with transaction():
            db.session.add_all(
                PermitDocument(
                    permit_id=permit_id, kind=kind, file_id=run.world.pdf, added_at=now(),
                    added_by=permit.applied_by,
                )
                for kind in ENCLOSED
            )  # fmt: skip


def give_back(run: Run, permit_id: UUID) -> None:
    command = c.ReturnApplication(permit_id=permit_id, note="KTP")
    run.do(s.return_application, command, run.who(Role.PERMIT_DESK.value))


def accept(run: Run, permit_id: UUID) -> None:
    if documents_of(permit_id):
        with transaction():
            look_at_documents(permit_of(permit_id))
    run.do(s.accept_papers, c.AcceptPapers(permit_id=permit_id), run.who(Role.PERMIT_DESK.value))


def cancel(run: Run, permit_id: UUID) -> None:
    command = c.CancelPermit(permit_id=permit_id, note="Batal")
    run.do(s.cancel_permit, command, run.who(owner(run, permit_id)))
