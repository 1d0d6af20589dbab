"""The frame of the bank's pages, in the language that the reader chose."""

from datetime import datetime

from flask import current_app, render_template, request

from sijinak.core.money import rupiah_text
from sijinak.sandboxbank.desk import Bank
from sijinak.sandboxbank.model import WIB
from sijinak.sandboxbank.words import LANGUAGES, words

COOKIE = "bahasa"


def bank() -> Bank:
    found: Bank = current_app.extensions["bank"]
    return found


def shown(name: str, **facts: object) -> str:
    asked = request.cookies.get(COOKIE)
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    return render_template(
        f"sandboxbank/{name}.html",
        t=words(language),
        language=language,
        other=LANGUAGES[1 - LANGUAGES.index(language)],
        rupiah=rupiah_text,
        moment=_moment,
        **facts,
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%d-%m-%Y %H:%M:%S} WIB"
