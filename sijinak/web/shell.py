"""The frame around the hottest page, drawn once for each language and kind of person.

Head, navigation and footer cost more to draw than what the page is about. So they are drawn with
marks where something differs between two people or addresses, kept, and filled in as text.
"""

import re
from collections.abc import Hashable
from types import SimpleNamespace

from flask import Flask, current_app, render_template, session
from markupsafe import Markup, escape

from sijinak.core.permissions import Actor
from sijinak.web.i18n import locale
from sijinak.web.security import csrf_token

FRAMES = "sijinak.frames"
_KEPT = 500
_MARK = "\ue000{}\ue001"
_SLOT = re.compile("\ue000(.)\ue001")
_TITLE, _MAIN, _NAME, _TOKEN, _HERE = (_MARK.format(letter) for letter in "tmnch")


def filled(title: str, main: str, *, who: Actor, kind: Hashable, here: str) -> str:
    """A page as render_template would draw it.

    ``kind``: what the navigation depends on. ``here``: the address that changes the language.
    """
    if "_flashes" in session or current_app.debug:
        return render_template("layout/filled.html", title=title, main=Markup(main))  # noqa: S704
    frames: dict[Hashable, list[str]] = current_app.extensions[FRAMES]
    key = (locale(), kind)
    frame = frames.get(key)
    if frame is None:
        if len(frames) > _KEPT:
            frames.clear()
        frame = frames[key] = _drawn()
    slots = {
        "t": escape(title), "m": main, "n": escape(who.name), "c": csrf_token(), "h": escape(here),
    }  # fmt: skip
    parts = frame.copy()
    parts[1::2] = [slots[letter] for letter in frame[1::2]]
    return "".join(parts)


def _drawn() -> list[str]:
    """Texts and the letters of slots, in turn."""
    page = render_template(
        "layout/filled.html",
        title=_TITLE,
        main=_MAIN,
        me=SimpleNamespace(name=_NAME),
        other_locale_url=_HERE,
    )
    return _SLOT.split(page.replace(csrf_token(), _TOKEN))


def init_app(app: Flask) -> None:
    app.extensions[FRAMES] = {}
