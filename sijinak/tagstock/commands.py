"""What is asked of the tag stock, and what can be wrong with it."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.tagstock.layouts import DEFAULT

MOST_TAGS = 2000


class NotThatMany(Invalid):
    """Facts: ``most``."""

    code = "not-that-many-tags"


class UnknownSheet(Invalid):
    code = "unknown-layout"


class NoTagsChosen(Invalid):
    code = "no-tags-chosen"


class UnknownTags(Invalid):
    """None of our stock has these codes, or none in reach. Facts: ``codes``, ``count``."""

    code = "unknown-tags"


class NotInThisRun(Invalid):
    """It has no such numbers, or none that can take the step, or it is out of reach."""

    code = "not-in-this-run"


class NotEnoughTags(Conflict):
    """Facts: ``there``."""

    code = "not-enough-tags"


class TagsNotReady(Conflict):
    """The step cannot be taken with some of them. Facts: ``codes``, ``count``."""

    code = "tags-not-ready"


class TagsWereWorn(Conflict):
    """An animal wore them once: their codes name it for ever. Facts: ``codes``, ``count``."""

    code = "tags-were-worn"


class NotAnOfficer(Invalid):
    """Who gets tags holds them by office, here and today."""

    code = "not-an-officer"


class NoteMissing(Invalid):
    code = "tag-note-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRun:
    """``region`` is the office that the tags are printed for."""

    id: UUID = field(default_factory=uuid7)
    region: str
    count: int
    layout: str = DEFAULT
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTags:
    """One step of TAG_FLOW for many tags, all or none.

    Which: the ``codes``; or the numbers ``first`` to ``last`` of a run, without ``last`` all that
    can take the step; or the ``count`` lowest in the cupboard of ``region``. ``region`` is the
    office whose cupboard gives or takes, ``holder_id`` the officer to whom tags are issued.
    """

    id: UUID = field(default_factory=uuid7)
    action: str
    region: str = ""
    codes: tuple[str, ...] = ()
    run_id: UUID | None = None
    first: int = 1
    last: int | None = None
    count: int = 0
    holder_id: UUID | None = None
    note: str = ""
