"""The form that proposes a transfer, and the links with which the sides answer on their phones."""

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import AnimalState, Verification
from sijinak.animals.mutations.answering import make_link
from sijinak.animals.mutations.commands import MakeLink, ProposeTransfer
from sijinak.animals.mutations.guard import count_look_up
from sijinak.animals.mutations.models import AGREED_KINDS, MutationKind, Side
from sijinak.animals.mutations.queries import (
    animals_in_open_mutation,
    animals_of_owner,
    mutation_by_id,
)
from sijinak.animals.mutations.schemas import Proposed, ProposeSchema, StepSchema
from sijinak.animals.mutations.services import propose_transfer
from sijinak.animals.mutations.view import tags_shown, what_it_is
from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.codes import spaced
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.core.qr import qr_path
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import (
    keeper_by_group_no,
    keeper_by_id,
    keeper_by_nib,
    keeper_by_nik,
    keeper_facts,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.labels import label
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

P = Permission
bp = Blueprint("mutations_proposing", __name__)
ORDER = [kind for kind in MutationKind if kind in AGREED_KINDS]
FIELD_OF = {
    "not-the-receiver": "receiver",
    "too-many-look-ups": "receiver",
    "side-withdrawn": "receiver",
    "side-suspended": "receiver",
    "happened-too-long-ago": "happened_on",
    "happened-in-the-future": "happened_on",
    "happened-before-birth": "happened_on",
}
ABOUT_ANIMALS = frozenset(
    {
        "no-animals", "several-villages", "animal-not-present", "in-open-mutation", "animal-held",
        "only-declared", "shared-already", "not-shared", "too-many-animals",
    }
)  # fmt: skip


@bp.get("/baru")
@needs(P.MUTATION_PROPOSE)
def new() -> ResponseReturnValue:
    """The animals of one owner; a trader's own without asking."""
    keeper_id = _uuid(request.args.get("pemilik", "")) or _own_keeper()
    if keeper_id is None:
        flash(_("Choose the owner first."), "info")
        return redirect(url_for("keepers.index"))
    form = blank(kind="sale", happened_on=today().isoformat())
    form.raw["animals"] = request.args.getlist("ternak")  # type: ignore[assignment]
    return _form(keeper_id, form)


@bp.post("/baru/<uuid:keeper_id>")
@needs(P.MUTATION_PROPOSE)
def create(keeper_id: UUID) -> ResponseReturnValue:
    form = read_form(ProposeSchema(), many=frozenset({"animals"}))
    form.raw["animals"] = request.form.getlist("animals")  # type: ignore[assignment]
    if form.value is None:
        return _form(keeper_id, form), 422
    try:
        with transaction():
            mutation = propose_transfer(_command(form.value), by=actor())
    except (Conflict, Invalid) as error:
        field = "animals" if error.code in ABOUT_ANIMALS else FIELD_OF.get(error.code, "_schema")
        return _form(keeper_id, form.refuse(error, field)), 422
    flash(_("The transfer is proposed. Both sides and the village head answer next."), "success")
    return redirect(url_for("mutations.show", mutation_id=mutation.id))


@bp.post("/<uuid:mutation_id>/tautan/<side>")
@needs(P.MUTATION_RECORD)
def link(mutation_id: UUID, side: str) -> ResponseReturnValue:
    """Shown this once: nothing but its digest is kept."""
    mutation = mutation_by_id(mutation_id, by=actor())
    form = read_form(StepSchema())
    if side not in {Side.GIVER, Side.RECEIVER} or form.value is None:
        raise NotFound(side=side)
    try:
        with transaction():
            command = MakeLink(id=form.value.id, mutation_id=mutation_id, side=Side(side))
            secret = make_link(command, by=actor())
    except (Conflict, Invalid) as error:
        flash(message_for(error.code, error.facts), "error")
        return redirect(url_for("mutations.show", mutation_id=mutation_id))
    url = f"{settings().public_url.rstrip('/')}/m/{secret}"
    asks = N_(
        "%(kind)s of livestock: please answer here with the last four digits of your NIK. %(url)s"
    )
    text = _(asks, kind=label(mutation.kind), url=url)
    return render_template(
        "mutations/link.html",
        mutation=mutation,
        side=Side(side),
        url=url,
        qr=qr_path(url, level="M"),
        whatsapp="https://wa.me/?text=" + quote(text, safe=""),
    )


def _command(told: Proposed) -> ProposeTransfer:
    receiver = _receiver(told.receiver)
    to = receiver if told.moves else None
    return ProposeTransfer(
        id=told.id,
        kind=told.kind,
        animal_ids=told.animal_ids,
        to_keeper_id=receiver.id if receiver else None,
        happened_on=told.happened_on,
        price=told.price,
        reason=told.reason,
        to_village=to.village if to else None,
        to_hamlet=to.hamlet if to else "",
        valid_days=settings().transfer_days,
    )


def _receiver(number: str) -> Keeper | None:
    """By the whole number only, so that nobody browses for people here."""
    digits = re.sub(r"[\s.'-]", "", number)
    if not digits:
        return None
    if not actor().reaches(P.MUTATION_RECORD):
        count_look_up(actor().id)
    return keeper_by_nik(digits) or keeper_by_nib(digits) or keeper_by_group_no(number.strip())


def _form(keeper_id: UUID, form: Form[Any]) -> str:
    ticked = [one for text in form.raw.get("animals", ()) if (one := _uuid(text))]
    animals = animals_of_owner(keeper_id, by=actor(), first=ticked)
    if not animals and keeper_id != _own_keeper():
        _check_known(keeper_id)
    tags = tags_shown([animal.id for animal in animals])
    busy = animals_in_open_mutation([animal.id for animal in animals])
    here = [a for a in animals if a.state is AnimalState.PRESENT and a.id not in busy]
    offered = [
        (
            str(animal.id),
            f"{spaced(tags[animal.id])} – {what_it_is(animal)}",
            full_name(animal.village)
            if animal.verification is Verification.SEEN
            else f"{full_name(animal.village)}, {label(animal.verification).lower()}",
        )
        for animal in here
    ]
    return render_template(
        "mutations/propose.html",
        form=form,
        keeper=keeper_facts([keeper_id])[keeper_id],
        offered=offered,
        left_out=len(animals) - len(here),
        kinds=[(kind.value, label(kind)) for kind in ORDER],
        days=settings().transfer_days,
    )


def _own_keeper() -> UUID | None:
    found: UUID | None = getattr(actor(), "keeper_id", None)
    return found


def _check_known(keeper_id: UUID) -> None:
    """An owner without animals is shown an empty page; whoever is out of reach is not there."""
    if not actor().reaches(P.KEEPER_READ):
        raise NotFound(keeper_id=str(keeper_id))
    keeper_by_id(keeper_id, by=actor())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
