"""The shortest way through the app: set up, packed, typed without a network, sent."""

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.vaccinations.models import Vaccination
from tests.browser.sites import Site
from tests.field.browser.handsets import Handset
from tests.field.browser.village import Village


def test_recorded_without_a_network_and_received_with_one(
    site: Site, phone: Handset, village: Village
):
    phone.context.set_offline(True)
    assert [phone.type_code(code) for code in village.codes[:3]] == ["go"] * 3
    assert phone.counted == 3
    assert phone.flush() == "offline"
    phone.context.set_offline(False)
    assert phone.flush() == ""
    assert phone.counts() == {"saved": 0, "received": 3, "needsYou": 0}
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Vaccination)) == 3
