"""The quota as anybody may see it: granted, used, reserved and waiting, by firm."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.permits.quota.publishing import published, published_years
from sijinak.public.guard import count_miss, refuse_guessers
from sijinak.web.access import public

bp = Blueprint("quotapublic", __name__)


@bp.get("/kuota-publik")
@public
def index() -> ResponseReturnValue:
    refuse_guessers()
    years = published_years()
    year = _year(years)
    return render_template(
        "public/quota.html",
        lines=published(year),
        year=year,
        years=years,
        today=today(),
        place_name=place_name,
    )


def _year(years: list[int]) -> int:
    """The year asked for, else this one, else the newest. Raises NotFound."""
    asked = request.args.get("tahun", "")
    if not asked:
        return today().year if today().year in years or not years else years[0]
    if not (asked.isascii() and asked.isdigit() and int(asked[:4]) in years and len(asked) == 4):  # noqa: PLR2004
        count_miss()
        raise NotFound(year=asked[:8])
    return int(asked)
