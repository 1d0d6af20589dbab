"""Every message has its Indonesian sentence, which says the same facts."""

import re

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


def test_every_message_is_translated():
    kept = {said(m.id)[0]: said(m.string) for m in known("id") if m.id}
    wrong = [m.id for m in MESSAGES if not is_translated(m, kept.get(said(m.id)[0], []))]
    assert not wrong


def is_translated(message: Message, translated: list[str]) -> bool:
    facts = {name for text in said(message.id) for name in PLACES.findall(text)}
    return bool(translated) and all(says(sentence, facts) for sentence in translated)


def says(sentence: str, facts: set[str]) -> bool:
    told = PLACES.findall(sentence)
    has_all = facts - {"n"} <= set(told) <= facts
    return (
        bool(sentence) and has_all and sentence.count("%") - sentence.count("%%") * 2 == len(told)
    )
