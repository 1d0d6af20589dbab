"""The door behind a link: whoever holds it and knows the digits answers, without an account."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict
from sijinak.core.ids import uuid7
from sijinak.core.once import is_done
from sijinak.keepers.proving import LinkOver
from sijinak.vaccinations.confirming.queries import question_behind, question_of
from sijinak.vaccinations.confirming.schemas import ByLink, ByLinkSchema
from sijinak.vaccinations.confirming.services import Answer, answer_by_link, try_link
from sijinak.web.access import public
from sijinak.web.i18n import N_
from sijinak.web.io import Form, read_form

bp = Blueprint("vaccinations_linking", __name__)
WRONG = N_("These are not the last four digits. After five wrong tries the link ends.")
CHOOSE_ONE = N_("Choose one.")


@bp.get("/<secret>")
@public
def show(secret: str) -> ResponseReturnValue:
    """Shows nothing of people before the digits are right."""
    question_behind(secret)
    return render_template("confirming/door.html", secret=secret, form=Form[ByLink]())


@bp.post("/<secret>")
@public
def enter(secret: str) -> ResponseReturnValue:
    """First the digits; then the answer, which brings the digits along."""
    form = read_form(ByLinkSchema())
    if form.value is None:
        return render_template("confirming/door.html", secret=secret, form=form), 422
    if form.value.id is not None:
        return _answer_once(secret, form, form.value)
    with transaction():
        holder = try_link(secret, form.value.digits)
    if holder is None:
        return _refused(secret)
    return _asked(secret, Form({"id": str(uuid7()), "digits": form.value.digits}))


def _answer_once(secret: str, form: Form[ByLink], said: ByLink) -> ResponseReturnValue:
    """The second of two clicks finds the link closed by the first, and the answer recorded."""
    try:
        return _answer(secret, form, said)
    except LinkOver:
        if said.id is None or not is_done(said.id):
            raise
        return render_template("confirming/answered.html")


def _answer(secret: str, form: Form[ByLink], said: ByLink) -> ResponseReturnValue:
    asked = question_behind(secret)
    if said.says_yes is None or said.id is None:
        form.errors["says_yes"] = [CHOOSE_ONE]
        with transaction():
            holder = try_link(secret, said.digits)
        return (_asked(secret, form), 422) if holder else _refused(secret)
    command = Answer(id=said.id, confirmation_id=asked.id, says_yes=said.says_yes, words=said.words)
    try:
        with transaction():
            answered = answer_by_link(command, secret, said.digits)
    except Conflict as error:
        return _asked(secret, form.refuse(error)), 422
    return _refused(secret) if answered is None else render_template("confirming/answered.html")


def _refused(secret: str) -> ResponseReturnValue:
    wrong: Form[ByLink] = Form(errors={"digits": [WRONG]})
    return render_template("confirming/door.html", secret=secret, form=wrong), 422


def _asked(secret: str, form: Form[ByLink]) -> str:
    question = question_of(question_behind(secret))
    return render_template(
        "confirming/ask.html", secret=secret, form=form, question=question, full_name=full_name
    )
