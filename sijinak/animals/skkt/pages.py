"""Sheets of ownership (SKKT) for people: the list, what waits for a signature, one sheet."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from sijinak.animals.skkt.labels import TONES, part
from sijinak.animals.skkt.models import SheetState
from sijinak.animals.skkt.papers import sheet_pdf
from sijinak.animals.skkt.queries import (
    heads_on,
    own_keeper,
    sheet_by_id,
    sheets,
)
from sijinak.animals.skkt.schemas import PrepareSchema, StepSchema, StepTaken, VoidSchema
from sijinak.animals.skkt.services import (
    DiscardSheets,
    PrepareSheets,
    SignSheets,
    VoidSheet,
    discard_sheets,
    prepare_sheets,
    sign_sheets,
    void_sheet,
)
from sijinak.animals.skkt.view import view_of
from sijinak.animals.skkt.waiting import count_waiting, drafts_waiting
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_by_id
from sijinak.keepers.showing import shows, shows_list
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("sheets", __name__)


@bp.get("/")
@needs(Permission.SHEET_READ)
def index() -> ResponseReturnValue:
    return _list(blank())


@bp.get("/menunggu")
@needs(Permission.SHEET_SIGN)
def waiting() -> ResponseReturnValue:
    """The drafts that the head of the field office may sign."""
    drafts = drafts_waiting(by=actor())
    shows_list(Where.SHEETS, (draft.sheet.keeper_id for draft in drafts))
    return render_template("skkt/waiting.html", drafts=drafts, full_name=full_name)


@bp.post("/siapkan")
@needs(Permission.SHEET_PREPARE)
def prepare() -> ResponseReturnValue:
    form = read_form(PrepareSchema())
    if form.value is None:
        raise NotFound
    try:
        with transaction():
            made = prepare_sheets(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _list(form.refuse(error), keeper_id=UUID(form.raw["keeper_id"])), 422
    flash(_("The SKKT is prepared. It waits for the signature of the head."), "success")
    return redirect(url_for(".show", sheet_id=made[0].id))


@bp.get("/<uuid:sheet_id>")
@needs(Permission.SHEET_READ)
def show(sheet_id: UUID) -> ResponseReturnValue:
    return render_template("skkt/show.html", **view_of(sheet_id))


@bp.post("/<uuid:sheet_id>/tanda-tangan")
@needs(Permission.SHEET_SIGN)
def sign(sheet_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> None:
        sign_sheets(SignSheets(id=step.id, sheet_id=sheet_id), by=actor())

    return _answer("sign", sheet_id, StepSchema(), take, _("The SKKT is signed."))


@bp.post("/<uuid:sheet_id>/buang")
@needs(Permission.SHEET_PREPARE)
def discard(sheet_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> None:
        discard_sheets(DiscardSheets(id=step.id, sheet_id=sheet_id), by=actor())

    return _answer("discard", sheet_id, StepSchema(), take, _("The draft is discarded."))


@bp.post("/<uuid:sheet_id>/batalkan")
@needs(Permission.SHEET_SIGN)
def void(sheet_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> None:
        command = VoidSheet(id=step.id, sheet_id=sheet_id, reason=step.reason)
        void_sheet(command, by=actor())

    return _answer("void", sheet_id, VoidSchema(), take, _("The SKKT is void."))


@bp.get("/<uuid:sheet_id>/skkt.pdf")
@needs(Permission.SHEET_READ)
def paper(sheet_id: UUID) -> ResponseReturnValue:
    sheet = sheet_by_id(sheet_id, by=actor())
    if sheet.number is None:
        raise NotFound(sheet_id=str(sheet_id))
    shows(sheet.keeper_id, sheet.village, Where.PAPER)
    answer = Response(sheet_pdf(sheet, settings()), mimetype="application/pdf")
    name = sheet.number.replace("/", "-")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def tiles(by: Actor) -> Sequence[Tile]:
    """Drafts that wait for the actor's signature."""
    if not by.reaches(Permission.SHEET_SIGN):
        return ()
    count = count_waiting(by=by)
    url, tone = url_for("sheets.waiting"), "warning" if count else "neutral"
    return [Tile(_("SKKT waiting for your signature"), str(count), url, "file-text", tone)]


def _answer(
    action: str,
    sheet_id: UUID,
    schema: StepSchema,
    take: Callable[[StepTaken], None],
    done: str,
) -> ResponseReturnValue:
    """The page of the sheet: with what was done, or with what is wrong."""
    sheet_by_id(sheet_id, by=actor())
    form = read_form(schema)
    if form.value is not None:
        try:
            with transaction():
                take(form.value)
        except (Conflict, Invalid) as error:
            form.refuse(error)
        else:
            flash(done, "success")
            return redirect(url_for(".show", sheet_id=sheet_id))
    return render_template("skkt/show.html", **view_of(sheet_id, {action: form})), 422


def _list(form: Form[PrepareSheets], keeper_id: UUID | None = None) -> str:
    """All sheets in reach, or those of one owner, for whom new ones may be prepared here."""
    keeper = _keeper(keeper_id)
    village, state = request.args.get("desa", ""), request.args.get("keadaan", "")
    page = sheets(
        by=actor(),
        keeper_id=keeper.id if keeper else None,
        village=village,
        state=SheetState(state) if state in set(SheetState) else None,
        place=place(),
    )
    owner_id = keeper.id if keeper else ""
    asked = {"pemilik": owner_id, "desa": village, "keadaan": state}
    there = [sheet.keeper_id for sheet in page.items]
    shows_list(Where.SHEETS, [keeper.id, *there] if keeper else there, asked=asked)
    return render_template(
        "skkt/index.html",
        page=listing(page, ".index", **asked),
        heads=heads_on([sheet.id for sheet in page.items]),
        keeper=keeper,
        form=form,
        filters=Form({"desa": village, "keadaan": state}),
        villages=village_options(actor(), Permission.SHEET_READ),
        states=SheetState,
        tones=TONES,
        part=part,
        full_name=full_name,
        may_prepare=keeper
        and keeper.id != own_keeper(actor())
        and may(actor(), Permission.SHEET_PREPARE, region=keeper.village),
        may_sign=bool(actor().reaches(Permission.SHEET_SIGN)),
    )


def _keeper(keeper_id: UUID | None) -> Keeper | None:
    """The owner whom the address or the form names. Raises NotFound."""
    asked = request.args.get("pemilik", "")
    if keeper_id is None and asked:
        try:
            keeper_id = UUID(asked)
        except ValueError:
            raise NotFound from None
    return keeper_by_id(keeper_id, by=actor()) if keeper_id else None
