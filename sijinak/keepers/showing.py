"""Pages that show a person say so here; it is written down before their answer goes out.

Nobody sees what is not written down: when the database cannot store the look, the answer is 503.
Only a database that is set to be read goes on: then the line stands in the program's own log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import Response, current_app, g
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sijinak.core.db import transaction
from sijinak.core.watchlog import warn
from sijinak.keepers.looking import (
    Listed,
    Look,
    Page,
    fresh,
    note_lists,
    note_looks,
    of_others,
)
from sijinak.web.access import SignedIn, someone

NOTHING_SHOWN = frozenset({401, 403, 404, 405})
READ_ONLY = "25006"  # SQLSTATE read_only_sql_transaction


@dataclass
class _Shown:
    """What the answer under way shows."""

    looks: dict[Look, None] = field(default_factory=dict)
    lists: list[Listed] = field(default_factory=list)


def shows(keeper_id: UUID, region: str, why: Page) -> None:
    """The answer will show who this keeper is."""
    _shown().looks[Look(keeper_id, region, why)] = None


def shows_list(
    why: Page,
    keeper_ids: Iterable[UUID],
    region: str = "",
    asked: Mapping[str, object] | None = None,
) -> None:
    """The answer will show a list with the names of keepers.

    ``asked``: the filters of the list. Only their names are kept: what was typed may be a name.
    """
    shown = tuple(dict.fromkeys(keeper_ids))
    if shown:
        filters = tuple(name for name, text in (asked or {}).items() if text)
        _shown().lists.append(Listed(why, shown, region, filters))


def write_looks(response: Response) -> Response:
    """After the answer is made, before it is sent."""
    shown: _Shown | None = g.pop("shown", None)
    who = someone() if shown else None
    if not shown or who is None or response.status_code in NOTHING_SHOWN:
        return response
    if response.status_code >= 500:  # noqa: PLR2004 - the page was not drawn
        return response
    try:
        _write(shown, who)
    except SQLAlchemyError as error:
        if not _is_set_to_read(error):
            return current_app.make_response(current_app.handle_user_exception(error))
        for look in shown.looks:
            warn("look-not-kept", actor=who.id, keeper=look.keeper_id, page=look.why)
        for one in of_others(shown.lists, by=who):
            warn("list-not-kept", actor=who.id, page=one.why, found=len(one.keeper_ids))
    return response


def _write(shown: _Shown, who: SignedIn) -> None:
    looks, lists = fresh(list(shown.looks), by=who), of_others(shown.lists, by=who)
    if not looks and not lists:
        return
    with transaction():
        note_looks(looks, by=who)
        note_lists(lists, by=who)


def _shown() -> _Shown:
    if "shown" not in g:
        g.shown = _Shown()
    shown: _Shown = g.shown
    return shown


def _is_set_to_read(error: SQLAlchemyError) -> bool:
    """A standby, or a file that may not be written: not a full disk."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    name = str(getattr(cause, "sqlite_errorname", ""))
    return getattr(cause, "sqlstate", "") == READ_ONLY or name.startswith("SQLITE_READONLY")
