"""What people call the members of our enumerations. Features name theirs at start."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache

from flask import Flask

from sijinak.web.i18n import catalogue
from sijinak.web.i18n import gettext as _

_NAMES: dict[tuple[type[StrEnum], str], str] = {}


def name_all(names: Mapping[StrEnum, str]) -> None:
    """Take message ids for members; a value that two enumerations share wants two calls."""
    _NAMES.update({(type(member), member.value): name for member, name in names.items()})


def label(member: StrEnum | None) -> str:
    """The member's name in the language of this answer; a dash for none."""
    return "–" if member is None else _(_NAMES[type(member), member.value])


@cache
def label_in(language: str) -> Callable[[StrEnum], str]:
    """The names of one language, each looked up once, for a template that is drawn very often."""
    known, single = dict[tuple[type[StrEnum], str], str](), catalogue(language).single

    def named(member: StrEnum) -> str:
        key = type(member), member.value
        if key not in known:
            known[key] = single.get(_NAMES[key], _NAMES[key])
        return known[key]

    return named


def options(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """All members for a select or radios."""
    return [(member.value, label(member)) for member in kind]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(label=label, options=options)
