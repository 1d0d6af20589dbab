"""The dry run for those who are signed in: applicants for their firm, officers without one."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Permission
from sijinak.permits.dryrun.schemas import ApplicantSchema, WantedSchema, read_wanted
from sijinak.permits.dryrun.trying import try_list
from sijinak.permits.dryrun.view import asked_of, form_facts, fresh_form, result_facts
from sijinak.web.access import actor, needs
from sijinak.web.settings import settings

bp = Blueprint("dryrun", __name__)


@bp.get("/")
@needs(Permission.PERMIT_READ)
def form() -> ResponseReturnValue:
    return render_template(
        "dryrun/form.html", **form_facts(fresh_form(), settings().regency), may_apply=_may_apply()
    )


@bp.post("/")
@needs(Permission.PERMIT_READ)
def run() -> ResponseReturnValue:
    """The answer comes at once: nothing is written, so there is nowhere to go on to."""
    home, may_apply = settings().regency, _may_apply()
    filled, tags = read_wanted(ApplicantSchema() if may_apply else WantedSchema())
    if filled.value is None:
        page = render_template("dryrun/form.html", **form_facts(filled, home), may_apply=may_apply)
        return page, 422
    asked = asked_of(filled.value, tags, home, keeper_id=_keeper(), is_public=False)
    tried = try_list(asked, by=actor())
    return render_template(
        "dryrun/result.html",
        **result_facts(tried, asked),
        **form_facts(filled, home),
        may_apply=may_apply,
    )


def _keeper() -> UUID | None:
    """For which keeper the actor may apply."""
    reaches = actor().reaches(Permission.PERMIT_APPLY)
    return next((reach.keeper_id for reach in reaches if reach.keeper_id), None)


def _may_apply() -> bool:
    return _keeper() is not None
