"""What a scan shows: an officer the record, anybody else what is nobody's secret."""

from functools import cache
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import AnimalState
from sijinak.animals.record import record_by_tag
from sijinak.areas.queries import full_name, place_name
from sijinak.core.clock import today
from sijinak.core.codes import NotATagCode, parse_tag_code, spaced
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows
from sijinak.public.guard import count_miss, may_type_number, refuse_guessers
from sijinak.public.words import born, record_words, state_sentence, tag_sentence
from sijinak.retribution.checks import public_code
from sijinak.retribution.queries import skrd_by_number
from sijinak.retribution.receipts.queries import receipt_by_number, spelt_number
from sijinak.tags.jobs import note_reading
from sijinak.tagstock.queries import blank_tag, tag_named
from sijinak.treasury.deposits.labels import TONES as DEPOSIT_TONES
from sijinak.treasury.deposits.queries import deposit_by_number
from sijinak.vaccinations.queries import public_history, record_with_history
from sijinak.web.access import SignedIn, public, someone
from sijinak.web.assets import asset
from sijinak.web.fields import NOT_A_CODE
from sijinak.web.formats import day_in
from sijinak.web.i18n import LOCALES, N_, locale, translator
from sijinak.web.io import Form
from sijinak.web.labels import label_in
from sijinak.web.shell import filled

bp = Blueprint("public", __name__)
NO_SUCH_PAPER = N_(
    "We issued no paper with this number. Compare it with the paper; if it is the same, the paper"
    " is not ours: ask the office."
)
TOO_MANY_NUMBERS = N_(
    "Too many numbers were typed from this connection. Scan the QR code of the paper, or try again"
    " in an hour."
)
NOBODY_HAS_IT = N_("No animal has this code. Compare it with the tag, letter by letter.")


@bp.get("/t/<code>")
@bp.get("/T/<code>", endpoint="tag_in_capitals")
@public
def tag(code: str) -> ResponseReturnValue:
    who = someone()
    if who is not None and who.reaches(Permission.ANIMAL_READ):
        answer = _record(parse_tag_code(code), who)
        if answer is not None:
            return answer
    return _public_tag(code)


def _record(code: str, who: SignedIn) -> str | None:
    """The officer's page; None when the animal is out of reach, and only the public one is due."""
    try:
        animal, history = record_with_history(code, by=who)
    except NotFound:
        return None
    _tell_of_reading(animal, who)
    shows(animal.keeper_id, animal.keeper_village, Where.ANIMAL)
    language = locale()
    named, say = label_in(language), translator(language)
    template: Any = current_app.jinja_env.get_template("public/_record.html")
    main = template.module.record(
        animal=animal,
        code=spaced(animal.tag),
        species=named(animal.species),
        sex=named(animal.sex),
        village=full_name(animal.village),
        history=history,
        may_vaccinate=animal.state is AnimalState.PRESENT
        and may(who, Permission.VACCINATION_RECORD, region=animal.village),
        may_see_keeper=may(who, Permission.KEEPER_READ, region=animal.keeper_village),
        may_register=may(who, Permission.ANIMAL_REGISTER, region=animal.village),
        may_mutate=bool(who.reaches(Permission.MUTATION_READ)),
        may_print=animal.state is AnimalState.PRESENT
        and may(who, Permission.TAG_PRINT, region=animal.village),
        born=born(animal, language),
        state=state_sentence(animal.state, say),
        tone="danger" if animal.state is AnimalState.STOLEN else "neutral",
        replaced=tag_sentence(animal, language, say),
        sprite=asset("icons/sprite.svg"),
        words=record_words(language),
        _=say,
        day=day_in(language),
        label=named,
    )
    here = f"{_to_other_language(language)}?next=/t/{animal.tag}"
    return filled(spaced(animal.tag), main, who=who, kind=who.roles, here=here)


@cache
def _to_other_language(language: str) -> str:
    """The address that changes the language."""
    other = next(known for known in LOCALES if known != language)
    return url_for("accounts.language", locale=other)


def _public_tag(code: str) -> ResponseReturnValue:
    refuse_guessers()
    code = parse_tag_code(code)
    animal = record_by_tag(code)
    if animal is None:
        return _nobody(code)
    _tell_of_reading(animal, someone())
    language = locale()
    say = translator(language)
    return render_template(
        "public/tag.html",
        animal=animal,
        state=state_sentence(animal.state, say),
        tone="danger" if animal.state is AnimalState.STOLEN else "neutral",
        replaced=tag_sentence(animal, language, say),
        kecamatan=place_name(animal.village[:8]),
        history=public_history(animal.id),
        today=today(),
    )


def _tell_of_reading(animal: Any, who: SignedIn | None) -> None:
    """A stolen animal, or a tag that was reported lost: those who answer alarms hear of it."""
    if animal.state is AnimalState.STOLEN or animal.ended_at is not None:
        note_reading(animal.read_as, by=who)


def _nobody(code: str) -> ResponseReturnValue:
    """It may be of the stock: blank, or reported lost. Else it was misread."""
    who = someone()
    is_officer = who is not None and may(who, Permission.ANIMAL_REGISTER)
    if blank_tag(code):
        page = render_template("tagstock/not_in_use.html", code=code)
        return redirect(url_for("tagstock.unused", code=code)) if is_officer else page
    note_reading(code, by=who)
    if tag := tag_named(code):
        return render_template("tagstock/gone.html", tag=tag, is_signed_in=who is not None)
    if is_officer:
        return render_template("public/unworn.html", code=code), 404
    count_miss()
    return _form_again(spaced(code), NOBODY_HAS_IT), 404


@bp.get("/cek")
@public
def check() -> ResponseReturnValue:
    """The code of a tag or the number of a paper, typed by hand."""
    code = request.args.get("kode", "").strip()
    if not code:
        return render_template("public/check.html", form=Form())
    number = spelt_number(code)
    look_up = next((one for kind, one in PAPERS.items() if number.startswith(kind)), None)
    if look_up is not None:
        return _paper(code, look_up(number)) if may_type_number() else _too_many(code)
    try:
        return redirect(url_for(".tag", code=parse_tag_code(code)))
    except NotATagCode:
        return _form_again(code, NOT_A_CODE), 422


def _receipt(number: str) -> ResponseReturnValue | None:
    found = receipt_by_number(number)
    if found is None:
        return None
    return redirect(url_for("publicpapers.receipt", code=public_code(found), nomor=number))


def _bill(number: str) -> ResponseReturnValue | None:
    found = skrd_by_number(number)
    return redirect(url_for("publicpapers.skrd", code=public_code(found))) if found else None


def _deposit(number: str) -> ResponseReturnValue | None:
    found = deposit_by_number(number)
    if found is None:
        return None
    return render_template("public/deposit.html", deposit=found, tones=DEPOSIT_TONES)


PAPERS = {"TBP/": _receipt, "SKRD/": _bill, "STRD/": _bill, "STS/": _deposit}


def _paper(typed: str, shown: ResponseReturnValue | None) -> ResponseReturnValue:
    return (_form_again(typed, NO_SUCH_PAPER), 404) if shown is None else shown


def _too_many(typed: str) -> ResponseReturnValue:
    return _form_again(typed, TOO_MANY_NUMBERS), 429


def _form_again(code: str, sentence: str) -> str:
    """What was typed stays, so that one letter can be mended."""
    form: Form[None] = Form({"kode": code}, errors={"kode": [sentence]})
    return render_template("public/check.html", form=form)
