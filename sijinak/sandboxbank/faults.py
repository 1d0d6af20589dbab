"""The bank's faults, for people and for tests."""

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from sijinak.sandboxbank.frame import COOKIE, bank, shown
from sijinak.sandboxbank.knobs import FATES, NUMBERS, SWITCHES, WrongKnob
from sijinak.sandboxbank.words import LANGUAGES

bp = Blueprint("faults", __name__)


@bp.get("/bahasa/<language>")
def speak(language: str) -> ResponseReturnValue:
    response = make_response(redirect(url_for("phone.index")))
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, samesite="Strict", httponly=True)
    return response


@bp.get("/gangguan")
def page() -> ResponseReturnValue:
    digits = {name: f"{number:02}" for number, name in FATES.items()}
    knobs = bank().books.knobs.shown()
    return shown("knobs", knobs=knobs, switches=SWITCHES, digits=digits)


@bp.post("/gangguan")
def turn() -> ResponseReturnValue:
    if "reset" in request.form:
        bank().books.knobs.reset()
    else:
        _turn(_typed())
    bank().books.keep(bank().books.knobs)
    return redirect(url_for(".page"))


@bp.route("/knobs", methods=["GET", "PUT", "POST", "DELETE"])
def api() -> ResponseReturnValue:
    knobs = bank().books.knobs
    if request.method == "DELETE":
        knobs.reset()
    elif request.method != "GET":
        _turn(request.get_json())
    bank().books.keep(knobs)
    return jsonify(knobs.shown())


def _typed() -> dict[str, object]:
    """Of a form: a box that is not ticked is not sent."""
    ticked = {name: name in request.form for name in SWITCHES}
    numbers = {name: request.form.get(name, "0") for name in NUMBERS}
    if not all(number.isascii() and number.isdigit() for number in numbers.values()):
        raise BadRequest
    return ticked | {name: int(number) for name, number in numbers.items()}


def _turn(wanted: dict[str, object]) -> None:
    try:
        bank().books.knobs.turn(wanted)
    except WrongKnob as error:
        raise BadRequest(f"no such knob: {error}") from error
