"""The copy as a file: one part for programs (JSON), one to be read in any browser."""

import json
import zipfile
from io import BytesIO

from flask import Response, render_template

from sijinak.areas.queries import full_name
from sijinak.core.clock import now
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import facts_of
from sijinak.privacy.copying import copy_of
from sijinak.web.settings import settings

MACHINE, HUMAN = "data.json", "baca.html"


def copy_answer(keeper: Keeper) -> Response:
    tables = copy_of(keeper)
    page = render_template(
        "privacy/copy.html",
        keeper=keeper,
        facts=facts_of(keeper),
        tables=tables,
        made_at=now(),
        place=full_name(keeper.village),
        agency=settings().agency,
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MACHINE, json.dumps(tables, ensure_ascii=False, indent=1))
        archive.writestr(HUMAN, page)
    answer = Response(packed.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="data-saya.zip"'
    return answer
