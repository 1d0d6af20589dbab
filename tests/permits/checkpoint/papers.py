"""Signed papers as the worker makes them, and what a forger makes of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from flask import current_app

from sijinak.config import Settings
from sijinak.core.cose import sign1
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Permit
from sijinak.permits.queries import animals_on
from sijinak.permits.signing.content import sign_facts
from sijinak.permits.signing.jobs import sign_status_lists
from sijinak.permits.signing.keeping import ensure_demo_keys
from sijinak.permits.signing.keys import known_keys, public_keys, signing_key
from sijinak.permits.signing.models import KeyUse, PaperType
from sijinak.permits.signing.qr import payload_of, read, text_of
from sijinak.permits.signing.queries import paper_of, papers_of
from tests.conditions import wait_until
from tests.factories import REGENCY
from tests.permits.factories import deliver

FORGER = derive_private_key(0x7777777777777777, SECP256R1())


def make_keys() -> None:
    """Committed, as ``sijinak setup`` does."""
    with transaction():
        ensure_demo_keys(REGENCY, by=OPERATOR)


def paper(permit: Permit) -> str:
    """What the code on the recommendation says, after the worker made it."""
    deliver()
    wait_until(lambda: paper_is_there(permit), "the worker made the paper")
    found = paper_of(permit.id, PaperType.RECOMMENDATION)
    return text_of(found.qr, _settings().public_url)


def paper_is_there(permit: Permit) -> bool:
    db.session.rollback()  # another thread's worker may have it in hand
    return any(one.kind is PaperType.RECOMMENDATION for one in papers_of(permit.id))


def make_lists() -> None:
    """The status lists, as the worker signs them."""
    deliver()
    sign_status_lists()


def forged(text: str, **changes: Any) -> str:
    """The same paper with other facts, signed by a forger under the office's name."""
    kid, facts, _ = read(text.rpartition("/")[2], public_keys(known_keys()))
    payload = payload_of(replace(facts, **changes))
    return text_of(sign1(payload, FORGER, kid), _settings().public_url)


def signed_again(text: str, **changes: Any) -> str:
    """The same paper with other facts, by the office's own key."""
    _, facts, _ = read(text.rpartition("/")[2], public_keys(known_keys()))
    raw = sign_facts(replace(facts, **changes), signing_key(KeyUse.QR))
    return text_of(raw, _settings().public_url)


def tags_of(permit: Permit) -> Sequence[str]:
    return [animal.tag for line, animal in animals_on(permit) if line.passed]


def _settings() -> Settings:
    found: Settings = current_app.extensions["sijinak.settings"]
    return found
