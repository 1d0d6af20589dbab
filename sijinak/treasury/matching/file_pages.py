"""A file of the bank, as the second person sees it who confirms or rejects it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.matching.checking import outlook_of
from sijinak.treasury.matching.pages import bp
from sijinak.treasury.matching.schemas import DecideFileSchema
from sijinak.treasury.statements.deciding import decide_file
from sijinak.treasury.statements.labels import TONES
from sijinak.treasury.statements.models import FileState
from sijinak.treasury.statements.queries import count_to_decide, file_by_id, statements_in
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form


@bp.get("/berkas/<uuid:file_id>")
@needs(Permission.TREASURY_READ)
def bank_file(file_id: UUID) -> ResponseReturnValue:
    return _page(file_id, blank())


@bp.post("/berkas/<uuid:file_id>")
@needs(Permission.MONEY_RESOLVE)
def decide_about_file(file_id: UUID) -> ResponseReturnValue:
    one = file_by_id(file_id, by=actor())
    form = read_form(DecideFileSchema(one.id))
    if form.value is None:
        return _page(file_id, form), 422
    try:
        with transaction():
            state = decide_file(form.value, by=actor()).state
    except Conflict as error:
        return _page(file_id, form.refuse(error)), 422
    if state is FileState.CONFIRMED:
        flash(_("The file is confirmed. Its lines are being matched."), "success")
    else:
        flash(_("The file is rejected. Its lines count for nothing."), "success")
    return redirect(url_for(".bank_file", file_id=file_id))


def tiles(by: Actor) -> Sequence[Tile]:
    """Files that this person may decide about."""
    count = count_to_decide(by=by) if by.reaches(Permission.MONEY_RESOLVE) else 0
    url = url_for("reconciliation.index")
    name = _("Files of the bank for you to confirm")
    return [Tile(name, thousands(count), url, "building", "warning")] if count else ()


def _page(file_id: UUID, form: Form[Any]) -> str:
    one = file_by_id(file_id, by=actor())
    waits = one.state is FileState.WAITING
    return render_template(
        "treasury/matching/file.html",
        file=one,
        account=bank_accounts.known(one.account),
        statements=statements_in(one.id),
        outlook=outlook_of(one),
        waits=waits,
        is_own=one.taken_by == actor().id,
        may_decide=waits
        and may(actor(), Permission.MONEY_RESOLVE, region=one.region)
        and one.taken_by != actor().id,
        tones=TONES,
        form=form,
    )
