"""Collecting the messages of code and templates: python -m sijinak.web.catalogues, in a checkout.

English needs no catalogue: its sentences are the ids.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from sijinak.shipped import PACKAGE, shipped
from sijinak.web.i18n import CATALOGUES

KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"trimmed": "true", "encoding": "utf-8"}}


def collected() -> Catalog:
    """Every message of the package and the templates, with the places it is used."""
    catalog = Catalog(locale="id", fuzzy=False)
    for place, ids, comments in _messages():
        catalog.add(ids, locations=[(place, 0)], auto_comments=comments)
    return catalog


def known(locale: str) -> Catalog:
    path = CATALOGUES / f"{locale}.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def renew(locale: str) -> None:
    """Write the catalogue anew: new messages empty, translated ones kept, unused ones dropped."""
    fresh, before = collected(), known(locale)
    for message in fresh:
        old = before.get(message.id) if message.id else None
        if old is not None:
            message.string = old.string
    path = CATALOGUES / f"{locale}.po"
    with path.open("wb") as file:
        write_po(file, fresh, sort_output=True, omit_header=True, width=100, no_location=True)


def _messages() -> Iterator[tuple[str, str | tuple[str, ...], list[str]]]:
    for folder, pattern, method in (
        (PACKAGE, "**.py", "python"),
        (shipped("templates"), "**.html", "jinja2.ext:babel_extract"),
    ):
        found = extract_from_dir(folder, [(pattern, method)], OPTIONS, KEYWORDS)
        for name, _line, ids, comments, _context in found:
            yield f"{Path(folder).name}/{name}", ids, comments


if __name__ == "__main__":
    renew("id")
