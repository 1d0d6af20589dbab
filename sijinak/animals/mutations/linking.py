"""The door behind a link: whoever holds it and knows the digits answers, without an account."""

from uuid import UUID, uuid4

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.animals.mutations.answering import answer_by_link, link_with, try_link
from sijinak.animals.mutations.commands import AnswerByLink
from sijinak.animals.mutations.labels import price_told
from sijinak.animals.mutations.models import ConsentLink, Side
from sijinak.animals.mutations.pages import refusals_of
from sijinak.animals.mutations.queries import mutation_behind, mutation_on_paper
from sijinak.animals.mutations.schemas import Said, StepSchema
from sijinak.animals.mutations.transfers import keeper_of
from sijinak.animals.mutations.view import lines_checked, lines_shown
from sijinak.animals.mutations.writing import register_number
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.once import is_done
from sijinak.keepers.proving import LinkOver
from sijinak.keepers.queries import keeper_facts
from sijinak.web.access import public
from sijinak.web.i18n import N_
from sijinak.web.io import Form, read_form

bp = Blueprint("mutations_linking", __name__)
WRONG = N_("These are not the last four digits. After five wrong tries the link ends.")
LISTS = frozenset({"accepted"})


@bp.get("/cek/<uuid:mutation_id>")
@public
def check(mutation_id: UUID) -> ResponseReturnValue:
    """What the QR code of a letter leads to, at any hour: no names, no price."""
    mutation = mutation_on_paper(mutation_id)
    return render_template(
        "mutations/check.html",
        mutation=mutation,
        number=register_number(mutation),
        place=full_name(mutation.region),
        lines=lines_checked(mutation),
    )


@bp.get("/<secret>")
@public
def show(secret: str) -> ResponseReturnValue:
    """Shows nothing of people before the digits are right."""
    link_with(secret)
    return render_template("mutations/door.html", secret=secret, form=Form())


@bp.post("/<secret>")
@public
def enter(secret: str) -> ResponseReturnValue:
    """First the digits; then the answer, which brings the digits along."""
    form = read_form(StepSchema(), many=LISTS)
    if form.value is None:
        return render_template("mutations/door.html", secret=secret, form=form), 422
    if form.value.step:
        return _answer_once(secret, form, form.value)
    with transaction():
        link = try_link(secret, form.value.digits)
    if link is None:
        return _refused(secret)
    fresh: Form[Said] = Form({"id": str(uuid4()), "digits": form.value.digits})
    return _asked(secret, link, fresh)


def _answer_once(secret: str, form: Form[Said], said: Said) -> ResponseReturnValue:
    """The second of two clicks finds the link closed by the first, and the answer recorded."""
    try:
        return _answer(secret, form, said)
    except LinkOver:
        if not is_done(said.id):
            raise
        return render_template("mutations/answered.html")


def _answer(secret: str, form: Form[Said], said: Said) -> ResponseReturnValue:
    link = link_with(secret)
    mutation = mutation_behind(link)
    command = AnswerByLink(
        id=said.id,
        secret=secret,
        digits=said.digits,
        refusals=refusals_of(mutation, link.side, said),
    )
    try:
        with transaction():
            answered = answer_by_link(command)
    except (Conflict, Invalid) as error:
        field = "because" if error.code == "needs-reason" else "_schema"
        form.raw["accepted"] = [str(one) for one in said.accepted]  # type: ignore[assignment]
        return _asked(secret, link, form.refuse(error, field)), 422
    if answered is None:
        return _refused(secret)
    return render_template("mutations/answered.html")


def _refused(secret: str) -> ResponseReturnValue:
    wrong: Form[Said] = Form(errors={"digits": [WRONG]})
    return render_template("mutations/door.html", secret=secret, form=wrong), 422


def _asked(secret: str, link: ConsentLink, form: Form[Said]) -> str:
    mutation = mutation_behind(link)
    other = Side.RECEIVER if link.side is Side.GIVER else Side.GIVER
    keeper_id = keeper_of(mutation, other)
    return render_template(
        "mutations/answer.html",
        secret=secret,
        form=form,
        mutation=mutation,
        side=link.side,
        other=keeper_facts([keeper_id])[keeper_id] if keeper_id else None,
        place=full_name(mutation.region),
        price=price_told(mutation),
        lines=[shown for shown in lines_shown(mutation) if shown.line.is_open],
    )
