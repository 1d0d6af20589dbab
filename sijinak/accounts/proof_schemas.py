"""The proof that comes with a form or request that signs."""

from collections.abc import Mapping
from typing import Any, TypeVar

from marshmallow import fields, post_load, validate

from sijinak.accounts.proofs import Proof
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

T = TypeVar("T")
TOO_LONG = N_("This is too long.")
DIGITS, ASSERTION = "proof_digits", "proof_assertion"


class ProofFields(InputSchema[T]):
    """For commands with ``id`` and ``proof``: the fields of templates/components/proof.html.

    Both may stay empty here: that a proof is missing is for the service to say.
    """

    proof_digits = fields.String(load_default="", validate=validate.Length(max=40, error=TOO_LONG))
    proof_assertion = fields.String(
        load_default="", validate=validate.Length(max=8000, error=TOO_LONG)
    )

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        rest = dict(data)
        proof = Proof(rest.pop(DIGITS), rest.pop(ASSERTION))
        made: T = super()._make(rest | {"proof": proof})
        return made
