"""Mutations for people: the list, the page of one, and the steps of a transfer."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.mutations.commands import Refusal
from sijinak.animals.mutations.labels import TONES, heads_of
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState, Side
from sijinak.animals.mutations.queries import (
    count_waiting,
    mutation_by_id,
    mutations,
    mutations_waiting,
)
from sijinak.animals.mutations.schemas import Said, StepSchema
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    CancelTransfer,
    UndoMutation,
    acknowledge_transfer,
    answer_transfer,
    cancel_transfer,
    undo_mutation,
)
from sijinak.animals.mutations.sides import named_in, sides_shown
from sijinak.animals.mutations.view import view_of
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Actor, Permission
from sijinak.core.qr import qr_path
from sijinak.files.answers import picture_answer
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place, read_form
from sijinak.web.settings import settings

P = Permission
bp = Blueprint("mutations", __name__)


@bp.get("/")
@needs(P.MUTATION_READ)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("jenis", "keadaan")}
    kind = MutationKind(asked["jenis"]) if asked["jenis"] in set(MutationKind) else None
    state = MutationState(asked["keadaan"]) if asked["keadaan"] in set(MutationState) else None
    page = mutations(by=actor(), kind=kind, state=state, place=place())
    waiting = mutations_waiting(by=actor()) if not request.args else []
    sides = sides_shown([*page.items, *waiting], actor())
    shows_list(Where.MUTATIONS, named_in(sides), asked={"jenis": kind, "keadaan": state})
    return render_template(
        "mutations/index.html",
        page=listing(page, ".index", **asked),
        waiting=waiting,
        sides=sides,
        heads_of=heads_of,
        form=Form(asked),
        kinds=MutationKind,
        states=MutationState,
        tones=TONES,
        full_name=full_name,
        may_propose=bool(actor().reaches(P.MUTATION_PROPOSE)),
    )


@bp.get("/<uuid:mutation_id>")
@needs(P.MUTATION_READ)
def show(mutation_id: UUID) -> ResponseReturnValue:
    return render_template("mutations/show.html", **view_of(mutation_id, actor()))


@bp.get("/<uuid:mutation_id>/surat")
@needs(P.MUTATION_READ)
def letter(mutation_id: UUID) -> ResponseReturnValue:
    """For the browser's printer. Raises NotFound while it is not in the register."""
    view = view_of(mutation_id, actor())
    if not (view["village_number"] and view["is_transfer"]):
        raise NotFound(mutation_id=str(mutation_id))
    path = url_for("mutations_linking.check", mutation_id=mutation_id)
    qr = qr_path(settings().public_url.rstrip("/") + path, level="M")
    return render_template("mutations/letter.html", qr=qr, **view)


@bp.get("/<uuid:mutation_id>/foto")
@needs(P.MUTATION_READ)
def photo(mutation_id: UUID) -> ResponseReturnValue:
    mutation = mutation_by_id(mutation_id, by=actor())
    if mutation.file_id is None:
        raise NotFound(mutation_id=str(mutation_id))
    return picture_answer(mutation.file_id, small="kecil" in request.args)


@bp.post("/<uuid:mutation_id>/jawab/<side>")
@needs(P.MUTATION_ANSWER, P.MUTATION_RECORD)
def answer(mutation_id: UUID, side: str) -> ResponseReturnValue:
    if side not in {Side.GIVER, Side.RECEIVER}:
        raise NotFound(side=side)

    def make(said: Said, mutation: Mutation) -> Mutation:
        command = AnswerTransfer(
            id=said.id,
            mutation_id=mutation_id,
            side=Side(side),
            refusals=refusals_of(mutation, Side(side), said),
            note=said.note,
        )
        return answer_transfer(command, by=actor())

    return _step(mutation_id, f"answer-{side}", make, _("The answer is recorded."))


@bp.post("/<uuid:mutation_id>/sahkan")
@needs(P.MUTATION_ACKNOWLEDGE)
def acknowledge(mutation_id: UUID) -> ResponseReturnValue:
    def make(said: Said, mutation: Mutation) -> Mutation:
        command = AcknowledgeTransfer(
            id=said.id,
            mutation_id=mutation_id,
            refusals=refusals_of(mutation, Side.VILLAGE, said),
            note=said.note,
        )
        return acknowledge_transfer(command, by=actor())

    return _step(mutation_id, "acknowledge", make, _("Your decision is in the register."))


@bp.post("/<uuid:mutation_id>/batal")
@needs(P.MUTATION_PROPOSE)
def cancel(mutation_id: UUID) -> ResponseReturnValue:
    def make(said: Said, _mutation: Mutation) -> Mutation:
        command = CancelTransfer(id=said.id, mutation_id=mutation_id, reason=said.because)
        return cancel_transfer(command, by=actor())

    return _step(mutation_id, "cancel", make, _("The transfer is cancelled."))


@bp.post("/<uuid:mutation_id>/urung")
@needs(P.MUTATION_RECORD)
def undo(mutation_id: UUID) -> ResponseReturnValue:
    def make(said: Said, _mutation: Mutation) -> Mutation:
        command = UndoMutation(id=said.id, mutation_id=mutation_id, reason=said.because)
        return undo_mutation(command, by=actor())

    return _step(mutation_id, "undo", make, _("It is undone. What it was stays readable."))


def refusals_of(mutation: Mutation, side: Side, said: Said) -> tuple[Refusal, ...]:
    """The animals that were not ticked; the same when the form is sent twice."""
    return tuple(
        Refusal(animal_id=line.animal_id, reason=said.because)
        for line in mutation.animals
        if line.refused_by in {None, side} and line.animal_id not in said.accepted
    )


def _step(
    mutation_id: UUID, name: str, make: Callable[[Said, Mutation], Mutation], done: str
) -> ResponseReturnValue:
    """Take a step; when it is refused the page comes again, with what was typed."""
    mutation = mutation_by_id(mutation_id, by=actor())
    form = read_form(StepSchema(), many=frozenset({"accepted"}))
    if form.value is None:
        return _again(mutation_id, name, form)
    try:
        with transaction():
            make(form.value, mutation)
    except (Conflict, Invalid) as error:
        form.raw["accepted"] = [str(one) for one in form.value.accepted]  # type: ignore[assignment]
        return _again(mutation_id, name, form.refuse(error, FIELD_OF.get(error.code, "_schema")))
    flash(done, "success")
    return redirect(url_for(".show", mutation_id=mutation_id))


FIELD_OF = {"needs-reason": "because", "needs-note": "note"}


def _again(mutation_id: UUID, name: str, form: Form[Any]) -> tuple[str, int]:
    view = view_of(mutation_id, actor(), {name: form})
    return render_template("mutations/show.html", **view), 422


def tiles(by: Actor) -> Sequence[Tile]:
    """What waits for the actor's own answer or acknowledgement."""
    if not (by.reaches(P.MUTATION_ANSWER) or by.reaches(P.MUTATION_ACKNOWLEDGE)):
        return ()
    count = count_waiting(by=by)
    tone = "warning" if count else "neutral"
    return [
        Tile(_("Transfers waiting for you"), str(count), url_for("mutations.index"), "users", tone)
    ]
