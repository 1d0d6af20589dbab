"""Opening a campaign in the browser: villages are needed, a team is only noted."""

from flask import Flask

from sijinak.accounts.models import Role
from sijinak.vaccinations.campaigns.commands import AddVillages
from sijinak.vaccinations.campaigns.services import add_villages, plan_campaign
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, make_user, signed_in
from tests.vaccinations.campaigns.factories import do, plan


def test_a_campaign_is_opened_with_villages_and_without_a_team(app: Flask):
    with app.app_context():
        campaign_id = do(plan_campaign, plan()).id
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    client.set_cookie("bahasa", "en")
    page = f"/vaksinasi/kampanye/{campaign_id}"
    step = {"id": id_on(client.get(page).text), "action": "open"}
    refused = form_post(client, f"{page}/langkah", page=page, **step)
    assert refused.status_code == 422
    assert "Add its villages, then open it" in refused.text
    with app.app_context():
        do(add_villages, AddVillages(campaign_id=campaign_id, villages=(LUNYUK_REA,)))
    assert form_post(client, f"{page}/langkah", page=page, **step).status_code == 302
    assert "The campaign is open. Nobody is in the team yet." in client.get(page).text
