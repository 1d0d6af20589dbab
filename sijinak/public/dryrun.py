"""The dry run for anybody: what is public of the animals, and nothing of their owners."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.permits.dryrun.schemas import WantedSchema, read_wanted
from sijinak.permits.dryrun.trying import try_list
from sijinak.permits.dryrun.view import asked_of, form_facts, fresh_form, result_facts
from sijinak.public.guard import count_miss, count_run, refuse_guessers, refuse_runners
from sijinak.web.access import public
from sijinak.web.settings import settings

bp = Blueprint("public_dryrun", __name__)
MOST_MISSES = 10  # that one list counts: who tries codes is stopped, who mistypes some is not


@bp.get("/uji-izin")
@public
def form() -> ResponseReturnValue:
    return render_template(
        "dryrun/public_form.html", **form_facts(fresh_form(), settings().regency)
    )


@bp.post("/uji-izin")
@public
def run() -> ResponseReturnValue:
    refuse_guessers()
    refuse_runners()
    count_run()
    home = settings().regency
    filled, tags = read_wanted(WantedSchema())
    if filled.value is None:
        return render_template("dryrun/public_form.html", **form_facts(filled, home)), 422
    asked = asked_of(filled.value, tags, home, keeper_id=None, is_public=True)
    tried = try_list(asked, by=None)
    unknown = sum(checked.animal is None for checked in tried.report.animals)
    for _miss in range(min(unknown, MOST_MISSES)):
        count_miss()
    return render_template(
        "dryrun/public_result.html", **result_facts(tried, asked), **form_facts(filled, home)
    )
