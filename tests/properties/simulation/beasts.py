"""What becomes of animals while papers about them are on their way."""

from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal
from sijinak.animals.mutations.models import MutationKind, Side
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    CancelTransfer,
    ProposeTransfer,
    RecordMutation,
    acknowledge_transfer,
    answer_transfer,
    cancel_transfer,
    propose_transfer,
    record_mutation,
)
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.permits.models import PermitAnimal
from tests.factories import LUNYUK_ODE
from tests.properties.simulation.playing import Run

K = MutationKind
FATES = (K.DEATH, K.DEATH, K.SLAUGHTER, K.THEFT, K.FOUND, K.FOUND, K.MOVE)
TOLD = {"cause": "sakit", "disposal": "dikubur", "place": "rph", "police_no": "LP/1/2026"}


def some(run: Run) -> UUID:
    """Mostly one that stands on a permit that this run is about."""
    there = select(PermitAnimal.animal_id).where(PermitAnimal.permit_id.in_(run.focus))
    on_paper = sorted(db.session.scalars(there))
    herds = [animal for herd in run.world.herds for animal in herd]
    return run.dice.choice(on_paper if on_paper and run.dice.random() < 0.8 else herds)


def meet_fate(run: Run) -> None:
    kind = run.dice.choice(FATES)
    command = RecordMutation(
        kind=kind, animal_ids=(some(run),), happened_on=today(), details=TOLD,
        to_village=LUNYUK_ODE if kind is K.MOVE else None,
    )  # fmt: skip
    run.do(record_mutation, command, run.who(Role.CLERK.value))


def sell(run: Run) -> None:
    """To the other firm: proposed, agreed by both, acknowledged; or given up on the way."""
    animal = db.session.get_one(Animal, some(run))
    giver = run.world.firms.index(animal.keeper_id)
    clerk, traders = Role.CLERK.value, (f"trader{giver + 1}", f"trader{2 - giver}")
    command = ProposeTransfer(
        kind=K.SALE, animal_ids=(animal.id,), to_keeper_id=run.world.firms[1 - giver],
        happened_on=today(),
    )  # fmt: skip
    if not run.do(propose_transfer, command, run.who(clerk)):
        return
    for side, who in zip((Side.GIVER, Side.RECEIVER), traders, strict=True):
        if run.dice.random() < 0.9:
            answer = AnswerTransfer(mutation_id=command.id, side=side)
            run.do(answer_transfer, answer, run.who(who))
    if run.dice.random() < 0.8:
        last = AcknowledgeTransfer(mutation_id=command.id)
        run.do(acknowledge_transfer, last, run.who("village-head"))
    else:
        stop = CancelTransfer(mutation_id=command.id, reason="Batal")
        run.do(cancel_transfer, stop, run.who(clerk))
