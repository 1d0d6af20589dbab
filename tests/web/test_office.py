"""How people reach the office: on every page, and in the sentences that send them there."""

from dataclasses import replace

import pytest
from flask import Flask, g

from sijinak.config import Settings
from sijinak.web.office import contact_of, whom_to_ask


@pytest.mark.parametrize(
    ("phone", "whatsapp", "said"),
    [
        ("", "", "at the office's counter: Jalan"),
        ("(0371) 21234", "", "telephone (0371) 21234."),
        ("", "0812-345", "WhatsApp 0812-345."),
        ("(0371) 21234", "0812-345", "telephone (0371) 21234, WhatsApp 0812-345."),
    ],
)
def test_the_sentence_names_what_there_is(app: Flask, phone: str, whatsapp: str, said: str):
    known: Settings = app.extensions["sijinak.settings"]
    chosen = replace(known, agency_phone=phone, agency_whatsapp=whatsapp)
    app.extensions["sijinak.settings"] = chosen
    with app.test_request_context("/"):
        g.locale = "en"
        assert said in whom_to_ask()


def test_links_dial_from_anywhere(app: Flask):
    known: Settings = app.extensions["sijinak.settings"]
    contact = contact_of(replace(known, agency_phone="(0371) 21234", agency_whatsapp="+62 812 3"))
    assert contact.phone_url == "tel:+6237121234"
    assert contact.whatsapp_url == "https://wa.me/628123"
