"""The office's table of days off."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.permissions import Actor, Permission, may
from sijinak.treasury.answering import carried_out
from sijinak.treasury.holidays.labels import FIELD_OF
from sijinak.treasury.holidays.models import HolidayKind
from sijinak.treasury.holidays.queries import (
    count_examples,
    count_waiting,
    holiday_by_id,
    holiday_on,
    holiday_years,
    holidays_of,
    year_without_holidays,
)
from sijinak.treasury.holidays.reading import Row, read_list
from sijinak.treasury.holidays.schemas import (
    ENTER,
    AnswerHolidaySchema,
    ConfirmHolidaySchema,
    EnterHolidaySchema,
    ListSchema,
    RemoveHolidaySchema,
)
from sijinak.treasury.holidays.services import (
    EnterHolidays,
    answer_holiday,
    confirm_holiday,
    enter_holiday,
    enter_holidays,
    remove_holiday,
)
from sijinak.treasury.policy import policy
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import YEARS, Form, blank, read_form

bp = Blueprint("holidays", __name__)
P = Permission


@bp.get("/")
@needs(P.TREASURY_READ)
def index() -> ResponseReturnValue:
    year = _year()
    return render_template(
        "treasury/holidays/index.html",
        year=year,
        years=sorted({*holiday_years(), year, today().year}),
        days=holidays_of(year, by=actor()),
        empty_year=year_without_holidays(today()),
        weekend=sorted(policy.weekend),
        may_keep=may(actor(), P.TREASURY_KEEP, region=policy.regency),
        may_agree=may(actor(), P.MONEY_RESOLVE, region=policy.regency),
    )


@bp.get("/baru")
@needs(P.TREASURY_KEEP)
def new() -> ResponseReturnValue:
    return _new(blank())


@bp.post("/baru")
@needs(P.TREASURY_KEEP)
def create() -> ResponseReturnValue:
    form = read_form(EnterHolidaySchema())
    done = carried_out(form, enter_holiday, FIELD_OF)
    if done is None:
        return _new(form), 422
    entered = _("The day is entered. Deadlines count with it from now on.")
    flash(_second_person() if done.waits else entered, "success")
    return redirect(url_for(".index", tahun=done.day.year))


@bp.get("/daftar")
@needs(P.TREASURY_KEEP)
def listing_in() -> ResponseReturnValue:
    return _list(blank(), [])


@bp.post("/daftar")
@needs(P.TREASURY_KEEP)
def bring_in() -> ResponseReturnValue:
    form = read_form(ListSchema())
    if form.value is None:
        return _list(form, []), 422
    rows = read_list(form.value["rows"], form.value["source"])
    if form.value["step"] != ENTER or any(row.fault for row in rows) or not rows:
        return _list(form, rows), 422 if any(row.fault for row in rows) else 200
    command = EnterHolidays(id=form.value["id"], days=tuple(row.off for row in rows if row.off))
    added = carried_out(Form(form.raw, command), enter_holidays, {})
    flash(_("%(count)s days are entered.", count=added), "success")
    return redirect(url_for(".index", tahun=command.days[0].day.year))


@bp.get("/<uuid:holiday_id>")
@needs(P.TREASURY_KEEP, P.MONEY_RESOLVE)
def show(holiday_id: UUID) -> ResponseReturnValue:
    return _show(holiday_id, blank())


@bp.post("/<uuid:holiday_id>/keluarkan")
@needs(P.TREASURY_KEEP)
def remove(holiday_id: UUID) -> ResponseReturnValue:
    holiday_by_id(holiday_id, by=actor())
    form = read_form(RemoveHolidaySchema(holiday_id=holiday_id))
    done = carried_out(form, remove_holiday, FIELD_OF)
    if done is None:
        return _show(holiday_id, form), 422
    flash(_second_person() if done.waits else _("The day is taken out."), "success")
    return redirect(url_for(".index", tahun=done.day.year))


@bp.post("/<uuid:holiday_id>/putus")
@needs(P.MONEY_RESOLVE)
def answer(holiday_id: UUID) -> ResponseReturnValue:
    holiday_by_id(holiday_id, by=actor())
    form = read_form(AnswerHolidaySchema(holiday_id=holiday_id))
    done = carried_out(form, answer_holiday, {})
    if done is None:
        return _show(holiday_id, form), 422
    flash(_("The decision is recorded."), "success")
    return redirect(url_for(".index", tahun=done.day.year))


@bp.post("/<uuid:holiday_id>/cocok")
@needs(P.TREASURY_KEEP)
def confirm(holiday_id: UUID) -> ResponseReturnValue:
    holiday_by_id(holiday_id, by=actor())
    form = read_form(ConfirmHolidaySchema(holiday_id=holiday_id))
    done = carried_out(form, confirm_holiday, {})
    if done is None:
        return _show(holiday_id, form), 422
    flash(_("Compared, and right."), "success")
    return redirect(url_for(".index", tahun=done.day.year))


def tiles(by: Actor) -> Sequence[Tile]:
    """A year without days off makes every deadline wrong."""
    url, found = url_for("holidays.index"), list[Tile]()
    if count := count_waiting(by=by):
        found.append(Tile(_("Days off that wait for your yes or no"), str(count), url, "calendar"))
    if not may(by, P.TREASURY_KEEP, region=policy.regency):
        return found
    if (year := year_without_holidays(today())) is not None:
        label = _("Year without days off in the table")
        found.append(Tile(label, str(year), url, "calendar", "warning"))
    if count := count_examples():
        label = _("Days off to compare with the decision")
        found.append(Tile(label, str(count), url, "calendar"))
    return found


def _year() -> int:
    asked = request.args.get("tahun", "")
    return int(asked) if asked.isdecimal() and int(asked) in YEARS else today().year


def _new(form: Form[Any]) -> str:
    return render_template("treasury/holidays/new.html", form=form, kinds=HolidayKind)


def _list(form: Form[Any], rows: Sequence[Row]) -> str:
    known = {row.no for row in rows if row.off and holiday_on(row.off.day)}
    return render_template("treasury/holidays/list.html", form=form, rows=rows, known=known)


def _show(holiday_id: UUID, form: Form[Any]) -> str:
    holiday = holiday_by_id(holiday_id, by=actor())
    by = actor()
    return render_template(
        "treasury/holidays/show.html",
        holiday=holiday,
        form=form,
        may_keep=may(by, P.TREASURY_KEEP, region=policy.regency),
        may_agree=may(by, P.MONEY_RESOLVE, region=policy.regency) and holiday.asked_by != by.id,
    )


def _second_person() -> str:
    return _("This day has begun: the change counts when a second person agrees.")
