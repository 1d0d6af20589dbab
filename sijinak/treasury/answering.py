"""How a form of the treasury is carried out: the act, or the sentence that says why not."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor
from sijinak.web.access import actor
from sijinak.web.io import WHOLE_FORM, Form

T = TypeVar("T")
Done = TypeVar("Done")


def carried_out(
    form: Form[T], service: Callable[..., Done], fields: Mapping[str, str]
) -> Done | None:
    """None when the form was not right, or the service refused: the form says why."""
    if form.value is None:
        return None
    by: Actor = actor()
    try:
        with transaction():
            return service(form.value, by=by)
    except (Conflict, Invalid) as error:
        form.refuse(error, fields.get(error.code, WHOLE_FORM))
        return None
