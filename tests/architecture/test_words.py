"""Every message has its Indonesian sentence, which says the same facts."""

import re

import pytest
from babel.messages.catalog import Message

from sijinak.web.catalogues import collected, known

PLACES = re.compile(r"%\((\w+)\)[sd]")
MESSAGES = [message for message in collected() if message.id]


def said(text: object) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [str(text or "")]


def test_the_catalogue_holds_what_the_code_says_and_no_more():
    wanted = {str(message.id) for message in MESSAGES}
    kept = {str(message.id) for message in known("id") if message.id}
    assert kept == wanted, "run: make messages"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: said(m.id)[0][:50])
def test_a_message_is_translated(message: Message):
    translated = known_by_id().get(said(message.id)[0])
    assert translated, message.id
    facts = {name for text in said(message.id) for name in PLACES.findall(text)}
    for sentence in translated:
        assert sentence, message.id
        assert set(PLACES.findall(sentence)) <= facts
        assert facts - {"n"} <= set(PLACES.findall(sentence))
        assert sentence.count("%") - sentence.count("%%") * 2 == len(PLACES.findall(sentence))


_cache: dict[str, list[str]] = {}


def known_by_id() -> dict[str, list[str]]:
    if not _cache:
        _cache.update({said(m.id)[0]: said(m.string) for m in known("id") if m.id})
    return _cache
