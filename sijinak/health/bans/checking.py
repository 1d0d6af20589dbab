"""What is wrong with a ban, also before anything is saved."""

from sijinak.areas.queries import places
from sijinak.core.errors import Invalid
from sijinak.health.bans.commands import EnterBan


class UnknownArea(Invalid):
    code = "unknown-area"


class EndsBeforeItBegins(Invalid):
    code = "ends-before-it-begins"


class NoDirection(Invalid):
    code = "no-direction"


def check_ban(command: EnterBan) -> None:
    """Raises UnknownArea, NoDirection, EndsBeforeItBegins."""
    if command.region not in places():
        raise UnknownArea(region=command.region)
    if not command.directions:
        raise NoDirection
    if command.valid_until is not None and command.valid_until < command.valid_from:
        raise EndsBeforeItBegins
