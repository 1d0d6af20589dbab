"""What every page that signs opens in place of a transaction, and what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import delete

from sijinak.accounts.devices import guess_at
from sijinak.accounts.factor_queries import passkeys_of, second_factor_of
from sijinak.accounts.factors import WrongCode
from sijinak.accounts.models import SignInTry
from sijinak.accounts.own_pages import me
from sijinak.accounts.passkeys import site
from sijinak.accounts.proof_schemas import ASSERTION, DIGITS
from sijinak.accounts.proofs import ProofMissing, demand
from sijinak.accounts.throttle import TooManyTries, note_success, write_down
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form

# What is said beside the field for the digits; everything else belongs above the form.
BESIDE_DIGITS = (ProofMissing, WrongCode, TooManyTries)


@contextmanager
def signing() -> Iterator[None]:
    """One transaction in which the person signs; a wrong code counts as at sign-in.

    Raises TooManyTries before anything is done.
    """
    with transaction():
        attempt = write_down(guess_at(me().username))
    try:
        with transaction():
            yield
    except WrongCode:
        raise
    except BaseException:  # nothing was guessed, or it was right: the others count as they did
        with transaction():
            db.session.execute(delete(SignInTry).where(SignInTry.id == attempt.id))
        raise
    with transaction():
        note_success(attempt)


def refuse_signature(form: Form[Any], error: SijinakError, name: str = WHOLE_FORM) -> Form[Any]:
    """Say what is wrong; digits and assertions are not shown again: each is good once."""
    for secret in (DIGITS, ASSERTION):
        form.raw.pop(secret, None)
    return form.refuse(error, DIGITS if isinstance(error, BESIDE_DIGITS) else name)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the person may sign; ``asked`` is false where no proof is asked for."""

    asked: bool
    code: bool
    passkey: bool
    hint: str
    options_url: str
    enrol_url: str


def signing_ways() -> Ways:
    """For templates/components/proof.html."""
    who = me()
    factor = second_factor_of(who.id)
    code = factor is not None and factor.confirmed_at is not None
    hint = _("The app shows new digits twice a minute; each is good once.") if code else ""
    if factor is not None and factor.signs_only:
        hint = _(
            "In the demo this shows them: %(command)s", command=f"sijinak demo-code {who.username}"
        )
    return Ways(
        asked=demand.is_on,
        code=code,
        passkey=bool(site.name and passkeys_of(who.id)),
        hint=hint,
        options_url=url_for("accounts_passkeys.ask_to_sign"),
        enrol_url=url_for("accounts_factor.show"),
    )
