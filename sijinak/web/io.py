"""Untrusted input in, one frozen object out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, ValidationError, post_load, pre_load, validates_schema

from sijinak.core.errors import Conflict, Invalid, SijinakError
from sijinak.core.ids import uuid7
from sijinak.core.paging import START, Page, Place
from sijinak.web.i18n import N_
from sijinak.web.messages import message_for

T = TypeVar("T")
WHOLE_FORM = "_schema"
NOT_AN_OBJECT = N_("This door takes one JSON object in good UTF-8.")

NOT_A_DAY = N_("This is not a day. Write it like 2024-12-31.")
YEARS = range(1900, 2200)


class InputSchema(Schema, Generic[T]):
    """Checks what came in and makes the command that a service takes. Unknown names are refused."""

    makes: type[T]

    class Meta:
        unknown = RAISE

    @pre_load
    def _trim(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Blanks around a text mean nothing, and an empty field is one that was left out."""
        trimmed = {k: v.strip() if isinstance(v, str) else v for k, v in data.items()}
        return {name: value for name, value in trimmed.items() if value != ""}

    @validates_schema
    def _on_the_calendar(self, data: Mapping[str, Any], **_: Any) -> None:
        """Days are counted with: of the first and the last of all there is none before or after."""
        odd = [k for k, v in data.items() if isinstance(v, date) and v.year not in YEARS]
        if odd:
            raise ValidationError({name: [NOT_A_DAY] for name in odd})

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**data)


@dataclass
class Form(Generic[T]):
    """What the person typed, and either what it means or what is wrong with it."""

    raw: dict[str, str] = field(default_factory=dict)
    value: T | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, error: SijinakError, name: str = WHOLE_FORM) -> "Form[T]":
        """Say what a service found wrong, beside the field or above the form."""
        if not isinstance(error, Conflict | Invalid):
            raise error
        self.errors.setdefault(name, []).append(message_for(error.code, error.facts))
        self.value = None
        return self


def blank(**values: str) -> Form[Any]:
    """A form to be filled in. It brings its command's id, so that two clicks are one command."""
    return Form({"id": str(uuid7()), **values})


def day_in_address(name: str, otherwise: date) -> date:
    """The day that the address names; what is none, or in no year of ours, is the other."""
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
    return asked if asked.year in YEARS else otherwise


def read_json(schema: InputSchema[T]) -> T:
    """Raises marshmallow's ValidationError, also for JSON that is no object."""
    try:
        sent = request.get_json()
        json.dumps(sent, ensure_ascii=False).encode()  # half a character can not be kept
    except (RecursionError, UnicodeEncodeError):
        raise ValidationError({WHOLE_FORM: [NOT_AN_OBJECT]}) from None
    if not isinstance(sent, dict):
        raise ValidationError({WHOLE_FORM: [NOT_AN_OBJECT]})
    loaded: T = schema.load(sent)
    return loaded


def read_form(schema: InputSchema[T], *, many: frozenset[str] = frozenset()) -> Form[T]:
    """Read the form that was sent; the fields in ``many`` are lists."""
    raw = {name: value for name, value in request.form.items() if name != "csrf_token"}
    sent: dict[str, Any] = {**raw, **{name: request.form.getlist(name) for name in many}}
    try:
        return Form(raw, schema.load(sent))
    except ValidationError as error:
        return Form(raw, errors=_flat(error.messages_dict))


def read_address(schema: InputSchema[T], known: Mapping[str, str]) -> Form[T]:
    """What the address asks for; what it leaves out is as ``known``."""
    raw = {**known, **request.args.to_dict()}
    try:
        return Form(raw, schema.load(raw))
    except ValidationError as error:
        return Form(raw, errors=_flat(error.messages_dict))


def _flat(messages: Mapping[Any, Any]) -> dict[str, list[str]]:
    """One list of sentences per field; those of list items join their field."""
    return {str(name): list(_sentences(found)) for name, found in messages.items()}


def _sentences(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [sentence for inner in found.values() for sentence in _sentences(inner)]
    return [str(found)] if isinstance(found, str) else [str(sentence) for sentence in found]


def place() -> Place:
    """Where in a list the address asks to go on; what is no id means the start."""
    try:
        if text := request.args.get("after"):
            return Place(after=UUID(text))
        if text := request.args.get("before"):
            return Place(before=UUID(text))
    except ValueError:
        return START
    return START


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A page of a list with the addresses of its neighbours."""

    items: list[T]
    older_url: str | None
    newer_url: str | None


def listing(page: Page[T], endpoint: str, **filters: Any) -> Listing[T]:
    """The page as templates want it; the filters stay in the addresses."""
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}

    def url(where: Place | None) -> str | None:
        if where is None:
            return None
        kept_place: dict[str, Any] = (
            {"after": where.after} if where.after else {"before": where.before}
        )
        return url_for(endpoint, **kept, **kept_place)

    return Listing(list(page.items), url(page.older), url(page.newer))


def reply(schema: Schema, thing: object, status: int = 200) -> ResponseReturnValue:
    return schema.dump(thing), status
