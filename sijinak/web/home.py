"""The first page after signing in: what there is to do, by role. Features add their tiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Actor, Permission
from sijinak.web.access import actor, public, signed_in
from sijinak.web.i18n import gettext as _

bp = Blueprint("home", __name__)
TILES = "sijinak.tiles"


@dataclass(frozen=True, slots=True)
class Tile:
    """A number, what it counts, and where it leads. ``tone`` warning asks for attention."""

    label: str
    value: str
    url: str
    icon: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation, for those who hold one of the permissions (None: everybody)."""

    label: str
    endpoint: str
    icon: str
    needs: Permission | tuple[Permission, ...] | None

    def is_for(self, who: Actor) -> bool:
        if self.needs is None:
            return True
        asked = (self.needs,) if isinstance(self.needs, Permission) else self.needs
        return any(who.reaches(permission) for permission in asked)


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str
    active: bool


TileMaker = Callable[[Actor], Sequence[Tile]]


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    makers: Sequence[TileMaker] = current_app.extensions[TILES]
    return render_template("home/index.html", tiles=[t for make in makers for t in make(actor())])


@bp.get("/tentang")
@public
def about() -> ResponseReturnValue:
    return render_template("home/about.html")


def links(entries: Sequence[Entry], who: Actor) -> list[Link]:
    """The navigation of a person, the page they are on marked."""
    here = _feature(request.blueprint or "")
    return [
        Link(_(e.label), url_for(e.endpoint), e.icon, _feature(e.endpoint) == here)
        for e in entries
        if e.is_for(who)
    ]


def _feature(name: str) -> str:
    """Of a blueprint or endpoint: accounts, of accounts_own.account."""
    return name.split(".", maxsplit=1)[0].split("_", maxsplit=1)[0]
