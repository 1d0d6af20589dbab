"""Blank tags for tests, committed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.tagstock.commands import MoveTags, PrintRun
from sijinak.tagstock.models import Tag, TagRun
from sijinak.tagstock.queries import codes_of_run
from sijinak.tagstock.services import move_tags, print_run
from tests.factories import LUNYUK


def make_run(count: int = 10, **fields: Any) -> TagRun:
    with transaction():
        return print_run(PrintRun(**{"region": LUNYUK, "count": count, **fields}), by=OPERATOR)


def move(action: str, by: object = OPERATOR, **fields: Any) -> int:
    """Take a step with tags; for issuing, from the cupboard of Lunyuk."""
    command = MoveTags(**{"action": action, "region": LUNYUK, **fields})
    with transaction():
        return move_tags(command, by=by)  # type: ignore[arg-type]


def make_stock(count: int = 10) -> list[str]:
    """The codes of tags in the cupboard of Lunyuk."""
    run = make_run(count)
    move("receive", run_id=run.id)
    return codes_of_run(run.id)


def fill_bag(officer: SignedIn, count: int = 3) -> list[str]:
    """The codes of tags that were printed, received and issued."""
    codes = make_stock(count)
    move("issue", codes=tuple(codes), holder_id=officer.id)
    return codes


def tags(codes: Sequence[str]) -> list[Tag]:
    """As they are now, in the order of the codes."""
    asked = select(Tag).where(Tag.code.in_(codes)).execution_options(populate_existing=True)
    found = {tag.code: tag for tag in db.session.scalars(asked)}
    return [found[code] for code in codes]


def states(codes: Sequence[str]) -> set[str]:
    return {tag.state.value for tag in tags(codes)}
