"""What pages show of an arrival, to the receiver and to the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import url_for

from sijinak.animals.queries import live_tags
from sijinak.areas.queries import place_name
from sijinak.core.clock import local, now, today
from sijinak.core.codes import spaced
from sijinak.core.ids import uuid7
from sijinak.core.qr import qr_path
from sijinak.keepers.proving import MOST_TRIES
from sijinak.permits.arrivals.models import ArrivalLink, ArrivalStatement
from sijinak.permits.arrivals.queries import aboard, live_link, statements_of
from sijinak.permits.arrivals.schemas import ArrivalForm, typed_again
from sijinak.permits.arrivals.secrets import shown
from sijinak.permits.models import Arrival, Permit
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

SHARE = N_(
    "Livestock with permit %(number)s is on its way to you. Please say here what arrived: %(url)s"
)
KECAMATAN = 8  # letters of a kecamatan in a region's code
TONES = {Arrival.RECEIVED: "success", Arrival.REJECTED: "warning", Arrival.DEAD: "danger"}


@dataclass(frozen=True, slots=True)
class Aboard:
    """One animal of the list, and what was said of it."""

    position: int
    animal_id: UUID
    tag: str
    arrival: Arrival | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed to the receiver."""

    url: str
    address: str  # where number and code are typed
    code: str
    qr: Any
    whatsapp: str
    is_code_shut: bool
    link: ArrivalLink


def list_of(permit: Permit, said: ArrivalStatement | None = None) -> list[Aboard]:
    lines = aboard(permit)
    tags = live_tags([line.animal_id for line in lines])
    told = {line.animal_id: (line.outcome, line.words) for line in said.lines} if said else {}
    return [
        Aboard(
            line.position,
            line.animal_id,
            spaced(tags[line.animal_id].value) if line.animal_id in tags else "–",
            *told.get(line.animal_id, (line.arrival, "")),
        )
        for line in lines
    ]


def facts_for(permit: Permit) -> dict[str, Any]:
    """Nothing of it names a person."""
    statements = statements_of(permit.id)
    said = statements[0] if statements else None
    return {
        "permit": permit,
        "animals": list_of(permit, said),
        "said": said,
        "earlier": statements[1:],
        "origin": place_name(permit.region[:KECAMATAN]),
        "destination": place_name(permit.destination),
        "outcomes": [(one.value, one) for one in TONES],
        "tones": TONES,
        "local": local,
    }


def blank_form(permit: Permit, said: ArrivalStatement | None) -> ArrivalForm:
    """Nothing is chosen beforehand; to correct, what was said stands there."""
    raw = {"id": str(uuid7()), "arrived_on": today().isoformat()}
    if said is None:
        return ArrivalForm(raw)
    told = {
        one.position: (one.arrival, one.words)
        for one in list_of(permit, said)
        if one.arrival is not None
    }
    kept = {"name": said.by_name if said.link_id else "", "extras": "\n".join(said.extras)}
    arrived = local(said.arrived_at).date().isoformat()
    return ArrivalForm(raw | typed_again(told) | kept | {"arrived_on": arrived})


def animals_to_say(permit: Permit) -> Sequence[tuple[int, UUID, str]]:
    return [(one.position, one.animal_id, one.tag) for one in list_of(permit)]


def handed_for(permit: Permit) -> Handed | None:
    """None while there is no link, or none that can be shown again."""
    link = live_link(permit.id)
    if link is None or link.expires_at <= now() or (secrets := shown(link)) is None:
        return None
    secret, code = secrets
    url = settings().public_url.rstrip("/") + url_for("arrival_door.show", secret=secret)
    text = _(SHARE, number=permit.number, url=url)
    return Handed(
        url=url,
        address=settings().public_url.partition("://")[2].rstrip("/")
        + url_for("arrival_door.index"),
        code=f"{code[:3]} {code[3:]}",
        qr=qr_path(url, level="M"),
        whatsapp="https://wa.me/?text=" + quote(text, safe=""),
        is_code_shut=link.tries >= MOST_TRIES,
        link=link,
    )
