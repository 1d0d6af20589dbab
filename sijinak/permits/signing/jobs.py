"""The worker makes papers: filled, signed, stored, and only then released."""

from datetime import timedelta
from hashlib import sha256

from sijinak.config import Settings
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.core.storage import storage
from sijinak.permits.models import Permit
from sijinak.permits.signing.adapters.base import Wish
from sijinak.permits.signing.content import (
    Content,
    NothingToSign,
    content_of,
    sign_facts,
    signed_facts,
)
from sijinak.permits.signing.filling import paper_pdf
from sijinak.permits.signing.keeping import ensure_demo_keys
from sijinak.permits.signing.keys import SigningKey, signing_key
from sijinak.permits.signing.models import KeyUse, PaperType
from sijinak.permits.signing.ordering import order_paper
from sijinak.permits.signing.proving import storage_key
from sijinak.permits.signing.qr import text_of
from sijinak.permits.signing.queries import is_kept, last_list, unmade_before
from sijinak.permits.signing.registry import paper_signer
from sijinak.permits.signing.renewing import renew_list
from sijinak.permits.signing.services import MadePaper, keep_paper
from sijinak.web.settings import settings

PATIENCE = timedelta(hours=1)
REASONS = {
    PaperType.RECOMMENDATION: "Rekomendasi pengeluaran ternak",
    PaperType.HEALTH_LETTER: "Surat keterangan kesehatan hewan",
}


def make_paper(event: Event) -> None:
    """Twice is once: the order is the event's, and what is kept is kept."""
    _have_keys(settings())
    with transaction():
        order = order_paper(event)
        if order is None or is_kept(order.id):
            return
    key = signing_key(KeyUse.QR)
    permit = db.session.get_one(Permit, order.permit_id)
    days = settings().skkh_valid_days
    try:
        content = content_of(order, permit, event.happened_at, skkh_days=days, is_demo=key.is_demo)
    except NothingToSign:
        return
    made = sign_paper(content, key, settings())
    digest = sha256(made.content).digest()
    storage.store.put(storage_key(permit.id.hex, digest), made.content)
    with transaction():
        keep_paper(made, key, by=WORKER)


def make_missing() -> None:
    """The service that signs was down for longer than the worker tries."""
    for event in unmade_before(now() - PATIENCE):
        make_paper(event)


def sign_paper(content: Content, key: SigningKey, chosen: Settings) -> MadePaper:
    """Outside any transaction: the signer may sit behind a network."""
    moment = now()
    signer = paper_signer(chosen)
    qr = sign_facts(signed_facts(content), key)
    pdf = paper_pdf(content, text_of(qr, chosen.public_url), chosen)
    wish = Wish(
        reason=REASONS[content.order.kind],
        signer=_signer_of(content),
        place=chosen.agency_address.rpartition(", ")[2],
        at=moment,
    )
    return MadePaper(
        order=content.order,
        number=content.number,
        content=signer.sign(pdf, wish),
        qr=qr,
        made_at=moment,
        signed_with=signer.name,
    )


def sign_lists(event: Event) -> None:  # noqa: ARG001 - whatever happened, all is looked at
    """A revoked or used permit is known at once."""
    sign_status_lists()


def sign_status_lists() -> None:
    """Those that changed, and each at least once a day."""
    _have_keys(settings())
    key = signing_key(KeyUse.QR)
    fresh = timedelta(hours=settings().status_list_hours)
    for number in range(1, last_list() + 1):
        with transaction():
            renew_list(number, key, fresh)


def _have_keys(chosen: Settings) -> None:
    if not chosen.in_production:
        with transaction():
            ensure_demo_keys(chosen.regency, by=WORKER)


def _signer_of(content: Content) -> str:
    permit = content.permit
    return permit.decided_by_name if content.is_letter else permit.certified_by_name
