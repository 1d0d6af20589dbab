"""People's words: English ids in code and templates, Indonesian by default, English by choice.

The catalogues are read from their .po files at start, so that none can be stale.
"""

import gettext as stdlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request

DEFAULT = "id"
LOCALES = ("id", "en")
COOKIE = "bahasa"
CATALOGUES = Path(__file__).parent.parent / "translations"


class Catalogue(stdlib.NullTranslations):
    """What the .po file of a locale says; an id without a translation stands for itself."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self.single: dict[str, str] = {}
        self.plural: dict[str, tuple[str, ...]] = {}
        path = CATALOGUES / f"{locale}.po"
        if path.exists():
            with path.open("rb") as file:
                for message in read_po(file, locale=locale):
                    self._take(message.id, message.string)

    def _take(self, ids: Any, strings: Any) -> None:
        if isinstance(ids, tuple):
            if any(strings):
                self.plural[ids[0]] = strings if isinstance(strings, tuple) else (strings,)
        elif ids and strings:
            self.single[ids] = strings


@cache
def catalogue(locale: str) -> Catalogue:
    return Catalogue(locale)


def locale() -> str:
    """The language of this answer."""
    if not has_request_context():
        return DEFAULT
    chosen: str | None = g.get("locale")
    if chosen is None:
        cookie = request.cookies.get(COOKIE, DEFAULT)
        chosen = g.locale = cookie if cookie in LOCALES else DEFAULT
    return chosen


def gettext(message: str, /, **values: object) -> str:
    text = catalogue(locale()).single.get(message, message)
    return text % values if values else text


@cache
def translator(language: str) -> Callable[..., str]:
    """The same as gettext for one language, for a template that is drawn very often."""
    single = catalogue(language).single

    def translated(message: str, /, **values: object) -> str:
        text = single.get(message, message)
        return text % values if values else text

    return translated


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Indonesian has one form for all numbers; ``n`` may stand in the text as %(n)s."""
    forms = catalogue(locale()).plural.get(one, (one, many))
    text = forms[0] if n == 1 or len(forms) == 1 or not forms[1] else forms[1]
    return text % {"n": n, **values}


def N_(message: str) -> str:  # noqa: N802
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
