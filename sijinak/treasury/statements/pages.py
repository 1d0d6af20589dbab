"""Bringing a statement in: choose the file, read what it says, take it in or see what is wrong."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission
from sijinak.files.reading import raw_bytes
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.statements.continuing import Plan, plans_of
from sijinak.treasury.statements.gate import digest_of, read_statements
from sijinak.treasury.statements.labels import fault_text, known_text
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.statements.queries import (
    account_of,
    file_brought,
    file_known,
    last_days,
    statement_by_id,
)
from sijinak.treasury.statements.reading import Fault, ReadLine, ReadStatement, UnfitStatement
from sijinak.treasury.statements.schemas import LONGEST_NAME, Chosen, ChosenSchema, TakeSchema
from sijinak.treasury.statements.services import (
    FileKnown,
    TakeStatements,
    keep_file,
    note_refused,
    take_statements,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_address, read_form
from sijinak.web.settings import settings

bp = Blueprint("statements", __name__)
SHOWN = 200


@bp.get("/baru")
@needs(Permission.TREASURY_KEEP)
def new() -> ResponseReturnValue:
    return _new(blank())


@bp.post("/baru")
@needs(Permission.TREASURY_KEEP)
def bring() -> ResponseReturnValue:
    form = read_form(ChosenSchema())
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        form.errors["file"] = [_("Choose a file.")]
    if form.value is None or not content:
        return _new(form), 422
    if known := file_known(digest_of(content)):
        form.errors["file"] = [known_text(known)]
        return _new(form), 422
    try:
        found = read_statements(content, profiles()[form.value.profile])
    except UnfitStatement as error:
        return _new(form.refuse(error), error.faults), 422
    plans = plans_of(found, account_of(form.value.account))
    with transaction():
        note_refused(plans, settings().regency, by=actor())
        kept = keep_file(content, by=actor())
    name = (sent.filename or "")[:LONGEST_NAME] if sent else ""
    account, profile = form.value.account, form.value.profile
    where = url_for(".review", file_id=kept.id, account=account, profile=profile, name=name)
    return redirect(where)


@bp.get("/periksa/<uuid:file_id>")
@needs(Permission.TREASURY_KEEP)
def review(file_id: UUID) -> ResponseReturnValue:
    asked = read_address(ChosenSchema(), {})
    if asked.value is None:
        raise NotFound(file_id=str(file_id))
    given = {"account": asked.value.account, "profile": asked.value.profile}
    return _review(file_id, asked.value, blank(**given, file_name=asked.value.name))


@bp.post("/periksa/<uuid:file_id>")
@needs(Permission.TREASURY_KEEP)
def take(file_id: UUID) -> ResponseReturnValue:
    form = read_form(TakeSchema(file_id, settings().regency))
    if form.value is None:
        raise NotFound(file_id=str(file_id))
    found = _read(file_id, form.value.profile)
    chosen = Chosen(form.value.account, form.value.profile, form.value.file_name)
    try:
        taken = _take(form.value, found)
    except UnfitStatement as error:
        return _review(file_id, chosen, form.refuse(error)), 422
    except FileKnown as error:
        form.errors[WHOLE_FORM] = [known_text(error.file)]
        return _review(file_id, chosen, form), 422
    if not taken:
        flash(_("The remarks are noted. Nothing else was new."), "info")
        return redirect(url_for("reconciliation.index"))
    flash(
        _("The statement is taken in. A second person confirms the file now."),
        "success",
    )
    return redirect(url_for("reconciliation.statement", statement_id=taken[-1]))


@bp.get("/<uuid:statement_id>/berkas")
@needs(Permission.TREASURY_READ)
def file(statement_id: UUID) -> ResponseReturnValue:
    """As the bank made it: to be saved, never shown."""
    statement = statement_by_id(statement_id, by=actor())
    content = raw_bytes(statement.file.stored_id)
    response = Response(content, mimetype="application/octet-stream")
    name = f"rekening-koran-{statement.account}-{statement.last_on}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _take(command: TakeStatements, found: Sequence[ReadStatement]) -> list[UUID]:
    with transaction():
        return [one.id for one in take_statements(command, found, by=actor())]


def _read(file_id: UUID, profile: str) -> tuple[ReadStatement, ...]:
    return read_statements(raw_bytes(file_brought(file_id, by=actor()).id), profiles()[profile])


def _new(form: Form[Chosen], faults: Sequence[Fault] = ()) -> str:
    return render_template(
        "treasury/statements/new.html",
        form=form,
        faults=_shown(faults),
        accounts=[(one.code, f"{one.name} {one.number}") for one in bank_accounts.all()],
        profiles=[(one.name, one.title) for one in profiles().values()],
        until=last_days(),
    )


def _review(file_id: UUID, chosen: Chosen, form: Form[TakeStatements]) -> str:
    plans = plans_of(_read(file_id, chosen.profile), account_of(chosen.account))
    return render_template(
        "treasury/statements/review.html",
        form=form,
        account=account_of(chosen.account),
        plans=plans,
        faults=_shown([fault for plan in plans for fault in plan.faults]),
        fresh=_fresh(plans),
        most=SHOWN,
    )


def _fresh(plans: Sequence[Plan]) -> list[ReadLine]:
    return [line for plan in plans for _key, line in plan.new][:SHOWN]


def _shown(faults: Sequence[Fault]) -> list[tuple[int, str]]:
    return [(fault.row, fault_text(fault)) for fault in faults]
