"""A recommendation letter as the worker makes it: filled, with its QR code, the SKRD, signed.

The floor is the same letter drawn by Typst alone, without any signature. In CPU time, which
others on the machine disturb least.
"""

import statistics
import time
from collections.abc import Callable

from benchmarks.databases import installed, scratch_folder
from benchmarks.measuring import Result
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.documents import render_pdf
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import PermitState
from sijinak.permits.signing.content import Content, content_of, sign_facts, signed_facts
from sijinak.permits.signing.filling import facts_of
from sijinak.permits.signing.jobs import sign_paper
from sijinak.permits.signing.keeping import ensure_demo_keys
from sijinak.permits.signing.keys import SigningKey, signing_key
from sijinak.permits.signing.models import KeyUse, PaperOrder, PaperType
from sijinak.permits.signing.qr import text_of
from tests.permits.factories import make_herd, make_office, make_permit

ANIMALS, ROUNDS, TURNS = 30, 9, 4
LONGEST_MS = 100.0


def permit_pdf_ms() -> Result:
    """Thirty animals, whose tags are all in the code."""
    with scratch_folder() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder / 'papers.sqlite'}", data_dir=str(folder)
        )
        with installed(settings.database, folder) as app, app.app_context():
            content, key = _letter(settings)
            return _measured(content, key, settings)


def _letter(settings: Settings) -> tuple[Content, SigningKey]:
    with transaction():
        ensure_demo_keys(settings.regency, by=OPERATOR)
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED, tags=make_herd(office.firm, ANIMALS))
    assert permit.issued_at
    order = PaperOrder(
        permit_id=permit.id, kind=PaperType.RECOMMENDATION, version=1, status_list=1,
        status_index=0, ordered_at=permit.issued_at,
    )  # fmt: skip
    key = signing_key(KeyUse.QR)
    content = content_of(
        order, permit, permit.issued_at, skkh_days=settings.skkh_valid_days, is_demo=key.is_demo
    )
    db.session.commit()
    return content, key


def _measured(content: Content, key: SigningKey, settings: Settings) -> Result:
    text = text_of(sign_facts(signed_facts(content), key), settings.public_url)
    facts = facts_of(content, text, settings)
    bare = _milliseconds(lambda: render_pdf("recommendation", facts, at=content.issued))
    whole = _milliseconds(lambda: sign_paper(content, key, settings))
    note = f"CPU time, {ANIMALS} animals, {whole / bare:.2f} times the bare drawing ({bare:.1f} ms)"
    return Result(whole, LONGEST_MS, note, unit="ms")


def _milliseconds(work: Callable[[], object]) -> float:
    """The quickest of the rounds' means."""
    work()
    return min(statistics.mean(_once(work) for _ in range(TURNS)) for _ in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
