"""What the pages of mutations show, to whoever looks at them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, AnimalState, IdentifierKind, Observation, Sex
from sijinak.animals.mutations.acknowledging import had_a_hand
from sijinak.animals.mutations.answering import SIDES
from sijinak.animals.mutations.labels import (
    PURPOSES,
    TONES,
    heads_of,
    price_told,
    why_refused,
)
from sijinak.animals.mutations.models import (
    AGREED_KINDS,
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.animals.mutations.queries import (
    consents_of,
    links_of,
    moved_since,
    mutation_by_id,
)
from sijinak.animals.mutations.sides import is_named, sides_shown
from sijinak.animals.mutations.transfers import is_a_side, owner_of, side_of
from sijinak.animals.mutations.writing import STATES, kecamatan_number, register_number
from sijinak.animals.queries import identifiers_of, live_tags
from sijinak.animals.record import officer_names
from sijinak.animals.words import Wording
from sijinak.areas.queries import full_name
from sijinak.core.clock import now
from sijinak.core.codes import spaced
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank
from sijinak.web.labels import label

K = MutationKind
# The address of each kind that an officer records at once for one animal, in the order of a list.
SLUGS = {
    K.BIRTH: "kelahiran",
    K.DEATH: "kematian",
    K.SLAUGHTER: "pemotongan",
    K.THEFT: "pencurian",
    K.FOUND: "ditemukan",
    K.MOVE: "pindah",
    K.RETAG: "ganti-tag",
    K.CORRECTION: "koreksi",
}
TELLS = {
    K.BIRTH: N_("She calved: register the calf"),
    K.DEATH: N_("It died"),
    K.SLAUGHTER: N_("It was slaughtered"),
    K.THEFT: N_("It was stolen: the police have a report"),
    K.FOUND: N_("The stolen animal is back"),
    K.MOVE: N_("It goes to another village or hamlet; the owner stays"),
    K.RETAG: N_("Its tag is lost, broken or wrong"),
    K.CORRECTION: N_("Something was written down wrongly"),
}
ICONS = {
    K.BIRTH: "plus",
    K.DEATH: "circle-x",
    K.SLAUGHTER: "clipboard-check",
    K.THEFT: "alert-triangle",
    K.FOUND: "check",
    K.MOVE: "map-pin",
    K.RETAG: "tag",
    K.CORRECTION: "edit",
}
DETAILS = {
    "cause": N_("Cause"),
    "disposal": N_("What was done with the body"),
    "place": N_("Place"),
    "purpose": N_("Purpose"),
    "police_no": N_("Police report"),
    "seller": N_("Seller"),
    "came_from": N_("Came from"),
    "paper_no": N_("Number of its paper"),
    "to_hamlet": N_("To the hamlet"),
    "old": N_("Old tag"),
    "new": N_("New tag"),
}
TAGS = {"old", "new"}
BRINGS_TAG = frozenset({K.BIRTH, K.PURCHASE, K.RETAG})


@dataclass(frozen=True, slots=True)
class Line:
    """An animal in a mutation, as it is shown."""

    tag: str
    what: str
    line: MutationAnimal
    state: AnimalState


def possible_for(animal: Animal) -> list[MutationKind]:
    """What can be recorded of it at once, as it stands."""
    return [
        kind
        for kind in SLUGS
        if animal.state in STATES.get(kind, {"present"})
        and (kind is not K.BIRTH or animal.sex is Sex.FEMALE)
    ]


def tags_shown(animal_ids: Collection[UUID]) -> dict[UUID, str]:
    """The tags that lead to the records: the live ones, else the last."""
    tags = {one: tag.value for one, tag in live_tags(animal_ids).items()}
    for one in set(animal_ids) - tags.keys():
        ended = [i.value for i in identifiers_of(one) if i.kind is IdentifierKind.TAG]
        tags[one] = ended[-1] if ended else ""
    return tags


def lines_shown(mutation: Mutation) -> list[Line]:
    ids = [line.animal_id for line in mutation.animals]
    tags = tags_shown(ids)
    animals = {a.id: a for a in db.session.scalars(select(Animal).where(Animal.id.in_(ids)))}
    roles = {mutation.details.get("dam"): _("Mother"), mutation.details.get("calf"): _("Calf")}
    return [
        Line(
            tags[line.animal_id],
            ": ".join(filter(None, (roles.get(str(one.id)), what_it_is(one)))),
            line,
            one.state,
        )
        for line in mutation.animals
        if (one := animals[line.animal_id])
    ]


def lines_checked(mutation: Mutation) -> list[tuple[Line, str]]:
    """The animals that it handed over, each with what is no longer so; empty while all is."""
    moved = moved_since(mutation)
    return [
        (shown, _since(shown, moved))
        for shown in lines_shown(mutation)
        if shown.line.observation_id
    ]


def _since(shown: Line, moved: Collection[UUID]) -> str:
    if shown.state is AnimalState.STOLEN:
        return _("Reported stolen")
    if shown.state is not AnimalState.PRESENT:
        return label(shown.state)
    return _("Changed hands since") if shown.line.animal_id in moved else ""


def what_it_is(animal: Animal) -> str:
    words = (animal.breed or label(animal.species), label(animal.sex).lower(), animal.colour)
    return ", ".join(word for word in words if word)


def view_of(
    mutation_id: UUID, by: Actor, forms: dict[str, Form[Any]] | None = None
) -> dict[str, Any]:
    """All that mutations/show.html needs; ``forms`` are those that were sent and refused."""
    mutation = mutation_by_id(mutation_id, by=by)
    giver, receiver = sides_shown([mutation], by)[mutation.id]
    for one in (giver, receiver):
        if one and is_named(one):
            shows(one.id, mutation.region, Where.MUTATION)
    turns = turns_of(mutation, by)
    steps = ("answer-giver", "answer-receiver", "link-giver", "link-receiver", "acknowledge")
    fresh = {name: blank() for name in (*steps, "cancel", "undo")}
    return {
        "mutation": mutation,
        "lines": lines_shown(mutation),
        "tone": TONES[mutation.state],
        "giver": giver,
        "receiver": receiver,
        "consents": consents_of(mutation.id),
        "link_makers": link_makers(mutation),
        "village_number": register_number(mutation),
        "kecamatan_number": kecamatan_number(mutation),
        "full_name": full_name,
        "why_refused": why_refused,
        "is_transfer": mutation.kind in AGREED_KINDS,
        "details": details_of(mutation),
        "heads": heads_of(mutation),
        "price": price_told(mutation),
        "changes": changes_of(mutation),
        "prints_for": prints_for(mutation, by),
        "turns": turns,
        "forms": {**fresh, **(forms or {})},
        "failed": next((f for f in (forms or {}).values() if f.errors), Form()),
    }


def link_makers(mutation: Mutation) -> dict[Side, str]:
    """Who handed out the link of each side: the village head weighs its answer by that."""
    made = {link.side: link.made_by for link in links_of(mutation.id)}
    names = officer_names(made.values())
    return {side: names.get(maker, "") for side, maker in made.items()}


def details_of(mutation: Mutation) -> list[tuple[str, str]]:
    """What the kind told, named for people; ids and marks for machines are left out."""
    told = {**mutation.details}
    if told.get("purpose") in PURPOSES:
        told["purpose"] = _(PURPOSES[told["purpose"]])
    for tag in TAGS & told.keys():
        told[tag] = told[tag] and spaced(told[tag])
    return [(_(name), str(told[key])) for key, name in DETAILS.items() if told.get(key)]


def changes_of(mutation: Mutation) -> tuple[str, ...]:
    """What a correction changed: what was, and what is."""
    if mutation.kind is not K.CORRECTION:
        return ()
    ids = [line.observation_id for line in mutation.animals]
    seen = db.session.scalars(select(Observation).where(Observation.id.in_(ids))).all()
    wording = Wording([values for one in seen for values in (one.before, one.after)])
    return tuple(line for one in seen for line in wording.changes(one))


def prints_for(mutation: Mutation, by: Actor) -> UUID | None:
    """The keeper for whom a label waits that this mutation brought, if the person prints labels."""
    if mutation.state is not MutationState.DONE or mutation.kind not in BRINGS_TAG:
        return None
    if not may(by, Permission.TAG_PRINT, region=mutation.region):
        return None
    return mutation.to_keeper_id or mutation.from_keeper_id


@dataclass(frozen=True, slots=True)
class Turns:
    """What this person may do now."""

    own: Side | None  # the side they answer for on their own account
    office: tuple[Side, ...]  # sides for which they may state an answer as an officer
    links: tuple[Side, ...]  # sides to which they may hand a link
    asks_office: bool  # a link is to be had, but not from this person
    acknowledge: bool
    barred: bool  # would be their turn, had they no other hand in it
    cancel: bool
    undo: bool
    another_undoes: bool


def turns_of(mutation: Mutation, by: Actor) -> Turns:
    is_over = mutation.expires_at is not None and mutation.expires_at <= now()
    waits = mutation.state is MutationState.PROPOSED and not is_over
    left = SIDES - consents_of(mutation.id).keys() if waits else frozenset()
    open_sides = tuple(side for side in (Side.GIVER, Side.RECEIVER) if side in left)
    own = side_of(mutation, by)
    is_officer = may(by, Permission.MUTATION_RECORD, region=mutation.region)
    is_neutral = is_officer and not is_a_side(mutation, by)
    done = is_officer and mutation.state is MutationState.DONE
    undo = done and not (mutation.kind in AGREED_KINDS and had_a_hand(mutation, by))
    may_propose = may(
        by, Permission.MUTATION_PROPOSE, region=mutation.region, keeper_id=owner_of(mutation)
    )
    is_head = may(by, Permission.MUTATION_ACKNOWLEDGE, region=mutation.region)
    agreed = mutation.state is MutationState.AGREED and not is_over
    barred = agreed and is_head and had_a_hand(mutation, by)
    return Turns(
        own=own if own in open_sides else None,
        office=open_sides if is_neutral else (),
        links=open_sides if is_neutral else (),
        asks_office=not is_neutral and bool(set(open_sides) - {own}),
        acknowledge=agreed and is_head and not barred,
        barred=barred,
        cancel=may_propose and mutation.state in {MutationState.PROPOSED, MutationState.AGREED},
        undo=undo,
        another_undoes=done and not undo,
    )
