"""Forms about one animal as they come: filled in with what is known of it at that moment."""

from collections.abc import Mapping
from typing import Any

from sijinak.animals.models import Animal
from sijinak.animals.mutations.correcting import CORRECTABLE, as_seen, last_change
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.retagging import NO_TAG
from sijinak.animals.mutations.view import tags_shown
from sijinak.animals.queries import live_tags
from sijinak.core.clock import today
from sijinak.core.ids import uuid7
from sijinak.web.io import Form, blank

K = MutationKind


def filled(kind: MutationKind, found: Animal) -> Form[Any]:
    match kind:
        case K.CORRECTION:
            return blank(seen=last_change(found.id), **_written(_known(found)))
        case K.BIRTH:
            return blank(calf_id=str(uuid7()), happened_on=today().isoformat(), verification="seen")
        case K.RETAG:
            return blank(shown=_worn(found))
    return blank(happened_on=today().isoformat())


def catch_up(form: Form[Any], kind: MutationKind, found: Animal) -> None:
    """What was typed stays; what was left as the form showed it becomes what is known by now."""
    if kind is K.RETAG:
        form.raw["shown"] = _worn(found)
        return
    shown, known = _written(as_seen(found, form.raw["seen"])), _written(_known(found))
    left = {name for name, text in shown.items() if form.raw.get(name, "") == text}
    form.raw |= {"seen": last_change(found.id), **{name: known[name] for name in left}}


def _worn(found: Animal) -> str:
    tag = live_tags([found.id]).get(found.id)
    return tag.value if tag else NO_TAG


def _known(found: Animal) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CORRECTABLE}


def _written(columns: Mapping[str, Any]) -> dict[str, str]:
    """As the form of a correction shows them; parents by the codes that they wear."""
    known = dict(columns)
    parents = {"dam": known.pop("dam_id"), "sire": known.pop("sire_id")}
    tags = tags_shown([one for one in parents.values() if one])
    known |= {name: tags[one] if one else None for name, one in parents.items()}
    known["is_pregnant"] = {True: "true", False: "false"}.get(known["is_pregnant"])
    return {name: "" if value is None else str(value) for name, value in known.items()}
