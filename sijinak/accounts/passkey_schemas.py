"""Passkeys as they come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.accounts.passkey_services import AddPasskey, RemovePasskey
from sijinak.accounts.schemas import ASK_PASSWORD, AsTyped, asked, secret_text
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

LONGEST_ANSWER = 32_000
NO_ANSWER = N_("The passkey was not made. Type the password and press the button again.")


@dataclass(frozen=True, slots=True)
class Signed:
    command_id: UUID


class CommandSchema(InputSchema[Signed]):
    makes = Signed

    command_id = fields.UUID(required=True)


class AddPasskeySchema(InputSchema[AddPasskey]):
    makes = AddPasskey

    id = fields.UUID(required=True)
    name = fields.String(
        required=True,
        validate=validate.Length(max=60, error=N_("This is too long.")),
        error_messages=asked(N_("Give the passkey a name, such as the device it lives in.")),
    )
    answer = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_ANSWER),
        error_messages=asked(NO_ANSWER),
    )


class RemovePasskeySchema(AsTyped[RemovePasskey]):
    makes = RemovePasskey

    password = secret_text(ASK_PASSWORD)

    def __init__(self, passkey_id: UUID) -> None:
        super().__init__()
        self._passkey_id = passkey_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> RemovePasskey:
        return RemovePasskey(passkey_id=self._passkey_id, **data)
