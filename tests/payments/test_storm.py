"""R3. SIJINAK_STORM_EVENTS says how many; 500 when it says nothing."""

import os

import pytest
from flask import Flask

from sijinak.config import Settings
from sijinak.core.db import db
from tests.payments.storm import brewed, compare, make_bank, owe, send, serving

EVENTS = int(os.environ.get("SIJINAK_STORM_EVENTS", "500"))


@pytest.mark.slow
def test_one_receipt_for_each_paid_bill_however_often_the_bank_tells(
    app: Flask, settings: Settings
):
    bank = make_bank()
    with app.app_context():
        refs = owe(EVENTS)
        db.session.remove()
    storm = brewed(bank, refs)
    variables = {
        "SIJINAK_DATABASE_URL": settings.database_url, "SIJINAK_DATA_DIR": settings.data_dir,
        **bank.variables,
    }  # fmt: skip
    with serving(variables) as port:
        send(port, storm.deliveries)
    with app.app_context():
        compare(storm)
