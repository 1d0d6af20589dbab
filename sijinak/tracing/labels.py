"""What people call the parts of a trace."""

from sijinak.animals.mutations import labels as _mutations  # noqa: F401 - names their kinds
from sijinak.tracing.moves import MoveKind, Way, Why
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

name_all(
    {
        Way.FORWARD: N_("Where it went"),
        Way.BACK: N_("Where it came from"),
        MoveKind.BIRTH: N_("Born"),
        MoveKind.SHIPMENT: N_("Left with a permit"),
        MoveKind.RETURN: N_("Sent back by the receiver"),
        Why.START: N_("From the start"),
        Why.SAME_ANIMAL: N_("The same animal, or its calf"),
        Why.GATHERING: N_("On the same permit"),
        Why.HOLDING: N_("On the same holding"),
    }
)
